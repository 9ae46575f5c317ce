"""Working time: the hours of a week, holidays, and days worked in their stead (调休)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from orderkit.model.expressions.evaluation.workdays import WorkingDays
from orderkit.model.forms import Origin
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """A stretch of one day, in minutes after midnight; 1440 is the midnight that ends it."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days without work, from the first to the last."""

    first: date
    last: date
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workday:
    """A day that is worked though its day of the week is not; it wins over holidays."""

    day: date
    times: tuple[WorkingTime, ...]
    label: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar. `week` holds the times of each day of the week, Monday first; none means free."""

    id: str
    label: Label
    week: tuple[tuple[WorkingTime, ...], ...]
    holidays: tuple[Holiday, ...] = ()
    workdays: tuple[Workday, ...] = ()
    origin: Origin | None = None

    @cached_property
    def working_days(self) -> WorkingDays:
        """Which days are worked, without their hours."""
        return WorkingDays(
            week=frozenset(number for number, times in enumerate(self.week, start=1) if times),
            holidays=frozenset(
                holiday.first + timedelta(days=number)
                for holiday in self.holidays
                for number in range((holiday.last - holiday.first).days + 1)
            ),
            workdays=frozenset(workday.day for workday in self.workdays),
        )
