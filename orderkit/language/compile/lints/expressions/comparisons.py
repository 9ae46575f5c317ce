"""Lints: conditions that can never hold, or that always hold."""

import re
from collections.abc import Mapping
from functools import lru_cache

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.reasoning.conditions import NARROWEST, WIDEST, domain_in
from orderkit.language.compile.lints.reasoning.regions import (
    EVERYWHERE,
    Region,
    TooManyBoxesError,
    names_in,
)
from orderkit.language.compile.lints.reasoning.values import Values
from orderkit.language.expressions import parse
from orderkit.language.expressions.syntax.tree import Infix, Prefix, Syntax
from orderkit.language.findings import WARNING, Code, Span
from orderkit.language.spec.mentions import ReadExpression
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Expression,
    Get,
    Items,
    Literal,
    Root,
    Template,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.tree import children
from orderkit.model.expressions.types import Boolean, Type
from orderkit.model.labels import label

NEVER_HOLDS = Code(
    "OK3210",
    "never-holds",
    WARNING,
    since="0.1",
    explain="""
    A condition can never hold, whatever the record: its parts exclude each other, or a whole number is
    compared with one that has decimal places.
    ~~~yaml bad
    form: order
    fields: {qty: {type: integer}}
    list: {views: {some: {where: qty > 10 and qty < 5}}}
    ~~~
    ~~~yaml good
    form: order
    fields: {qty: {type: integer}}
    list: {views: {some: {where: qty > 5 and qty < 10}}}
    ~~~""",
    zh="这个条件永远不成立：各部分互相排斥，或把整数与带小数的数比较。",
)
ALWAYS_HOLDS = Code(
    "OK3211",
    "always-holds",
    WARNING,
    since="0.1",
    explain="""
    A condition holds for every record in which its fields are filled, so it tests nothing. `kind != 'a' or
    kind != 'b'` is the usual slip: one of the two always differs.
    ~~~yaml bad
    form: order
    fields: {kind: {type: choice, options: [a, b, c]}}
    list: {views: {some: {where: kind != 'a' or kind != 'b'}}}
    ~~~
    ~~~yaml good
    form: order
    fields: {kind: {type: choice, options: [a, b, c]}}
    list: {views: {some: {where: kind != 'a' and kind != 'b'}}}
    ~~~""",
    zh="只要字段有值，这个条件总是成立，等于没有检查。常见的笔误是 `kind != 'a' or kind != 'b'`：总有一个不相等。",
)

# What a text must hold to compare or join anything.
_COMPARES = re.compile(r"[<=>]|\b(?:and|or|in)\b")
_JOINING = (BinaryOperator.AND, BinaryOperator.OR)
_COMPARING = frozenset(
    {
        BinaryOperator.EQUAL,
        BinaryOperator.NOT_EQUAL,
        BinaryOperator.LESS,
        BinaryOperator.AT_MOST,
        BinaryOperator.GREATER,
        BinaryOperator.AT_LEAST,
        BinaryOperator.IN,
    }
)


def check_comparisons(linting: Linting) -> None:
    """Report every smallest condition that never or always holds."""
    for read in linting.usage.expressions:
        for condition, code in doubtful_conditions(read.expression) if _COMPARES.search(read.text) else ():
            span = _span(read, condition)
            if code is NEVER_HOLDS:
                headline = label(zh="这个条件永远不成立", en="this condition can never hold")
            else:
                headline = label(zh="这个条件总是成立", en="this condition always holds")
            linting.report(code, span, headline)


def doubtful_conditions(expression: Expression) -> list[tuple[Expression, Code]]:
    """Return every smallest condition in an expression that never or always holds, and which of both."""
    if isinstance(expression, Get | Root | Literal):
        return []
    found = [each for child in children(expression) for each in doubtful_conditions(child)]
    if not found and _is_condition(expression):
        code = _verdict_of(expression)
        if code is not None:
            found.append((expression, code))
    return found


def _is_condition(expression: Expression) -> bool:
    """Whether something could be wrong with a condition. A plain comparison is right but for its places."""
    match expression:
        case Binary(operator=operator) if operator in _JOINING:
            return True
        case Binary(operator=operator, left=left, right=right) if operator in _COMPARING:
            return any(isinstance(side, Literal | Items) for side in (left, right))
        case _:
            return False


def _verdict_of(condition: Expression) -> Code | None:
    """Return the verdict, which for one value compared with a literal does not depend on whose value it is."""
    match condition:
        case Binary(operator=operator, left=Get(type=kind) | Root(type=kind), right=Literal() as literal):
            return _verdict_of_one(operator, kind, literal)
        case Binary(operator=operator) if operator in _JOINING and not _speaks_twice(condition):
            # Parts that are right by themselves and speak of different things exclude nothing.
            return None
        case _:
            return _verdict(condition)


def _speaks_twice(condition: Expression) -> bool:
    """Whether two parts of a condition may speak of the same, judged by the last word of its name."""
    seen: set[str] = set()
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Get | Root):
            waiting += children(node)
            continue
        name = node.field if isinstance(node, Get) else node.name
        if name in seen:
            return True
        seen.add(name)
        if isinstance(node, Get) and not isinstance(node.base, Root):
            waiting.append(node.base)
    return False


@lru_cache(maxsize=4096)
def _verdict_of_one(operator: BinaryOperator, kind: Type, literal: Literal) -> Code | None:
    anybody = Get(Root("value", kind), "value", kind)
    return _verdict(Binary(operator, anybody, literal, Boolean()))


def _verdict(condition: Expression) -> Code | None:
    try:
        widest = WIDEST.region(condition)
        if not widest.boxes:
            return NEVER_HOLDS
        narrowest, failing = NARROWEST.region(condition), WIDEST.region(condition, truth=False)
        every = _every(narrowest, failing)
        return ALWAYS_HOLDS if every and not EVERYWHERE.minus(narrowest, every).boxes else None
    except TooManyBoxesError:
        return None


def _every(*regions: Region) -> Mapping[Expression, Values]:
    """Return all values of what is spoken of; the empty one only where the condition speaks of it too."""
    found = {name: domain_in(name).every for name in names_in(regions)}
    for region in regions:
        for box in region.boxes:
            for name, values in box.sides.items():
                if values.has_empty:
                    found[name] = Values(found[name].ranges, has_empty=True)
    return found


def _span(read: ReadExpression, condition: Expression) -> Span:
    """Return where a part of an expression stands; the whole where that cannot be told."""
    if condition is read.expression or isinstance(read.expression, Template):
        return read.span
    syntax = parse(read.text).syntax
    found = None if syntax is None else _beside(syntax, read.expression, condition)
    if found is None:
        return read.span
    return read.node.part(read.start + found.start, read.start + found.end)


def _beside(syntax: Syntax, expression: Expression, wanted: Expression) -> Syntax | None:
    """Walk the text's tree beside the typed one, down to a part joined by `and`, `or` and `not`."""
    if expression is wanted:
        return syntax
    match syntax, expression:
        case Infix(left=left, right=right), Binary(operator=operator, left=first, right=second):
            if operator in _JOINING:
                return _beside(left, first, wanted) or _beside(right, second, wanted)
        case Prefix(operand=inner), Unary(operator=UnaryOperator.NOT, operand=operand):
            return _beside(inner, operand, wanted)
        case Infix(operator="not in"), Unary(operator=UnaryOperator.NOT, operand=operand):
            return syntax if operand is wanted else None
    return None
