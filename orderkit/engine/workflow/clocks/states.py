"""How clocks and timers stand. This module asks nothing of the others, so that every move may use it."""

from enum import StrEnum

from sqlalchemy import and_, case, or_, select, update

from orderkit.database.definitions.states import MIGRATE
from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine.runtime import Unit
from orderkit.model.workflow.workflows import Workflow, all_steps


class ClockState(StrEnum):
    """How a clock stands. ENDED: what it measured came to its end; CANCELLED: it never will."""

    RUNNING = "running"
    RESTING = "resting"
    ENDED = "ended"
    CANCELLED = "cancelled"


class TimerState(StrEnum):
    """How a timer stands. CALLED: its moment has come and a job is to fire it.

    SKIPPED: it was missed and says so, or its condition did not hold; REFUSED: the rules refused what it does.
    """

    READY = "ready"
    CALLED = "called"
    RESTING = "resting"
    FIRED = "fired"
    SKIPPED = "skipped"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class TimerKind(StrEnum):
    """Whose moment it is: one of a state's timers, or a reminder or an overdue of a clock."""

    TIMER = "timer"
    REMIND = "remind"
    OVERDUE = "overdue"


CANCELLED_TASK = "cancelled"
LIVE_CLOCKS = (ClockState.RUNNING, ClockState.RESTING)
LIVE_TIMERS = (TimerState.READY, TimerState.CALLED, TimerState.RESTING)
AWAITED_TIMERS = (TimerState.READY, TimerState.CALLED)


def knows_time(definition: Workflow) -> bool:
    """Return whether records of a workflow may have clocks or timers, also from an older definition of it."""
    return bool(
        definition.in_flight == MIGRATE
        or definition.timers
        or definition.sla
        or any(
            approval.sla is not None or any(step.sla is not None for step in all_steps(approval.steps))
            for approval in definition.approvals
        )
    )


def end_visit(unit: Unit, definition: Workflow, instance_id: int, visit: int) -> None:
    """End what belongs to a visit of a state that the record leaves: its timers and the clocks of its tasks."""
    if not knows_time(definition):
        return
    of_tasks = and_(
        clocks.c.instance_id == instance_id,
        clocks.c.visit == visit,
        clocks.c.task_id.is_not(None),
        clocks.c.state.in_(LIVE_CLOCKS),
    )
    is_here = or_(
        timers.c.kind == TimerKind.TIMER, timers.c.clock_id.in_(select(clocks.c.id).where(of_tasks))
    )
    unit.connection.execute(
        update(timers)
        .where(timers.c.instance_id == instance_id, timers.c.visit == visit)
        .where(timers.c.state.in_(LIVE_TIMERS), is_here)
        .values(state=TimerState.CANCELLED, ended_at=unit.now)
    )
    decided = select(tasks.c.id).where(
        tasks.c.instance_id == instance_id, tasks.c.decided_at.is_not(None), tasks.c.state != CANCELLED_TASK
    )
    state = case((clocks.c.task_id.in_(decided), ClockState.ENDED), else_=ClockState.CANCELLED)
    unit.connection.execute(update(clocks).where(of_tasks).values(state=state, ended_at=unit.now))
