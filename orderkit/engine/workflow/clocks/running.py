"""Clocks as rows: started, at rest, going on, ended. Each keeps its deadline, and its timers follow it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, insert, select, update

from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.dues import due_of_clock
from orderkit.engine.workflow.clocks.setting import (
    cancel_clock_timers,
    move_clock_timers,
    set_timers,
    settings_of_clock,
)
from orderkit.engine.workflow.clocks.states import LIVE_CLOCKS, ClockState
from orderkit.engine.workflow.instances import Instance
from orderkit.model.workflow.clocks import Clock
from orderkit.model.working_time import Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A clock to be started: of a task, or over states if `task_id` is None."""

    name: str
    clock: Clock
    at: datetime
    task_id: int | None = None
    step: str | None = None
    rests: tuple[Rest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock that has been started and has not ended."""

    id: int
    name: str
    step: str | None
    task_id: int | None
    state: ClockState
    started_at: datetime
    due_at: datetime | None
    rests: tuple[Rest, ...]
    shares: int | None


def start_clocks(unit: Unit, instance: Instance, row: RecordRow, starts: Sequence[Start]) -> None:
    """Start clocks, each with its timers."""
    if not starts:
        return
    dues = [due_of_clock(unit, instance, row, each.clock, start=each.at, rests=each.rests) for each in starts]
    made = unit.connection.execute(
        insert(clocks).returning(clocks.c.id, sort_by_parameter_order=True),
        [
            {
                "instance_id": instance.id,
                "workflow": instance.workflow,
                "form": instance.form,
                "record_id": instance.record_id,
                "visit": instance.visit,
                "name": each.name,
                "step": each.step,
                "task_id": each.task_id,
                "state": ClockState.RESTING if _is_resting(each.rests) else ClockState.RUNNING,
                "started_at": each.at,
                "due_at": due,
                "rests": _written(each.rests),
            }
            for each, due in zip(starts, dues, strict=True)
        ],
    ).scalars()
    settings = [
        setting
        for each, due, clock_id in zip(starts, dues, made.all(), strict=True)
        if due is not None
        for setting in settings_of_clock(unit, each.clock, start=each.at, due=due, clock_id=clock_id)
    ]
    set_timers(unit, instance, settings)


def live_clocks(unit: Unit, instance: Instance) -> tuple[Running, ...]:
    """Return the clocks of a record that have not ended."""
    found = (
        select(clocks)
        .where(clocks.c.instance_id == instance.id, clocks.c.state.in_(LIVE_CLOCKS))
        .order_by(clocks.c.id)
    )
    return tuple(running_of(row) for row in unit.connection.execute(found))


def rest(unit: Unit, instance: Instance, row: RecordRow, running: Running, clock: Clock) -> None:
    """Let a clock stand still; nothing happens if it does."""
    if not _is_resting(running.rests):
        _go_on_with(unit, instance, row, running, clock, (*running.rests, Rest(begin=unit.now)))


def resume(unit: Unit, instance: Instance, row: RecordRow, running: Running, clock: Clock) -> None:
    """Let a clock go on; nothing happens if it runs."""
    if _is_resting(running.rests):
        last = running.rests[-1]
        ended = Rest(begin=last.begin, end=max(last.begin, unit.now))
        _go_on_with(unit, instance, row, running, clock, (*running.rests[:-1], ended))


def renew(unit: Unit, instance: Instance, row: RecordRow, running: Running, clock: Clock) -> None:
    """Work out the deadline of a clock again, because its date, its definition or the calendar has changed."""
    _go_on_with(unit, instance, row, running, clock, running.rests)


def end_clocks(unit: Unit, ids: Iterable[int], state: ClockState = ClockState.ENDED) -> None:
    """End clocks; what has not happened by now does not happen."""
    wanted = sorted(ids)
    if not wanted:
        return
    cancel_clock_timers(unit, wanted)
    unit.connection.execute(
        update(clocks).where(clocks.c.id.in_(wanted)).values(state=state, ended_at=unit.now)
    )


def running_of(row: Row[tuple[object, ...]]) -> Running:
    """Return a clock from its row."""
    return Running(
        id=row.id,
        name=row.name,
        step=row.step,
        task_id=row.task_id,
        state=ClockState(row.state),
        started_at=row.started_at,
        due_at=row.due_at,
        rests=tuple(Rest(begin=_moment(begin), end=end and _moment(end)) for begin, end in row.rests),
        shares=row.shares,
    )


def _go_on_with(  # noqa: PLR0917 - what a clock is about
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    running: Running,
    clock: Clock,
    rests: tuple[Rest, ...],
) -> None:
    due = due_of_clock(unit, instance, row, clock, start=running.started_at, rests=rests)
    state = ClockState.RESTING if _is_resting(rests) else ClockState.RUNNING
    unit.connection.execute(
        update(clocks).where(clocks.c.id == running.id).values(state=state, due_at=due, rests=_written(rests))
    )
    if running.shares is not None:
        return
    # A deadline that had passed when the rest began stays; only what lies ahead stands still.
    move_clock_timers(
        unit,
        instance,
        clock,
        start=running.started_at,
        due=None if state is ClockState.RESTING else due,
        clock_id=running.id,
    )


def _is_resting(rests: Sequence[Rest]) -> bool:
    return bool(rests) and rests[-1].end is None


def _written(rests: Sequence[Rest]) -> list[list[str | None]]:
    return [[each.begin.isoformat(), None if each.end is None else each.end.isoformat()] for each in rests]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
