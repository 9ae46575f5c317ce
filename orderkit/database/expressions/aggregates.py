"""Aggregates over collections and look-ups in forms, as correlated subqueries."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.refusals import may_refuse
from orderkit.database.expressions.scope import Joins, Sql, TableRow
from orderkit.model.expressions.nodes import Aggregate, AggregateFunction, Expression, Find, Get
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Collection

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler


def compile_aggregate(expression: Aggregate, compiler: "Compiler") -> Sql:
    """Return `sum(lines.amount, where=…)` as a subquery over the rows of the collection."""
    collection = _collection(expression.rows, compiler)
    row, joins = compiler.scope.new_row(collection.form)
    assert isinstance(expression.rows, Get)
    belongs = row.alias.c[collection.via] == compiler.value(expression.rows.base)
    inside = compiler.inside(compiler.scope.with_row(expression.row, row))
    value = None if expression.value is None else inside.value(expression.value)
    conditions = [belongs]
    if expression.where is not None:
        conditions.append(inside.value(expression.where))
    function = expression.function
    match function:
        case AggregateFunction.ANY | AggregateFunction.ALL if _is_refused_somewhere(expression, compiler):
            # Every row is looked at, as Python does, so that each row that refuses is found.
            assert value is not None
            is_any = function is AggregateFunction.ANY
            marks = sa.case((value.is_(sa.true()), 1), else_=0)
            extreme = (sa.func.max if is_any else sa.func.min)(marks, type_=sa.Integer())
            mark = sa.func.coalesce(extreme, 0 if is_any else 1, type_=sa.Integer())
            return _selected(mark, row, joins, conditions).scalar_subquery() == 1
        case AggregateFunction.ANY:
            assert value is not None
            return _selected(sa.literal(1), row, joins, [*conditions, value]).exists()
        case AggregateFunction.ALL:
            assert value is not None
            failing = sa.func.coalesce(value, sa.false(), type_=sa.Boolean()).is_(sa.false())
            return sa.not_(_selected(sa.literal(1), row, joins, [*conditions, failing]).exists())
        case AggregateFunction.FIRST | AggregateFunction.LAST:
            is_simple = value is None or not _is_refused_somewhere(expression, compiler)
            picked = value if value is not None and is_simple else row.alias.c.id
            # A collection of lines has an order of its own; what refers from elsewhere goes by age.
            keys = [row.alias.c.position, row.alias.c.id] if collection.is_lines else [row.alias.c.id]
            is_last = function is AggregateFunction.LAST
            ordered = [key.desc() if is_last else key.asc() for key in keys]
            found = _selected(picked, row, joins, conditions).order_by(*ordered).limit(1).scalar_subquery()
            return found if is_simple else _of_row(expression, found, compiler)
        case _:
            aggregated = _aggregated(function, value, expression.value, compiler)
            return _selected(aggregated, row, joins, conditions).scalar_subquery()


def _is_refused_somewhere(expression: Aggregate, compiler: "Compiler") -> bool:
    return expression.value is not None and may_refuse(expression.value, compiler.scope.project)


def _of_row(expression: Aggregate, key: Sql, compiler: "Compiler") -> Sql:
    """Return the value of the row with an id; no other row is looked at."""
    row, joins = compiler.scope.new_row(_collection(expression.rows, compiler).form)
    assert expression.value is not None
    value = compiler.inside(compiler.scope.with_row(expression.row, row)).value(expression.value)
    return _selected(value, row, joins, [row.alias.c.id == key]).scalar_subquery()


def compile_find(expression: Find, compiler: "Compiler") -> Sql:
    """Return the id of the record that is found; several without an order are an error of the database."""
    row, joins = compiler.scope.new_row(expression.form)
    inside = compiler.inside(compiler.scope.with_row(expression.row, row))
    condition = inside.value(expression.where)
    found = row.alias.c.id
    if expression.by is None:
        # PostgreSQL itself refuses a second row of such a subquery.
        only = sa.func.ok_only(found, type_=sa.BigInteger()) if compiler.scope.is_sqlite else found
        return _selected(only, row, joins, [condition]).scalar_subquery()
    key = inside.ordered(expression.by)
    ordered = key.desc().nulls_last() if expression.descending else key.asc().nulls_last()
    return _selected(found, row, joins, [condition]).order_by(ordered, found).limit(1).scalar_subquery()


def _collection(rows: Expression, compiler: "Compiler") -> Collection:
    assert isinstance(rows, Get)
    assert isinstance(rows.base.type, Record)
    return compiler.scope.project.form_by_id[rows.base.type.form].collection_by_id[rows.field]


def _selected(what: Sql, row: TableRow, joins: Joins, conditions: list[Sql]) -> sa.Select[tuple[object]]:
    return (
        sa.select(what)
        .select_from(joins.added_to(row.alias))
        .where(*conditions)
        .correlate_except(row.alias, *joins.aliases)
    )


def _aggregated(
    function: AggregateFunction, value: Sql | None, expression: Expression | None, compiler: "Compiler"
) -> Sql:
    arithmetic = compiler.arithmetic
    if value is None or expression is None:
        return arithmetic.whole(sa.func.count())
    if function is AggregateFunction.COUNT:
        return arithmetic.whole(sa.func.count(value))
    scale = expression.type.scale if isinstance(expression.type, Number) else 0
    match function:
        case AggregateFunction.SUM:
            nothing = arithmetic.literal(0, scale)
            total = arithmetic.bounded(arithmetic.total(value, scale), scale)
            return sa.func.coalesce(total, nothing, type_=arithmetic.kind(scale))
        case AggregateFunction.AVG:
            return arithmetic.divide(
                arithmetic.total(value, scale), scale, arithmetic.whole(sa.func.count(value)), 0
            )
        case AggregateFunction.MIN:
            return sa.func.min(arithmetic.ordered(value, scale), type_=value.type)
        case _:
            return sa.func.max(arithmetic.ordered(value, scale), type_=value.type)
