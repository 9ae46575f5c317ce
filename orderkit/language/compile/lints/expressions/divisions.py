"""Lints over divisions: by a zero that is written there, or by what may be zero where a value is demanded."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.reasoning.conditions import WIDEST
from orderkit.language.compile.lints.reasoning.regions import TooManyBoxesError, where
from orderkit.language.compile.lints.reasoning.showing import expression_shown
from orderkit.language.compile.lints.reasoning.values import one_of
from orderkit.language.expressions import parse
from orderkit.language.expressions.syntax.tree import Infix, Syntax
from orderkit.language.expressions.syntax.tree import children as parts_of
from orderkit.language.findings import WARNING, Code, Span
from orderkit.language.spec.mentions import ReadExpression
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Get,
    IfElse,
    Literal,
    Root,
)
from orderkit.model.expressions.tree import children, walk
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label

DIVIDES_BY_ZERO = Code(
    "OK3212",
    "divides-by-zero",
    WARNING,
    since="0.1",
    explain="""
    An expression divides by a zero that is written there. The result is always empty.
    ~~~yaml bad
    form: order
    fields: {qty: {type: integer}, half: {type: decimal, scale: 2, compute: qty / 0}}
    ~~~
    ~~~yaml good
    form: order
    fields: {qty: {type: integer}, half: {type: decimal, scale: 2, compute: qty / 2}}
    ~~~""",
    zh="表达式除以写明的 0，结果永远为空。",
)
MAY_DIVIDE_BY_ZERO = Code(
    "OK3213",
    "may-divide-by-zero",
    WARNING,
    since="0.1",
    explain="""
    A required field is worked out by a division whose divisor may be zero or empty. Then the field is
    empty, and the record is refused. Elsewhere an empty result is what `x / 0` means, and nothing is said.
    ~~~yaml bad
    form: order
    fields:
      total: {type: money, required: true}
      qty: {type: integer, required: true}
      each: {type: money, required: true, compute: total / qty}
    ~~~
    ~~~yaml good
    form: order
    fields:
      total: {type: money, required: true}
      qty: {type: integer, required: true}
      each: {type: money, required: true, compute: total / qty if qty != 0 else total}
    ~~~""",
    zh="必填字段由除法算出，而除数可能为零或为空；那时字段为空，单据会被拒绝。其它地方 `x / 0` 的结果就是空，不作提示。",
)

# What a text must hold to divide anything.
_DIVIDES = re.compile("[/%]")
_DIVIDING = (BinaryOperator.DIVIDE, BinaryOperator.REMAINDER)


def check_divisions(linting: Linting) -> None:
    """Report divisions by zero, and those that may be where the result is demanded."""
    for read in linting.usage.expressions:
        for node in walk(read.expression) if _DIVIDES.search(read.text) else ():
            if isinstance(node, Binary) and divides_by_zero(node):
                linting.report(
                    DIVIDES_BY_ZERO,
                    _span(read, node),
                    label(zh="除以零，结果永远为空", en="this divides by zero, so it is always empty"),
                )
    for form in linting.project.forms:
        for field in form.fields:
            derived = field.compute or field.virtual or field.copy or field.default
            if field.required and derived is not None:
                _check_field(linting, form, derived)


def divides_by_zero(node: Expression) -> bool:
    """Whether a node is a division by a zero that is written there."""
    return isinstance(node, Binary) and _divides(node) and _is_zero(node.right)


def _divides(node: Expression) -> bool:
    return isinstance(node, Binary) and node.operator in _DIVIDING


def _is_zero(divisor: Expression) -> bool:
    return isinstance(divisor, Literal) and divisor.value == 0


def _check_field(linting: Linting, form: Form, expression: Expression) -> None:
    read = linting.usage.place_of(expression)
    if read is None:
        return
    for node, tests in _divisions(expression, ()):
        divisor = _divisor(node.right)
        if divisor is not None and _may_be_zero(linting.project.form_by_id, divisor, tests):
            shown = expression_shown(divisor)
            linting.report(
                MAY_DIVIDE_BY_ZERO,
                _span(read, node),
                label(
                    zh=f"`{shown}` 可能为零或为空，必填字段就会是空的",
                    en=f"`{shown}` may be zero or empty, and then this required field of `{form.id}` is",
                ),
                label(zh=f"写成 `… if {shown} != 0 else …`", en=f"write `… if {shown} != 0 else …`"),
            )


def _divisions(
    expression: Expression, tests: tuple[Expression, ...]
) -> Iterator[tuple[Binary, tuple[Expression, ...]]]:
    """Yield the divisions with the tests that hold where they are evaluated."""
    if isinstance(expression, IfElse):
        yield from _divisions(expression.test, tests)
        yield from _divisions(expression.then, (*tests, expression.test))
        yield from _divisions(expression.otherwise, tests)
        return
    if isinstance(expression, Call) and expression.function == "coalesce":
        # What follows stands in for an empty result.
        expression = expression.arguments[-1]
    if isinstance(expression, Binary) and expression.operator in _DIVIDING:
        yield expression, tests
    for child in children(expression):
        yield from _divisions(child, tests)


def _divisor(expression: Expression) -> Get | None:
    """Return the field that is divided by; of anything else nothing certain can be said."""
    match expression:
        case Get(base=Root(type=Record()), type=Number()):
            return expression
        case Call(function="coalesce", arguments=(Get() as inner, Literal(value=0 | Decimal()))):
            return inner if isinstance(inner.type, Number) and isinstance(inner.base, Root) else None
        case _:
            return None


def _may_be_zero(forms: Mapping[str, Form], divisor: Get, tests: tuple[Expression, ...]) -> bool:
    assert isinstance(divisor.base.type, Record)
    form = forms.get(divisor.base.type.form)
    field = None if form is None else form.by_id.get(divisor.field)
    if field is None or _excludes_zero(field):
        return False
    here = where(divisor, one_of([0]))
    try:
        for test in tests:
            here &= WIDEST.region(test)
    except TooManyBoxesError:
        return False
    return bool(here.boxes)


def _excludes_zero(field: Field) -> bool:
    """Whether the field's own rules keep zero, and the empty value, out."""
    if not field.required:
        return False
    least, most = getattr(field.options, "min", None), getattr(field.options, "max", None)
    if (least is not None and least > 0) or (most is not None and most < 0):
        return True
    return any(keeps_zero_out(check.that) for check in field.checks)


def keeps_zero_out(condition: Expression) -> bool:
    """Whether the `check` of a field does not hold for zero."""
    region = WIDEST.region(condition)
    return not any(
        all(0 in values for name, values in box.sides.items() if isinstance(name, Root))
        for box in region.boxes
    )


def _span(read: ReadExpression, division: Binary) -> Span:
    """Return where a division stands: divisions come in the same order in the text as in the tree."""
    syntax = parse(read.text).syntax
    written = [] if syntax is None else list(_written(syntax))
    typed = [node for node in walk(read.expression) if _divides(node)]
    if len(written) != len(typed):
        return read.span
    place = written[next(index for index, node in enumerate(typed) if node is division)]
    return read.node.part(read.start + place.start, read.start + place.end)


def _written(syntax: Syntax) -> Iterator[Infix]:
    if isinstance(syntax, Infix) and syntax.operator in ("/", "%"):
        yield syntax
    for part in parts_of(syntax):
        yield from _written(part)
