"""Who approves which amounts: the conditions of an approval's steps as ranges of one number.

The number is the one that most conditions compare with a constant. What else a condition asks is not
worked out: such a step is told with its condition.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    IfElse,
    Literal,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.tree import walk
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Approval, ApprovalPart, Choose, Loop, Parallel, Step
from orderkit.plan.words.expressions import written, written_value
from orderkit.plan.words.filling import code, filled, in_sequence, listed, same

_FLIPPED = {
    BinaryOperator.LESS: BinaryOperator.GREATER,
    BinaryOperator.AT_MOST: BinaryOperator.AT_LEAST,
    BinaryOperator.GREATER: BinaryOperator.LESS,
    BinaryOperator.AT_LEAST: BinaryOperator.AT_MOST,
    BinaryOperator.EQUAL: BinaryOperator.EQUAL,
    BinaryOperator.NOT_EQUAL: BinaryOperator.NOT_EQUAL,
}
_NOBODY = label(zh="无需审批", en="nobody")
_RANGE = label(zh="{range}：{steps}", en="{range}: {steps}")
_IF = label(zh="{step}（若 {condition}）", en="{step} (if {condition})")


@dataclass(frozen=True, slots=True)
class _Route:
    """A step, the conditions that must all hold for it, and those of which none may hold."""

    step: Step
    all_of: tuple[Expression, ...] = ()
    none_of: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class _Comparison:
    number: Expression
    operator: BinaryOperator
    value: Decimal


def tiers_of(approval: Approval) -> Label:
    """Return who approves; where conditions compare a number, by its ranges."""
    routes = tuple(_routes(approval.steps))
    found = [
        comparison for route in routes for each in _conditions(route) for comparison in _comparisons(each)
    ]
    if not found:
        return listed((_step(route, None, Decimal(0)) for route in routes), empty=_NOBODY)
    number = Counter(each.number for each in found).most_common(1)[0][0]
    cuts = sorted({each.value for each in found if each.number == number})
    tiers = [_tier(routes, number, point) for point in _points(cuts)]
    return in_sequence(
        filled(
            _RANGE,
            range=_range(written(number), cuts, first, last),
            steps=listed(tiers[first], empty=_NOBODY),
        )
        for first, last in _runs(tiers)
    )


def _routes(
    parts: Iterable[ApprovalPart],
    all_of: tuple[Expression, ...] = (),
    none_of: tuple[Expression, ...] = (),
) -> Iterator[_Route]:
    for part in parts:
        match part:
            case Step(when=when):
                yield _Route(part, all_of if when is None else (*all_of, when), none_of)
            case Choose(branches=branches):
                before: tuple[Expression, ...] = ()
                for branch in branches:
                    own = () if branch.when is None else (branch.when,)
                    yield from _routes(branch.steps, (*all_of, *own), (*none_of, *before))
                    before = (*before, *own)
            case Parallel(branches=branches):
                for branch in branches:
                    own = () if branch.when is None else (branch.when,)
                    yield from _routes(branch.steps, (*all_of, *own), none_of)
            case Loop(steps=steps):
                yield from _routes(steps, all_of, none_of)


def _conditions(route: _Route) -> tuple[Expression, ...]:
    return (*route.all_of, *route.none_of)


def _comparisons(expression: Expression) -> Iterator[_Comparison]:
    for node in walk(expression):
        comparison = _comparison(node)
        if comparison is not None:
            yield comparison


def _comparison(node: Expression) -> _Comparison | None:
    """Return a node as a comparison of something with a constant number, if it is one."""
    if not isinstance(node, Binary) or node.operator not in _FLIPPED:
        return None
    left, right, operator = _bare(node.left), _bare(node.right), node.operator
    if isinstance(left, Literal):
        left, right, operator = right, left, _FLIPPED[operator]
    if isinstance(left, Literal) or not isinstance(right, Literal):
        return None
    if isinstance(right.value, bool) or not isinstance(right.value, int | Decimal):
        return None
    return _Comparison(left, operator, Decimal(right.value))


def _bare(expression: Expression) -> Expression:
    """Return what a `coalesce` stands around: amounts are compared as if they were there."""
    match expression:
        case Call(function="coalesce", arguments=(first, *_)):
            return first
        case Unary(
            operator=UnaryOperator.NEGATE, operand=Literal(value=int() | Decimal() as value, type=kind)
        ):
            return Literal(-value, kind)
        case _:
            return expression


def _points(cuts: Sequence[Decimal]) -> list[Decimal]:
    """Return a value below the first cut, each cut, and one between each two and above the last."""
    points = [cuts[0] - 1]
    for cut, following in zip(cuts, (*cuts[1:], cuts[-1] + 2), strict=True):
        points += [cut, (cut + following) / 2]
    return points


def _tier(routes: Iterable[_Route], number: Expression, value: Decimal) -> tuple[Label, ...]:
    return tuple(_step(route, number, value) for route in routes if _holds(route, number, value) is not False)


def _step(route: _Route, number: Expression | None, value: Decimal) -> Label:
    """Return a step with what its conditions ask besides the number."""
    open_ = [each for each in route.all_of if number is None or _truth(each, number, value) is None]
    if not open_:
        return route.step.label
    words = " and ".join(written(each) for each in open_)
    return filled(_IF, step=route.step.label, condition=code(words))


def _holds(route: _Route, number: Expression, value: Decimal) -> bool | None:
    asked = [_truth(each, number, value) for each in route.all_of]
    asked += [_negated(_truth(each, number, value)) for each in route.none_of]
    return False if False in asked else None if None in asked else True


def _truth(expression: Expression, number: Expression, value: Decimal) -> bool | None:
    """Return whether a condition holds where the number has this value; None where that depends on more."""
    match expression:
        case Literal(value=bool() as known):
            return known
        case Unary(operator=UnaryOperator.NOT, operand=operand):
            return _negated(_truth(operand, number, value))
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            both = (_truth(left, number, value), _truth(right, number, value))
            return False if False in both else None if None in both else True
        case Binary(operator=BinaryOperator.OR, left=left, right=right):
            either = (_truth(left, number, value), _truth(right, number, value))
            return True if True in either else None if None in either else False
        case IfElse(test=test, then=then, otherwise=otherwise):
            tested = _truth(test, number, value)
            return None if tested is None else _truth(then if tested else otherwise, number, value)
        case _:
            comparison = _comparison(expression)
            if comparison is None or comparison.number != number:
                return None
            return _compared(value, comparison.operator, comparison.value)


def _compared(value: Decimal, operator: BinaryOperator, limit: Decimal) -> bool:
    match operator:
        case BinaryOperator.LESS:
            return value < limit
        case BinaryOperator.AT_MOST:
            return value <= limit
        case BinaryOperator.GREATER:
            return value > limit
        case BinaryOperator.AT_LEAST:
            return value >= limit
        case BinaryOperator.NOT_EQUAL:
            return value != limit
        case _:
            return value == limit


def _negated(truth: bool | None) -> bool | None:  # noqa: FBT001 - the value itself
    return None if truth is None else not truth


def _runs(tiers: Sequence[tuple[Label, ...]]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last number of stretches that are alike."""
    first = 0
    for number in range(1, len(tiers) + 1):
        if number == len(tiers) or tiers[number] != tiers[first]:
            yield first, number - 1
            first = number


def _range(name: str, cuts: Sequence[Decimal], first: int, last: int) -> Label:
    """Return a stretch of `_points` as a condition; those with an odd number are the cuts themselves."""
    is_first, is_last = first == 0, last == 2 * len(cuts)
    low = None if is_first else cuts[(first - 1) // 2]
    high = None if is_last else cuts[last // 2]
    if low is not None and low == high:
        return code(f"{name} == {written_value(low)}")
    least = "" if low is None else f"{written_value(low)} {'<=' if first % 2 else '<'} "
    most = "" if high is None else f" {'<=' if last % 2 else '<'} {written_value(high)}"
    if low is not None and high is None:
        return code(f"{name} {'>=' if first % 2 else '>'} {written_value(low)}")
    return code(f"{least}{name}{most}") if least or most else same(name)
