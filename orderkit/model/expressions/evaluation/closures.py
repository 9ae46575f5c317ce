"""Trees made into closures, one function a node.

Empty values follow SQL: an operation on empty is empty, `and` and `or` know three answers, and a
condition holds only if it is true.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, assert_never

from orderkit.model.expressions.evaluation import functions, outside, rows, texts
from orderkit.model.expressions.evaluation.arithmetic import OPERATIONS, TOO_LARGE, Numeric, bounded
from orderkit.model.expressions.evaluation.environment import PLAIN, Environment, EvaluationError, Value
from orderkit.model.expressions.nodes import (
    Aggregate,
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
from orderkit.model.expressions.types import ADDRESS_PARTS, Address, Json, Number, Record, Type
from orderkit.model.values.json_texts import read_json
from orderkit.model.values.numbers import EXACT, limit_of

Evaluator = Callable[[Environment], Value]

_CACHED_TREES = 20_000


# By identity, since hashing a tree costs as much as running it; the tree is kept, so ids stay taken.
_known: dict[int, tuple[Expression, Evaluator]] = {}


def evaluate(expression: Expression, environment: Environment) -> Value:
    """Return the value; a record comes as a row, where the environment has it. Raises EvaluationError."""
    return evaluator_of(expression)(environment)


def evaluator_of(expression: Expression) -> Evaluator:
    """Return the expression as a function, made once for each tree."""
    known = _known.get(id(expression))
    if known is not None:
        return known[1]
    if len(_known) >= _CACHED_TREES:
        _known.clear()
    evaluator = compiled(expression)
    _known[id(expression)] = (expression, evaluator)
    return evaluator


def holds(expression: Expression, environment: Environment) -> bool:
    """Return whether a condition holds; an empty one does not."""
    return evaluator_of(expression)(environment) is True


def compiled(expression: Expression) -> Evaluator:  # noqa: C901 - one case a node
    """Return the expression as a function."""
    match expression:
        case Literal(value=value):
            return lambda _: value
        case Root(name="value", type=Json()):
            return lambda environment: _data(environment.roots.get("value"))
        case Root(name=name):
            return lambda environment: environment.roots.get(name)
        case Get():
            return _get(expression)
        case Unary(operator=operator, operand=operand):
            return (
                _negation(compiled(operand))
                if operator is UnaryOperator.NOT
                else _negative(compiled(operand))
            )
        case Binary():
            return _binary(expression)
        case IsEmpty(operand=operand):
            inner = compiled(operand)
            return lambda environment: is_empty(inner(environment))
        case IfElse(test=test, then=then, otherwise=otherwise):
            kind = expression.type
            return _choice(compiled(test), _widened(then, kind), _widened(otherwise, kind))
        case Items(items=items):
            parts = tuple(compiled(item) for item in items)
            return lambda environment: [part(environment) for part in parts]
        case Call():
            return _call(expression)
        case Aggregate():
            return rows.compiled_aggregate(expression, compiled)
        case Find():
            return lambda environment: environment.store.find(expression, environment)
        case Balance():
            return lambda environment: environment.balances.balance(expression, environment)
        case Changed(field=name):
            return lambda environment: environment.changed is not None and name in environment.changed
        case Template():
            return texts.compiled_template(expression, compiled)
        case Structure(entries=entries):
            named = tuple((entry.name, compiled(entry.value)) for entry in entries)
            return lambda environment: {name: value(environment) for name, value in named}
        case Each():
            return rows.compiled_each(expression, compiled)
        case _:
            assert_never(expression)


def is_empty(value: Value) -> bool:
    """Return whether a value counts as empty: `''` and `null` are the same."""
    return value is None or value == ""


def identity(value: Value) -> Value:
    """Return what a value is compared by: a record by its id."""
    # Asking for the plain types first is much cheaper than asking a protocol.
    return value if value is None or isinstance(value, PLAIN) else value.id


def _get(expression: Get) -> Evaluator:
    base, name = compiled(expression.base), expression.field
    if isinstance(expression.base.type, Address):
        part = ADDRESS_PARTS.index(name)
        return lambda environment: _part(base(environment), part)
    if not isinstance(expression.base.type, Record):
        return lambda environment: outside.member_of(base(environment), name)
    if isinstance(expression.type, Json):
        kept = _get_of_record(expression, base)
        return lambda environment: _data(kept(environment))
    return _get_of_record(expression, base)


def _get_of_record(expression: Get, base: Evaluator) -> Evaluator:
    name = expression.field
    assert isinstance(expression.base.type, Record)
    form = expression.base.type.form
    root = expression.base.name if isinstance(expression.base, Root) else None

    def from_root(environment: Environment) -> Value:
        row: Any = environment.roots.get(root)  # type: ignore[arg-type]
        if row.__class__ is int:
            row = environment.store.row(form, row)
        return None if row is None else row.get(name)

    def from_record(environment: Environment) -> Value:
        row: Any = base(environment)
        if row.__class__ is int:
            row = environment.store.row(form, row)
        return None if row is None else row.get(name)

    return from_record if root is None else from_root


def _part(value: Value, part: int) -> Value:
    """Return a part of an address."""
    parts = value.split("|") if isinstance(value, str) else ()
    return parts[part] or None if part < len(parts) else None


def _data(value: Value) -> Value:
    """Return what the text of a JSON field says; an empty text is empty."""
    data: Value = read_json(value) if isinstance(value, str) else value
    return None if data == "" else data


def _negation(inner: Evaluator) -> Evaluator:
    def negated(environment: Environment) -> Value:
        value = inner(environment)
        return None if value is None else not value

    return negated


def _negative(inner: Evaluator) -> Evaluator:
    def negative(environment: Environment) -> Value:
        value = inner(environment)
        return None if value is None else EXACT.minus(value)  # type: ignore[arg-type]

    return negative


def _call(expression: Call) -> Evaluator:
    is_alike = expression.function in ("coalesce", "greatest", "least")
    arguments = tuple(
        _widened(each, expression.type) if is_alike else compiled(each) for each in expression.arguments
    )
    return functions.compiled_call(expression, arguments)


def _widened(part: Expression, kind: Type) -> Evaluator:
    """Return a part of something with more decimal places, which leave less room before the point."""
    inner = compiled(part)
    if not isinstance(kind, Number) or not isinstance(part.type, Number):
        return inner
    scale = kind.scale
    if limit_of(part.type.scale) == limit_of(scale):
        return inner

    def widened(environment: Environment) -> Value:
        value: Any = inner(environment)
        return None if value is None else bounded(value, scale)

    return widened


def _choice(test: Evaluator, then: Evaluator, otherwise: Evaluator) -> Evaluator:
    return lambda environment: then(environment) if test(environment) is True else otherwise(environment)


def _binary(expression: Binary) -> Evaluator:
    left, right = compiled(expression.left), compiled(expression.right)
    operator = expression.operator
    match operator:
        case BinaryOperator.AND:
            return _and(left, right)
        case BinaryOperator.OR:
            return _or(left, right)
        case BinaryOperator.IN:
            if isinstance(expression.right.type, Json):
                return _in_outside(left, right)
            if isinstance(expression.right, Items):
                return _listed(left, tuple(compiled(each) for each in expression.right.items))
            return _in(left, right)
    if operator in _COMPARISONS:
        is_record = isinstance(expression.left.type, Record)
        return _on_both(left, right, _OF_RECORDS[operator] if is_record else _COMPARISONS[operator])
    if not isinstance(expression.type, Number):
        return _on_both(left, right, lambda first, second: texts.joined((first, second)))
    return _calculated(left, right, OPERATIONS[operator], expression.type.scale)


def _calculated(
    left: Evaluator, right: Evaluator, operation: Callable[..., Numeric | None], scale: int
) -> Evaluator:
    most = limit_of(scale)
    least = -most

    def calculated(environment: Environment) -> Value:
        # Both sides are looked at, as databases do, so that what one refuses is not hidden by the other.
        first, second = left(environment), right(environment)
        if first is None or second is None:
            return None
        result = operation(first, second)
        if result is None or least < result < most:
            return result
        raise EvaluationError(TOO_LARGE)

    return calculated


def _and(left: Evaluator, right: Evaluator) -> Evaluator:
    def both(environment: Environment) -> Value:
        first = left(environment)
        if first is False:
            return False
        second = right(environment)
        if second is False:
            return False
        return None if first is None or second is None else True

    return both


def _or(left: Evaluator, right: Evaluator) -> Evaluator:
    def either(environment: Environment) -> Value:
        first = left(environment)
        if first is True:
            return True
        second = right(environment)
        if second is True:
            return True
        return None if first is None or second is None else False

    return either


def _listed(left: Evaluator, items: tuple[Evaluator, ...]) -> Evaluator:
    """Return `x in [a, b]`, which is `x == a or x == b`."""

    def listed(environment: Environment) -> Value:
        value = identity(left(environment)) if items else None
        is_unknown = value is None or value == ""
        for each in items:
            item = identity(each(environment))
            if item is None or item == "":
                is_unknown = True
            elif item == value:
                return True
        return None if items and is_unknown else False

    return listed


def _in(left: Evaluator, right: Evaluator) -> Evaluator:
    def member(environment: Environment) -> Value:
        items = right(environment)
        if not items:
            return False
        value = identity(left(environment))
        if is_empty(value):
            return None
        assert isinstance(items, Sequence)
        known = [identity(item) for item in items]
        if any(item == value for item in known if item is not None):
            return True
        return None if any(item is None for item in known) else False

    return member


def _in_outside(left: Evaluator, right: Evaluator) -> Evaluator:
    def member(environment: Environment) -> Value:
        items = right(environment)
        # Nothing is asked of what is no list, or has nothing in it.
        return isinstance(items, list | tuple) and bool(items) and outside.is_in(left(environment), items)

    return member


def _on_both(left: Evaluator, right: Evaluator, operation: Callable[..., Value]) -> Evaluator:
    def computed(environment: Environment) -> Value:
        first, second = left(environment), right(environment)
        if first is None or first == "" or second is None or second == "":
            return None
        return operation(first, second)

    return computed


_COMPARISONS: Mapping[BinaryOperator, Callable[..., Value]] = {
    BinaryOperator.EQUAL: lambda left, right: left == right,
    BinaryOperator.NOT_EQUAL: lambda left, right: left != right,
    BinaryOperator.LESS: lambda left, right: left < right,
    BinaryOperator.AT_MOST: lambda left, right: left <= right,
    BinaryOperator.GREATER: lambda left, right: left > right,
    BinaryOperator.AT_LEAST: lambda left, right: left >= right,
}
_OF_RECORDS: Mapping[BinaryOperator, Callable[..., Value]] = {
    BinaryOperator.EQUAL: lambda left, right: identity(left) == identity(right),
    BinaryOperator.NOT_EQUAL: lambda left, right: identity(left) != identity(right),
}
