"""What SQLite lacks: exact arithmetic on scaled integers, calendar arithmetic, time zones.

Each function is registered as deterministic on every connection. A result that does not fit raises,
where SQLite by itself would silently turn to floating point. Numbers with more than six places are
texts (see `numbers`), ordered by a collation.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orderkit.database.expressions.numbers import COLLATION
from orderkit.model.expressions.evaluation import Environment, EvaluationError
from orderkit.model.expressions.evaluation.arithmetic import TOO_LARGE
from orderkit.model.expressions.evaluation.functions import add_months, converted
from orderkit.model.expressions.evaluation.outside import (
    date_of,
    datetime_of,
    is_in,
    member_of,
    number_of,
    reader_of,
)
from orderkit.model.expressions.evaluation.rmb import rmb_upper
from orderkit.model.expressions.evaluation.texts import clock_of, formatted, replaced
from orderkit.model.expressions.evaluation.workdays import WorkingDays, workdays_between
from orderkit.model.expressions.types import DIVISION_SCALE, MAX_DIGITS, Boolean, Date, DateTime, Number, Text
from orderkit.model.labels import label
from orderkit.model.values.json_texts import canonical_json, read_json
from orderkit.model.values.numbers import EXACT

_STORED_INSTANT = "%Y-%m-%d %H:%M:%S.%f"

Raw = int | str
"""A scaled integer, written as text beyond six places."""


def _kept(value: int, scale: int) -> Raw:
    """Return the number as the scale keeps it. Raises EvaluationError where it does not fit."""
    if abs(value) >= 10 ** (MAX_DIGITS - min(scale, DIVISION_SCALE) + scale):
        raise EvaluationError(TOO_LARGE)
    return value if scale <= DIVISION_SCALE else str(value)


def _half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def _bounded(value: Raw, scale: int) -> Raw:
    return _kept(int(value), scale)


def _added(signs: str, *given: Any) -> Raw | None:
    total: int | None = 0
    reached = 0
    for place, (sign, value, scale) in enumerate(zip(signs, given[::2], given[1::2], strict=True)):
        known = max(reached, scale)
        if value is None or total is None:
            total = None
        else:
            term = int(value) * 10 ** (known - scale)
            total = total * 10 ** (known - reached) + (term if sign == "+" else -term)
            if place:
                _kept(total, known)
        reached = known
    return None if total is None else _kept(total, reached)


def _multiply(left: Raw, right: Raw, scale: int) -> Raw:
    return _kept(int(left) * int(right), scale)


def _divide(left: Raw, left_scale: int, right: Raw, right_scale: int) -> Raw | None:
    divisor = int(right)
    if divisor == 0:
        return None
    quotient = _half_up(int(left) * 10 ** (DIVISION_SCALE + right_scale), divisor * 10**left_scale)
    return _kept(quotient, DIVISION_SCALE)


def _remainder(left: Raw, left_scale: int, right: Raw, right_scale: int) -> Raw | None:
    first, divisor = _together(left, left_scale, right, right_scale)
    return _kept(first % divisor, max(left_scale, right_scale)) if divisor else None


def _together(left: Raw, left_scale: int, right: Raw, right_scale: int) -> tuple[int, int]:
    """Return both numbers with the larger scale."""
    scale = max(left_scale, right_scale)
    return int(left) * 10 ** (scale - left_scale), int(right) * 10 ** (scale - right_scale)


def _negative(value: Raw) -> str:
    return str(-int(value))


def _absolute(value: Raw) -> str:
    return str(abs(int(value)))


def _rescale(value: Raw, source: int, target: int) -> Raw:
    if target >= source:
        return _kept(int(value) * 10 ** (target - source), target)
    return _kept(_half_up(int(value), 10 ** (source - target)), target)


def _fixed_text(value: Raw, scale: int) -> str:
    if scale == 0:
        return str(value)
    digits = str(abs(int(value))).rjust(scale + 1, "0")
    return f"{'-' if int(value) < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def _plain_text(value: Raw, scale: int) -> str:
    text = _fixed_text(value, scale)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str, scale: int) -> Raw:
    found: Any = number_of(text, scale)
    return _kept(int(found.scaleb(scale)), scale)


def _replace(text: str, old: str, new: str) -> str | None:
    return replaced(text, old, new) if old else text or None


def _add_days(day: str, count: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=count)).isoformat()
    except OverflowError as cause:
        raise EvaluationError(label(zh="日期超出范围", en="the date is out of range")) from cause


def _add_months(day: str, count: int) -> str:
    return add_months(date.fromisoformat(day), count).isoformat()


def _days_between(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


@cache
def _calendar(week: str, taken: str, added: str) -> WorkingDays:
    days = [frozenset(date.fromisoformat(day) for day in text.split()) for text in (taken, added)]
    return WorkingDays(week=frozenset(map(int, week)), holidays=days[0], workdays=days[1])


def _workdays_between(start: str, end: str, week: str, taken: str, added: str) -> int:
    calendar = _calendar(week, taken, added)
    return workdays_between(date.fromisoformat(start), date.fromisoformat(end), calendar)


def _convert(quantity: Raw, scale: int, source: str, target: str) -> Raw | None:
    found: Any = converted(Decimal(int(quantity)).scaleb(-scale, EXACT), source, target)
    return None if found is None else _kept(int(found.scaleb(DIVISION_SCALE, EXACT)), DIVISION_SCALE)


def _rmb_upper(amount: Raw, scale: int) -> str:
    return rmb_upper(Decimal(int(amount)).scaleb(-scale, EXACT))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _environment(zone: str) -> Environment:
    return Environment(timezone=_zone(zone))


def _local(instant: str, zone: str) -> datetime:
    return clock_of(datetime.fromisoformat(instant).replace(tzinfo=UTC), _environment(zone))


def _local_date(instant: str, zone: str) -> str:
    return _local(instant, zone).date().isoformat()


def _date(text: str) -> str:
    return str(date_of(text))


def _instant(text: str, zone: str) -> str:
    return datetime_of(text, _environment(zone)).strftime(_STORED_INSTANT)


def _format_date(day: str, pattern: str) -> str:
    return formatted(date.fromisoformat(day), pattern)


def _format_instant(instant: str, zone: str, pattern: str) -> str:
    return formatted(_local(instant, zone), pattern)


class _Sum:
    """The sum of numbers written as text; empty where there is none."""

    def __init__(self) -> None:
        self.total: int | None = None

    def step(self, value: Any, _: int) -> None:
        """Take one row's value."""
        if value is not None:
            self.total = int(value) + (self.total or 0)

    def finalize(self) -> Any:
        """Return the sum."""
        return None if self.total is None else str(self.total)


class _Only:
    """The one value that there is; a second is an error."""

    def __init__(self) -> None:
        self.found: Any = None

    def step(self, value: Any) -> None:
        """Take one row's value."""
        if self.found is not None:
            raise EvaluationError(
                label(zh="找到多条记录，不知道取哪一条", en="several records fit where one is meant")
            )
        self.found = value

    def finalize(self) -> Any:
        """Return the value."""
        return self.found


def _compare(left: Raw, left_scale: int, right: Raw, right_scale: int) -> int:
    first, second = _together(left, left_scale, right, right_scale)
    return (first > second) - (first < second)


def _collate(left: str, right: str) -> int:
    return _compare(left, 0, right, 0)


def _least(*values: str) -> str:
    return min(values, key=int)


def _greatest(*values: str) -> str:
    return max(values, key=int)


def _part(text: str, separator: str, index: int) -> str:
    parts = text.split(separator)
    return parts[index - 1] if index <= len(parts) else ""


def _json(text: str, path: str) -> str | None:
    value: Any = read_json(text)
    for key in json.loads(path):
        value = member_of(value, key)
    return None if value is None or value == "" else canonical_json(value)


def _json_has_items(text: str) -> bool:
    items = read_json(text)
    return isinstance(items, list) and bool(items)


def _json_holds(text: str, item: Any, kind: str) -> bool | None:
    value = item
    if item is not None and kind == "Number":
        value = Decimal(item)
    elif item is not None and kind == "Boolean":
        value = bool(item)
    return is_in(value, read_json(text))


def _json_text(text: str) -> Any:
    return reader_of("json_text", Text())(read_json(text), Environment())


def _json_number(text: str, scale: int) -> Raw:
    found: Any = reader_of("json_number", Number(scale))(read_json(text), Environment())
    return _kept(int(found.scaleb(scale, EXACT)), scale)


def _json_boolean(text: str) -> Any:
    return reader_of("json_boolean", Boolean())(read_json(text), Environment())


def _json_date(text: str, zone: str) -> str:
    return str(reader_of("json_date", Date())(read_json(text), _environment(zone)))


def _json_instant(text: str, zone: str) -> str:
    found = reader_of("json_datetime", DateTime())(read_json(text), _environment(zone))
    assert isinstance(found, datetime)
    return found.strftime(_STORED_INSTANT)


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("ok_bounded", 2, _bounded),
    ("ok_multiply", 3, _multiply),
    ("ok_divide", 4, _divide),
    ("ok_remainder", 4, _remainder),
    ("ok_negative", 1, _negative),
    ("ok_absolute", 1, _absolute),
    ("ok_compare", 4, _compare),
    ("ok_least", -1, _least),
    ("ok_greatest", -1, _greatest),
    ("ok_rescale", 3, _rescale),
    ("ok_fixed_text", 2, _fixed_text),
    ("ok_plain_text", 2, _plain_text),
    ("ok_number", 2, _number),
    ("ok_replace", 3, _replace),
    ("ok_add_days", 2, _add_days),
    ("ok_add_months", 2, _add_months),
    ("ok_days_between", 2, _days_between),
    ("ok_date", 1, _date),
    ("ok_local_date", 2, _local_date),
    ("ok_instant", 2, _instant),
    ("ok_format_date", 2, _format_date),
    ("ok_format_instant", 3, _format_instant),
    ("ok_workdays_between", 5, _workdays_between),
    ("ok_convert", 4, _convert),
    ("ok_rmb_upper", 2, _rmb_upper),
    ("ok_part", 3, _part),
    ("ok_json", 2, _json),
    ("ok_json_has_items", 1, _json_has_items),
    ("ok_json_text", 1, _json_text),
    ("ok_json_number", 2, _json_number),
    ("ok_json_boolean", 1, _json_boolean),
    ("ok_json_date", 2, _json_date),
    ("ok_json_instant", 2, _json_instant),
)


def register_functions(connection: sqlite3.Connection) -> None:
    """Make the functions known on a connection. Each is empty where an argument is."""
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, _empty_on_empty(function), deterministic=True)
    connection.create_function("ok_added", -1, _added, deterministic=True)
    connection.create_function("ok_json_holds", 3, _json_holds, deterministic=True)
    connection.create_aggregate("ok_sum", 2, _Sum)  # type: ignore[arg-type] # the stub knows one argument only
    connection.create_aggregate("ok_only", 1, _Only)
    connection.create_collation(COLLATION, _collate)


def _empty_on_empty(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments: None if None in arguments else function(*arguments)
