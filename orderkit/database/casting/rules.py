"""Turns a value of one type of column into one of another, or says that it does not fit.

Nothing is ever rounded, cut or guessed: what would lose something does not fit. An empty text, and one
of blanks, is no value. People find the rules in `docs/reference/type-changes.md`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.types import MAX_DIGITS
from orderkit.model.values.numbers import fits, plain_text, round_half_up

BLANKS = " \t\n\r\u3000"
TRUE_WORDS = ("1", "on", "t", "true", "y", "yes", "是")
FALSE_WORDS = ("0", "f", "false", "n", "no", "off", "否")

# PostgreSQL reads these too, so they use nothing in which the two differ.
NUMBER = r"^[+-]?([0-9]{1,40}|[0-9]{1,3}(,[0-9]{3}){1,12})(\.[0-9]{1,40})?$"
DAY = r"^[0-9]{4}(-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|\.[0-9]{1,2}\.[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)$"
CLOCK = r"^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
)
SPAN = r"^-?([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}min)?([0-9]{1,9}s)?$"
FIRST_YEAR, LAST_YEAR = 2, 9998

_ALIKE = {
    ColumnKind.JSON: ColumnKind.TEXT,
    ColumnKind.REFERENCE: ColumnKind.INTEGER,
    ColumnKind.FILE: ColumnKind.INTEGER,
    ColumnKind.FILES: ColumnKind.REFERENCES,
}


class DoesNotFit(ValueError):
    """The value cannot be written in the other type without loss."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a column keeps its values: the kind, and the decimal places where it has some."""

    kind: ColumnKind
    scale: int = 0

    @classmethod
    def of(cls, kind: ColumnKind, scale: int | None = None) -> "Kept":
        """Return how values of a kind are kept; kinds that SQL cannot tell apart are one."""
        kept = _ALIKE.get(kind, kind)
        return cls(kept, (scale or 0) if kept is ColumnKind.DECIMAL else 0)


Cast = Callable[[Any, int], Any]
"""Turns a value that is not empty; the number is the scale of the new column."""


def can_cast(old: Kept, new: Kept) -> bool:
    """Return whether there is a rule at all; each value is still asked for itself."""
    return old == new or (old.kind, new.kind) in CASTS


def cast(value: Any, old: Kept, new: Kept) -> Any:
    """Return the value as one of the new type. Raises DoesNotFit where something would be lost."""
    if old == new:
        return value
    found = None if value is None else CASTS[old.kind, new.kind](value, new.scale)
    # A truth value is never empty in a database.
    return False if found is None and new.kind is ColumnKind.BOOLEAN else found


def clean(text: str) -> str:
    """Return the text without blanks around it."""
    return text.strip(BLANKS)


def _number(text: str, scale: int) -> Decimal | None:
    stripped = clean(text)
    if not stripped:
        return None
    if not re.fullmatch(NUMBER[1:-1], stripped):
        raise DoesNotFit(text)
    return _decimal(Decimal(stripped.replace(",", "")), scale)


def _decimal(value: Decimal | int, scale: int) -> Decimal:
    number = Decimal(value)
    rounded = round_half_up(number, scale)
    if number != rounded or not fits(number, scale):
        raise DoesNotFit(value)
    return rounded


def _integer(value: Decimal | int, _scale: int) -> int:
    return int(_decimal(value, 0))


def _text_integer(text: str, _scale: int) -> int | None:
    number = _number(text, 0)
    return None if number is None else int(number)


def _day(text: str, _scale: int) -> date | None:
    stripped = clean(text)
    if not stripped:
        return None
    if not re.fullmatch(DAY[1:-1], stripped):
        raise DoesNotFit(text)
    try:
        return date(*(int(part) for part in re.findall("[0-9]+", stripped)))
    except ValueError as error:
        raise DoesNotFit(text) from error


def _clock(text: str, _scale: int) -> time | None:
    stripped = clean(text)
    if not stripped:
        return None
    if not re.fullmatch(CLOCK[1:-1], stripped):
        raise DoesNotFit(text)
    hour, minute, *second = (int(part) for part in stripped.split(":"))
    return time(hour, minute, second[0] if second else 0)


def _instant(text: str, _scale: int) -> datetime | None:
    stripped = clean(text)
    if not stripped:
        return None
    if not re.fullmatch(INSTANT[1:-1], stripped) or not FIRST_YEAR <= int(stripped[:4]) <= LAST_YEAR:
        raise DoesNotFit(text)
    try:
        return datetime.fromisoformat(stripped).astimezone(UTC)
    except ValueError as error:
        raise DoesNotFit(text) from error


def _truth(text: str, _scale: int) -> bool | None:
    word = clean(text).lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    if word:
        raise DoesNotFit(text)
    return None


def _span(text: str, _scale: int) -> timedelta | None:
    stripped = clean(text)
    if not stripped:
        return None
    match = re.fullmatch(SPAN[1:-1], stripped)
    if match is None or stripped == "-":
        raise DoesNotFit(text)
    amounts = [int((part or "0").rstrip("dhmins")) for part in match.groups()]
    seconds = sum(count * unit for count, unit in zip(amounts, (86400, 3600, 60, 1), strict=True))
    return _seconds(-seconds if stripped.startswith("-") else seconds, 0)


def _seconds(value: int, _scale: int) -> timedelta:
    if abs(value) > MAX_SECONDS:
        raise DoesNotFit(value)
    return timedelta(seconds=value)


MAX_SECONDS = 86_400 * 999_999_999


def span_text(value: timedelta) -> str:
    """Return a span as `1d2h30min5s`, without the parts that are nought; none at all is `0s`."""
    rest = abs(int(value.total_seconds()))
    parts = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, seconds)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if value < timedelta() else "") + ("".join(parts) or "0s")


def _instant_text(value: datetime) -> str:
    instant = value.astimezone(UTC)
    fraction = f".{instant.microsecond:06d}" if instant.microsecond else ""
    return f"{instant:%Y-%m-%d %H:%M:%S}".rjust(19, "0") + f"{fraction}Z"


def _one(values: tuple[Any, ...], _scale: int) -> Any:
    if len(values) != 1:
        raise DoesNotFit(values)
    return values[0]


def _several(text: str, _scale: int) -> tuple[str, ...] | None:
    if "|" in text:
        raise DoesNotFit(text)
    return (text,) if text else None


def _zero_or_one(value: int, _scale: int) -> bool:
    if value not in (0, 1):
        raise DoesNotFit(value)
    return bool(value)


def _shown(show: Callable[[Any], str]) -> Cast:
    return lambda value, _scale: show(value)


CASTS: Mapping[tuple[ColumnKind, ColumnKind], Cast] = {
    (ColumnKind.TEXT, ColumnKind.INTEGER): _text_integer,
    (ColumnKind.TEXT, ColumnKind.DECIMAL): _number,
    (ColumnKind.TEXT, ColumnKind.DATE): _day,
    (ColumnKind.TEXT, ColumnKind.TIME): _clock,
    (ColumnKind.TEXT, ColumnKind.DATETIME): _instant,
    (ColumnKind.TEXT, ColumnKind.BOOLEAN): _truth,
    (ColumnKind.TEXT, ColumnKind.DURATION): _span,
    (ColumnKind.TEXT, ColumnKind.TEXTS): _several,
    (ColumnKind.INTEGER, ColumnKind.DECIMAL): _decimal,
    (ColumnKind.DECIMAL, ColumnKind.DECIMAL): _decimal,
    (ColumnKind.DECIMAL, ColumnKind.INTEGER): _integer,
    (ColumnKind.INTEGER, ColumnKind.BOOLEAN): _zero_or_one,
    (ColumnKind.BOOLEAN, ColumnKind.INTEGER): lambda value, _scale: int(value),
    (ColumnKind.INTEGER, ColumnKind.DURATION): _seconds,
    (ColumnKind.DURATION, ColumnKind.INTEGER): lambda value, _scale: int(value.total_seconds()),
    (ColumnKind.TEXTS, ColumnKind.TEXT): _one,
    (ColumnKind.REFERENCES, ColumnKind.INTEGER): _one,
    (ColumnKind.INTEGER, ColumnKind.REFERENCES): lambda value, _scale: (value,),
    (ColumnKind.INTEGER, ColumnKind.TEXT): _shown(str),
    (ColumnKind.DECIMAL, ColumnKind.TEXT): _shown(plain_text),
    (ColumnKind.BOOLEAN, ColumnKind.TEXT): _shown(lambda value: "true" if value else "false"),
    (ColumnKind.DATE, ColumnKind.TEXT): _shown(date.isoformat),
    (ColumnKind.TIME, ColumnKind.TEXT): _shown(lambda value: f"{value:%H:%M:%S}"),
    (ColumnKind.DATETIME, ColumnKind.TEXT): _shown(_instant_text),
    (ColumnKind.DURATION, ColumnKind.TEXT): _shown(span_text),
}
assert MAX_DIGITS == 18, "the casts in SQL are written for 18 digits"
