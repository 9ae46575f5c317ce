"""Aggregates over the rows of a collection, and lists made of them."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from orderkit.model.evaluation import arithmetic
from orderkit.model.evaluation.environment import PLAIN, Environment, Value
from orderkit.model.expressions import Aggregate, AggregateFunction, Each, Expression, Get
from orderkit.model.types import Record

Evaluator = Callable[[Environment], Value]
Compile = Callable[[Expression], Evaluator]


def compiled_aggregate(expression: Aggregate, compiled: Compile) -> Evaluator:
    """Return `sum(lines.amount, where=…)` as a function."""
    rows = _compiled_rows(expression.rows, compiled)
    value = None if expression.value is None else compiled(expression.value)
    where = None if expression.where is None else compiled(expression.where)
    name, aggregate = expression.row, _AGGREGATES[expression.function]

    def aggregated(environment: Environment) -> Value:
        values: list[Value] = []
        for row in rows(environment):
            inside = environment.with_root(name, row)
            if where is None or where(inside) is True:
                values.append(row if value is None else value(inside))
        return aggregate(values)

    return aggregated


def compiled_each(expression: Each, compiled: Compile) -> Evaluator:
    """Return `{each: lines, where: …}` as a function that makes a list."""
    rows = _compiled_rows(expression.rows, compiled)
    where = None if expression.where is None else compiled(expression.where)
    value, name = compiled(expression.value), expression.row

    def made(environment: Environment) -> Value:
        insides = (environment.with_root(name, row) for row in rows(environment))
        return [value(inside) for inside in insides if where is None or where(inside) is True]

    return made


def _compiled_rows(expression: Expression, compiled: Compile) -> Callable[[Environment], Sequence[Value]]:
    """Return the rows of a collection; of a list from outside, its elements."""
    if not isinstance(expression, Get) or not isinstance(expression.base.type, Record):
        listed = compiled(expression)

        def elements(environment: Environment) -> Sequence[Value]:
            found = listed(environment)
            return found if isinstance(found, list | tuple) else ()

        return elements
    base, form, name = compiled(expression.base), expression.base.type.form, expression.field

    def rows(environment: Environment) -> Sequence[Value]:
        record = base(environment)
        if isinstance(record, int):
            record = environment.store.row(form, record)
        return () if record is None or isinstance(record, PLAIN) else record.rows(name)

    return rows


def _filled(values: Sequence[Value]) -> list[Value]:
    return [value for value in values if value is not None]


def _sum(values: Sequence[Value]) -> Value:
    total = Decimal(0)
    for value in _filled(values):
        total = arithmetic.add(total, value)  # type: ignore[arg-type]
    return total


def _average(values: Sequence[Value]) -> Value:
    filled = _filled(values)
    return arithmetic.divide(_sum(filled), len(filled)) if filled else None  # type: ignore[arg-type]


def _least(values: Sequence[Value]) -> Value:
    filled = _filled(values)
    return min(filled) if filled else None  # type: ignore[type-var]


def _greatest(values: Sequence[Value]) -> Value:
    filled = _filled(values)
    return max(filled) if filled else None  # type: ignore[type-var]


_AGGREGATES: dict[AggregateFunction, Callable[[Sequence[Value]], Value]] = {
    AggregateFunction.SUM: _sum,
    AggregateFunction.COUNT: lambda values: len(_filled(values)),
    AggregateFunction.MIN: _least,
    AggregateFunction.MAX: _greatest,
    AggregateFunction.AVG: _average,
    AggregateFunction.ANY: lambda values: any(value is True for value in values),
    AggregateFunction.ALL: lambda values: all(value is True for value in values),
    AggregateFunction.FIRST: lambda values: values[0] if values else None,
    AggregateFunction.LAST: lambda values: values[-1] if values else None,
}
