"""A length of time as a project writes it, added to a moment or taken from it.

- `s`, `min`, `h` are what a stopwatch shows.
- `d` and `mo` keep the time on the wall, whatever the clocks do meanwhile; `mo` keeps the day of the month, or
  takes the last one.
- `wh` counts working time only.
- `wd` is the same time on a later working day: a working day, not so many working hours.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.working_time.office_hours import OfficeHours
from orderkit.model.working_time.wall_clock import on_the_wall

# As far as dates go; what is later than this is never.
_FIRST, _LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


def moment_after(moment: datetime, span: TimeSpan, hours: OfficeHours) -> datetime:
    """Return when `span` has passed since `moment`, in UTC. Raises NoWorkAhead."""
    match span.unit:
        case TimeUnit.WORKING_HOURS:
            return hours.after(moment, timedelta(hours=span.count)).astimezone(UTC)
        case TimeUnit.WORKING_DAYS:
            return hours.days_after(moment, span.count).astimezone(UTC)
        case _:
            return _by_the_clock(moment, span, hours.zone, 1)


def moment_before(moment: datetime, span: TimeSpan, hours: OfficeHours) -> datetime:
    """Return the moment so long before another, in UTC. Raises NoWorkAhead."""
    match span.unit:
        case TimeUnit.WORKING_HOURS:
            return hours.before(moment, timedelta(hours=span.count)).astimezone(UTC)
        case TimeUnit.WORKING_DAYS:
            return hours.days_before(moment, span.count).astimezone(UTC)
        case _:
            return _by_the_clock(moment, span, hours.zone, -1)


def _by_the_clock(moment: datetime, span: TimeSpan, zone: ZoneInfo, sign: int) -> datetime:
    utc = moment.astimezone(UTC)
    if span.count == 0:
        return utc
    try:
        match span.unit:
            case TimeUnit.DAYS:
                shown = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=sign * span.count)
                found = on_the_wall(shown, zone)
            case TimeUnit.MONTHS:
                found = on_the_wall(_months_on(moment.astimezone(zone), sign * span.count), zone)
            case _:
                found = utc + timedelta(seconds=sign * span.seconds)
    except (OverflowError, ValueError):
        return _LAST if sign > 0 else _FIRST
    return min(max(found, _FIRST), _LAST)


def _months_on(shown: datetime, months: int) -> datetime:
    years, month = divmod(shown.year * 12 + shown.month - 1 + months, 12)
    last = monthrange(years, month + 1)[1]
    day = date(years, month + 1, min(shown.day, last))
    return datetime.combine(day, shown.time().replace(fold=0, tzinfo=None))
