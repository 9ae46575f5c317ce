"""Aggregates over the rows of a collection, and lists made of them."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from orderkit.model.expressions.evaluation.arithmetic import bounded, divide
from orderkit.model.expressions.evaluation.environment import PLAIN, Environment, Meter, Value
from orderkit.model.expressions.nodes import Aggregate, AggregateFunction, Each, Expression, Get
from orderkit.model.expressions.types import Number, Record
from orderkit.model.values.numbers import EXACT

Evaluator = Callable[[Environment], Value]
Compile = Callable[[Expression], Evaluator]


def compiled_aggregate(expression: Aggregate, compiled: Compile) -> Evaluator:
    """Return `sum(lines.amount, where=…)` as a function."""
    rows = _compiled_rows(expression.rows, compiled)
    value = None if expression.value is None else compiled(expression.value)
    where = None if expression.where is None else compiled(expression.where)
    name, aggregate = expression.row, _AGGREGATES[expression.function]
    scale = expression.type.scale if isinstance(expression.type, Number) else None

    def picked(environment: Environment) -> Value:
        """Return the value of one row; of the others only the condition is looked at."""
        measured = environment.with_roots(environment.roots, environment.meter or Meter())
        kept = [
            row
            for row, inside in _each(measured, name, rows(measured))
            if where is None or where(inside) is True
        ]
        if not kept:
            return None
        row = aggregate(kept)
        found = row if value is None else value(measured.with_root(name, row))
        return found if scale is None or found is None else bounded(found, scale)  # type: ignore[arg-type]

    def aggregated(environment: Environment) -> Value:
        found = aggregate(
            [
                row if value is None else value(inside)
                for row, inside in _each(environment, name, rows(environment))
                if where is None or where(inside) is True
            ]
        )
        return found if scale is None or found is None else bounded(found, scale)  # type: ignore[arg-type]

    is_one = expression.function in (AggregateFunction.FIRST, AggregateFunction.LAST)
    return picked if is_one else aggregated


def compiled_each(expression: Each, compiled: Compile) -> Evaluator:
    """Return `{each: lines, where: …}` as a function that makes a list."""
    rows = _compiled_rows(expression.rows, compiled)
    where = None if expression.where is None else compiled(expression.where)
    value, name = compiled(expression.value), expression.row

    def made(environment: Environment) -> Value:
        return [
            value(inside)
            for _, inside in _each(environment, name, rows(environment))
            if where is None or where(inside) is True
        ]

    return made


def _each(environment: Environment, name: str, rows: Sequence[Value]) -> Iterator[tuple[Value, Environment]]:
    """Yield each row and an environment that names it; the environment is one, so use it at once."""
    roots: dict[str, Value] = {**environment.roots, name: None}
    meter = environment.meter or Meter()
    inside = environment.with_roots(roots, meter)
    for row in rows:
        meter.count()
        roots[name] = row
        yield row, inside


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


def _filled(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None and value != ""]


def _sum(values: Sequence[Any]) -> Decimal:
    total = Decimal(0)
    for value in _filled(values):
        total = EXACT.add(total, value)
    return total


def _average(values: Sequence[Any]) -> Value:
    filled = _filled(values)
    return divide(_sum(filled), len(filled)) if filled else None


_AGGREGATES: dict[AggregateFunction, Callable[[Sequence[Any]], Value]] = {
    AggregateFunction.SUM: _sum,
    AggregateFunction.COUNT: lambda values: len(_filled(values)),
    AggregateFunction.MIN: lambda values: min(_filled(values), default=None),
    AggregateFunction.MAX: lambda values: max(_filled(values), default=None),
    AggregateFunction.AVG: _average,
    AggregateFunction.ANY: lambda values: any(value is True for value in values),
    AggregateFunction.ALL: lambda values: all(value is True for value in values),
    AggregateFunction.FIRST: lambda values: values[0] if values else None,
    AggregateFunction.LAST: lambda values: values[-1] if values else None,
}
