"""Values with something inside, in SQL: several values in one column, parts of an address."""

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.database.schema.column_types import ManyIds, ManyTexts
from orderkit.model.expressions.types import ADDRESS_PARTS, Choice, Many


def many_type(kind: Many) -> ManyTexts:
    """Return the type in which several values are kept."""
    return ManyTexts() if isinstance(kind.of, Choice) else ManyIds()


def text_of(values: Sql) -> Sql:
    """Return several values as the text in which they are kept: `|a|b|`."""
    return sa.type_coerce(values, sa.Text())


def holds(values: Sql, item: Sql, *, is_sqlite: bool) -> Sql:
    """Return whether one of the values is `item`; nothing holds nothing, and an empty item asks nothing."""
    text, one = text_of(values), sa.cast(item, sa.Text())
    position = sa.func.instr if is_sqlite else sa.func.strpos
    found = position(text, sa.literal("|", sa.Text()).concat(one).concat("|"), type_=sa.Integer()) > 0
    # A text with a bar in it is none of the values, but could look like two of them.
    is_plain = position(one, "|", type_=sa.Integer()) == 0
    return sa.case((text.is_(None), sa.false()), else_=sa.and_(found, is_plain))


def count(values: Sql) -> Sql:
    """Return how many values there are."""
    text = text_of(values)
    bars = sa.func.length(text) - sa.func.length(sa.func.replace(text, "|", ""))
    return sa.func.coalesce(bars - 1, 0, type_=sa.Integer())


def address_part(address: Sql, name: str, *, is_sqlite: bool) -> Sql:
    """Return a part of an address; one that is not there is empty."""
    index = ADDRESS_PARTS.index(name) + 1
    function = sa.func.ok_part if is_sqlite else sa.func.split_part
    part = function(address, "|", index, type_=sa.Text())
    return sa.func.nullif(part, "", type_=sa.Text())


def address_line(address: Sql, *, is_sqlite: bool) -> Sql:
    """Return an address in one line; a municipality, which is its own city, is named once."""
    province, *rest = (address_part(address, name, is_sqlite=is_sqlite) for name in ADDRESS_PARTS)
    line: Sql = sa.func.coalesce(sa.case((province == rest[0], ""), else_=province), "", type_=sa.Text())
    for part in rest:
        line = line.concat(sa.func.coalesce(part, "", type_=sa.Text()))
    return line
