"""Checks calls of functions on values: how many arguments, of which types, and what comes out.

Functions that look at rows are in `aggregates`. What each function does in every corner is in
`docs/reference/expressions.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit.language.expressions import quantities
from orderkit.language.expressions.calls import conversions
from orderkit.language.expressions.calls.arguments import counted, places_of
from orderkit.language.expressions.fitting import fitted
from orderkit.language.expressions.kinship import ORDERED, type_name
from orderkit.language.expressions.operators import alike
from orderkit.language.expressions.problems import (
    NOT_HERE,
    NOT_STORABLE,
    UNKNOWN_FUNCTION,
    UNKNOWN_NAME,
    WRONG_ARGUMENTS,
    WRONG_TYPE,
    mended,
)
from orderkit.language.expressions.syntax.tree import CallSyntax, Name, Syntax
from orderkit.language.findings.nearest import did_you_mean
from orderkit.model.expressions.nodes import AggregateFunction, Call, Changed, Expression, Literal
from orderkit.model.expressions.types import (
    Boolean,
    Date,
    DateTime,
    Json,
    Many,
    Number,
    Text,
    Type,
)
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker

_CLOCK = frozenset({"today", "now"})


@dataclass(frozen=True, slots=True)
class Signature:
    """Fixed parameters and a fixed result. A number among the parameters must be whole."""

    parameters: tuple[Type, ...]
    result: Type


_FIXED = {
    "today": Signature((), Date()),
    "now": Signature((), DateTime()),
    "lower": Signature((Text(),), Text()),
    "upper": Signature((Text(),), Text()),
    "trim": Signature((Text(),), Text()),
    "contains": Signature((Text(), Text()), Boolean()),
    "starts_with": Signature((Text(), Text()), Boolean()),
    "ends_with": Signature((Text(), Text()), Boolean()),
    "replace": Signature((Text(), Text(), Text()), Text()),
    "year": Signature((Date(),), Number()),
    "month": Signature((Date(),), Number()),
    "day": Signature((Date(),), Number()),
    "days_between": Signature((Date(), Date()), Number()),
    "workdays_between": Signature((Date(), Date()), Number()),
    "add_days": Signature((Date(), Number()), Date()),
    "add_months": Signature((Date(), Number()), Date()),
}
_CONDITIONAL = label(
    zh="条件写成 `值 if 条件 else 另一个值`", en="write `value if condition else other value`"
)
_DATE_PARTS = frozenset({"year", "month", "day"})


def call(checker: "Checker", syntax: CallSyntax, hint: Type | None) -> Expression | None:
    """Check the call of a function."""
    name = syntax.function
    if name in _CLOCK and checker.scope.is_stored:
        checker.report(
            syntax.start,
            syntax.end,
            NOT_STORABLE,
            label(zh=f"保存的值不能用 `{name}()`", en=f"a stored value cannot use `{name}()`"),
            label(zh="改用 `virtual`，读取时计算", en="use `virtual`, which is evaluated at each read"),
        )
        return None
    if name in _FIXED:
        return _fixed(checker, syntax, _FIXED[name])
    if name in _SPECIAL:
        return _SPECIAL[name](checker, syntax)
    if name in _ALIKE:
        return _ALIKE[name](checker, syntax, hint)
    known = (*NAMES, *AggregateFunction, "find", "balance")
    checker.report(
        syntax.start,
        syntax.name_end,
        UNKNOWN_FUNCTION,
        label(zh=f"没有函数 `{name}`", en=f"there is no function `{name}`"),
        _CONDITIONAL if name.lower() in ("if", "iif", "iff") else did_you_mean(name, known),
        mend=mended(syntax.start, syntax.name_end, name, known),
        candidates=known,
    )
    return None


def _fixed(checker: "Checker", syntax: CallSyntax, signature: Signature) -> Expression | None:
    if not counted(checker, syntax, len(signature.parameters), len(signature.parameters)):
        return None
    found: list[Expression | None] = []
    for argument, parameter in zip(syntax.arguments, signature.parameters, strict=True):
        value = checker.check(argument, parameter)
        if syntax.function in _DATE_PARTS and value is not None and isinstance(value.type, DateTime):
            value = Call("date", (value,), Date())
        value = None if value is None else fitted(checker, argument, value, parameter)
        if value is not None and isinstance(parameter, Number):
            value = _whole(checker, argument, value)
        found.append(value)
    arguments = tuple(each for each in found if each is not None)
    return Call(syntax.function, arguments, signature.result) if len(arguments) == len(found) else None


def _whole(checker: "Checker", syntax: Syntax, value: Expression) -> Expression | None:
    if isinstance(value, Call) and value.function == "json_number":
        return Call("round", (value, Literal(0, Number())), Number())
    if isinstance(value.type, Number) and value.type.scale == 0:
        return value
    checker.report(
        syntax.start,
        syntax.end,
        WRONG_TYPE,
        label(zh="这里要整数", en="a whole number is needed here"),
        label(zh="用 `round(…)` 取整", en="make it whole with `round(…)`"),
    )
    return None


def _len(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `len(text)` and `len(kinds)`; nothing among several values is 0, a text that is empty stays so."""
    if not counted(checker, syntax, 1, 1):
        return None
    (argument,) = syntax.arguments
    value = checker.check(argument, Text())
    if value is not None and not isinstance(value.type, Many):
        value = fitted(checker, argument, value, Text())
    return None if value is None else Call("len", (value,), Number())


def _abs(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    if not counted(checker, syntax, 1, 1):
        return None
    value = checker.check_as(syntax.arguments[0], Number())
    return None if value is None else Call("abs", (value,), value.type)


def _round(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    if not counted(checker, syntax, 1, 2):
        return None
    value = checker.check_as(syntax.arguments[0], Number())
    scale = places_of(checker, syntax.arguments[1]) if len(syntax.arguments) == 2 else 0
    if value is None or scale is None or not isinstance(value.type, Number):
        return None
    kind = Number(scale, value.type.currency, value.type.is_ratio)
    return Call("round", (value, Literal(scale, Number())), kind)


def _ordered(checker: "Checker", syntax: CallSyntax, hint: Type | None) -> Expression | None:
    if not counted(checker, syntax, 2, None):
        return None
    found = alike(checker, syntax.arguments, hint)
    if found is None:
        return None
    arguments, kind = found
    if isinstance(kind, ORDERED):
        return Call(syntax.function, arguments, kind)
    name = type_name(kind)
    help_ = (
        label(zh="先用 `number(…)` 或 `date(…)` 转换", en="convert it with `number(…)` or `date(…)`")
        if isinstance(kind, Text | Json)
        else None
    )
    checker.report(
        syntax.start,
        syntax.end,
        WRONG_TYPE,
        label(zh=f"{name['zh']}没有大小", en=f"{name['en']} has no order"),
        help_,
    )
    return None


def _coalesce(checker: "Checker", syntax: CallSyntax, hint: Type | None) -> Expression | None:
    if not counted(checker, syntax, 2, None):
        return None
    found = alike(checker, syntax.arguments, hint)
    return None if found is None else Call("coalesce", found[0], found[1])


def _concat(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    if not counted(checker, syntax, 1, None):
        return None
    found = [checker.check_as(argument, Text()) for argument in syntax.arguments]
    arguments = tuple(each for each in found if each is not None)
    return Call("concat", arguments, Text()) if len(arguments) == len(found) else None


def _changed(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    if not checker.scope.has_changes:
        checker.report(
            syntax.start,
            syntax.end,
            NOT_HERE,
            label(
                zh="这里没有“改动”，不能用 `changed`",
                en="nothing is being changed here, so `changed` has no meaning",
            ),
            label(
                zh="它用在 `check`、`guard` 和 `when` 里", en="it belongs into a `check`, `guard` or `when`"
            ),
        )
        return None
    if not counted(checker, syntax, 1, 1):
        return None
    (argument,) = syntax.arguments
    implicit = checker.scope.implicit
    form = checker.form_of(implicit.type) if implicit is not None else None
    if form is None:
        return None
    if isinstance(argument, Name) and (argument.name in form.fields or argument.name in form.collections):
        assert implicit is not None
        checker.mention(argument.start, argument.end, implicit.type, argument.name)
        return Changed(argument.name)
    checker.report(
        argument.start,
        argument.end,
        UNKNOWN_NAME if isinstance(argument, Name) else WRONG_ARGUMENTS,
        label(zh="`changed` 要本表单的一个字段", en="`changed` takes a field of this form"),
        did_you_mean(argument.name, form.fields, form.labels) if isinstance(argument, Name) else None,
        mend=mended(argument.start, argument.end, argument.name, form.fields, form.labels)
        if isinstance(argument, Name)
        else None,
        candidates=form.fields,
    )
    return None


_SPECIAL: dict[str, Callable[["Checker", CallSyntax], Expression | None]] = {
    "len": _len,
    "abs": _abs,
    "round": _round,
    "concat": _concat,
    "date": conversions.to_date,
    "datetime": conversions.to_datetime,
    "text": conversions.to_text,
    "number": conversions.to_number,
    "convert": quantities.convert,
    "rmb_upper": quantities.rmb_upper,
    "changed": _changed,
}
_ALIKE: dict[str, Callable[["Checker", CallSyntax, Type | None], Expression | None]] = {
    "least": _ordered,
    "greatest": _ordered,
    "coalesce": _coalesce,
}
NAMES = (*_FIXED, *_SPECIAL, *_ALIKE)
