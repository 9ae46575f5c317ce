"""Verbs on a whole record: withdraw it from its approval, revoke what was done, terminate, reopen.

The same click twice gives the first answer; whoever comes too late learns who moved it.
"""

from collections.abc import Callable

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import EndingName, approval_of
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import (
    locked_row,
    moved_by_another,
    require_acting,
    visible_row,
    workflows_of,
)
from orderkit.engine.workflow.transitions.moving import Move, end_approval, move
from orderkit.engine.workflow.transitions.standing_verbs import (
    REOPEN,
    REVOKE,
    TERMINATE,
    WITHDRAW,
    reopening,
    revocable,
    termination,
    why_no_withdrawal,
)
from orderkit.engine.workflow.views import Done
from orderkit.model.errors import Conflict, Denied
from orderkit.model.labels import Label, label

_Attempt = Callable[[Unit, Instance, RecordRow, str | None], Instance | None]
_NOT_POSSIBLE = {
    WITHDRAW: label(zh="单据不在可撤回的审批中", en="this is not in an approval that can be withdrawn"),
    REVOKE: label(zh="单据现在没有可撤销的操作", en="there is nothing to revoke of this now"),
    TERMINATE: label(zh="单据不在可终止的审批中", en="this is not in an approval that can be terminated"),
    REOPEN: label(zh="单据不在可重新打开的状态", en="this is not in a state that can be reopened"),
}
# What stands in the timeline once it is done.
_EVENTS = {
    WITHDRAW: EndingName.WITHDRAWN,
    REVOKE: EndingName.REVOKED,
    TERMINATE: EndingName.TERMINATED,
    REOPEN: "reopened",
}


def withdraw(
    unit: Unit, form_id: str, record_id: int, comment: str | None = None, *, workflow: str | None = None
) -> Done:
    """Take a record back from its approval, as its submitter, while that is still allowed.

    Raises: NotFound, Denied (somebody else submitted it), Conflict (decided already, or not in approval).
    """
    return _do(unit, WITHDRAW, _withdraw, (form_id, record_id, workflow), comment)


def revoke(
    unit: Unit, form_id: str, record_id: int, comment: str | None = None, *, workflow: str | None = None
) -> Done:
    """Take back the transition, or the approval, by which a record came into its state, within its time.

    What it did is undone, unless it is to be kept. Raises: NotFound, Denied, Conflict (moved on, or too late).
    """
    return _do(unit, REVOKE, _revoke, (form_id, record_id, workflow), comment)


def terminate(
    unit: Unit, form_id: str, record_id: int, comment: str | None = None, *, workflow: str | None = None
) -> Done:
    """End an approval that is under way, as who is in charge. Raises: NotFound, Denied, Conflict."""
    return _do(unit, TERMINATE, _terminate, (form_id, record_id, workflow), comment)


def reopen(
    unit: Unit, form_id: str, record_id: int, comment: str | None = None, *, workflow: str | None = None
) -> Done:
    """Take a record up again that had come to its end. Raises: NotFound, Denied, Conflict (too late, or not ended)."""
    return _do(unit, REOPEN, _reopen, (form_id, record_id, workflow), comment)


def _do(
    unit: Unit, verb: str, attempt: _Attempt, which: tuple[str, int, str | None], comment: str | None
) -> Done:
    form_id, record_id, workflow = which
    visible_row(unit, form_id, record_id)
    require_acting(unit, form_id)
    row = locked_row(unit, form_id, record_id)
    comment = (comment or "").strip() or None
    instances = [lock_instance(unit, each, row) for each in workflows_of(unit, form_id, workflow)]
    for instance in instances:
        moved = attempt(unit, instance, row, comment)
        if moved is not None:
            return done(row, moved, verb)
    for instance in instances:
        if _was_last(unit, instance, _EVENTS[verb]):
            return done(row, instance, verb, is_repeated=True)
    if len(instances) == 1 and instances[0].visit > 1 and verb in {REVOKE, REOPEN, TERMINATE}:
        raise moved_by_another(unit, instances[0])
    raise Conflict(_NOT_POSSIBLE[verb])


def _withdraw(unit: Unit, instance: Instance, row: RecordRow, comment: str | None) -> Instance | None:
    approval = approval_of(instance)
    if approval is None or approval.withdrawn is None:
        return None
    why = why_no_withdrawal(unit, instance, approval)
    if why is not None:
        raise Denied(why) if unit.person.id != instance.submitter_id else Conflict(why)
    return end_approval(unit, instance, row, EndingName.WITHDRAWN, comment)


def _revoke(unit: Unit, instance: Instance, row: RecordRow, comment: str | None) -> Instance | None:
    found = revocable(unit, instance, row)
    if found is None:
        return None
    if found.why is not None:
        raise Denied(found.why)
    if found.approval is not None:
        return end_approval(unit, instance, row, EndingName.REVOKED, comment, given=found.approval)
    undoes = None if found.keep else instance.visit
    way = Move(verb=EndingName.REVOKED, target=found.target, place="", comment=comment, undoes=undoes)
    return move(unit, instance, row, way)


def _terminate(unit: Unit, instance: Instance, row: RecordRow, comment: str | None) -> Instance | None:
    found = termination(unit, instance, row)
    if found is None:
        return None
    if found[1] is not None:
        raise Denied(found[1])
    return end_approval(unit, instance, row, EndingName.TERMINATED, comment)


def _reopen(unit: Unit, instance: Instance, row: RecordRow, comment: str | None) -> Instance | None:
    found = reopening(unit, instance, row)
    if found is None:
        return None
    target, why = found
    if why is not None:
        raise Denied(why)
    return move(unit, instance, row, Move(verb="reopened", target=target, place="", comment=comment))


def done(row: RecordRow, instance: Instance, verb: str, *, is_repeated: bool = False) -> Done:
    """Return what a verb led to."""
    revision = row.get("revision")
    assert isinstance(revision, int)
    return Done(
        form=row.form,
        record_id=row.id,
        workflow=instance.workflow,
        transition=verb,
        state=instance.state,
        revision=revision,
        is_repeated=is_repeated,
    )


def _was_last(unit: Unit, instance: Instance, event: str) -> bool:
    """Return whether this person's own verb is the last thing that a person did to the record."""
    last = unit.connection.execute(
        select(workflow_event.c.actor_id, workflow_event.c.verb)
        .where(workflow_event.c.instance_id == instance.id, workflow_event.c.actor_id.is_not(None))
        .order_by(workflow_event.c.id.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and (last.actor_id, last.verb) == (unit.person.id, event)


def refusal_of(verb: str) -> Label:
    """Return why a verb cannot be done where a record offers none such."""
    return _NOT_POSSIBLE[verb]
