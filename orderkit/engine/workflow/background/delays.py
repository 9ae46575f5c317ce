"""Until when actions wait. A date is reached when its day begins in the project's zone."""

from datetime import UTC, date, datetime, time

from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.evaluation import Value
from orderkit.model.labels import label
from orderkit.model.workflow.actions import Delay
from orderkit.model.working_time import STANDARD_HOURS, OfficeHours, moment_after


def office_hours(runtime: Runtime) -> OfficeHours:
    """Return the working time of the project."""
    project = runtime.project
    return runtime.keep(
        OfficeHours,
        lambda: OfficeHours(
            next((each for each in project.calendars if each.id == project.calendar), STANDARD_HOURS),
            runtime.timezone,
        ),
    )


def due_of(unit: Unit, delay: Delay, until: Value) -> datetime:
    """Return when a delay that begins now is over. Raises Refused where it waits for an empty date."""
    if delay.span is not None:
        return moment_after(unit.now, delay.span, office_hours(unit.runtime))
    moment = moment_of(unit.runtime, until)
    if moment is None:
        message = label(
            zh="`delay` 要等到的日期是空的；请先填写，或用 `choose` 避开",
            en="the date that a `delay` waits for is empty; fill it in first, or leave it out by `choose`",
        )
        raise Refused([Problem(path="", code="no_moment", message=message)])
    return moment


def moment_of(runtime: Runtime, value: Value) -> datetime | None:
    """Return when a date or a moment is reached; None for what is neither."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), runtime.timezone).astimezone(UTC)
    return None
