"""Exact numbers in Python: what `+ - * / %` and rounding mean."""

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from orderkit.model.evaluation.environment import EvaluationError
from orderkit.model.labels import label
from orderkit.model.types import DIVISION_SCALE, MAX_DIGITS

# Products of two 18-digit numbers are exact in 40 digits; anything that would not be is an overflow.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation])
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_LIMIT = Decimal(10) ** (2 * MAX_DIGITS)
_STEPS = tuple(Decimal(1).scaleb(-scale) for scale in range(64))

Numeric = int | Decimal

TOO_LARGE = label(
    zh=f"数字过大：最多 {MAX_DIGITS} 位数字",
    en=f"the number is too large: at most {MAX_DIGITS} digits are kept",
)


def bounded(value: Decimal) -> Decimal:
    """Return the value. Raises EvaluationError when it has more digits than can be meant."""
    if abs(value) >= _LIMIT:
        raise EvaluationError(TOO_LARGE)
    return value


def add(left: Numeric, right: Numeric) -> Decimal:
    """Return the exact sum."""
    return bounded(_EXACT.add(Decimal(left), Decimal(right)))


def subtract(left: Numeric, right: Numeric) -> Decimal:
    """Return the exact difference."""
    return bounded(_EXACT.subtract(Decimal(left), Decimal(right)))


def multiply(left: Numeric, right: Numeric) -> Decimal:
    """Return the exact product."""
    return bounded(_ROUNDING.multiply(Decimal(left), Decimal(right)))


def divide(left: Numeric, right: Numeric) -> Decimal | None:
    """Return the quotient, half-up to six places at once; by zero it is empty."""
    if right == 0:
        return None
    numerator, denominator = Decimal(left), Decimal(right)
    # Whole numbers divide exactly with a remainder, so the rounding happens once.
    shift = max(-int(numerator.as_tuple().exponent), -int(denominator.as_tuple().exponent), 0)
    above = int(numerator.scaleb(shift, _ROUNDING)) * 10**DIVISION_SCALE
    below = int(denominator.scaleb(shift, _ROUNDING))
    sign = -1 if (above < 0) != (below < 0) else 1
    whole = (2 * abs(above) + abs(below)) // (2 * abs(below))
    return bounded(Decimal(sign * whole).scaleb(-DIVISION_SCALE, _ROUNDING))


def remainder(left: Numeric, right: Numeric) -> Decimal | None:
    """Return the remainder, with the sign of the divisor; by zero it is empty."""
    if right == 0:
        return None
    value = _ROUNDING.remainder(Decimal(left), Decimal(right))
    if value != 0 and (value < 0) != (right < 0):
        value = _EXACT.add(value, Decimal(right))
    return value


def round_half_up(value: Numeric, scale: int) -> Decimal:
    """Return the value with `scale` places, halves away from zero."""
    return _ROUNDING.quantize(Decimal(value), _STEPS[scale]) if scale >= 0 else Decimal(value)


def fitted(value: Numeric, scale: int) -> Decimal:
    """Return what a column of this scale keeps. Raises EvaluationError past 18 digits."""
    rounded = round_half_up(value, scale)
    if abs(rounded) >= Decimal(10) ** (MAX_DIGITS - scale):
        raise EvaluationError(TOO_LARGE)
    return rounded


def plain_text(value: Numeric) -> str:
    """Return the number written plainly, without zeros at the end."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
