"""Exact numbers in SQL: NUMERIC on PostgreSQL, scaled integers on SQLite.

Inside the compiler a number is always raw: on SQLite an integer whose scale stands in its type, on
PostgreSQL a NUMERIC. `finished` makes it a Decimal for the reader.
"""

from decimal import Decimal

import sqlalchemy as sa

from orderkit.database.column_types import ExactDecimal
from orderkit.database.expressions.scope import Sql
from orderkit.model.types import DIVISION_SCALE, Number


class Arithmetic:
    """How one dialect calculates."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite

    def raw(self, value: Sql) -> Sql:
        """Return a column without its Python conversion."""
        return sa.type_coerce(value, sa.BigInteger() if self.is_sqlite else sa.Numeric())

    def literal(self, value: Decimal | int, scale: int) -> Sql:
        """Return a constant."""
        if self.is_sqlite:
            return sa.literal(int(Decimal(value).scaleb(scale)), sa.BigInteger())
        return sa.cast(sa.literal(Decimal(value), sa.Numeric()), sa.Numeric())

    def rescaled(self, value: Sql, source: int, target: int) -> Sql:
        """Return the number with another scale, rounded half-up where digits go."""
        if source == target:
            return value
        if self.is_sqlite:
            return sa.func.ok_rescale(value, source, target, type_=sa.BigInteger())
        return sa.func.round(value, target, type_=sa.Numeric()) if target < source else value

    def multiply(self, left: Sql, right: Sql) -> Sql:
        """Return the exact product; its scale is the sum of both."""
        if self.is_sqlite:
            return sa.func.ok_multiply(left, right, type_=sa.BigInteger())
        return left * right

    def divide(self, left: Sql, left_scale: int, right: Sql, right_scale: int) -> Sql:
        """Return the quotient, half-up to six places at once; by zero it is empty."""
        if self.is_sqlite:
            return sa.func.ok_divide(left, left_scale, right, right_scale, type_=sa.BigInteger())
        # div() truncates an exact quotient, so adding half a unit beforehand rounds exactly once.
        unit: Sql = sa.literal_column(f"{10**DIVISION_SCALE}::numeric")
        divisor = sa.func.abs(sa.func.nullif(right, 0), type_=sa.Numeric())
        whole = sa.func.div(
            2 * sa.func.abs(left, type_=sa.Numeric()) * unit + divisor, 2 * divisor, type_=sa.Numeric()
        )
        sign = sa.func.sign(left, type_=sa.Numeric()) * sa.func.sign(right, type_=sa.Numeric())
        return sign * whole * sa.literal_column("0.000001")

    def remainder(self, left: Sql, right: Sql) -> Sql:
        """Return the remainder, with the sign of the divisor; by zero it is empty."""
        if self.is_sqlite:
            return sa.func.ok_remainder(left, right, type_=sa.BigInteger())
        divisor = sa.func.nullif(right, 0, type_=sa.Numeric())
        first = sa.func.mod(left, divisor, type_=sa.Numeric())
        return sa.func.mod(first + divisor, divisor, type_=sa.Numeric())

    def text(self, value: Sql, scale: int) -> Sql:
        """Return the number written plainly, without zeros at the end."""
        if self.is_sqlite:
            return sa.func.ok_decimal_text(value, scale, type_=sa.Text())
        return sa.cast(sa.func.trim_scale(value), sa.Text())

    def finished(self, value: Sql, number: Number) -> Sql:
        """Return the number as readers get it: an int without places, else an exact Decimal."""
        if number.scale == 0:
            return (
                sa.cast(value, sa.BigInteger())
                if not self.is_sqlite
                else sa.type_coerce(value, sa.BigInteger())
            )
        return sa.type_coerce(value, ExactDecimal(number.scale))
