"""Aggregates over collections and look-ups in forms, as correlated subqueries."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.scope import Joins, Sql, TableRow
from orderkit.model.expressions import Aggregate, AggregateFunction, Expression, Find, Get
from orderkit.model.types import Number, Record

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler


def compile_aggregate(expression: Aggregate, compiler: "Compiler") -> Sql:
    """Return `sum(lines.amount, where=…)` as a subquery over the rows of the collection."""
    row, joins, belongs = _collection(expression.rows, compiler)
    inside = compiler.inside(compiler.scope.with_row(expression.row, row))
    value = None if expression.value is None else inside.value(expression.value)
    conditions = [belongs]
    if expression.where is not None:
        conditions.append(inside.value(expression.where))
    function = expression.function
    match function:
        case AggregateFunction.ANY:
            assert value is not None
            return _selected(sa.literal(1), row, joins, [*conditions, value]).exists()
        case AggregateFunction.ALL:
            assert value is not None
            failing = sa.func.coalesce(value, sa.false()).is_(sa.false())
            return sa.not_(_selected(sa.literal(1), row, joins, [*conditions, failing]).exists())
        case AggregateFunction.FIRST | AggregateFunction.LAST:
            picked = value if value is not None else row.alias.c.id
            return _edge(picked, row, joins, conditions, is_last=function is AggregateFunction.LAST)
        case _:
            aggregated = _aggregated(function, value, expression.value, compiler)
            return _selected(aggregated, row, joins, conditions).scalar_subquery()


def compile_find(expression: Find, compiler: "Compiler") -> Sql:
    """Return the id of the record that is found; several without an order are an error of the database."""
    row, joins = compiler.scope.new_row(expression.form)
    inside = compiler.inside(compiler.scope.with_row(expression.row, row))
    condition = inside.value(expression.where)
    if expression.by is None:
        return _selected(row.alias.c.id, row, joins, [condition]).scalar_subquery()
    key = inside.value(expression.by)
    ordered = (
        (key.desc().nulls_last(), row.alias.c.id)
        if expression.descending
        else (key.asc().nulls_last(), row.alias.c.id)
    )
    return _selected(row.alias.c.id, row, joins, [condition]).order_by(*ordered).limit(1).scalar_subquery()


def _collection(rows: Expression, compiler: "Compiler") -> tuple[TableRow, Joins, Sql]:
    """Return a row of the collection's form and the condition that it belongs to the record."""
    assert isinstance(rows, Get)
    assert isinstance(rows.base.type, Record)
    collection = compiler.scope.project.form_by_id[rows.base.type.form].collection_by_id[rows.field]
    row, joins = compiler.scope.new_row(collection.form)
    return row, joins, row.alias.c[collection.via] == compiler.value(rows.base)


def _selected(what: Sql, row: TableRow, joins: Joins, conditions: list[Sql]) -> sa.Select[tuple[object]]:
    return (
        sa.select(what)
        .select_from(joins.added_to(row.alias))
        .where(*conditions)
        .correlate_except(row.alias, *joins.aliases)
    )


def _edge(value: Sql, row: TableRow, joins: Joins, conditions: list[Sql], *, is_last: bool) -> Sql:
    keys = [row.alias.c[name] for name in ("position", "id") if name in row.alias.c]
    ordered = [key.desc() if is_last else key.asc() for key in keys]
    return _selected(value, row, joins, conditions).order_by(*ordered).limit(1).scalar_subquery()


def _aggregated(
    function: AggregateFunction, value: Sql | None, expression: Expression | None, compiler: "Compiler"
) -> Sql:
    if value is None or expression is None:
        return compiler.arithmetic.raw(sa.func.count())
    arithmetic = compiler.arithmetic
    match function:
        case AggregateFunction.COUNT:
            return arithmetic.raw(sa.func.count(value))
        case AggregateFunction.SUM:
            return arithmetic.raw(sa.func.coalesce(sa.func.sum(value), 0))
        case AggregateFunction.AVG:
            assert isinstance(expression.type, Number)
            total, count = arithmetic.raw(sa.func.sum(value)), arithmetic.raw(sa.func.count(value))
            return arithmetic.divide(total, expression.type.scale, count, 0)
        case AggregateFunction.MIN:
            return sa.func.min(value, type_=value.type)
        case _:
            return sa.func.max(value, type_=value.type)
