"""The conditions of `never` as bounds that a database can keep: sums of measures that stay at or above a floor.

`never: ["on_hand - reserved < 0"]` means that `on_hand - reserved` is at least the floor of its row of
balances. The floor is 0; it is lower only where the row was below when it was opened or when the bound
came, and then it can only rise. A limit such as a customer's credit is a measure: `open > limit`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Expression,
    Get,
    Literal,
    Root,
    Unary,
    UnaryOperator,
)
from orderkit.model.ledgers import Ledger, NamedBalance
from orderkit.model.values.numbers import EXACT

MAX_SCALE = 12
_COMPARISONS = frozenset(
    {BinaryOperator.LESS, BinaryOperator.AT_MOST, BinaryOperator.GREATER, BinaryOperator.AT_LEAST}
)
_UP = frozenset({BinaryOperator.GREATER, BinaryOperator.AT_LEAST})
_OR_EQUAL = frozenset({BinaryOperator.AT_MOST, BinaryOperator.AT_LEAST})


class NotABound(ValueError):
    """A condition that no sum of measures expresses, so that a database could not keep it row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One bound of a ledger: the sum of `terms` and `constant` is at least the floor of the row.

    `scale` is how many decimal places that sum may have, `condition` what must never hold.
    """

    terms: tuple[tuple[str, Decimal], ...]
    constant: Decimal
    scale: int
    condition: Binary

    @property
    def id(self) -> str:
        """The name of the column that holds the floors: another bound has another one."""
        return f"floor_{hashlib.sha256(self.sql().encode()).hexdigest()[:8]}"

    @property
    def measures(self) -> frozenset[str]:
        """The measures that it looks at."""
        return frozenset(name for name, _ in self.terms)

    def slack(self, balances: Mapping[str, Decimal]) -> Decimal:
        """Return how far the balances of a row are above zero; negative where they are below."""
        total = self.constant
        for name, factor in self.terms:
            total = EXACT.add(total, EXACT.multiply(factor, balances[name]))
        return total

    def sql(self, scales: Mapping[str, int] | None = None) -> str:
        """Return the sum in SQL; with `scales`, over numbers that are kept as whole ones of so many places."""
        parts: list[str] = []
        for name, factor in self.terms:
            shift = 0 if scales is None else self.scale - scales[name]
            times = factor.scaleb(shift, EXACT)
            parts.append(_signed(times, f'"{name}"', is_first=not parts))
        constant = self.constant.scaleb(self.scale if scales is not None else 0, EXACT)
        if constant:
            parts.append(_signed(constant, "", is_first=not parts))
        return " ".join(parts) or "0"


def bounds_of(ledger: Ledger) -> tuple[Bound, ...]:
    """Return the bounds of a ledger, each once, in the order written."""
    measures = {each.id: each.type.scale for each in ledger.measures}
    found: dict[str, Bound] = {}
    for condition in ledger.never:
        try:
            bounds = bounds_in(condition, measures, {each.id: each for each in ledger.balances})
        except NotABound:
            # The compiler refuses it; a model that an earlier release compiled may have one.
            continue
        for bound in bounds:
            found.setdefault(bound.id, bound)
    return tuple(found.values())


def bounds_in(
    condition: Expression, measures: Mapping[str, int], balances: Mapping[str, NamedBalance]
) -> tuple[Bound, ...]:
    """Return the bounds that a condition of `never` means: of `a or b`, that of each side.

    Args:
        condition: what must never hold.
        measures: the decimal places of each measure.
        balances: the numbers worked out of measures, by id.
    Raises: NotABound.
    """
    if isinstance(condition, Binary) and condition.operator is BinaryOperator.OR:
        return (
            *bounds_in(condition.left, measures, balances),
            *bounds_in(condition.right, measures, balances),
        )
    if not isinstance(condition, Binary) or condition.operator not in _COMPARISONS:
        raise NotABound
    left, right = (_sum(side, balances) for side in (condition.left, condition.right))
    greater, less = (right, left) if condition.operator in _UP else (left, right)
    total = dict(greater)
    for name, factor in less.items():
        total[name] = EXACT.subtract(total.get(name, Decimal(0)), factor)
    constant = total.pop("", Decimal(0))
    terms = tuple((name, factor) for name, factor in sorted(total.items()) if factor)
    scale = max([*(measures[name] + _places(factor) for name, factor in terms), _places(constant)])
    if not terms or scale > MAX_SCALE:
        raise NotABound
    if condition.operator in _OR_EQUAL:
        constant -= Decimal(1).scaleb(-scale)
    return (Bound(terms=terms, constant=constant, scale=scale, condition=condition),)


def _sum(expression: Expression, balances: Mapping[str, NamedBalance]) -> dict[str, Decimal]:
    """Return the factor of each measure, and under the empty name the constant."""
    match expression:
        case Literal(value=int() | Decimal() as value) if not isinstance(value, bool):
            return {"": Decimal(value)}
        case Get(base=Root(), field=name):
            return _sum(balances[name].expression, balances) if name in balances else {name: Decimal(1)}
        case Unary(operator=UnaryOperator.NEGATE, operand=operand):
            return _times(_sum(operand, balances), Decimal(-1))
        case Binary(operator=BinaryOperator.ADD, left=left, right=right):
            return _added(_sum(left, balances), _sum(right, balances))
        case Binary(operator=BinaryOperator.SUBTRACT, left=left, right=right):
            return _added(_sum(left, balances), _times(_sum(right, balances), Decimal(-1)))
        case Binary(operator=BinaryOperator.MULTIPLY, left=left, right=right):
            first, second = _sum(left, balances), _sum(right, balances)
            for some, others in ((first, second), (second, first)):
                if some.keys() <= {""}:
                    return _times(others, some.get("", Decimal(0)))
    raise NotABound


def _added(first: Mapping[str, Decimal], second: Mapping[str, Decimal]) -> dict[str, Decimal]:
    names = dict.fromkeys([*first, *second])
    return {name: EXACT.add(first.get(name, Decimal(0)), second.get(name, Decimal(0))) for name in names}


def _times(some: Mapping[str, Decimal], factor: Decimal) -> dict[str, Decimal]:
    return {name: EXACT.multiply(each, factor) for name, each in some.items()}


def _places(value: Decimal) -> int:
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _signed(factor: Decimal, name: str, *, is_first: bool) -> str:
    number = format(abs(factor).normalize(EXACT), "f")
    written = number if not name else name if number == "1" else f"{number} * {name}"
    if is_first:
        return f"-{written}" if factor < 0 else written
    return f"{'-' if factor < 0 else '+'} {written}"


def numbers_named(bound: Bound) -> Iterator[str]:
    """Yield the measures and balances that its condition names, as they stand there."""
    waiting: list[Expression] = [bound.condition.right, bound.condition.left]
    while waiting:
        match waiting.pop():
            case Get(field=name):
                yield name
            case Binary(left=left, right=right):
                waiting += [right, left]
            case Unary(operand=operand):
                waiting.append(operand)
            case _:
                pass
