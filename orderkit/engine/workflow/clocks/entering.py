"""What begins and ends when a record enters a state: its timers, and the clocks that run over several states."""

from collections.abc import Iterator

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.dues import later, moment_in
from orderkit.engine.workflow.clocks.running import (
    Running,
    Start,
    end_clocks,
    live_clocks,
    rest,
    resume,
    start_clocks,
)
from orderkit.engine.workflow.clocks.setting import Setting, set_timers
from orderkit.engine.workflow.clocks.states import ClockState, TimerKind
from orderkit.engine.workflow.instances import Instance
from orderkit.model.workflow.clocks import StateClock
from orderkit.model.workflow.workflows import Timer
from orderkit.model.working_time import Rest


def entered(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Set the timers of the state that a record has just entered, and let clocks over states begin, rest or end."""
    definition = instance.definition
    if not definition.timers and not definition.sla:
        return
    current = rows_of(unit).row(row.form, row.id) or row
    set_timers(unit, instance, _settings(unit, instance, current))
    if definition.sla:
        _follow_states(unit, instance, current)


def _settings(unit: Unit, instance: Instance, row: RecordRow) -> Iterator[Setting]:
    """Yield the moments of the state's timers; what a write of this move has set already is not set twice."""
    here = [each for each in instance.definition.timers if each.state == instance.state]
    found = select(timers.c.name).where(
        timers.c.instance_id == instance.id,
        timers.c.visit == instance.visit,
        timers.c.kind == TimerKind.TIMER,
    )
    is_by_date = any(each.at is not None for each in here)
    known = set(unit.connection.execute(found).scalars()) if is_by_date else set()
    for timer in here:
        setting = None if timer.id in known else setting_of(unit, instance, row, timer)
        if setting is not None:
            yield setting


def setting_of(unit: Unit, instance: Instance, row: RecordRow, timer: Timer) -> Setting | None:
    """Return the first moment of a timer, counted from now; None where its date is empty."""
    if timer.at is not None:
        moment = moment_in(unit, instance, row, timer.at)
    else:
        assert timer.after is not None, "a timer has `at` or `after`"
        moment = later(unit, unit.now, timer.after)
    if moment is None:
        return None
    return Setting(kind=TimerKind.TIMER, name=timer.id, since=unit.now, due_at=moment)


def _follow_states(unit: Unit, instance: Instance, row: RecordRow) -> None:
    live = {each.name: each for each in live_clocks(unit, instance) if each.task_id is None}
    starts = []
    for over in instance.definition.sla:
        running = live.get(over.id)
        if running is not None:
            _go_on(unit, instance, row, over, running)
        elif over.start == instance.state:
            starts.append(start_of(unit, over))
    start_clocks(unit, instance, row, starts)


def start_of(unit: Unit, over: StateClock) -> Start:
    """Return the beginning of a clock over states, now."""
    rests = (Rest(begin=unit.now),) if over.start in over.pause_in else ()
    return Start(name=over.id, clock=over.clock, at=unit.now, rests=rests)


def _go_on(unit: Unit, instance: Instance, row: RecordRow, over: StateClock, running: Running) -> None:
    """A record that comes by the beginning again goes on with the same clock."""
    if instance.state == over.stop:
        end_clocks(unit, [running.id])
    elif instance.resting_in.final is not None:
        end_clocks(unit, [running.id], ClockState.CANCELLED)
    elif instance.state in over.pause_in:
        rest(unit, instance, row, running, over.clock)
    else:
        resume(unit, instance, row, running, over.clock)
