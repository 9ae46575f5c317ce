"""The deadlines of approval tasks: each begins with its task and ends with it.

`follow_tasks` compares tasks and clocks, so that whoever changes tasks calls it afterwards and says no more: an
open task has a clock that runs, one that waits for others has one at rest, and the clock of any other has ended.
Who takes a task over takes its clock over; a task that is asked anew has a new one.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select, update

from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.step_rows import UNDECIDED, find_step
from orderkit.engine.workflow.clocks.running import (
    Running,
    Start,
    end_clocks,
    live_clocks,
    rest,
    resume,
    start_clocks,
)
from orderkit.engine.workflow.clocks.states import LIVE_CLOCKS, ClockState, knows_time
from orderkit.engine.workflow.decision_links.telling import tell_of_tasks
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.clocks import Clock
from orderkit.model.workflow.workflows import Approval


def deadline_of(approval: Approval | None, step_id: str | None) -> Clock | None:
    """Return the deadline of a step: its own, or that of the approval."""
    step = find_step(approval, step_id or "")
    if approval is None or step is None:
        return None
    return step.sla or approval.sla


def follow_tasks(unit: Unit, instance: Instance, row: RecordRow, *, since: datetime | None = None) -> None:
    """Let the clocks of this visit follow its tasks; new ones begin with their task, or with `since`.

    Whoever has a task by now, and had not before, is told of it.
    """
    tell_of_tasks(unit, instance, row)
    if not knows_time(instance.definition):
        return
    approval = approval_of(instance)
    found = (
        select(tasks.c.id, tasks.c.state, tasks.c.created_at, steps.c.step, clocks.c.id.label("clock_id"))
        .join(steps, steps.c.id == tasks.c.step_id)
        .outerjoin(clocks, clocks.c.task_id == tasks.c.id)
        .where(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)
        .where(or_(tasks.c.state.in_(UNDECIDED), clocks.c.state.in_(LIVE_CLOCKS)))
        .order_by(tasks.c.id)
    )
    live = {each.task_id: each for each in live_clocks(unit, instance) if each.task_id is not None}
    starts: list[Start] = []
    ended: dict[ClockState, list[int]] = {ClockState.ENDED: [], ClockState.CANCELLED: []}
    for task in unit.connection.execute(found):
        clock = deadline_of(approval, task.step)
        running = live.get(task.id)
        if running is not None and (clock is None or task.state not in UNDECIDED):
            is_done = clock is not None and task.state != TaskState.CANCELLED
            ended[ClockState.ENDED if is_done else ClockState.CANCELLED].append(running.id)
        elif running is not None and clock is not None:
            (resume if task.state == TaskState.OPEN else rest)(unit, instance, row, running, clock)
        elif task.clock_id is None and clock is not None and task.state == TaskState.OPEN:
            assert approval is not None, "a deadline belongs to an approval"
            at = since or task.created_at
            starts.append(Start(name=approval.id, clock=clock, at=at, task_id=task.id, step=task.step))
    for state, ids in ended.items():
        end_clocks(unit, ids, state)
    start_clocks(unit, instance, row, starts)


def pause_task(unit: Unit, instance: Instance, row: RecordRow, task_id: int) -> None:
    """Let the clock of a task stand still, while somebody else is asked first."""
    running, clock = _of_task(unit, instance, task_id)
    if running is not None and clock is not None:
        rest(unit, instance, row, running, clock)


def resume_task(unit: Unit, instance: Instance, row: RecordRow, task_id: int) -> None:
    """Let the clock of a task go on with what was left."""
    running, clock = _of_task(unit, instance, task_id)
    if running is not None and clock is not None:
        resume(unit, instance, row, running, clock)


def hand_on(unit: Unit, task_id: int, successor_id: int) -> None:
    """Give the clock of a task, with all that it has still to say, to the task that takes its place."""
    unit.connection.execute(update(clocks).where(clocks.c.task_id == task_id).values(task_id=successor_id))


def share_clock(unit: Unit, instance: Instance, clock_id: int, task_ids: Iterable[int]) -> None:
    """Give further tasks the deadline of a clock; what happens at it stays with that one."""
    original = unit.connection.execute(select(clocks).where(clocks.c.id == clock_id)).one()
    rows = [
        {
            **{name: getattr(original, name) for name in _SHARED},
            "instance_id": instance.id,
            "task_id": task_id,
            "shares": clock_id,
            "state": ClockState.RUNNING,
        }
        for task_id in task_ids
    ]
    if rows:
        unit.connection.execute(clocks.insert(), rows)


_SHARED = ("workflow", "form", "record_id", "visit", "name", "step", "started_at", "due_at", "rests")


def _of_task(unit: Unit, instance: Instance, task_id: int) -> tuple[Running | None, Clock | None]:
    running = next((each for each in live_clocks(unit, instance) if each.task_id == task_id), None)
    return running, None if running is None else deadline_of(approval_of(instance), running.step)
