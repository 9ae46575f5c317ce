"""How long something stays possible: so long after a moment, on the project's calendar and clock."""

from datetime import datetime

from orderkit.engine.runtime import Unit
from orderkit.model.values.durations import TimeSpan
from orderkit.model.working_time import STANDARD_HOURS, NoWorkAhead, OfficeHours, moment_after


def is_within(unit: Unit, since: datetime, span: TimeSpan | None) -> bool:
    """Return whether no more than a length of time has passed since a moment; None is no limit."""
    return span is None or unit.now < end_of(unit, since, span)


def end_of(unit: Unit, since: datetime, span: TimeSpan) -> datetime:
    """Return when a length of time ends that began at a moment. Without work ahead it is over at once."""
    own = next((each for each in unit.project.calendars if each.id == unit.project.calendar), None)
    hours = OfficeHours(own or STANDARD_HOURS, unit.runtime.timezone)
    try:
        return moment_after(since, span, hours)
    except NoWorkAhead:
        return since
