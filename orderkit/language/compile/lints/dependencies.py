"""Which fields an expression reads."""

from collections.abc import Iterator
from typing import assert_never

from orderkit.model.expressions import (
    Aggregate,
    Binary,
    Call,
    Changed,
    Each,
    Expression,
    Find,
    Get,
    IfElse,
    IsEmpty,
    Items,
    Literal,
    Root,
    Structure,
    Template,
    Unary,
)
from orderkit.model.types import Record


def fields_read(expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield form and field of everything that an expression reads, itself and along references."""
    if isinstance(expression, Get) and isinstance(expression.base.type, Record):
        yield expression.base.type.form, expression.field
    for part in _parts(expression):
        yield from fields_read(part)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Literal() | Root() | Changed():
            return ()
        case Get():
            return (expression.base,)
        case Unary() | IsEmpty():
            return (expression.operand,)
        case Binary():
            return (expression.left, expression.right)
        case IfElse():
            return (expression.test, expression.then, expression.otherwise)
        case Items():
            return expression.items
        case Call():
            return expression.arguments
        case Aggregate():
            return (expression.rows, *_given(expression.value, expression.where))
        case Find():
            return (expression.where, *_given(expression.by))
        case Template():
            return _given(*(part.expression for part in expression.parts))
        case Structure():
            return tuple(entry.value for entry in expression.entries)
        case Each():
            return (expression.rows, expression.value, *_given(expression.where))
        case _:
            assert_never(expression)


def _given(*parts: Expression | None) -> tuple[Expression, ...]:
    return tuple(part for part in parts if part is not None)
