"""Exact numbers: one way to round, one limit, shared by fields and all evaluators.

Nothing here reads or prints numbers for people; see `orderkit.fields.numerals`.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

from orderkit.model.expressions.types import DIVISION_SCALE, MAX_DIGITS

EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""Wide enough that no operation on two numbers within the limit is ever rounded."""

_LIMITS: tuple[Decimal, ...] = tuple(Decimal(10) ** digits for digits in range(MAX_DIGITS + 1))
_UNITS = tuple(Decimal(1).scaleb(-scale) for scale in range(41))


def round_half_up(value: Decimal | int, scale: int) -> Decimal:
    """Return `value` with `scale` decimal places (0 or more), a half away from zero."""
    return EXACT.quantize(Decimal(value), _UNITS[scale])


def fits(value: Decimal | int, scale: int) -> bool:
    """Return whether a field of this scale (at most 18) can hold the (already rounded) value: 18 digits in all."""
    limit = _LIMITS[MAX_DIGITS - scale]
    return -limit < value < limit


def limit_of(scale: int) -> Decimal:
    """Return what the value of an expression of this scale must stay below, on either side of zero.

    Up to 6 places the limit is the 18 digits of a field; beyond, 12 digits before the point are
    always left, so that a product of quantity, price and discount does not overflow early.
    """
    return _LIMITS[MAX_DIGITS - min(scale, DIVISION_SCALE)]


def plain_text(value: Decimal | int) -> str:
    """Return the shortest exact decimal text: `1234.5`, never with an exponent."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
