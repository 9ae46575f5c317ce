"""Sending copies to others as an approver, while the approval runs."""

from collections.abc import Sequence

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.copies import BY_APPROVER, put_copies
from orderkit.engine.workflow.approvals.holding import Held, hold
from orderkit.engine.workflow.approvals.leave import not_allowed, require_people
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.views import Decided, Verb


def send_copy(unit: Unit, task_id: int, user_ids: Sequence[int], comment: str | None = None) -> Decided:
    """Send copies to others as an approver. Raises: NotFound, Denied, Refused, Conflict."""
    held = hold(unit, task_id, Verb.COPY)
    if isinstance(held, Decided):
        return held
    wanted = tuple(dict.fromkeys(user_ids))
    _require_copies(held, wanted)
    fresh = put_copies(unit, held.instance, wanted, BY_APPROVER, held.step.id)
    if fresh:
        write_event(
            unit,
            held.instance,
            Verb.COPY,
            on_behalf_of_id=held.on_behalf_of_id,
            step=held.step.id,
            comment=(comment or "").strip() or None,
            data={"to": list(fresh)},
        )
    return held.done(Verb.COPY)


def _require_copies(held: Held, user_ids: tuple[int, ...]) -> None:
    if not held.may.copy:
        raise not_allowed("此步骤不能另外抄送", "no copies can be sent in this step")
    others = tuple(each for each in user_ids if each != held.instance.submitter_id)
    if others or not user_ids:
        require_people(held.unit, held.instance, held.row, others, None)
