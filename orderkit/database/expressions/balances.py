"""`balance(stock.available, product=…)` as a subquery over the rows of balances."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.model.expressions.nodes import Balance

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler


def balance_value(expression: Balance, compiler: "Compiler") -> Sql:
    """Return the raw number, added up over the keys that are not given; of nothing posted it is 0."""
    scale = expression.type.scale
    row, joins = compiler.scope.new_row(expression.ledger)
    inside = compiler.inside(compiler.scope.with_row(expression.row, row))
    conditions = [row.alias.c[each.name] == compiler.value(each.value) for each in expression.keys]
    if expression.where is not None:
        conditions.append(inside.value(expression.where))
    arithmetic = compiler.arithmetic
    total = arithmetic.bounded(arithmetic.total(inside.column(row, expression.measure), scale), scale)
    number = sa.func.coalesce(total, arithmetic.literal(0, scale), type_=arithmetic.kind(scale))
    return (
        sa.select(number)
        .select_from(joins.added_to(row.alias))
        .where(*conditions)
        .correlate_except(row.alias, *joins.aliases)
        .scalar_subquery()
    )
