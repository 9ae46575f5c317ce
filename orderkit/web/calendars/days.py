"""The days of a page: whole weeks from Monday, marked as the project's calendar has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import text_of
from orderkit.model.project import Project

WEEK = timedelta(days=7)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month, or one week; `anchor` is the first day that it is about, and names it in an address."""

    anchor: date
    is_week: bool

    @property
    def name(self) -> str:
        """How an address says it."""
        return self.anchor.isoformat() if self.is_week else f"{self.anchor:%Y-%m}"

    @property
    def first(self) -> date:
        """The Monday on which the page begins."""
        return self.anchor - timedelta(days=self.anchor.weekday())

    @property
    def weeks(self) -> Iterator[tuple[date, ...]]:
        """The weeks, each its seven days."""
        monday = self.first
        while monday == self.first or (not self.is_week and monday < self._following):
            yield tuple(monday + timedelta(days=number) for number in range(7))
            monday += WEEK

    def moved(self, by: int) -> "Span":
        """Return the one before (-1) or after (1)."""
        if self.is_week:
            return Span(anchor=self.anchor + by * WEEK, is_week=True)
        if by > 0:
            return Span(anchor=self._following, is_week=False)
        return Span(anchor=(self.anchor - timedelta(days=1)).replace(day=1), is_week=False)

    def holds(self, day: date) -> bool:
        """Return whether a day is one of those that it is about, not one of a neighbouring month."""
        return self.is_week or (day.year, day.month) == (self.anchor.year, self.anchor.month)

    @property
    def _following(self) -> date:
        return (self.anchor.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_of(day: date) -> Span:
    """Return the month of a day."""
    return Span(anchor=day.replace(day=1), is_week=False)


def week_of(day: date) -> Span:
    """Return the week of a day."""
    return Span(anchor=day - timedelta(days=day.weekday()), is_week=True)


def read_span(text: str, today: date) -> Span:
    """Return the month (`2026-11`) or week (`2026-11-23`) of an address. Raises NotFound for anything else."""
    if not text:
        return month_of(today)
    day, month = _DAY.fullmatch(text), _MONTH.fullmatch(text)
    try:
        if day:
            found = week_of(date(int(day[1]), int(day[2]), int(day[3])))
        elif month:
            found = month_of(date(int(month[1]), int(month[2]), 1))
        else:
            raise NotFound
    except ValueError as error:
        raise NotFound from error
    if not FIRST_YEAR <= found.anchor.year <= LAST_YEAR:
        raise NotFound
    return found


def day_on(value: Scalar, zone: ZoneInfo) -> date | None:
    """Return the day on which a value stands; an instant, on the clock of a zone."""
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return value if isinstance(value, date) else None


def moved_to(before: Scalar, day: date, zone: ZoneInfo) -> datetime:
    """Return the instant on another day, at the same time of the clock of a zone; at its beginning, if there was none."""
    if not isinstance(before, datetime):
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    shown = before.astimezone(zone)
    if shown.date() == day:
        return before
    # Which of two hours alike it was says nothing of another day.
    return datetime.combine(day, shown.time().replace(fold=0), tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is special about a day: free or worked, and the name of it where it has one."""

    is_free: bool
    is_swapped: bool
    label: str


def mark_of(project: Project, day: date, locale: str) -> Mark:
    """Return how the project's calendar has a day. `is_swapped`: other than its day of the week has it."""
    working = project.working_days
    is_usual = day.isoweekday() in working.week
    is_worked = day in working.workdays or (is_usual and day not in working.holidays)
    own = next((each for each in project.calendars if each.id == project.calendar), None)
    named = (
        ()
        if own is None
        else (
            *(each.label for each in own.workdays if each.day == day),
            *(each.label for each in own.holidays if each.first <= day <= each.last),
        )
    )
    label = next((text_of(each, locale) for each in named if each is not None), "")
    return Mark(is_free=not is_worked, is_swapped=is_worked is not is_usual, label=label)
