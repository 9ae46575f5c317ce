"""Numbers in cells, with what stands around them: a currency, a percent sign, zeros in front."""

import re
from dataclasses import dataclass
from decimal import Decimal

from orderkit.engine.importing.reading.cells import Cell
from orderkit.fields.field_type import Invalid
from orderkit.fields.numerals import normalised, read_number
from orderkit.model.values.numbers import round_half_up

_MARKED = re.compile(r"(?P<sign>[+-]?)(?P<before>[¥$€£])?\s*(?P<number>[^¥$€£%元]*?)\s*(?P<after>[%元])?")
_PADDED = re.compile(r"[+-]?0\d+")
_LONGEST = 60
_LARGEST_EXPONENT = 30
MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and how it stands there. `mark` is one of ¥ $ € £ 元 %, or nothing."""

    value: Decimal
    mark: str
    is_text: bool
    is_padded: bool
    digits: int


def numeral_of(cell: Cell) -> Numeral | None:
    """Return the number that a cell holds; None where it holds something else."""
    if isinstance(cell, Decimal):
        return Numeral(cell, "", is_text=False, is_padded=False, digits=_digits(cell))
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return None
    text = normalised(cell)
    found = _MARKED.fullmatch(text)
    if found is None:
        return None
    number = read_number(f"{found['sign']}{found['number']}")
    if isinstance(number, Invalid):
        return None
    return Numeral(
        number,
        found["before"] or found["after"] or "",
        is_text=True,
        is_padded=_PADDED.fullmatch(text) is not None,
        digits=_digits(number),
    )


def places_of(value: Decimal) -> int:
    """Return how many decimal places a number needs, at most six: 1.50 needs one. What is left of a float beyond is noise."""
    if not value.is_finite() or value.adjusted() > _LARGEST_EXPONENT:
        return 0
    exponent = round_half_up(value, MOST_PLACES).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _digits(value: Decimal) -> int:
    return max(0, value.adjusted() + 1) if value else 1
