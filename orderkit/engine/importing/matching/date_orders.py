"""Dates as people write them in sheets: serial numbers, days without a year, days and months in either order.

`03/04/2026` may be March or April. The whole column is asked which of them it can be; where it fits
several, or none, whoever imports is asked, and nothing is guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import assert_never

from orderkit.engine.importing.options import DateOrder
from orderkit.engine.importing.reading.cells import Cell
from orderkit.fields.numerals import normalised

_SHORT = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(\s.*)?")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
_LONGEST = 60


class Ambiguous(Enum):
    """What a date is that may be one of two days."""

    AMBIGUOUS = 1


AMBIGUOUS = Ambiguous.AMBIGUOUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How the days of one column are read. `order` None: they fit several orders, or none."""

    order: DateOrder | None
    year: int

    def plain(self, cell: Cell) -> str | Ambiguous | None:
        """Return the day year first; None where it is plain already, or no day at all."""
        serial = of_serial(cell)
        if serial is not None or not isinstance(cell, str):
            return serial
        if is_short(cell):
            return AMBIGUOUS if self.order is None else in_order(cell, self.order)
        return without_year(cell, self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """What is known of all dates of a file: the order that somebody chose, and the year of those without one."""

    chosen: DateOrder | None
    year: int

    def of_column(self, cells: Iterable[Cell]) -> Days:
        """Return how the days of a column are read: as it was chosen, else as all of them can be read."""
        fitting = orders_of(cells) or ()
        found = next(iter(fitting)) if len(fitting) == 1 else None
        return Days(order=self.chosen or found, year=self.year)


def orders_of(cells: Iterable[Cell]) -> frozenset[DateOrder] | None:
    """Return the orders in which every such date of a column can be read; None where there is no such date."""
    fitting = set(DateOrder)
    has_any = False
    for text in {cell for cell in cells if isinstance(cell, str)}:
        if _parts(text) is not None:
            has_any = True
            fitting = {order for order in fitting if in_order(text, order) is not None}
    return frozenset(fitting) if has_any else None


def is_short(text: str) -> bool:
    """Whether a text is a date whose order of parts is not plain to see."""
    return _parts(text) is not None


def in_order(text: str, order: DateOrder) -> str | None:
    """Return such a date year first, with the time behind it; None when it is no day in this order."""
    parts = _parts(text)
    if parts is None:
        return None
    first, second, third, rest = parts
    match order:
        case DateOrder.DAY:
            day, month, year = first, second, third
        case DateOrder.MONTH:
            month, day, year = first, second, third
        case DateOrder.YEAR:
            year, month, day = first, second, third
        case _:
            assert_never(order)
    if len(year) == 1 or len(day) > 2 or len(month) > 2:
        return None
    number = int(year) if len(year) == 4 else 2000 + int(year) - (100 if int(year) >= 70 else 0)
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return f"{found.isoformat()}{rest}"


def without_year(text: str, year: int) -> str | None:
    """Return a day such as `4月30` in a year; None when it is something else."""
    found = _NO_YEAR.fullmatch(normalised(text)) if len(text) <= _LONGEST else None
    return None if found is None else f"{year}-{found[1]}-{found[2]}"


def of_serial(cell: Cell) -> str | None:
    """Return the day that a number means in Excel, which shows dates so in cells without a format of dates."""
    if isinstance(cell, str):
        text = normalised(cell)
        # What is so long is no number, even where its beginning looks like one.
        if len(text) > _LONGEST or not _SERIAL.fullmatch(text):
            return None
        cell = Decimal(text)
    if not isinstance(cell, Decimal) or not cell.is_finite() or int(cell) not in _SERIALS:
        return None
    day = _DAY_ZERO + timedelta(days=int(cell))
    minutes = round((cell - int(cell)) * 24 * 60)
    return (
        f"{day.isoformat()} {minutes // 60:02}:{minutes % 60:02}"
        if 0 < minutes < 24 * 60
        else day.isoformat()
    )


def _parts(text: str) -> tuple[str, str, str, str] | None:
    found = _SHORT.fullmatch(normalised(text)) if len(text) <= _LONGEST else None
    return None if found is None else (found[1], found[2], found[3], found[4] or "")
