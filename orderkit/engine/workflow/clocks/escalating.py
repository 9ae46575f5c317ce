"""A task that was not done in time goes to others, as when somebody leaves: the timeline says from whom to whom."""

from collections.abc import Sequence

from sqlalchemy import Row, insert, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.running import Running
from orderkit.engine.workflow.clocks.tasks import share_clock
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances, chain_of_managers, resolve
from orderkit.engine.workflow.views import TaskState
from orderkit.model.people import HasRole, Who
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.workflows import Mode

ESCALATE = "escalate"
NO_APPROVER = "no_approver"


def escalate(  # noqa: PLR0917 - a task, its clock, and who is to have it
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    running: Running,
    task: Row[tuple[object, ...]],
    to: Who,
) -> tuple[int, ...]:
    """Give an open task to others and return who they are.

    Where any one of the people of a step decides, all who are named are asked; elsewhere one takes the place of
    another. Whoever is asked already is not asked twice, and the submitter is only asked where the rules allow it.
    """
    mode, step_id = unit.connection.execute(
        select(steps.c.mode, steps.c.step).where(steps.c.id == task.step_id)
    ).one()
    takers = _takers(unit, instance, row, task, to)
    if mode != Mode.ANY:
        takers = takers[:1]
    note = {"to": list(takers)} if takers else {"reason": NO_APPROVER}
    write_event(unit, instance, ESCALATE, on_behalf_of_id=task.assignee_id, step=step_id, data=note)
    if not takers:
        return ()
    asked = _asked(unit, task) if mode == Mode.ANY else frozenset()
    fresh = [each for each in takers if each not in asked]
    if fresh:
        _pass_on(unit, task, fresh[0])
        share_clock(unit, instance, running.id, _ask_too(unit, task, fresh[1:]))
    else:
        _withdraw(unit, task)
    return takers


def _takers(
    unit: Unit, instance: Instance, row: RecordRow, task: Row[tuple[object, ...]], to: Who
) -> tuple[int, ...]:
    """Return who may take a task: those named, or else their managers, or else an administrator."""
    circumstances = Circumstances(
        row=row,
        submitter_id=instance.submitter_id,
        holder=instance.resting_in.holder,
        approver_id=task.assignee_id,
    )
    barred = {task.assignee_id}
    if instance.definition.policy.self_approval != "allow":
        barred.add(instance.submitter_id)
    named = [each.user_id for each in resolve(unit, to, circumstances)]
    found = [each for each in named if each not in barred]
    if not found:
        above = [manager for each in named for manager in chain_of_managers(unit, each)]
        admins = [each.user_id for each in resolve(unit, HasRole(ADMIN), circumstances)]
        found = [each for each in (*above, *admins) if each not in barred][:1]
    return tuple(dict.fromkeys(found))


def _asked(unit: Unit, task: Row[tuple[object, ...]]) -> frozenset[int]:
    found = select(tasks.c.assignee_id).where(
        tasks.c.step_id == task.step_id, tasks.c.state == TaskState.OPEN
    )
    return frozenset(unit.connection.execute(found).scalars())


def _pass_on(unit: Unit, task: Row[tuple[object, ...]], taker: int) -> None:
    unit.connection.execute(update(tasks).where(tasks.c.id == task.id).values(assignee_id=taker))


def _ask_too(unit: Unit, task: Row[tuple[object, ...]], takers: Sequence[int]) -> list[int]:
    """Open the same task for further people and return the ids."""
    kept = ("step_id", "instance_id", "workflow", "form", "record_id", "protected_digest")
    rows = [
        {
            **{name: getattr(task, name) for name in kept},
            "assignee_id": taker,
            "state": TaskState.OPEN,
            "created_at": unit.now,
        }
        for taker in takers
    ]
    if not rows:
        return []
    made = unit.connection.execute(
        insert(tasks).returning(tasks.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    return list(made.all())


def _withdraw(unit: Unit, task: Row[tuple[object, ...]]) -> None:
    values = {
        "state": TaskState.CANCELLED,
        "reason": ESCALATE,
        "decided_at": unit.now,
        "decided_by": unit.person.id,
    }
    unit.connection.execute(update(tasks).where(tasks.c.id == task.id).values(values))
