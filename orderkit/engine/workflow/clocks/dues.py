"""When something is due: lengths of time by the project's calendar, dates and moments of the record.

A date without a time means the whole day: it has passed when the day is over in the project's zone.
`datetime(date)` is where the day begins, for those who want that.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.transitions.conditions import value_in
from orderkit.model.expressions.nodes import Expression
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.clocks import Clock
from orderkit.model.working_time import (
    STANDARD_HOURS,
    OfficeHours,
    Rest,
    due_after_rests,
    moment_after,
    moment_before,
)
from orderkit.model.working_time.wall_clock import instant_of

DAY_MINUTES = 1440


def hours_of(runtime: Runtime) -> OfficeHours:
    """Return the working time of the project; without a calendar, the standard one."""
    return runtime.keep(OfficeHours, lambda: _hours(runtime))


def _hours(runtime: Runtime) -> OfficeHours:
    project = runtime.project
    own = next((each for each in project.calendars if each.id == project.calendar), STANDARD_HOURS)
    return OfficeHours(own, runtime.timezone)


def later(unit: Unit, moment: datetime, span: TimeSpan) -> datetime:
    """Return when `span` has passed since a moment, by the project's calendar."""
    return moment_after(moment, span, hours_of(unit.runtime))


def earlier(unit: Unit, moment: datetime, span: TimeSpan) -> datetime:
    """Return the moment so long before another, by the project's calendar."""
    return moment_before(moment, span, hours_of(unit.runtime))


def moment_in(unit: Unit, instance: Instance, row: RecordRow, expression: Expression) -> datetime | None:
    """Return the moment that an expression of the workflow gives; None where it is empty."""
    value = value_in(unit, instance, row, expression)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return instant_of(value, DAY_MINUTES, unit.runtime.timezone)
    return None


def due_of_clock(
    unit: Unit, instance: Instance, row: RecordRow, clock: Clock, *, start: datetime, rests: Sequence[Rest]
) -> datetime | None:
    """Return by when a clock that began at `start` is due; None while it rests or its date is empty."""
    if isinstance(clock.due, TimeSpan):
        return due_after_rests(start, clock.due, rests, hours_of(unit.runtime))
    if rests and rests[-1].end is None:
        return None
    return moment_in(unit, instance, row, clock.due)
