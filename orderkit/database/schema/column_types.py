"""Column types that keep values exact and instants in UTC, the same on SQLite and PostgreSQL.

PostgreSQL has NUMERIC. SQLite has no decimals, so there a decimal is an INTEGER scaled by a power of
ten (18 digits fit into 64 bits); an expression over it must know the scale (see `expressions`).
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from orderkit.model.expressions.types import MAX_DIGITS
from orderkit.model.values.numbers import EXACT

# SQLite counts ids by itself only in a column declared INTEGER, which there has 64 bits anyway.
BigId = BigInteger().with_variant(Integer, "sqlite")

# Text is compared, sorted and folded by code point, as SQLite does. The collation of a PostgreSQL server
# differs between machines and changes with its system libraries, which silently breaks indexes.
CodePointText = Text().with_variant(Text(collation="C"), "postgresql")


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places: NUMERIC, or a scaled integer on SQLite."""

    impl = Numeric
    cache_ok = True

    def __init__(self, scale: int) -> None:
        # Named as the argument: SQLAlchemy tells types apart by it when it reuses a compiled statement.
        self.scale = scale
        super().__init__(precision=MAX_DIGITS, scale=scale)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the dialect stores."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(MAX_DIGITS, self.scale, asdecimal=True))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Return what is stored. The value must already have the column's scale."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return int(Decimal(value).scaleb(self.scale))
        return Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return an exact Decimal with the column's scale."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(value).scaleb(-self.scale, EXACT)
        return Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: TIMESTAMP WITH TIME ZONE, or UTC text on SQLite. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the instant as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Seconds(TypeDecorator[timedelta]):
    """A span of time as whole seconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the seconds."""
        return None if value is None else int(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the span."""
        return None if value is None else timedelta(seconds=int(value))


class ManyTexts(TypeDecorator[tuple[Any, ...]]):
    """Several texts in one, with a bar on both sides of each (`|a|b|`), so that `|a|` finds one of them.

    The texts have no bars in them; whoever declares what may be chosen sees to that.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text that is compared by code point."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the text; of nothing none."""
        return f"|{'|'.join(str(each) for each in value)}|" if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...] | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the texts."""
        return None if value is None else tuple(self.item(each) for each in value.strip("|").split("|"))

    @staticmethod
    def item(text: str) -> str | int:
        """Return one of the values."""
        return text


class ManyIds(ManyTexts):
    """Several ids in one text (`|3|17|`), in the order given."""

    cache_ok = True

    @staticmethod
    def item(text: str) -> str | int:
        """Return one of the ids."""
        return int(text)
