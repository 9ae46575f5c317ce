"""Working days: which days of the week are worked, which are free after all, and which are made up for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """A calendar as far as days go; by default Monday to Friday without holidays.

    Args:
        week: worked days of the week, 1 for Monday to 7 for Sunday.
        holidays: days that are not worked though their day of the week is.
        workdays: days that are worked all the same (调休); they win over holidays.
    """

    week: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    @property
    def added(self) -> tuple[date, ...]:
        """The days that are worked though their day of the week is not."""
        return tuple(sorted(day for day in self.workdays if day.isoweekday() not in self.week))

    @property
    def taken(self) -> tuple[date, ...]:
        """The days that are free though their day of the week is worked."""
        return tuple(sorted(day for day in self.holidays - self.workdays if day.isoweekday() in self.week))


STANDARD_WEEK = WorkingDays()
"""Monday to Friday."""


def workdays_between(start: date, end: date, calendar: WorkingDays) -> int:
    """Return how many days after `start` up to and with `end` are worked; backwards it is negative."""
    return _worked_up_to(end, calendar) - _worked_up_to(start, calendar)


def _worked_up_to(day: date, calendar: WorkingDays) -> int:
    """Return how many days are worked from year 1 up to and with this one, without counting them one by one."""
    # 0001-01-01, with the ordinal 1, was a Monday.
    weeks, rest = divmod(day.toordinal(), 7)
    in_last = sum(each <= rest for each in calendar.week)
    until = _up_to(calendar.added, day) - _up_to(calendar.taken, day)
    return weeks * len(calendar.week) + in_last + until


def _up_to(days: Iterable[date], last: date) -> int:
    return sum(day <= last for day in days)
