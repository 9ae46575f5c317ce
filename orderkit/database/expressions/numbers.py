"""Exact numbers in SQL: NUMERIC on PostgreSQL, scaled integers on SQLite.

Inside the compiler a number is always raw. On PostgreSQL that is a NUMERIC or BIGINT. On SQLite it is
an INTEGER up to six places; beyond, where 64 bits would not do, it is the scaled integer written as
TEXT, calculated and compared by functions and ordered by the collation `ok_number` (see `sqlite_functions`).
`finished` makes it a Decimal for the reader.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.database.schema.column_types import ExactDecimal
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.evaluation.arithmetic import TOO_LARGE
from orderkit.model.expressions.types import DIVISION_SCALE, MAX_DIGITS, Number
from orderkit.model.values.numbers import EXACT, round_half_up

COLLATION = "ok_number"
_LARGEST = 2**63 - 1


class Arithmetic:
    """How one dialect calculates. Scales say what the raw values are."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite

    def is_wide(self, scale: int) -> bool:
        """Whether numbers of this scale are TEXT."""
        return self.is_sqlite and scale > DIVISION_SCALE

    def kind(self, scale: int) -> sa.types.TypeEngine[Any]:
        """Return the SQL type of raw numbers."""
        if not self.is_sqlite:
            return sa.Numeric()
        return sa.Text() if self.is_wide(scale) else sa.BigInteger()

    def column(self, value: Sql, scale: int) -> Sql:
        """Return a column as a raw number."""
        if self.is_wide(scale):
            return sa.cast(sa.type_coerce(value, sa.BigInteger()), sa.Text())
        return sa.type_coerce(value, self.kind(scale))

    def whole(self, value: Sql) -> Sql:
        """Return what a function counts as a raw number."""
        return sa.type_coerce(value, self.kind(0))

    def literal(self, value: Decimal | int, scale: int, *, is_compared: bool = False) -> Sql:
        """Return a constant.

        With `is_compared` one that is larger than any number of the scale stands for the largest.
        Raises EvaluationError for it otherwise.
        """
        if not self.is_sqlite:
            if isinstance(value, int) and abs(value) <= _LARGEST:
                return sa.literal(value, sa.BigInteger())
            return sa.cast(sa.literal(Decimal(value), sa.Numeric()), sa.Numeric())
        scaled = int(round_half_up(value, scale).scaleb(scale, EXACT))
        if self.is_wide(scale):
            return sa.literal(str(scaled), sa.Text())
        if abs(scaled) > _LARGEST:
            if not is_compared:
                raise EvaluationError(TOO_LARGE)
            scaled = _LARGEST if scaled > 0 else -_LARGEST
        return sa.literal(scaled, sa.BigInteger())

    def bounded(self, value: Sql, scale: int) -> Sql:
        """Return the number, which the database refuses where it is too large for the scale."""
        if self.is_sqlite:
            return sa.func.ok_bounded(value, scale, type_=self.kind(scale))
        # A cast to so many digits refuses what has more; digits behind the point are never lost here.
        digits = MAX_DIGITS - min(scale, DIVISION_SCALE) + scale
        return sa.type_coerce(sa.cast(value, sa.Numeric(digits, scale)), sa.Numeric())

    def rescaled(self, value: Sql, source: int, target: int) -> Sql:
        """Return the number with another scale, rounded half-up where digits go."""
        if source == target:
            return value
        if self.is_sqlite:
            return sa.func.ok_rescale(value, source, target, type_=self.kind(target))
        return self.bounded(value, target)

    def ordered(self, value: Sql, scale: int) -> Sql:
        """Return the number so that ORDER BY, MIN and MAX go by its value.

        Not for parts of expressions: in SQLite a collation within one side of a comparison decides
        about the whole of it, however deep it stands.
        """
        return sa.collate(value, COLLATION) if self.is_wide(scale) else value

    def compared(self, left: Sql, left_scale: int, right: Sql, right_scale: int) -> tuple[Sql, Sql]:
        """Return two sides that compare as the numbers do, however large."""
        if self.is_sqlite and (left_scale != right_scale or self.is_wide(left_scale)):
            found = sa.func.ok_compare(left, left_scale, right, right_scale, type_=sa.Integer())
            return found, sa.literal_column("0")
        return left, right

    def extreme(self, values: list[Sql], scale: int, *, is_least: bool) -> Sql:
        """Return the least or greatest on SQLite, empty where one is empty."""
        if self.is_wide(scale):
            wide = sa.func.ok_least if is_least else sa.func.ok_greatest
            return wide(*values, type_=sa.Text())
        return (sa.func.min if is_least else sa.func.max)(*values, type_=self.kind(scale))

    def negative(self, value: Sql, scale: int) -> Sql:
        """Return the number with the other sign."""
        if self.is_wide(scale):
            return sa.func.ok_negative(value, type_=sa.Text())
        return sa.type_coerce(-value, self.kind(scale))

    def absolute(self, value: Sql, scale: int) -> Sql:
        """Return the number without its sign."""
        if self.is_wide(scale):
            return sa.func.ok_absolute(value, type_=sa.Text())
        return sa.func.abs(value, type_=self.kind(scale))

    def added(self, terms: Sequence[tuple[str, Sql, int]]) -> Sql:
        """Return `a + b - c`, each with its sign and its scale, bounded step by step."""
        scale = max(each for _, _, each in terms)
        if self.is_sqlite:
            # One call, since SQLite cannot read what nests deeply.
            signs = "".join(sign for sign, _, _ in terms)
            given = [part for _, value, each in terms for part in (value, each)]
            return sa.func.ok_added(signs, *given, type_=self.kind(scale))
        _, total, reached = terms[0]
        for sign, value, each in terms[1:]:
            reached = max(reached, each)
            total = self.bounded(total + value if sign == "+" else total - value, reached)
        return total

    def multiply(self, left: Sql, right: Sql, scale: int) -> Sql:
        """Return the exact product; `scale` is the sum of both."""
        if self.is_sqlite:
            return sa.func.ok_multiply(left, right, scale, type_=self.kind(scale))
        return self.bounded(sa.cast(left, sa.Numeric()) * right, scale)

    def divide(self, left: Sql, left_scale: int, right: Sql, right_scale: int) -> Sql:
        """Return the quotient, half-up to six places at once; by zero it is empty."""
        if self.is_sqlite:
            return sa.func.ok_divide(left, left_scale, right, right_scale, type_=sa.BigInteger())
        # div() truncates an exact quotient, so adding half a unit beforehand rounds exactly once.
        unit: Sql = sa.literal_column(f"{10**DIVISION_SCALE}::numeric")
        numerator = sa.cast(left, sa.Numeric())
        denominator = sa.func.nullif(sa.cast(right, sa.Numeric()), 0, type_=sa.Numeric())
        half = sa.func.abs(denominator, type_=sa.Numeric())
        whole = sa.func.div(
            2 * sa.func.abs(numerator, type_=sa.Numeric()) * unit + half, 2 * half, type_=sa.Numeric()
        )
        sign = sa.func.sign(numerator, type_=sa.Numeric()) * sa.func.sign(denominator, type_=sa.Numeric())
        return self.bounded(sign * whole * sa.literal_column("0.000001"), DIVISION_SCALE)

    def remainder(self, left: Sql, left_scale: int, right: Sql, right_scale: int) -> Sql:
        """Return the remainder, with the sign of the divisor; by zero it is empty."""
        scale = max(left_scale, right_scale)
        if self.is_sqlite:
            return sa.func.ok_remainder(left, left_scale, right, right_scale, type_=self.kind(scale))
        divisor = sa.func.nullif(right, 0, type_=sa.Numeric())
        first = sa.func.mod(left, divisor, type_=sa.Numeric())
        return self.bounded(sa.func.mod(first + divisor, divisor, type_=sa.Numeric()), scale)

    def total(self, value: Sql, scale: int) -> Sql:
        """Return the sum over rows, empty where there is nothing to add."""
        if self.is_wide(scale):
            return sa.func.ok_sum(value, scale, type_=sa.Text())
        return sa.type_coerce(sa.func.sum(value), self.kind(scale))

    def text(self, value: Sql, scale: int) -> Sql:
        """Return the number written plainly, without zeros at the end."""
        if self.is_sqlite:
            return sa.func.ok_plain_text(value, scale, type_=sa.Text())
        return sa.cast(sa.func.trim_scale(sa.cast(value, sa.Numeric())), sa.Text())

    def fixed_text(self, value: Sql, scale: int) -> Sql:
        """Return the number written with all its places."""
        if self.is_sqlite:
            return sa.func.ok_fixed_text(value, scale, type_=sa.Text())
        return sa.cast(sa.func.round(value, scale, type_=sa.Numeric()), sa.Text())

    def finished(self, value: Sql, number: Number) -> Sql:
        """Return the number as readers get it: an int without places, else an exact Decimal."""
        if isinstance(value, sa.BindParameter):
            # Coercing a parameter would convert the raw number on its way in, too.
            value = sa.cast(value, self.kind(number.scale))
        if number.scale > 0:
            return sa.type_coerce(self.ordered(value, number.scale), ExactDecimal(number.scale))
        if self.is_sqlite:
            return sa.type_coerce(value, sa.BigInteger())
        return sa.cast(value, sa.BigInteger())
