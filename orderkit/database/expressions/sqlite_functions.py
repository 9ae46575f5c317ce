"""What SQLite lacks: exact arithmetic on scaled integers, calendar arithmetic, time zones.

Each function is registered as deterministic on every connection. A result that does not fit into 18
digits raises, where SQLite by itself would silently turn to floating point.
"""

import calendar
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orderkit.model.types import DIVISION_SCALE

_LARGEST = 2**63 - 1


class NumberTooLarge(ArithmeticError):
    """A number has more digits than can be kept."""


def _fitting(value: int) -> int:
    if abs(value) > _LARGEST:
        raise NumberTooLarge
    return value


def _half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def _multiply(left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    return _fitting(left * right)


def _divide(left: int | None, left_scale: int, right: int | None, right_scale: int) -> int | None:
    if left is None or right is None or right == 0:
        return None
    return _fitting(_half_up(left * 10 ** (DIVISION_SCALE + right_scale), right * 10**left_scale))


def _remainder(left: int | None, right: int | None) -> int | None:
    if left is None or right is None or right == 0:
        return None
    return left % right


def _rescale(value: int | None, source: int, target: int) -> int | None:
    if value is None:
        return None
    if target >= source:
        return _fitting(value * 10 ** (target - source))
    return _half_up(value, 10 ** (source - target))


def _decimal_text(value: int | None, scale: int) -> str | None:
    if value is None:
        return None
    plain = format(Decimal(value).scaleb(-scale), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _add_months(day: str | None, months: int | None) -> str | None:
    if day is None or months is None:
        return None
    start = date.fromisoformat(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local(instant: str, zone: str) -> datetime:
    return datetime.fromisoformat(instant).replace(tzinfo=UTC).astimezone(_zone(zone))


def _local_date(instant: str | None, zone: str) -> str | None:
    return None if instant is None else _local(instant, zone).date().isoformat()


def _format_date(day: str | None, pattern: str) -> str | None:
    return None if day is None else date.fromisoformat(day).strftime(pattern)


def _format_instant(instant: str | None, zone: str, pattern: str) -> str | None:
    return None if instant is None else _local(instant, zone).strftime(pattern)


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("ok_multiply", 2, _multiply),
    ("ok_divide", 4, _divide),
    ("ok_remainder", 2, _remainder),
    ("ok_rescale", 3, _rescale),
    ("ok_decimal_text", 2, _decimal_text),
    ("ok_add_months", 2, _add_months),
    ("ok_local_date", 2, _local_date),
    ("ok_format_date", 2, _format_date),
    ("ok_format_instant", 3, _format_instant),
)


def register_functions(connection: sqlite3.Connection) -> None:
    """Make the functions known on a connection."""
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
