"""From conditions to regions: comparisons of one expression with constants, and what joins them.

`coalesce(x, 0)` is `x` with its empty value counted as the constant. Two expressions compared with each
other are known by which is the greater. All else is unknown: it may hold anywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from orderkit.language.compile.lints.reasoning.domains import Domain, compared, domain_of
from orderkit.language.compile.lints.reasoning.regions import EVERYWHERE, NOWHERE, Region, where
from orderkit.language.compile.lints.reasoning.values import EMPTY_VALUE, Values, between
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Get,
    IsEmpty,
    Items,
    Literal,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.types import (
    Boolean,
    Date,
    DateTime,
    Duration,
    Json,
    Number,
    Time,
)

_ORDERED = (Number, Date, DateTime, Time, Duration)
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_COMPARISONS = frozenset(_OPPOSITE)
_SIGN = Domain(between(-1, 1), lambda _: None, str)
_SAMENESS = Domain(between(0, 1), lambda _: None, str, is_ordered=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a condition is read: where it is true or false, and whether the unknown counts as yes or no."""

    is_widest: bool

    def region(self, condition: Expression, *, truth: bool = True) -> Region:
        """Return where the condition is true (or false): never less than that if widest, else never more."""
        match condition:
            case Literal(value=bool(value)):
                return EVERYWHERE if value is truth else NOWHERE
            case Unary(operator=UnaryOperator.NOT, operand=operand):
                return self.region(operand, truth=not truth)
            case Binary(operator=BinaryOperator.AND, left=left, right=right):
                return self._joined(left, right, truth=truth, is_both=truth)
            case Binary(operator=BinaryOperator.OR, left=left, right=right):
                return self._joined(left, right, truth=truth, is_both=not truth)
            case IsEmpty(operand=operand):
                return self._emptiness(operand, truth=truth)
            case Binary(operator=BinaryOperator.IN, left=left, right=Items(items=items)):
                return self._membership(left, items, truth=truth)
            case Binary(operator=operator, left=left, right=right) if operator.value in _COMPARISONS:
                return self._comparison(operator.value, left, right, truth=truth)
            case Get(type=Boolean()):
                return where(condition, between(int(truth), int(truth)))
            case _:
                return self._unknown()

    def _unknown(self) -> Region:
        return EVERYWHERE if self.is_widest else NOWHERE

    def _joined(self, left: Expression, right: Expression, *, truth: bool, is_both: bool) -> Region:
        first, second = self.region(left, truth=truth), self.region(right, truth=truth)
        return first & second if is_both else first | second

    def _emptiness(self, operand: Expression, *, truth: bool) -> Region:
        domain = domain_of(operand.type)
        if domain is None or isinstance(operand, Call | Literal):
            return self._unknown()
        return where(operand, EMPTY_VALUE if truth else domain.every)

    def _membership(self, left: Expression, items: tuple[Expression, ...], *, truth: bool) -> Region:
        name, default = _named(left)
        domain = domain_of(name.type)
        if domain is None or isinstance(name, Literal):
            return self._unknown()
        ticks = [domain.tick(item.value) if isinstance(item, Literal) else None for item in items]
        known = [tick for tick in ticks if tick is not None]
        if len(known) < len(ticks):
            return self._unknown()
        found = Values()
        for tick in known:
            found |= compared("==", tick)
        held = found & domain.every if truth else domain.every - found
        is_default = default is not None and (default in known) is truth
        return where(name, Values(held.ranges, has_empty=is_default))

    def _comparison(self, operator: str, left: Expression, right: Expression, *, truth: bool) -> Region:
        if isinstance(left, Literal):
            operator, left, right = _MIRRORED[operator], right, left
        if not truth:
            operator = _OPPOSITE[operator]
        if not isinstance(right, Literal):
            return self._of_two(operator, left, right)
        name, default = _named(left)
        domain = domain_of(name.type)
        tick = None if domain is None else domain.tick(right.value)
        if domain is None or tick is None or isinstance(name, Literal):
            return self._unknown()
        held = compared(operator, tick) & domain.every
        is_default = default is not None and _holds(operator, default, tick)
        return where(name, Values(held.ranges, has_empty=is_default))

    def _of_two(self, operator: str, left: Expression, right: Expression) -> Region:
        if isinstance(left.type, Json) or isinstance(right.type, Json):
            return self._unknown()
        if isinstance(left.type, _ORDERED):
            if repr(left) > repr(right):
                operator, left, right = _MIRRORED[operator], right, left
            held = compared(operator, Decimal(0)) & _SIGN.every
        else:
            if repr(left) > repr(right):
                left, right = right, left
            held = between(0, 0) if operator == "==" else between(1, 1)
        return where(Binary(BinaryOperator.SUBTRACT, left, right, Boolean()), held)


WIDEST = Reading(is_widest=True)
NARROWEST = Reading(is_widest=False)


def domain_in(name: Expression) -> Domain:
    """Return the domain of an expression that a region names."""
    if isinstance(name, Binary) and isinstance(name.type, Boolean):
        return _SIGN if isinstance(name.left.type, _ORDERED) else _SAMENESS
    found = domain_of(name.type)
    assert found is not None
    return found


def every_value(names: Iterable[Expression], *, with_empty: bool = False) -> Mapping[Expression, Values]:
    """Return all values that each expression can have."""
    found = {}
    for name in names:
        every = domain_in(name).every
        may_be_empty = with_empty and not (isinstance(name, Get) and isinstance(name.type, Boolean))
        found[name] = Values(every.ranges, has_empty=may_be_empty)
    return found


def _named(expression: Expression) -> tuple[Expression, Decimal | None]:
    """Return what a condition speaks of, and the tick that its empty value counts as."""
    if isinstance(expression, Call) and expression.function == "coalesce" and len(expression.arguments) == 2:
        inner, default = expression.arguments
        domain = domain_of(inner.type)
        if domain is not None and isinstance(default, Literal) and not isinstance(inner, Literal | Call):
            tick = domain.tick(default.value)
            if tick is not None:
                return inner, tick
    return expression, None


def _holds(operator: str, left: Decimal, right: Decimal) -> bool:
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "==":
            return left == right
        case _:
            return left != right
