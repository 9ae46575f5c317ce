"""Exact numbers in Python: what `+ - * / %` mean, and where a number is too large.

Rounding and limits are those of `orderkit.model.values.numbers`. A default context of `decimal` is never
used, since it keeps 28 digits only.
"""

from collections.abc import Callable
from decimal import Context, Decimal

from orderkit.model.expressions.evaluation.environment import EvaluationError
from orderkit.model.expressions.types import DIVISION_SCALE, MAX_DIGITS
from orderkit.model.labels import label
from orderkit.model.values.numbers import EXACT, limit_of, round_half_up

Numeric = int | Decimal

# A quotient of two such numbers that is not halfway between two results differs from it before this digit.
_DIVIDING = Context(prec=160)

TOO_LARGE = label(
    zh=f"数字太大：最多 {MAX_DIGITS} 位数字", en=f"the number is too large: at most {MAX_DIGITS} digits"
)


def bounded(value: Numeric, scale: int) -> Numeric:
    """Return a value of this scale. Raises EvaluationError past the limit of expressions."""
    limit = limit_of(scale)
    if -limit < value < limit:
        return value
    raise EvaluationError(TOO_LARGE)


def divide(left: Numeric, right: Numeric) -> Decimal | None:
    """Return the quotient, half-up to six places at once; by zero it is empty."""
    if right == 0:
        return None
    quotient = _DIVIDING.divide(left, right)
    return round_half_up(quotient, DIVISION_SCALE)


def remainder(left: Numeric, right: Numeric) -> Decimal | None:
    """Return the remainder, with the sign of the divisor; by zero it is empty."""
    if right == 0:
        return None
    value = EXACT.remainder(left, right)
    return EXACT.add(value, right) if value != 0 and (value < 0) != (right < 0) else value


OPERATIONS: dict[str, Callable[[Numeric, Numeric], Numeric | None]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
    "/": divide,
    "%": remainder,
}
"""What each operator does, before the limit is looked at."""
