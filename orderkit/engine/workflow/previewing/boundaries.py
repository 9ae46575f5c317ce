"""At which values of a record its way changes: each comparison of a condition has one on either side.

Only comparisons of the record's own fields with what does not depend on the record can be turned round; a
condition over lines or over another record is left alone, and whoever asks is told by its absence.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from orderkit.model.expressions.evaluation import Value
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Get,
    IsEmpty,
    Items,
    Root,
    Scalar,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.tree import root_names, walk
from orderkit.model.expressions.types import Boolean, Choice, Number, Text
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label

Evaluate = Callable[[Expression], Value]

_MIRRORED = {
    BinaryOperator.LESS: BinaryOperator.GREATER,
    BinaryOperator.GREATER: BinaryOperator.LESS,
    BinaryOperator.AT_MOST: BinaryOperator.AT_LEAST,
    BinaryOperator.AT_LEAST: BinaryOperator.AT_MOST,
    BinaryOperator.EQUAL: BinaryOperator.EQUAL,
    BinaryOperator.NOT_EQUAL: BinaryOperator.NOT_EQUAL,
}
_ABOVE = label(zh="超过{value}", en="is above {value}")
_FROM = label(zh="达到{value}", en="is {value} or more")
_BELOW = label(zh="低于{value}", en="is below {value}")
_UP_TO = label(zh="不超过{value}", en="is {value} or less")
_IS = label(zh="为{value}", en="is {value}")
_IS_NOT = label(zh="不为{value}", en="is not {value}")
_IS_EMPTY = label(zh="为空", en="is empty")
_IS_FILLED = label(zh="不为空", en="is not empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A value of a field next to where a comparison turns. `phrase` tells of that side, with `{value}` for `limit`."""

    field: str
    value: Scalar
    limit: Scalar
    phrase: Label


def boundaries_of(form: Form, conditions: Iterable[Expression], evaluate: Evaluate) -> tuple[Boundary, ...]:
    """Return the values next to every turning point of some conditions, each field and value once."""
    found: dict[tuple[str, Scalar], Boundary] = {}
    for condition in conditions:
        for node in walk(condition):
            for each in _of_node(form, node, evaluate):
                found.setdefault((each.field, each.value), each)
    return tuple(found.values())


def _of_node(form: Form, node: Expression, evaluate: Evaluate) -> Iterator[Boundary]:
    match node:
        case Binary(operator=BinaryOperator.IN, left=left, right=Items(items=items)):
            field = _field(form, left)
            values = [_plain(each, evaluate) for each in items]
            if field is not None:
                for value in values:
                    yield Boundary(field=field.id, value=value, limit=value, phrase=_IS)
                yield from _other_than(field, values)
        case Binary(operator=operator, left=left, right=right) if operator in _MIRRORED:
            field, other, way = _field(form, left), right, operator
            if field is None:
                field, other, way = _field(form, right), left, _MIRRORED[operator]
            if field is not None and not root_names(other) & {"record", "this"}:
                yield from _of_comparison(field, way, _plain(other, evaluate))
        case IsEmpty(operand=operand):
            field = _field(form, operand)
            if field is not None:
                yield Boundary(field=field.id, value=None, limit=None, phrase=_IS_EMPTY)
                for value in _some(field):
                    yield Boundary(field=field.id, value=value, limit=value, phrase=_IS_FILLED)
        case Get(type=Boolean()):
            field = _field(form, node)
            if field is not None:
                for truth in (True, False):
                    yield Boundary(field=field.id, value=truth, limit=truth, phrase=_IS)
        case _:
            return


def _field(form: Form, node: Expression) -> Field | None:
    """Return the field of the record itself that an expression is, be it with a value for when it is empty."""
    match node:
        case Call(function="coalesce", arguments=(inner, *_)):
            return _field(form, inner)
        case Get(base=Root(name="record" | "this"), field=name):
            found = form.by_id.get(name)
            return None if found is None or found.virtual is not None else found
        case _:
            return None


def _plain(node: Expression, evaluate: Evaluate) -> Scalar:
    match node:
        case Unary(operator=UnaryOperator.NEGATE, operand=operand):
            value = evaluate(operand)
            return -value if isinstance(value, int | Decimal) else None
        case _:
            value = evaluate(node)
            return value if isinstance(value, bool | int | Decimal | str | date | timedelta) else None


def _of_comparison(field: Field, operator: BinaryOperator, limit: Scalar) -> Iterator[Boundary]:
    if limit is None:
        return
    if operator in {BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL}:
        yield Boundary(field=field.id, value=limit, limit=limit, phrase=_IS)
        yield from _other_than(field, [limit])
        return
    below, above = _moved(field, limit, -1), _moved(field, limit, 1)
    # Between these two lies where `>` and `<=` turn, or `<` and `>=`.
    if operator in {BinaryOperator.GREATER, BinaryOperator.AT_MOST}:
        yield Boundary(field=field.id, value=limit, limit=limit, phrase=_UP_TO)
        yield Boundary(field=field.id, value=above, limit=limit, phrase=_ABOVE)
    else:
        yield Boundary(field=field.id, value=below, limit=limit, phrase=_BELOW)
        yield Boundary(field=field.id, value=limit, limit=limit, phrase=_FROM)


def _moved(field: Field, limit: Scalar, direction: int) -> Scalar:
    match limit:
        case bool():
            return not limit
        case int() | Decimal():
            scale = field.value_type.scale if isinstance(field.value_type, Number) else 0
            moved = Decimal(limit) + direction * Decimal(1).scaleb(-scale)
            return int(moved) if scale == 0 and moved == int(moved) else moved
        case datetime():
            return limit + timedelta(minutes=direction)
        case date():
            return limit + timedelta(days=direction)
        case timedelta():
            return limit + timedelta(minutes=direction)
        case _:
            return limit


def _other_than(field: Field, values: list[Scalar]) -> Iterator[Boundary]:
    """Yield a value that is none of these."""
    kind = field.value_type
    first = values[0] if values else None
    if isinstance(kind, Choice):
        others: list[Scalar] = [each for each in kind.options if each not in values]
    elif isinstance(first, bool):
        others = [each for each in (True, False) if each not in values]
    elif isinstance(first, int | Decimal | date | timedelta):
        others = [_moved(field, max(each for each in values if each is not None), 1)]
    else:
        others = [] if field.required else [None]
    for other in others[:1]:
        yield Boundary(field=field.id, value=other, limit=first, phrase=_IS_NOT)


def _some(field: Field) -> Iterator[Scalar]:
    match field.value_type:
        case Choice(options=options):
            yield from options[:1]
        case Number():
            yield 1
        case Text():
            yield "x"
        case _:
            return
