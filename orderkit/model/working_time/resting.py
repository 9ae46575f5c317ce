"""A deadline of a clock that stands still now and then, as while somebody else is asked first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orderkit.model.values.durations import TimeSpan
from orderkit.model.working_time.office_hours import OfficeHours
from orderkit.model.working_time.spans import moment_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """From when to when a clock stands still; `end` None means that it still does."""

    begin: datetime
    end: datetime | None = None


def due_after_rests(
    start: datetime, span: TimeSpan, rests: Sequence[Rest], hours: OfficeHours
) -> datetime | None:
    """Return when `span` has passed since `start`, without the rests; None while it rests.

    What was left when a rest began is left when it ends: working time if the length is counted in it, else
    time by the clock. A rest after the deadline moves nothing. Raises NoWorkAhead.
    """
    due = moment_after(start, span, hours)
    for rest in rests:
        if rest.begin >= due:
            break
        if rest.end is None:
            return None
        # The machine's clock may have been put back meanwhile.
        end = max(rest.begin, rest.end)
        if span.unit.needs_calendar:
            due = hours.after(end, hours.between(rest.begin, due))
        else:
            due += end - rest.begin
    return due
