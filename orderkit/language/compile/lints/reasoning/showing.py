"""How expressions and points of a region are written for people, in the language's own words."""

from collections.abc import Mapping

from orderkit.language.compile.lints.reasoning.conditions import domain_in
from orderkit.language.compile.lints.reasoning.values import Values
from orderkit.model.expressions.nodes import (
    Aggregate,
    Binary,
    Call,
    Expression,
    Find,
    Get,
    Literal,
    Root,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.types import Boolean

_SIGNS = {-1: "<", 0: "==", 1: ">"}
_OWN = frozenset({"record", "candidate"})


def point_shown(point: Mapping[Expression, int | None]) -> str:
    """Return values as an assignment each: `total = 50000`, `kind = 'custom'`."""
    return ", ".join(_assigned(name, tick) for name, tick in point.items())


def a_tick(values: Values) -> int | None:
    """Return one of some values, near zero or an end; None is the empty value."""
    for low, high in values.ranges:
        if isinstance(low, int):
            return low
        return high if isinstance(high, int) else 0
    return None


def expression_shown(expression: Expression) -> str:
    """Return an expression about as it was written; what is long is left out."""
    match expression:
        case Root(name=name):
            return "this" if name in _OWN else name
        case Get(base=Root(name=name), field=field) if name in _OWN or name.startswith("each"):
            return field
        case Get(base=base, field=field):
            return f"{expression_shown(base)}.{field}"
        case Literal(value=value):
            return "null" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
        case Binary(operator=operator, left=left, right=right):
            return f"{expression_shown(left)} {operator.value} {expression_shown(right)}"
        case Unary(operator=UnaryOperator.NEGATE, operand=operand):
            return f"-{expression_shown(operand)}"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(expression_shown(each) for each in arguments)})"
        case Aggregate(function=function, rows=rows, value=value):
            over = expression_shown(rows)
            return f"{function.value}({over if value is None else f'{over}.{expression_shown(value)}'})"
        case Find(form=form):
            return f"find({form}, …)"
        case _:
            return "…"


def _assigned(name: Expression, tick: int | None) -> str:
    if tick is None:
        return f"{expression_shown(name)} = null"
    if isinstance(name, Binary) and isinstance(name.type, Boolean):
        sign = _SIGNS[tick] if domain_in(name).is_ordered else ("==", "!=")[tick]
        return f"{expression_shown(name.left)} {sign} {expression_shown(name.right)}"
    return f"{expression_shown(name)} = {domain_in(name).shown(tick)}"
