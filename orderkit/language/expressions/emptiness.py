"""Whether an expression could be empty, worked out carefully: "no" is only said where it is certain.

What a test has shown counts behind it: in `term != null and term == 'credit'` the second `term` is
not empty any more.
"""

from orderkit.language.expressions.scope import Scope
from orderkit.model.expressions.nodes import (
    Aggregate,
    AggregateFunction,
    Balance,
    Binary,
    BinaryOperator,
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
    UnaryOperator,
)
from orderkit.model.expressions.types import Boolean, Json, Many, Record, Rows

Facts = frozenset[Expression]
"""Expressions that are known not to be empty."""

_NEVER = frozenset({"today", "now"})


def may_be_empty(expression: Expression, scope: Scope, facts: Facts = frozenset()) -> bool:
    """Return whether the expression could be empty for some record."""
    if expression in facts:
        return False
    match expression:
        case Literal(value=value):
            return value is None
        case Root(type=kind):
            return isinstance(kind, Json) or not isinstance(kind, Record)
        case Get():
            return _get(expression, scope, facts)
        case Unary(operand=operand):
            return may_be_empty(operand, scope, facts)
        case Binary():
            return _binary(expression, scope, facts)
        case IsEmpty() | Changed() | Balance() | Items() | Structure() | Each():
            return False
        case IfElse(test, then, otherwise):
            return may_be_empty(then, scope, facts | shown(test, truth=True)) or may_be_empty(
                otherwise, scope, facts | shown(test, truth=False)
            )
        case Call():
            return _call(expression, scope, facts)
        case Find() | Template():
            return True
        case Aggregate(function=function):
            return function not in (
                AggregateFunction.SUM,
                AggregateFunction.COUNT,
                AggregateFunction.ANY,
                AggregateFunction.ALL,
            )


def shown(test: Expression, *, truth: bool) -> Facts:
    """Return what is not empty where the test is true (or, for `truth` False, is not true)."""
    match test:
        case IsEmpty(operand=operand):
            return frozenset() if truth else frozenset({operand})
        case Unary(operator=UnaryOperator.NOT, operand=IsEmpty(operand=operand)):
            return frozenset({operand}) if truth else frozenset()
        case Binary(operator=BinaryOperator.AND, left=left, right=right) if truth:
            return shown(left, truth=True) | shown(right, truth=True)
        case Binary(operator=BinaryOperator.OR, left=left, right=right) if not truth:
            return shown(left, truth=False) | shown(right, truth=False)
        case Binary(operator=operator, left=left, right=right) if truth and operator not in (
            BinaryOperator.AND,
            BinaryOperator.OR,
        ):
            return frozenset({left, right})
        case _:
            return frozenset()


def _get(expression: Get, scope: Scope, facts: Facts) -> bool:
    if isinstance(expression.type, Rows):
        return False
    base = expression.base
    if not isinstance(base.type, Record):
        return True
    if may_be_empty(base, scope, facts):
        return True
    if isinstance(base, Root) and base == scope.implicit and expression.field in scope.known:
        return False
    form = scope.forms.get(base.type.form)
    field = form.fields.get(expression.field) if form is not None else None
    if field is None:
        return True
    return not (field.is_required or isinstance(field.type, Boolean))


def _call(expression: Call, scope: Scope, facts: Facts) -> bool:
    are_empty = (may_be_empty(each, scope, facts) for each in expression.arguments)
    match expression:
        case Call(function="coalesce" | "concat"):
            return all(are_empty)
        case Call(function="convert", arguments=(_, Literal(), Literal())):
            return any(are_empty)
        case Call(function="trim" | "replace" | "convert"):
            return True
        case Call(function="len", arguments=(several,)) if isinstance(several.type, Many):
            return False
        case Call(function=function):
            return function not in _NEVER and any(are_empty)


def _binary(expression: Binary, scope: Scope, facts: Facts) -> bool:
    left, right = expression.left, expression.right
    match expression.operator:
        case BinaryOperator.AND:
            return may_be_empty(left, scope, facts) or may_be_empty(
                right, scope, facts | shown(left, truth=True)
            )
        case BinaryOperator.OR:
            return may_be_empty(left, scope, facts) or may_be_empty(
                right, scope, facts | shown(left, truth=False)
            )
        case BinaryOperator.DIVIDE | BinaryOperator.REMAINDER:
            is_safe = isinstance(right, Literal) and bool(right.value)
            return not is_safe or may_be_empty(left, scope, facts)
        case BinaryOperator.IN if isinstance(right, Items):
            return may_be_empty(left, scope, facts) or any(
                may_be_empty(each, scope, facts) for each in right.items
            )
        case BinaryOperator.IN if isinstance(right.type, Many):
            return may_be_empty(left, scope, facts)
        case _:
            return may_be_empty(left, scope, facts) or may_be_empty(right, scope, facts)
