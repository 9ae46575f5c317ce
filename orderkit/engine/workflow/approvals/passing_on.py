"""Giving a task to another person: handed over for good, or lent to somebody who only gives an answer."""

from sqlalchemy import func, select, update

from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.following import note_changed
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.holding import Held, hold
from orderkit.engine.workflow.approvals.leave import TO, not_allowed, refused, require_people
from orderkit.engine.workflow.approvals.step_rows import HELP, UNDECIDED, insert_tasks, task_values
from orderkit.engine.workflow.clocks.tasks import follow_tasks, hand_on
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.views import Decided, TaskState, Verb
from orderkit.model.labels import label


def transfer(unit: Unit, task_id: int, to_id: int, comment: str | None = None) -> Decided:
    """Hand a task over: the other person decides, and the clock runs on.

    Raises: NotFound, Denied, Refused, Conflict.
    """
    held = hold(unit, task_id, Verb.TRANSFER)
    if isinstance(held, Decided):
        return held
    if not held.may.transfer or held.is_help:
        raise not_allowed("此步骤不能转交", "tasks of this step cannot be handed over")
    require_people(unit, held.instance, held.row, (to_id,), held.may.transfer_to)
    _require_not_asked(held, to_id)
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == held.task.id)
        .values(
            state=TaskState.TRANSFERRED,
            comment=_said(comment),
            decided_at=unit.now,
            decided_by=unit.person.id,
        )
    )
    values = task_values(unit, held.instance, held.step_row.id, to_id, held.task.protected_digest)
    # Whoever takes it over is no better off for time than who had it; who added a signer may still remove them.
    insert_tasks(unit, [{**values, "created_at": held.task.created_at, "added_by": held.task.added_by}])
    taken_over = select(func.max(tasks.c.id)).where(
        tasks.c.step_id == held.step_row.id, tasks.c.assignee_id == to_id
    )
    hand_on(unit, held.task.id, unit.connection.execute(taken_over).scalar_one())
    _note(held, Verb.TRANSFER, to_id, comment)
    return held.done(Verb.TRANSFER)


def delegate(unit: Unit, task_id: int, to_id: int, comment: str | None = None) -> Decided:
    """Ask somebody for an answer; the task rests until it comes, and is then decided by its owner.

    Raises: NotFound, Denied, Refused, Conflict.
    """
    held = hold(unit, task_id, Verb.DELEGATE)
    if isinstance(held, Decided):
        return held
    if not held.may.delegate or held.is_help:
        raise not_allowed("此步骤不能委派", "nobody can be asked for help with tasks of this step")
    require_people(unit, held.instance, held.row, (to_id,), held.may.delegate_to)
    values = task_values(unit, held.instance, held.step_row.id, to_id, held.task.protected_digest)
    insert_tasks(unit, [{**values, "kind": HELP, "host_id": held.task.id, "added_by": unit.person.id}])
    unit.connection.execute(
        update(tasks).where(tasks.c.id == held.task.id).values(state=TaskState.PAUSED, reason="delegate")
    )
    _note(held, Verb.DELEGATE, to_id, comment)
    return held.done(Verb.DELEGATE)


def _require_not_asked(held: Held, to_id: int) -> None:
    asked = select(tasks.c.id).where(
        tasks.c.step_id == held.step_row.id,
        tasks.c.assignee_id == to_id,
        tasks.c.kind.is_(None),
        tasks.c.state.in_((*UNDECIDED, TaskState.APPROVED, TaskState.REJECTED)),
    )
    if held.unit.connection.execute(asked).first() is not None:
        raise refused("already", label(zh="此人已在这一步中审批", en="they decide in this step already"), TO)


def _note(held: Held, verb: Verb, to_id: int, comment: str | None) -> None:
    write_event(
        held.unit,
        held.instance,
        verb,
        on_behalf_of_id=held.on_behalf_of_id,
        step=held.step.id,
        comment=_said(comment),
        data={"to": [to_id]},
    )
    note_changed(held.unit, held.instance.form, [held.instance.record_id])
    follow_tasks(held.unit, held.instance, held.row)


def _said(comment: str | None) -> str | None:
    return (comment or "").strip() or None
