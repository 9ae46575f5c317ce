"""Spans of time as people type and read them: `1h30min`, `2天`, `1:30`, `PT1H30M`."""

import re
from datetime import timedelta
from decimal import Decimal

from orderkit.fields.field_type import Invalid
from orderkit.fields.numerals import normalised
from orderkit.model.expressions.evaluation.spans import parts_of
from orderkit.model.labels import label

LONGEST = timedelta(days=36_525)
_MAX_TEXT = 60

NOT_A_SPAN = Invalid(
    label(zh="不是时长", en="not a duration"),
    label(zh="时长，例如 1h30min、90分钟、2天", en="a duration such as 1h30min, 90min or 2d"),
)
_TOO_LONG = Invalid(
    label(zh="时长太长", en="the duration is too long"), label(zh="最多 100 年", en="at most 100 years")
)

_AMOUNT = r"(\d{1,12}(?:\.\d{1,6})?)"
_WORDS = re.compile(
    rf"(?:{_AMOUNT}(?:d|days?|天|日))?(?:{_AMOUNT}(?:h|hours?|小时|时))?"
    rf"(?:{_AMOUNT}(?:min|m|minutes?|mins|分钟|分))?(?:{_AMOUNT}(?:s|secs?|seconds?|秒钟?))?"
)
_ISO = re.compile(rf"p(?:{_AMOUNT}d)?(?:t(?:{_AMOUNT}h)?(?:{_AMOUNT}m)?(?:{_AMOUNT}s)?)?")
_CLOCK = re.compile(r"(?P<hours>\d{1,7}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?")
_SECONDS = (86_400, 3_600, 60, 1)
_UNITS = {"zh": ("天", "小时", "分钟", "秒"), "en": (" d", " h", " min", " s")}


def read_span(text: str) -> timedelta | Invalid:
    """Read a span in days, hours, minutes and seconds; parts of a second are rounded half-up."""
    typed = re.sub(r"\s", "", normalised(text)).lower() if len(text) <= _MAX_TEXT else ""
    clock = _CLOCK.fullmatch(typed)
    if clock is not None:
        amounts: tuple[str | None, ...] = (None, clock["hours"], clock["minutes"], clock["seconds"])
    else:
        found = _WORDS.fullmatch(typed) or _ISO.fullmatch(typed)
        amounts = () if found is None else found.groups()
    if not any(amounts):
        return NOT_A_SPAN
    total = sum(
        (Decimal(amount) * unit for amount, unit in zip(amounts, _SECONDS, strict=True) if amount), Decimal(0)
    )
    seconds = int(total + Decimal("0.5"))
    return timedelta(seconds=seconds) if seconds <= LONGEST.total_seconds() else _TOO_LONG


def shown_span(value: timedelta, locale: str) -> str:
    """Return the span for reading: `1小时30分钟`, `1 h 30 min`."""
    language = "zh" if locale.startswith("zh") else "en"
    parts = [
        f"{amount}{unit}" for amount, unit in zip(parts_of(value), _UNITS[language], strict=True) if amount
    ]
    joint = "" if language == "zh" else " "
    return joint.join(parts) or f"0{_UNITS[language][-1]}"


def iso_span(value: timedelta) -> str:
    """Return the span as ISO 8601 writes it: `P1DT2H`, `PT0S`."""
    days, *clock = parts_of(value)
    times = "".join(f"{amount}{unit}" for amount, unit in zip(clock, "HMS", strict=True) if amount)
    date = f"{days}D" if days else ""
    return f"P{date}T{times}" if times else f"P{date or 'T0S'}"
