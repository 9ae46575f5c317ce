"""Lengths of time as a project writes them: `30min`, `2d`, `1mo`, `8wh`.

They stay in the unit they were written in: a day keeps the time on the clock, a month the day of the
month, and working hours and days mean nothing without a calendar.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_MOST_DIGITS = 6


class TimeUnit(StrEnum):
    """What a length of time is counted in, spelled as in the language."""

    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    MONTHS = "mo"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"

    @property
    def needs_calendar(self) -> bool:
        """Whether only a calendar knows how long it is."""
        return self in (TimeUnit.WORKING_HOURS, TimeUnit.WORKING_DAYS)


_SECONDS = {TimeUnit.SECONDS: 1, TimeUnit.MINUTES: 60, TimeUnit.HOURS: 3600, TimeUnit.DAYS: 86400}
STOPWATCH_UNITS = tuple(_SECONDS)
ALL_UNITS = tuple(TimeUnit)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """So many of one unit; zero is one, negative is none."""

    count: int
    unit: TimeUnit

    @property
    def seconds(self) -> int:
        """How long it is by a stopwatch, a day having 24 hours. Raises ValueError for other units."""
        if self.unit not in _SECONDS:
            raise ValueError(f"{self} has no length of its own")
        return self.count * _SECONDS[self.unit]

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


def pattern(units: Iterable[TimeUnit]) -> str:
    """Return the regular expression of what may be written in some units."""
    return rf"\d{{1,{_MOST_DIGITS}}}({'|'.join(units)})"


def time_span(text: str, units: Iterable[TimeUnit] = ALL_UNITS) -> TimeSpan | None:
    """Return what a text such as `8wh` means, or None where it is none in these units."""
    match = re.fullmatch(pattern(units), text.strip(), re.ASCII)
    if match is None:
        return None
    unit = match[1]
    return TimeSpan(int(match[0][: -len(unit)]), TimeUnit(unit))
