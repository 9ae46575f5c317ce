"""Checks operators: what their sides must be, and the type of the result."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orderkit.language.expressions.calls import aggregates
from orderkit.language.expressions.fitting import READABLE, converted
from orderkit.language.expressions.kinship import (
    ORDERED,
    CurrenciesDifferError,
    common_currency,
    common_type,
    type_name,
)
from orderkit.language.expressions.problems import (
    MIXED_CURRENCIES,
    TOO_MANY_PLACES,
    WRONG_TYPE,
)
from orderkit.language.expressions.syntax.tree import Constant, Infix, ListSyntax, Prefix, Syntax, path_of
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Expression,
    IsEmpty,
    Literal,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.types import (
    DIVISION_SCALE,
    Boolean,
    Choice,
    Date,
    DateTime,
    Json,
    ListOf,
    Many,
    Nothing,
    Number,
    Record,
    Text,
    Type,
)
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker

MAX_PLACES = 24
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
_LOGICAL = frozenset({"and", "or"})
_EQUALITY = frozenset({"==", "!="})
_AS_TEXT = label(
    zh="外部数据里只有文本、数字和是/否，先用 `text(…)` 转换",
    en="outside data has texts, numbers and truths: convert the other side with `text(…)`",
)


def prefix(checker: "Checker", syntax: Prefix) -> Expression | None:
    """Check `-x` and `not x`."""
    if syntax.operator == "not":
        operand = checker.check_as(syntax.operand, Boolean())
        return None if operand is None else Unary(UnaryOperator.NOT, operand, Boolean())
    operand = checker.check_as(syntax.operand, Number())
    if operand is None:
        return None
    if isinstance(operand, Literal) and isinstance(operand.value, int) and operand.value is not None:
        return Literal(-operand.value, operand.type)
    return Unary(UnaryOperator.NEGATE, operand, operand.type)


def infix(checker: "Checker", syntax: Infix, hint: Type | None) -> Expression | None:
    """Check an operation on two sides."""
    if syntax.operator in _LOGICAL:
        left = checker.check_as(syntax.left, Boolean())
        right = checker.check_as(syntax.right, Boolean())
        if left is None or right is None:
            return None
        return Binary(BinaryOperator(syntax.operator), left, right, Boolean())
    if syntax.operator in ("in", "not in"):
        return membership(checker, syntax)
    if syntax.operator in _ARITHMETIC:
        return arithmetic(checker, syntax, hint)
    return comparison(checker, syntax)


def comparison(checker: "Checker", syntax: Infix) -> Expression | None:
    """Check `== != < <= > >=`."""
    is_equality = syntax.operator in _EQUALITY
    sides = two_sides(checker, syntax.left, syntax.right)
    if sides is None:
        return None
    left, right = sides
    if isinstance(left.type, Nothing) or isinstance(right.type, Nothing):
        if is_equality:
            tested = IsEmpty(left if isinstance(right.type, Nothing) else right)
            return tested if syntax.operator == "==" else Unary(UnaryOperator.NOT, tested, Boolean())
        wrong_sides(
            checker, syntax, left, right, label(zh="测试是否为空写 `x == null`", en="test with `x == null`")
        )
        return None
    common = common_of(checker, syntax, left, right)
    if common is None:
        return None
    if not is_equality and not isinstance(common, ORDERED):
        help_ = (
            label(zh="先用 `number(…)` 或 `date(…)` 转换", en="convert it with `number(…)` or `date(…)`")
            if isinstance(common, Text | Choice | Json)
            else None
        )
        wrong_sides(checker, syntax, left, right, help_)
        return None
    # Outside data on both sides is compared as texts.
    common = Text() if isinstance(common, Json) else common
    return Binary(BinaryOperator(syntax.operator), outside(left, common), outside(right, common), Boolean())


def membership(checker: "Checker", syntax: Infix) -> Expression | None:
    """Check `in` and `not in`: a list, outside data, or a field of rows."""
    over = aggregates.membership(checker, syntax)
    if over is not None:
        found = over.expression
    else:
        sides = two_sides(checker, syntax.left, syntax.right)
        if sides is None:
            return None
        left, right = sides
        if isinstance(right.type, Json):
            is_findable = isinstance(left.type, Text | Choice | Number | Boolean | Nothing | Json)
            if not is_findable and not right.type.is_broken:
                wrong_sides(checker, syntax, left, right, _AS_TEXT)
                return None
            found = Binary(BinaryOperator.IN, outside(left, Text()), right, Boolean())
        elif not isinstance(right.type, ListOf | Many):
            checker.report(
                syntax.right.start,
                syntax.right.end,
                WRONG_TYPE,
                label(
                    zh=f"`in` 右边要列表，这里是{type_name(right.type)['zh']}",
                    en=f"`in` takes a list, and this is {type_name(right.type)['en']}",
                ),
                label(zh="写成 `x in ['a', 'b']`", en="write `x in ['a', 'b']`"),
            )
            return None
        else:
            common = common_of(checker, syntax, left, right, right.type.of)
            if common is None:
                return None
            found = Binary(BinaryOperator.IN, outside(left, common), right, Boolean())
    if found is None or syntax.operator == "in":
        return found
    return Unary(UnaryOperator.NOT, found, Boolean())


def arithmetic(checker: "Checker", syntax: Infix, hint: Type | None) -> Expression | None:
    """Check `+ - * / %`. `+` joins texts too."""
    wanted = hint if isinstance(hint, Text) else None
    left, right = checker.check(syntax.left, wanted), checker.check(syntax.right, wanted)
    if left is None or right is None:
        return None
    kinds = (left.type, right.type)
    if syntax.operator == "+" and any(isinstance(kind, Text | Choice) for kind in kinds):
        if all(isinstance(kind, Text | Choice | Json) for kind in kinds):
            return Binary(BinaryOperator.ADD, outside(left, Text()), outside(right, Text()), Text())
        wrong_sides(
            checker,
            syntax,
            left,
            right,
            label(zh="数字先用 `text(…)` 转换", en="convert the other side with `text(…)`"),
        )
        return None
    left, right = outside(left, Number()), outside(right, Number())
    if not isinstance(left.type, Number) or not isinstance(right.type, Number):
        wrong_sides(checker, syntax, left, right, help_for_dates(left.type, right.type))
        return None
    kind = result(checker, syntax, left.type, right.type)
    return None if kind is None else Binary(BinaryOperator(syntax.operator), left, right, kind)


def result(checker: "Checker", syntax: Infix, left: Number, right: Number) -> Number | None:
    """Return the type of an arithmetic result, places and currency worked out."""
    match syntax.operator:
        case "*":
            scale = left.scale + right.scale
            if scale > MAX_PLACES:
                checker.report(
                    syntax.start,
                    syntax.end,
                    TOO_MANY_PLACES,
                    label(
                        zh=f"乘积可能有 {scale} 位小数，最多 {MAX_PLACES} 位",
                        en=f"the product can have {scale} decimal places, more than {MAX_PLACES}",
                    ),
                    label(zh="先用 `round(…)` 舍入一部分", en="round a part of it with `round(…)`"),
                )
                return None
            return Number(scale, left.currency or right.currency, left.is_ratio and right.is_ratio)
        case "/":
            is_same = left.currency is not None and left.currency == right.currency
            return Number(DIVISION_SCALE, None if is_same else left.currency)
        case _:
            try:
                currency = common_currency(left, right)
            except CurrenciesDifferError:
                currencies_differ(checker, syntax, left, right)
                return None
            return Number(max(left.scale, right.scale), currency, left.is_ratio and right.is_ratio)


def alike(
    checker: "Checker", parts: Sequence[Syntax], hint: Type | None
) -> tuple[tuple[Expression, ...], Type] | None:
    """Check parts that must be of one type: branches, items, arguments of `coalesce`."""
    if hint is None:
        hint = path_hint(checker, parts)
    found = [checker.check(part, hint) for part in parts]
    kind: Type = Nothing()
    kept: list[Expression] = []
    for part, each in zip(parts, found, strict=True):
        if each is None:
            continue
        try:
            common = common_with_outside(kind, each.type)
        except CurrenciesDifferError:
            checker.report(
                part.start,
                part.end,
                MIXED_CURRENCIES,
                label(zh="币种不同", en="the currencies differ"),
            )
            return None
        if common is None:
            before, this = type_name(kind), type_name(each.type)
            checker.report(
                part.start,
                part.end,
                WRONG_TYPE,
                label(
                    zh=f"这里是{this['zh']}，前面是{before['zh']}",
                    en=f"this is {this['en']}, but before it stands {before['en']}",
                ),
            )
            return None
        kind = common
        kept.append(each)
    if len(kept) < len(found):
        return None
    return tuple(as_type(each, kind) for each in kept), kind


def path_hint(checker: "Checker", parts: Sequence[Syntax]) -> Type | None:
    """Return the choice by which literals among the parts are read: that of the paths among them.

    A text that is no option makes all of them texts: `kind if urgent else 'other'`.
    """
    if not all(path_of(part) or isinstance(part, Constant) for part in parts):
        return None
    before = len(checker.problems)
    # Only paths: looking twice at anything that nests would double at every level.
    found = [checker.check(part) for part in parts if path_of(part)]
    del checker.problems[before:]
    kinds = [each.type for each in found if each is not None]
    if not kinds or not isinstance(kinds[0], Choice) or set(kinds) != {kinds[0]}:
        return None
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    return kinds[0] if all(text in kinds[0].options for text in texts) else None


def two_sides(checker: "Checker", left: Syntax, right: Syntax) -> tuple[Expression, Expression] | None:
    """Check two sides, literals on one read by the type of the other."""
    if isinstance(left, Constant):
        second = checker.check(right)
        hint = second.type if second is not None else None
        first = checker.check(left, hint.of if isinstance(hint, ListOf | Many) else hint)
    else:
        first = checker.check(left)
        hint = first.type if first is not None else None
        second = checker.check(right, ListOf(hint) if hint and isinstance(right, ListSyntax) else hint)
    return None if first is None or second is None else (first, second)


def common_of(
    checker: "Checker", syntax: Infix, left: Expression, right: Expression, kind: Type | None = None
) -> Type | None:
    """Return the type that both sides can be read as, or report that there is none."""
    try:
        common = common_with_outside(left.type, kind or right.type)
    except CurrenciesDifferError:
        currencies_differ(checker, syntax, left.type, kind or right.type)
        return None
    if common is None:
        wrong_sides(checker, syntax, left, right, help_for_types(left.type, kind or right.type))
    return common


def common_with_outside(left: Type, right: Type) -> Type | None:
    """Return the common type, where outside data takes the type of the other side, if it can be read as that."""
    if isinstance(left, Json) and isinstance(right, Json):
        return left
    for data, other in ((left, right), (right, left)):
        if isinstance(data, Json):
            is_readable = isinstance(other, READABLE) or data.is_broken
            return data if isinstance(other, Nothing) else other if is_readable else None
    return common_type(left, right)


def outside(found: Expression, kind: Type) -> Expression:
    """Return outside data read as the type, anything else as it is."""
    return converted(found, kind) if isinstance(found.type, Json) else found


def as_type(found: Expression, kind: Type) -> Expression:
    """Return a null as one of the type, outside data read as the type, anything else as it is."""
    if isinstance(found.type, Nothing) and isinstance(found, Literal):
        return Literal(None, kind)
    return outside(found, kind)


def wrong_sides(
    checker: "Checker", syntax: Infix, left: Expression, right: Expression, help_: Label | None = None
) -> None:
    """Report sides that the operator does not take."""
    first, second = type_name(left.type), type_name(right.type)
    constants = [side for side in (syntax.left, syntax.right) if isinstance(side, Constant)]
    place = constants[0] if len(constants) == 1 else syntax
    checker.report(
        place.start,
        place.end,
        WRONG_TYPE,
        label(
            zh=f"`{syntax.operator}` 不能用于{first['zh']}和{second['zh']}",
            en=f"`{syntax.operator}` does not take {first['en']} and {second['en']}",
        ),
        help_,
    )


def currencies_differ(checker: "Checker", syntax: Infix, left: Type, right: Type) -> None:
    """Report amounts of two currencies."""
    first, second = type_name(left), type_name(right)
    checker.report(
        syntax.start,
        syntax.end,
        MIXED_CURRENCIES,
        label(
            zh=f"{first['zh']}与{second['zh']}不能合在一起",
            en=f"{first['en']} cannot go together with {second['en']}",
        ),
        label(zh="先乘以汇率字段", en="multiply one by an exchange rate that is a plain number"),
    )


def help_for_dates(left: Type, right: Type) -> Label | None:
    """Return which function does what was tried with a date."""
    if isinstance(left, Date | DateTime) and isinstance(right, Number):
        return label(zh="加天数用 `add_days(日期, n)`", en="add days with `add_days(date, n)`")
    if isinstance(left, Date) and isinstance(right, Date):
        return label(zh="相差天数用 `days_between(a, b)`", en="count days with `days_between(a, b)`")
    if isinstance(left, Boolean) or isinstance(right, Boolean):
        return label(zh="写成 `1 if x else 0`", en="write `1 if x else 0`")
    return None


def help_for_types(left: Type, right: Type) -> Label | None:
    """Return how two sides could be made comparable."""
    kinds = (left, right)
    if any(isinstance(kind, Date) for kind in kinds):
        return label(zh="日期写成 `date('2026-03-01')`", en="write a date as `date('2026-03-01')`")
    if any(isinstance(kind, Record) for kind in kinds):
        return label(
            zh="引用只能与同一表单的记录比较，或写出一个字段，例如 `.name`",
            en="a reference compares with records of its form only; or name a field, such as `.name`",
        )
    if any(isinstance(kind, Number) for kind in kinds) and any(isinstance(k, Text | Choice) for k in kinds):
        return label(
            zh="文本用 `number(…)` 转换；数字不加引号",
            en="convert text with `number(…)`; a number has no quotes",
        )
    return None
