"""Days and instants as people type and read them, Chinese forms included.

A text without a zone is read in the project's zone; what is kept is always an instant in UTC.
"""

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orderkit.fields.field_type import Invalid
from orderkit.fields.numerals import normalised
from orderkit.model.labels import label

if TYPE_CHECKING:
    from babel import Locale

NOT_A_DATE = Invalid(
    label(zh="不是日期", en="not a date"), label(zh="日期，例如 2026-03-01", en="a date such as 2026-03-01")
)
NOT_A_MOMENT = Invalid(
    label(zh="不是日期时间", en="not a date and time"),
    label(zh="日期时间，例如 2026-03-01 08:30", en="a date and time such as 2026-03-01 08:30"),
)

NOT_A_TIME = Invalid(
    label(zh="不是时间", en="not a time"), label(zh="时间，例如 08:30", en="a time such as 08:30")
)

_DAY = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
_CLOCK = r"(\d{1,2})(?:[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d{1,6})\d*)?秒?|分)?|时|点)"
_ZONE = r"(Z|[+-]\d{2}:?\d{2})?"
_MOMENT = re.compile(rf"{_DAY}(?:[T\s]*{_CLOCK}\s*{_ZONE})?")
_TIME = re.compile(rf"(?P<half>上午|中午|下午|晚上)?\s*{_CLOCK}\s*(?P<part>[ap]\.?m\.?)?", re.IGNORECASE)
_AFTERNOON = frozenset({"中午", "下午", "晚上", "pm", "p.m."})
_MAX_TEXT = 60
# A day inside what Python can hold, so that an instant has a clock time in every zone.
_EARLIEST, _LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def read_day(text: str) -> date | Invalid:
    """Read `2026-03-01`, `2026/3/1`, `2026.3.1`, `20260301`, `2026年3月1日`; a time after it is dropped."""
    matched = _matched(text)
    return NOT_A_DATE if matched is None else matched[0]


def read_moment(text: str, zone: ZoneInfo) -> datetime | Invalid:
    """Read a day with an optional clock time, in `zone` unless the text names an offset."""
    matched = _matched(text)
    if matched is None:
        return NOT_A_MOMENT
    day, clock, offset = matched
    try:
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
        if offset:
            moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset)
        instant = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return NOT_A_MOMENT
    return instant if _EARLIEST <= instant <= _LATEST else NOT_A_MOMENT


def read_clock(text: str) -> time | Invalid:
    """Read `8:30`, `08:30:05`, `8点30分`, `下午3点`, `3:30 pm`; parts of a second are dropped."""
    found = _TIME.fullmatch(normalised(text)) if len(text) <= _MAX_TEXT else None
    if found is None:
        return NOT_A_TIME
    hour, minute, second = (int(part or 0) for part in found.groups()[1:4])
    half = (found["half"] or found["part"] or "").lower()
    if half and not 1 <= hour <= 12 and not (found["half"] and hour <= 23):
        return NOT_A_TIME
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in {"am", "a.m."} and hour == 12:
        hour = 0
    try:
        return time(hour, minute, second)
    except ValueError:
        return NOT_A_TIME


def _matched(text: str) -> tuple[date, tuple[int, int, int, int], str] | None:
    found = _MOMENT.fullmatch(normalised(text)) if len(text) <= _MAX_TEXT else None
    if found is None:
        return None
    year, *rest = found.groups()
    month, day = (part for part in rest[:10] if part is not None)
    hour, minute, second, fraction, offset = rest[10:]
    clock = (int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")))
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    try:
        return date(int(year), int(month), int(day)), clock, (offset or "")
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def shown_day(value: date, locale: str) -> str:
    """Return the day for reading: `2026-03-01` in Chinese, else the locale's medium form."""
    language = _locale(locale)
    if language.language == "zh":
        return value.isoformat()
    from babel.dates import format_date  # noqa: PLC0415 - checking a project shows no dates

    return format_date(value, format="medium", locale=language)


@lru_cache(maxsize=4096)
def shown_moment(value: datetime, zone: str, locale: str) -> str:
    """Return the instant for reading, in minutes of the zone's clock."""
    local = value.astimezone(ZoneInfo(zone))
    language = _locale(locale)
    if language.language == "zh":
        return local.strftime("%Y-%m-%d %H:%M")
    from babel.dates import format_datetime  # noqa: PLC0415 - checking a project shows no dates

    return format_datetime(local, format="medium" if local.second else "d MMM y, HH:mm", locale=language)


@lru_cache(maxsize=64)
def _locale(name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - checking a project shows no dates

    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
