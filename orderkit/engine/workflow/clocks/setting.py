"""Setting timers: the rows of moments at which something happens, and what becomes of them when those move.

A moment that moves takes its timer along. One that has happened happens again only if it lies ahead again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.dues import earlier, later
from orderkit.engine.workflow.clocks.states import AWAITED_TIMERS, LIVE_TIMERS, TimerKind, TimerState
from orderkit.engine.workflow.instances import Instance
from orderkit.model.workflow.clocks import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One moment to be set: what happens then, and from when its length of time is counted."""

    kind: TimerKind
    name: str
    since: datetime
    due_at: datetime
    clock_id: int | None = None
    nth: int = 0


def set_timers(unit: Unit, instance: Instance, settings: Iterable[Setting]) -> None:
    """Write the rows of new timers."""
    rows = [
        {
            "instance_id": instance.id,
            "clock_id": each.clock_id,
            "workflow": instance.workflow,
            "form": instance.form,
            "record_id": instance.record_id,
            "visit": instance.visit,
            "kind": each.kind,
            "name": each.name,
            "nth": each.nth,
            "since": each.since,
            "due_at": each.due_at,
            "state": TimerState.READY,
        }
        for each in settings
    ]
    if rows:
        unit.connection.execute(insert(timers), rows)


def settings_of_clock(
    unit: Unit, clock: Clock, *, start: datetime, due: datetime, clock_id: int
) -> Iterator[Setting]:
    """Yield the moments of a clock; a reminder that would come before the clock began is none."""
    for number, reminder in enumerate(clock.remind):
        moment = earlier(unit, due, reminder.before_due)
        if moment > start:
            yield Setting(
                kind=TimerKind.REMIND, name=str(number), since=start, due_at=moment, clock_id=clock_id
            )
    for number, overdue in enumerate(clock.overdue):
        moment = later(unit, due, overdue.after_due)
        yield Setting(kind=TimerKind.OVERDUE, name=str(number), since=start, due_at=moment, clock_id=clock_id)


def move_clock_timers(
    unit: Unit, instance: Instance, clock: Clock, *, start: datetime, due: datetime | None, clock_id: int
) -> None:
    """Let the timers of a clock follow its deadline; without one they rest."""
    if due is None:
        _to(unit, TimerState.RESTING, clock_id, AWAITED_TIMERS)
        return
    found = select(timers).where(timers.c.clock_id == clock_id).order_by(timers.c.nth)
    last = {(row.kind, row.name): row for row in unit.connection.execute(found)}
    new = []
    for setting in settings_of_clock(unit, clock, start=start, due=due, clock_id=clock_id):
        moved = follow_moment(unit, last.pop((setting.kind, setting.name), None), setting)
        if moved is not None:
            new.append(moved)
    cancel_timers(unit, [row.id for row in last.values()])
    set_timers(unit, instance, new)


def follow_moment(unit: Unit, row: Row[tuple[object, ...]] | None, setting: Setting) -> Setting | None:
    """Move the timer of a moment, or return what is to be set anew."""
    if row is None:
        return setting
    if row.state in LIVE_TIMERS:
        if row.state == TimerState.RESTING or row.due_at != setting.due_at:
            unit.connection.execute(
                update(timers)
                .where(timers.c.id == row.id)
                .values(state=TimerState.READY, due_at=setting.due_at, since=setting.since)
            )
        return None
    if setting.due_at > unit.now and setting.due_at != row.due_at:
        return Setting(
            kind=setting.kind,
            name=setting.name,
            since=setting.since,
            due_at=setting.due_at,
            clock_id=setting.clock_id,
            nth=row.nth + 1,
        )
    return None


def cancel_clock_timers(unit: Unit, clock_ids: Iterable[int]) -> None:
    """Cancel what has not happened yet of clocks that ended."""
    is_theirs = timers.c.clock_id.in_(sorted(clock_ids))
    unit.connection.execute(
        update(timers)
        .where(is_theirs, timers.c.state.in_(LIVE_TIMERS))
        .values(state=TimerState.CANCELLED, ended_at=unit.now)
    )


def cancel_timers(unit: Unit, ids: Iterable[int]) -> None:
    """Cancel timers that have not happened yet."""
    wanted = sorted(ids)
    if wanted:
        unit.connection.execute(
            update(timers)
            .where(timers.c.id.in_(wanted), timers.c.state.in_(LIVE_TIMERS))
            .values(state=TimerState.CANCELLED, ended_at=unit.now)
        )


def _to(unit: Unit, state: TimerState, clock_id: int, former: Iterable[TimerState]) -> None:
    unit.connection.execute(
        update(timers)
        .where(timers.c.clock_id == clock_id, timers.c.state.in_(sorted(former)))
        .values(state=state)
    )
