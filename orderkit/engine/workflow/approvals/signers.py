"""Signers that an approver adds: before them, after them or beside them; and removing those again.

Before and after are a step of their own, inserted into the task: it is paused until they approve, and rejected
when they reject. Beside them they join the people of the step. Signers may add signers, three deep at most.
"""

from collections.abc import Sequence

from sqlalchemy import and_, func, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.following import note_changed
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import BEFORE, EndingName, approval_of
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.holding import (
    Held,
    decided_before,
    hold,
    locked_task,
    no_such_task,
)
from orderkit.engine.workflow.approvals.leave import not_allowed, refused, require_people
from orderkit.engine.workflow.approvals.step_rows import (
    CANCELLED,
    STEP_OPEN,
    STEP_WAITING,
    UNDECIDED,
    end_inserted,
    end_step,
    insert_step,
    insert_tasks,
    task_values,
)
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.locating import require_acting, visible_row
from orderkit.engine.workflow.transitions.moving import end_approval
from orderkit.engine.workflow.views import Decided, TaskState, Verb
from orderkit.model.errors import Denied
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Mode

AFTER, BESIDE = "after", "parallel"
DEEPEST = 3
MODES = (Mode.ALL, Mode.ANY, Mode.SEQUENCE)
REMOVED = "removed"
ADDED = "added"


def add_signers(  # noqa: PLR0917 - which task, who, where, how, why
    unit: Unit,
    task_id: int,
    user_ids: Sequence[int],
    place: str,
    mode: Mode = Mode.ALL,
    comment: str | None = None,
) -> Decided:
    """Add people who sign before, after or beside (`parallel`) this person.

    Raises: NotFound, Denied, Refused, Conflict.
    """
    held = hold(unit, task_id, Verb.ADD_SIGNER)
    if isinstance(held, Decided):
        return held
    if place not in held.may.add_signer or held.is_help:
        raise not_allowed("此步骤不能这样加签", "no signer can be added like that in this step")
    wanted = tuple(dict.fromkeys(user_ids))
    if _is_added(held, wanted, place):
        return _repeated(held, Verb.ADD_SIGNER)
    require_people(unit, held.instance, held.row, wanted, None)
    if mode not in MODES:
        raise refused(
            "mode",
            label(zh="加签只能会签、或签或依次", en="signers decide as all, any or in sequence"),
            "mode",
        )
    if place == BESIDE:
        _beside(held, wanted)
    else:
        _insert(held, wanted, place, mode)
    comment = (comment or "").strip() or None
    write_event(
        unit,
        held.instance,
        Verb.ADD_SIGNER,
        on_behalf_of_id=held.on_behalf_of_id,
        step=held.step.id,
        comment=comment,
        data={"to": list(wanted), "place": place},
    )
    note_changed(unit, held.instance.form, [held.instance.record_id])
    follow_tasks(held.unit, held.instance, held.row)
    return held.done(Verb.ADD_SIGNER)


def remove_signer(unit: Unit, task_id: int, comment: str | None = None) -> Decided:
    """Take back a signer whom this person added, while they have not decided.

    Raises: NotFound, Denied (somebody else added them), Refused, Conflict.
    """
    row, instance = locked_task(unit, task_id)
    visible_row(unit, instance.form, instance.record_id)
    require_acting(unit, instance.form)
    task = unit.connection.execute(select(tasks).where(tasks.c.id == task_id)).one()
    step_row = unit.connection.execute(select(steps).where(steps.c.id == task.step_id)).one()
    added_by = task.added_by if task.added_by is not None and task.kind is None else step_row.added_by
    if added_by is None:
        raise no_such_task()
    if added_by != unit.person.id:
        raise Denied(label(zh="只能减去自己加签的人", en="only whom you added can be removed"))
    if task.state == TaskState.CANCELLED and task.reason == REMOVED and task.decided_by == unit.person.id:
        return Decided(
            task_id=task_id,
            verb=Verb.REMOVE_SIGNER,
            form=instance.form,
            record_id=instance.record_id,
            state=instance.state,
            is_repeated=True,
        )
    if TaskState(task.state) not in UNDECIDED and step_row.state != STEP_WAITING:
        return decided_before(unit, instance, task, Verb.REMOVE_SIGNER)
    approval = approval_of(instance)
    assert approval is not None, "an undecided task belongs to a state with an approval"
    held = Held(unit=unit, row=row, instance=instance, approval=approval, task=task, step_row=step_row)
    if not held.may.remove_signer:
        raise not_allowed("此步骤不能减签", "no signer can be removed in this step")
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == task_id)
        .values(state=TaskState.CANCELLED, reason=REMOVED, decided_at=unit.now, decided_by=unit.person.id)
    )
    end_inserted(unit, [task_id])
    comment = (comment or "").strip() or None
    write_event(
        unit,
        instance,
        Verb.REMOVE_SIGNER,
        step=step_row.step,
        comment=comment,
        data={"to": [task.assignee_id]},
    )
    note_changed(unit, instance.form, [instance.record_id])
    ended = _without(held)
    if ended is None:
        follow_tasks(unit, instance, row)
    moved = instance if ended is None else end_approval(unit, instance, row, ended)
    return Decided(
        task_id=task_id,
        verb=Verb.REMOVE_SIGNER,
        form=moved.form,
        record_id=moved.record_id,
        state=moved.state,
        awaits_others=ended is None,
    )


def begin_after(held: Held) -> None:
    """Ask whoever was added after a task, now that it is decided."""
    unit = held.unit
    waiting = select(steps).where(steps.c.host_id == held.task.id, steps.c.state == STEP_WAITING)
    for row in unit.connection.execute(waiting).all():
        unit.connection.execute(
            update(steps).where(steps.c.id == row.id).values(state=STEP_OPEN, started_at=unit.now)
        )
        first = select(func.min(tasks.c.id)).where(
            tasks.c.step_id == row.id, tasks.c.state == TaskState.WAITING
        )
        whose = [tasks.c.step_id == row.id, tasks.c.state == TaskState.WAITING]
        if row.mode == Mode.SEQUENCE:
            whose.append(tasks.c.id == unit.connection.execute(first).scalar_one())
        unit.connection.execute(
            update(tasks).where(and_(*whose)).values(state=TaskState.OPEN, created_at=unit.now)
        )


def _beside(held: Held, user_ids: Sequence[int]) -> None:
    """Let people join the step: they count like those who were found for it."""
    unit = held.unit
    asked = select(tasks.c.assignee_id).where(
        tasks.c.step_id == held.step_row.id, tasks.c.state.in_(UNDECIDED), tasks.c.kind.is_(None)
    )
    already = set(unit.connection.execute(asked).scalars())
    joining = [each for each in user_ids if each not in already]
    if not joining:
        raise refused(
            "already", label(zh="这些人已在此步骤中", en="they are asked in this step already"), "to"
        )
    people = [*held.step_row.people, *({"user": each, "how": ADDED} for each in joining)]
    unit.connection.execute(update(steps).where(steps.c.id == held.step_row.id).values(people=people))
    digest = protected_digest(held.approval, held.row)
    rows = [task_values(unit, held.instance, held.step_row.id, each, digest) for each in joining]
    insert_tasks(unit, [{**each, "added_by": unit.person.id} for each in rows])


def _insert(held: Held, user_ids: Sequence[int], place: str, mode: Mode) -> None:
    unit = held.unit
    if held.step_row.depth >= DEEPEST:
        message = label(zh=f"加签最多嵌套 {DEEPEST} 层", en=f"signers may add signers {DEEPEST} deep at most")
        raise refused("depth", message, "place")
    is_before = place == BEFORE
    values = {
        "step": held.step_row.step,
        "loop_rows": held.step_row.loop_rows,
        "mode": mode,
        "state": STEP_OPEN if is_before else STEP_WAITING,
        "people": [{"user": each, "how": ADDED} for each in user_ids],
        "host_id": held.task.id,
        "place": place,
        "added_by": unit.person.id,
        "depth": held.step_row.depth + 1,
    }
    row_id = insert_step(unit, held.instance, held.approval, values)
    digest = protected_digest(held.approval, held.row)
    rows = [task_values(unit, held.instance, row_id, each, digest) for each in user_ids]
    for number, each in enumerate(rows):
        waits = not is_before or (mode is Mode.SEQUENCE and number > 0)
        each["state"] = TaskState.WAITING if waits else TaskState.OPEN
    insert_tasks(unit, rows)
    if is_before:
        unit.connection.execute(
            update(tasks).where(tasks.c.id == held.task.id).values(state=TaskState.PAUSED, reason=BEFORE)
        )


def _without(held: Held) -> EndingName | None:
    """Go on without a signer. An inserted step of whom nobody is left is as if it had never been there."""
    unit = held.unit
    left = select(tasks.c.id).where(
        tasks.c.step_id == held.step_row.id,
        tasks.c.kind.is_(None),
        tasks.c.state.not_in((TaskState.CANCELLED, TaskState.TRANSFERRED)),
    )
    if held.step_row.state == STEP_WAITING:
        if unit.connection.execute(left).first() is None:
            end_step(unit, held.step_row.id, CANCELLED)
        return None
    if held.step_row.host_id is None or unit.connection.execute(left).first() is not None:
        return held.review.conclude(held.step_row)
    end_step(unit, held.step_row.id, CANCELLED)
    return held.review.come_back(held.step_row)


def _is_added(held: Held, user_ids: Sequence[int], place: str) -> bool:
    """Return whether this person has added these very people there."""
    unit = held.unit
    if place == BESIDE:
        found = select(tasks.c.assignee_id).where(
            tasks.c.step_id == held.step_row.id,
            tasks.c.added_by == unit.person.id,
            tasks.c.state.in_(UNDECIDED),
        )
        return bool(user_ids) and set(user_ids) <= set(unit.connection.execute(found).scalars())
    inserted = select(steps.c.people).where(
        steps.c.host_id == held.task.id,
        steps.c.place == place,
        steps.c.state.in_((STEP_OPEN, STEP_WAITING)),
    )
    return any(
        [each["user"] for each in people] == list(user_ids)
        for people in unit.connection.execute(inserted).scalars()
    )


def _repeated(held: Held, verb: Verb) -> Decided:
    return Decided(
        task_id=held.task.id,
        verb=verb,
        form=held.instance.form,
        record_id=held.instance.record_id,
        state=held.instance.state,
        is_repeated=True,
        awaits_others=True,
    )
