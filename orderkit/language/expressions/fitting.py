"""Whether a value fits the type of its place, and how outside data is converted on the way."""

from typing import Protocol

from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.problems import MIXED_CURRENCIES, WRONG_COLLECTION, WRONG_TYPE
from orderkit.language.expressions.syntax.tree import Syntax
from orderkit.model.codes import Code
from orderkit.model.expressions.nodes import Call, Expression, Literal
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
    Rows,
    Text,
    Type,
)
from orderkit.model.labels import Label, label

READABLE = (Text, Choice, Number, Boolean, Date, DateTime)
"""Types that outside data is read as; what is of another compares with no outside data."""


class Reporter(Protocol):
    """What collects problems."""

    def report(self, start: int, end: int, code: Code, headline: Label, help_: Label | None = None) -> None:
        """Note a problem."""


def fitted(reporter: Reporter, syntax: Syntax, found: Expression, expected: Type) -> Expression | None:
    """Return the expression as a value of the expected type, or None after reporting why not."""
    kind = found.type
    if isinstance(kind, Nothing) and isinstance(found, Literal):
        return Literal(None, expected)
    if isinstance(kind, Nothing | Json):
        return converted(found, expected)
    if fits(kind, expected):
        return found
    if isinstance(kind, Rows):
        code, headline = (
            WRONG_COLLECTION,
            label(zh="这里是多行，要的是一个值", en="these are many rows where one value is needed"),
        )
    elif isinstance(kind, Number) and isinstance(expected, Number):
        code = MIXED_CURRENCIES
        headline = label(
            zh=f"这里是{type_name(kind)['zh']}，要的是{type_name(expected)['zh']}",
            en=f"{type_name(kind)['en']} where {type_name(expected)['en']} is needed",
        )
    else:
        code = WRONG_TYPE
        is_, wanted = type_name(kind), type_name(expected)
        headline = label(
            zh=f"这里是{is_['zh']}，要的是{wanted['zh']}", en=f"this is {is_['en']}, not {wanted['en']}"
        )
    reporter.report(syntax.start, syntax.end, code, headline, conversion(kind, expected))
    return None


def fits(kind: Type, expected: Type) -> bool:
    """Return whether a value of one type may stand where the other is expected."""
    match expected:
        case Json():
            return True
        case Text():
            return isinstance(kind, Text | Choice)
        case Number():
            return isinstance(kind, Number) and (
                kind.currency is None or expected.currency is None or kind.currency == expected.currency
            )
        case Choice(options):
            return isinstance(kind, Text) or (
                isinstance(kind, Choice) and not set(kind.options).isdisjoint(options)
            )
        case Many(of):
            # One value is a list of one.
            given = kind.of if isinstance(kind, Many | ListOf) else kind
            return isinstance(given, Nothing) or fits(given, of)
        case ListOf(of):
            return isinstance(kind, ListOf) and (isinstance(kind.of, Nothing) or fits(kind.of, of))
        case Rows(form):
            return isinstance(kind, Rows) and (not form or kind.form == form)
        case _:
            return kind == expected


def converted(found: Expression, expected: Type) -> Expression:
    """Return outside data read as the expected type; what is not a scalar stays as it is."""
    match expected:
        case Text() | Choice():
            return Call("json_text", (found,), Text())
        case Number():
            scale = max(expected.scale, DIVISION_SCALE)
            return Call("json_number", (found,), Number(scale, expected.currency, expected.is_ratio))
        case Boolean():
            return Call("json_boolean", (found,), Boolean())
        case Date():
            return Call("json_date", (found,), Date())
        case DateTime():
            return Call("json_datetime", (found,), DateTime())
        case _:
            return found


def conversion(kind: Type, expected: Type) -> Label | None:
    """Return how one type is made from another, where a function does it."""
    match kind, expected:
        case Rows(), _:
            return label(
                zh="用 sum、count、min、max、avg、any、all、first 或 last 合起来",
                en="take them together with sum, count, min, max, avg, any, all, first or last",
            )
        case ((Text() | Choice()), Number()):
            return label(zh="用 `number(…)` 转换", en="convert it with `number(…)`")
        case ((Number() | Date() | DateTime() | Boolean()), Text()):
            return label(zh="用 `text(…)` 转换", en="convert it with `text(…)`")
        case ((Text() | DateTime()), Date()):
            return label(zh="用 `date(…)` 转换", en="convert it with `date(…)`")
        case ((Text() | Date()), DateTime()):
            return label(zh="用 `datetime(…)` 转换", en="convert it with `datetime(…)`")
        case Record(), Text():
            return label(zh="写出它的一个字段，例如 `.name`", en="name one of its fields, such as `.name`")
        case Record(), Number():
            return label(zh="记录的编号写成 `.id`", en="write `.id` for the number of a record")
        case _, Boolean():
            return label(
                zh="写成比较，例如 `x > 0` 或 `x != null`",
                en="write a comparison such as `x > 0` or `x != null`",
            )
        case _:
            return None
