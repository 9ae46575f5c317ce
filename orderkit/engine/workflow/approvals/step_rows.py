"""The rows of an approval's steps and tasks: which of them count, how they are written, and how they end.

A step that was returned or taken back stays in the table with its decisions, but counts no more. A step
with a host was inserted into a task of another one, and is no part of the approval's own course.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, insert, or_, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.paths import Course, Rows, Trace
from orderkit.engine.workflow.approvals.places import place_of
from orderkit.engine.workflow.approvals.tallies import Verdict, verdict
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Approval, Mode, Step, all_steps

STEP_OPEN = "open"
# Inserted after a task, it begins once that is decided.
STEP_WAITING = "waiting"
STEP_RETURNED = "returned"
SUPERSEDED = "superseded"
CANCELLED = "cancelled"
HELP = "help"
UNDECIDED = (TaskState.OPEN, TaskState.WAITING, TaskState.PAUSED)
BY_PEOPLE = (TaskState.APPROVED, TaskState.REJECTED, TaskState.RETURNED)

StepRow = Row[Any]
TaskRow = Row[Any]

_COURSES = {
    STEP_OPEN: Course.PENDING,
    Verdict.APPROVED: Course.APPROVED,
    Verdict.REJECTED: Course.REJECTED,
}
_GONE = (STEP_RETURNED, SUPERSEDED)


def step_of(approval: Approval, step_id: str) -> Step:
    """Return a step by id, on whatever branch it is; the definition of an open step has it."""
    found = find_step(approval, step_id)
    assert found is not None, f"{approval.id} has no step {step_id}"
    return found


def find_step(approval: Approval | None, step_id: str) -> Step | None:
    """Return a step by id; None where a newer definition, which its record follows by now, lacks it."""
    steps_of = () if approval is None else all_steps(approval.steps)
    return next((step for step in steps_of if step.id == step_id), None)


def in_visit(instance: Instance) -> ColumnElement[bool]:
    """Return the condition for steps of the visit that a record is in."""
    return and_(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)


def counting(instance: Instance) -> Select[Any]:
    """Return the question for the steps of the approval's own course, in the order in which they began."""
    return (
        select(steps)
        .where(in_visit(instance), steps.c.host_id.is_(None), steps.c.state.not_in(_GONE))
        .order_by(steps.c.position)
    )


def rows_in(written: str | None) -> Rows:
    """Return the rows of loops that a step stands for."""
    return tuple(int(each) for each in (written or "").split("/") if each)


def written_rows(rows: Rows) -> str | None:
    """Return rows of loops as the table keeps them."""
    return "/".join(str(each) for each in rows) or None


def traces_of(unit: Unit, instance: Instance, approval: Approval) -> tuple[Trace, ...]:
    """Return the steps that have begun, and what each has come to; those that the approval lacks by now left out."""
    found = (
        Trace(
            step=row.step,
            rows=rows_in(row.loop_rows),
            course=_COURSES.get(row.state, Course.CANCELLED),
        )
        for row in unit.connection.execute(counting(instance))
    )
    return tuple(each for each in found if place_of(approval.steps, each.step, each.rows) is not None)


def step_row(unit: Unit, step_row_id: int) -> StepRow:
    """Return a step's row by id."""
    return unit.connection.execute(select(steps).where(steps.c.id == step_row_id)).one()


def open_row(unit: Unit, instance: Instance, trace: Trace) -> int:
    """Return the id of the row of a step that is open."""
    rows = unit.connection.execute(counting(instance).where(steps.c.step == trace.step)).all()
    found: int = next(
        row.id for row in rows if rows_in(row.loop_rows) == trace.rows and row.state == STEP_OPEN
    )
    return found


def insert_step(unit: Unit, instance: Instance, approval: Approval, values: Mapping[str, object]) -> int:
    """Write a step that begins, behind all that have begun in this visit."""
    taken = select(steps.c.position).where(in_visit(instance))
    position = max(unit.connection.execute(taken).scalars(), default=0) + 1
    made = insert(steps).values(
        **{
            "instance_id": instance.id,
            "visit": instance.visit,
            "approval": approval.id,
            "position": position,
            "state": STEP_OPEN,
            "started_at": unit.now,
            **values,
        }
    )
    step_row_id: int = unit.connection.execute(made.returning(steps.c.id)).scalar_one()
    return step_row_id


def task_values(
    unit: Unit, instance: Instance, step_row_id: int, user_id: int, digest: str | None
) -> dict[str, object]:
    """Return what every open task of a step holds."""
    return {
        "step_id": step_row_id,
        "instance_id": instance.id,
        "workflow": instance.workflow,
        "form": instance.form,
        "record_id": instance.record_id,
        "assignee_id": user_id,
        "state": TaskState.OPEN,
        "reason": None,
        "protected_digest": digest,
        "created_at": unit.now,
        "decided_at": None,
        "kind": None,
        "host_id": None,
        "added_by": None,
    }


def insert_tasks(unit: Unit, rows: Sequence[Mapping[str, object]]) -> None:
    """Write tasks."""
    if rows:
        unit.connection.execute(insert(tasks), [dict(each) for each in rows])


def end_tasks(unit: Unit, condition: ColumnElement[bool], reason: str) -> None:
    """Cancel what is undecided among tasks, and the steps that were inserted into them."""
    undecided = and_(condition, tasks.c.state.in_(UNDECIDED))
    ids = unit.connection.execute(select(tasks.c.id).where(undecided)).scalars().all()
    if not ids:
        return
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id.in_(ids))
        .values(state=TaskState.CANCELLED, reason=reason, decided_at=unit.now, decided_by=unit.person.id)
    )
    end_inserted(unit, ids)


def end_inserted(unit: Unit, host_ids: Collection[int]) -> None:
    """End the steps that were inserted into tasks, and whatever help was asked for them."""
    inserted = select(steps.c.id).where(
        steps.c.host_id.in_(sorted(host_ids)), steps.c.state.in_((STEP_OPEN, STEP_WAITING))
    )
    for step_row_id in unit.connection.execute(inserted).scalars().all():
        end_step(unit, step_row_id, CANCELLED)
    end_tasks(unit, and_(tasks.c.kind == HELP, tasks.c.host_id.in_(sorted(host_ids))), CANCELLED)


def end_step(unit: Unit, step_row_id: int, state: str) -> None:
    """End a step; who had not decided has nothing more to do: their tasks are cancelled, never approved."""
    end_tasks(unit, tasks.c.step_id == step_row_id, state)
    unit.connection.execute(
        update(steps).where(steps.c.id == step_row_id).values(state=state, ended_at=unit.now)
    )


def close(unit: Unit, instance: Instance, reason: str) -> None:
    """End whatever is still open in this visit, because the record leaves it another way."""
    is_open = select(steps.c.id).where(in_visit(instance), steps.c.state.in_((STEP_OPEN, STEP_WAITING)))
    for step_row_id in unit.connection.execute(is_open).scalars().all():
        end_step(unit, step_row_id, reason)


def supersede(unit: Unit, instance: Instance) -> None:
    """Let nothing count any more that was begun in this visit, since it begins anew. What was decided stays to be read."""
    close(unit, instance, SUPERSEDED)
    unit.connection.execute(update(steps).where(in_visit(instance)).values(state=SUPERSEDED))


def is_decided(unit: Unit, instance: Instance) -> bool:
    """Return whether a person has decided anything in this visit, or before it what still holds."""
    decided = (
        select(steps.c.id)
        .join(tasks, tasks.c.step_id == steps.c.id, isouter=True)
        .where(
            in_visit(instance), or_(tasks.c.state.in_(sorted(BY_PEOPLE)), steps.c.carried_from.is_not(None))
        )
        .limit(1)
    )
    return unit.connection.execute(decided).first() is not None


def judge(unit: Unit, row: StepRow, step: Step) -> Verdict:
    """Return what a step has come to, end it if it has, and call the next person of a sequence."""
    states = _states(unit, row)
    result = _verdict(row, step, states)
    if result is not Verdict.PENDING:
        end_step(unit, row.id, result)
    elif row.mode == Mode.SEQUENCE and not {TaskState.OPEN, TaskState.PAUSED} & set(states.values()):
        waiting = next(task_id for task_id, state in states.items() if state is TaskState.WAITING)
        unit.connection.execute(
            update(tasks).where(tasks.c.id == waiting).values(state=TaskState.OPEN, created_at=unit.now)
        )
    return result


def would_end(unit: Unit, row: StepRow, step: Step, task_id: int) -> bool:
    """Return whether a step would be approved if one of its tasks were."""
    states = {**_states(unit, row), task_id: TaskState.APPROVED}
    return _verdict(row, step, states) is Verdict.APPROVED


def _states(unit: Unit, row: StepRow) -> dict[int, TaskState]:
    found = (
        select(tasks.c.id, tasks.c.state)
        .where(tasks.c.step_id == row.id, tasks.c.kind.is_(None))
        .order_by(tasks.c.id)
    )
    return {each.id: TaskState(each.state) for each in unit.connection.execute(found)}


def _verdict(row: StepRow, step: Step, states: Mapping[int, TaskState]) -> Verdict:
    # Signers that were added decide among themselves; how the step around them votes is its own affair.
    is_inserted = row.host_id is not None
    return verdict(
        Mode(row.mode),
        tuple(states.values()),
        veto=True if is_inserted else step.veto,
        vote=None if is_inserted else step.vote,
    )
