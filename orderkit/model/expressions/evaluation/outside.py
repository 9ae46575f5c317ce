"""Data from outside (`row`, `body`, `result`) read as the type that its place takes.

What cannot be read is an error with the value in it, since only the sender can mend it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from orderkit.model.expressions.evaluation.arithmetic import bounded
from orderkit.model.expressions.evaluation.environment import Environment, EvaluationError, Value
from orderkit.model.expressions.evaluation.texts import clock_of
from orderkit.model.expressions.types import Number, Type
from orderkit.model.labels import label
from orderkit.model.values.numbers import EXACT, plain_text, round_half_up

_NUMERAL = re.compile(r" *([+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?) *")
_PLACE = re.compile(r"[0-9]{1,9}")
_FAR = Decimal(10) ** 40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Databases know offsets below 16 hours; without a time there is none.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9])?)?"
)
BLANKS = " \t\r\n\u3000"
"""What may stand around a date or a truth from outside."""


def number_of(text: str, scale: int) -> Value:
    """Read a plain number (`-12.50`), rounded half-up to the scale."""
    found = _NUMERAL.fullmatch(text)
    if found is None:
        raise _unreadable(text, "数字", "a number")
    return bounded(round_half_up(EXACT.create_decimal(found[1]), scale), scale)


def date_of(text: str) -> date:
    """Read an ISO day."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _unreadable(text, "日期，例如 2026-03-01", "a date such as 2026-03-01")


def datetime_of(text: str, environment: Environment) -> datetime:
    """Read an ISO instant; without an offset it is in the project's zone."""
    try:
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=environment.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _unreadable(text, "日期时间，例如 2026-03-01 08:30", "a date and time such as 2026-03-01 08:30")


def reader_of(function: str, kind: Type) -> Callable[[Any, Environment], Value]:
    """Return what reads outside data as `json_number` and the like say."""
    if function == "json_number":
        assert isinstance(kind, Number)
        scale = kind.scale
        return lambda value, _: _number(value, scale)
    return _READERS[function]


def _number(value: Any, scale: int) -> Value:
    if isinstance(value, float):
        value = repr(value)
        value = format(Decimal(value), "f") if "e" in value else value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        within = bounded(value, scale) if value < -_FAR or value > _FAR else round_half_up(value, scale)
        return bounded(within, scale)
    if isinstance(value, str):
        return number_of(value.replace(",", ""), scale)
    raise _unreadable(value, "数字", "a number")


def _text(value: Any, _: Environment) -> Value:
    match value:
        case str():
            return value or None
        case bool():
            return "true" if value else "false"
        case float():
            return plain_text(Decimal(repr(value)))
        case int() | Decimal():
            return plain_text(value)
        case date():
            return value.isoformat()
        case _:
            raise _unreadable(value, "文本", "a text")


def _boolean(value: Any, _: Environment) -> Value:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip(BLANKS).lower())
    if known is None:
        raise _unreadable(value, "true 或 false", "true or false")
    return known


def _date(value: Any, environment: Environment) -> Value:
    match value:
        case datetime():
            return clock_of(value, environment).date() if value.tzinfo else value.date()
        case date():
            return value
        case str() if len(value.strip(BLANKS)) > len("2026-03-01"):
            found = datetime_of(value.strip(BLANKS), environment)
            return clock_of(found, environment).date()
        case _:
            return date_of(str(value).strip(BLANKS))


def _datetime(value: Any, environment: Environment) -> Value:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=environment.timezone)).astimezone(UTC)
    return datetime_of(str(value).strip(BLANKS), environment)


def member_of(value: Value, name: str) -> Value:
    """Return a member of outside data: of an object by its key, of a list by its place."""
    found: Value = None
    if isinstance(value, Mapping):
        found = value.get(name)
    elif isinstance(value, list | tuple) and _PLACE.fullmatch(name) and int(name) < len(value):
        found = value[int(name)]
    return None if found == "" else found


def is_in(value: Value, items: Sequence[Any]) -> bool | None:
    """Return whether a list from outside, with something in it, holds a text, a number or a truth."""
    if value is None or value == "":
        return None
    if any(isinstance(each, bool) == isinstance(value, bool) and each == value for each in items):
        return True
    return None if any(each is None or each == "" for each in items) else False


_READERS: Mapping[str, Callable[[Any, Environment], Value]] = {
    "json_text": _text,
    "json_boolean": _boolean,
    "json_date": _date,
    "json_datetime": _datetime,
}


def _unreadable(value: Any, zh: str, en: str) -> EvaluationError:
    shown = str(value)
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    return EvaluationError(label(zh=f"`{shown}` 不是{zh}", en=f"`{shown}` is not {en}"))
