"""How long it was between two moments, as SQL: in working time where the project names a calendar, else by the clock.

Working time is looked up: a table of days says how much was worked before each of them and from when to when on it.
So the length of any span is the difference of two numbers, and lengths that follow each other add up exactly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.column_types import UtcDateTime
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.working_time import OfficeHours

DAY_SECONDS = 86400
# Nobody keeps lives for longer; what began before counts from here on.
MOST_DAYS = 30 * 366

Sql = sa.ColumnElement[Any]
Hours = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A day in UTC: its number since 1970, the seconds worked before it, and from which second to which on it."""

    number: int
    before: int
    hours: tuple[tuple[int, int], ...]


class Lengths:
    """Measures spans of time. `calendar` is how the calendar is called that they are measured by, if any."""

    def __init__(self, runtime: Runtime, days: Sequence[WorkedDay] = (), calendar: str | None = None) -> None:
        self._is_sqlite = runtime.database.dialect != "postgresql"
        self._days = tuple(days)
        self.calendar = calendar

    @classmethod
    def of(cls, unit: Unit, first: datetime | None) -> "Lengths":
        """Return what measures spans that begin at `first` at the earliest and end now at the latest."""
        project = unit.project
        calendar = next((each for each in project.calendars if each.id == project.calendar), None)
        if calendar is None:
            return cls(unit.runtime)
        hours = OfficeHours(calendar, unit.runtime.timezone)
        return cls(unit.runtime, worked_days(hours, first or unit.now, unit.now), calendar.id)

    def measured(self, rows: sa.Select[Any]) -> sa.Subquery:
        """Return the rows, which have `since` and `until`, with the `seconds` between them."""
        inner = rows.subquery("spans")
        start, end = self.epoch(inner.c.since), self.epoch(inner.c.until)
        if not self._days:
            return sa.select(*inner.c, (end - start).label("seconds")).subquery("measured")
        first, last = self._table("first_day"), self._table("last_day")
        seconds = self._worked(last, end) - self._worked(first, start)
        return (
            sa.select(*inner.c, seconds.label("seconds"))
            .select_from(
                inner.join(first, first.c.number == self._day(start)).join(
                    last, last.c.number == self._day(end)
                )
            )
            .subquery("measured")
        )

    def epoch(self, moment: Sql) -> Sql:
        """Return the whole seconds since 1970 of a moment."""
        if self._is_sqlite:
            return sa.cast(sa.func.strftime("%s", moment), sa.BigInteger())
        return sa.cast(sa.func.floor(sa.extract("epoch", moment)), sa.BigInteger())

    def _day(self, epoch: Sql) -> Sql:
        number = epoch // DAY_SECONDS
        first, last = self._days[0].number, self._days[-1].number
        # What lies outside the table is counted from its first day, or to its last.
        return sa.case((number < first, first), (number > last, last), else_=number)

    def _worked(self, days: sa.FromClause, epoch: Sql) -> Sql:
        at = epoch - days.c.number * DAY_SECONDS
        total: Sql = days.c.before
        for index in range(self._width):
            start, end = days.c[f"start_{index}"], days.c[f"end_{index}"]
            total += sa.case((at <= start, 0), (at >= end, end - start), else_=at - start)
        return total

    @property
    def _width(self) -> int:
        return max(len(each.hours) for each in self._days)

    def _table(self, name: str) -> sa.FromClause:
        width = self._width
        bounds = [f"{side}_{index}" for index in range(width) for side in ("start", "end")]
        columns = [sa.column(each, sa.BigInteger()) for each in ("number", "before", *bounds)]
        rows = [(each.number, each.before, *_flat(each.hours, width)) for each in self._days]
        # Numbers that we worked out ourselves; so many of them would not fit among a statement's parameters.
        return sa.values(*columns, name=f"worked_{name}", literal_binds=True).data(rows).cte(name)


def worked_days(hours: OfficeHours, first: datetime, last: datetime) -> tuple[WorkedDay, ...]:
    """Return the days in UTC from that of one moment to that of another, with the time worked on each."""
    start = max(first.astimezone(UTC).date(), last.astimezone(UTC).date() - timedelta(days=MOST_DAYS))
    end = max(start, last.astimezone(UTC).date())
    before = 0
    found: list[WorkedDay] = []
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        worked = tuple(_worked_on(hours, day))
        found.append(WorkedDay((day - date(1970, 1, 1)).days, before, worked))
        before += sum(stop - begin for begin, stop in worked)
    return tuple(found)


def now_as(unit: Unit) -> Sql:
    """Return the unit's own moment as a column."""
    return sa.literal(unit.now, UtcDateTime())


def _worked_on(hours: OfficeHours, day: date) -> Iterator[tuple[int, int]]:
    """Yield the hours of a day in UTC, which parts of two or three days of the place may fall on."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    following = midnight + timedelta(days=1)
    here, last = hours.day_of(midnight), hours.day_of(following)
    while here <= last:
        for start, end in hours.stretches(here):
            begin, stop = max(start, midnight), min(end, following)
            if begin < stop:
                yield int((begin - midnight).total_seconds()), int((stop - midnight).total_seconds())
        here += timedelta(days=1)


def _flat(hours: Hours, width: int) -> Iterator[int]:
    for index in range(width):
        yield from hours[index] if index < len(hours) else (0, 0)
