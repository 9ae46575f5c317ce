"""Spans of days with a name: `this_year`, `last_30_days`, `next_7_days`, `2026-03`, `2026-01-01..2026-03-31`.

Days are those of the project's zone. A period knows the one before it, for comparisons.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from orderkit.model.analysis.reports import Grain
from orderkit.model.labels import Label, label

_ONE_DAY = timedelta(days=1)
_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAYS_AROUND = re.compile(r"(last|next)_([1-9]\d{0,3})_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `start` up to but not including `end`; None is open. `grain` is what it is one of."""

    start: date | None
    end: date | None
    grain: Grain | None = None

    def previous(self, today: date) -> "Period | None":
        """Return the period before, as far as this one has come: in March, January to March of last year.

        None for a period that is open at a side, or has no days before it.
        """
        if self.start is None or self.end is None:
            return None
        if self.start - date.min < self.end - self.start:
            return None
        if self.grain is None or self.grain is Grain.DAY:
            return Period(start=self.start - (self.end - self.start), end=self.start)
        start = bucket_start(self.start - _ONE_DAY, self.grain)
        end = self.start
        if self.start <= today < self.end - _ONE_DAY:
            end = min(end, start + (today - self.start) + _ONE_DAY)
        return Period(start=start, end=end, grain=self.grain)


def bucket_start(day: date, grain: Grain) -> date:
    """Return the first day of the day's bucket; weeks begin on Monday."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Grain.YEAR:
            return date(day.year, 1, 1)


def next_bucket(start: date, grain: Grain) -> date:
    """Return the first day of the next bucket."""
    match grain:
        case Grain.DAY:
            return start + _ONE_DAY
        case Grain.WEEK:
            return start + timedelta(days=7)
        case Grain.MONTH:
            return bucket_start(start + timedelta(days=31), grain)
        case Grain.QUARTER:
            return bucket_start(start + timedelta(days=92), grain)
        case Grain.YEAR:
            return date(start.year + 1, 1, 1)


def bucket_text(start: date, grain: Grain) -> str:
    """Return how a bucket is called: `2026-03-01`, `2026-W10`, `2026-03`, `2026-Q1`, `2026`."""
    match grain:
        case Grain.DAY:
            return start.isoformat()
        case Grain.WEEK:
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02}"
        case Grain.MONTH:
            return f"{start.year}-{start.month:02}"
        case Grain.QUARTER:
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case Grain.YEAR:
            return str(start.year)


def _bucket(day: date, grain: Grain) -> Period:
    start = bucket_start(day, grain)
    return Period(start=start, end=next_bucket(start, grain), grain=grain)


def _this(grain: Grain) -> Callable[[date], Period]:
    return lambda today: _bucket(today, grain)


def _last(grain: Grain) -> Callable[[date], Period]:
    return lambda today: _bucket(bucket_start(today, grain) - _ONE_DAY, grain)


def _days_around(way: str, count: int, today: date) -> Period:
    """Return so many days with today as the last of them, or the first."""
    if way == "last":
        return Period(start=today - timedelta(days=count - 1), end=today + _ONE_DAY)
    return Period(start=today, end=today + timedelta(days=count))


def _last_months(today: date) -> Period:
    start = date(today.year - 1, today.month, 1)
    return Period(
        start=bucket_start(start + timedelta(days=31), Grain.MONTH), end=_this(Grain.MONTH)(today).end
    )


_NAMED: Mapping[str, Callable[[date], Period]] = {
    "today": _this(Grain.DAY),
    "yesterday": _last(Grain.DAY),
    "this_week": _this(Grain.WEEK),
    "last_week": _last(Grain.WEEK),
    "this_month": _this(Grain.MONTH),
    "last_month": _last(Grain.MONTH),
    "this_quarter": _this(Grain.QUARTER),
    "last_quarter": _last(Grain.QUARTER),
    "this_year": _this(Grain.YEAR),
    "last_year": _last(Grain.YEAR),
    "last_12_months": _last_months,
    "all": lambda _: Period(start=None, end=None),
}

PERIOD_NAMES: Mapping[str, Label] = MappingProxyType(
    {
        "today": label(zh="今天", en="Today"),
        "yesterday": label(zh="昨天", en="Yesterday"),
        "this_week": label(zh="本周", en="This week"),
        "last_week": label(zh="上周", en="Last week"),
        "this_month": label(zh="本月", en="This month"),
        "last_month": label(zh="上月", en="Last month"),
        "this_quarter": label(zh="本季度", en="This quarter"),
        "last_quarter": label(zh="上季度", en="Last quarter"),
        "this_year": label(zh="今年", en="This year"),
        "last_year": label(zh="去年", en="Last year"),
        "last_7_days": label(zh="最近 7 天", en="Last 7 days"),
        "last_30_days": label(zh="最近 30 天", en="Last 30 days"),
        "last_90_days": label(zh="最近 90 天", en="Last 90 days"),
        "last_12_months": label(zh="最近 12 个月", en="Last 12 months"),
        "all": label(zh="全部", en="All time"),
    }
)


def period_of(text: str, today: date) -> Period | None:
    """Return the period that a text names; both ends of `2026-01-01..2026-03-31` are included.

    None when the text is none. An end may be left out: `2026-01-01..`.
    """
    text = text.strip()
    if text in _NAMED:
        return _NAMED[text](today)
    if around := _DAYS_AROUND.fullmatch(text):
        return _days_around(around[1], int(around[2]), today)
    if ".." in text:
        first, _, last = text.partition("..")
        start, end = _one(first), _one(last)
        if (first.strip() and start is None) or (last.strip() and end is None):
            return None
        found = Period(start=start.start if start else None, end=end.end if end else None)
        is_upside_down = found.start is not None and found.end is not None and found.end <= found.start
        return None if is_upside_down else found
    return _one(text)


def _one(text: str) -> Period | None:
    text = text.strip()
    try:
        if found := _YEAR.fullmatch(text):
            return _bucket(date(int(found[1]), 1, 1), Grain.YEAR)
        if found := _QUARTER.fullmatch(text):
            return _bucket(date(int(found[1]), int(found[2]) * 3, 1), Grain.QUARTER)
        if found := _MONTH.fullmatch(text):
            return _bucket(date(int(found[1]), int(found[2]), 1), Grain.MONTH)
        if found := _WEEK.fullmatch(text):
            return _bucket(date.fromisocalendar(int(found[1]), int(found[2]), 1), Grain.WEEK)
        return _bucket(date.fromisoformat(text), Grain.DAY) if len(text) == 10 else None
    except (ValueError, OverflowError):
        return None
