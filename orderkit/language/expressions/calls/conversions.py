"""Checks `date()`, `datetime()`, `text()` and `number()`: literals are read at once, with their problems."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orderkit.language.expressions.calls.arguments import counted, places_of
from orderkit.language.expressions.fitting import fitted
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.problems import WRONG_LITERAL, WRONG_TYPE
from orderkit.language.expressions.syntax.tree import CallSyntax, Syntax
from orderkit.model.expressions.evaluation import Environment, EvaluationError
from orderkit.model.expressions.evaluation.outside import date_of, datetime_of
from orderkit.model.expressions.nodes import Call, Expression, Literal
from orderkit.model.expressions.types import (
    DIVISION_SCALE,
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    Json,
    Nothing,
    Number,
    Record,
    Text,
    Time,
    Type,
)
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker


def to_date(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `date(x)`."""
    return _moment(checker, syntax, Date(), (Text, Choice, DateTime, Date))


def to_datetime(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `datetime(x)`."""
    return _moment(checker, syntax, DateTime(), (Text, Choice, DateTime, Date))


def _moment(
    checker: "Checker", syntax: CallSyntax, kind: Date | DateTime, allowed: tuple[type, ...]
) -> Expression | None:
    if not counted(checker, syntax, 1, 1):
        return None
    (argument,) = syntax.arguments
    value = checker.check(argument)
    if value is None:
        return None
    if isinstance(value, Literal) and isinstance(value.value, str):
        return _moment_literal(checker, argument, value.value, kind)
    if isinstance(value.type, Nothing | Json):
        return fitted(checker, argument, value, kind)
    if value.type == kind:
        return value
    if not isinstance(value.type, allowed):
        _does_not_take(checker, syntax, argument, value.type)
        return None
    return Call(syntax.function, (value,), kind)


def _moment_literal(
    checker: "Checker", argument: Syntax, text: str, kind: Date | DateTime
) -> Expression | None:
    try:
        if isinstance(kind, Date):
            return Literal(date_of(text), kind)
        return Literal(datetime_of(text, Environment(timezone=ZoneInfo(checker.scope.timezone))), kind)
    except EvaluationError:
        is_date = isinstance(kind, Date)
        checker.report(
            argument.start,
            argument.end,
            WRONG_LITERAL,
            label(zh=f"`{text}` 不是日期", en=f"`{text}` is not a date")
            if is_date
            else label(zh=f"`{text}` 不是日期时间", en=f"`{text}` is not a date and time"),
            label(zh="例如 `2026-03-01`", en="such as `2026-03-01`")
            if is_date
            else label(zh="例如 `2026-03-01 08:30`", en="such as `2026-03-01 08:30`"),
        )
        return None


def to_text(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `text(x)`."""
    if not counted(checker, syntax, 1, 1):
        return None
    (argument,) = syntax.arguments
    value = checker.check(argument)
    if value is None:
        return None
    if isinstance(value.type, Nothing | Json):
        return fitted(checker, argument, value, Text())
    if not isinstance(value.type, Text | Choice | Number | Boolean | Date | DateTime | Time | Duration):
        help_ = (
            label(zh="写出它的一个字段，例如 `.name`", en="name one of its fields, such as `.name`")
            if isinstance(value.type, Record)
            else None
        )
        _does_not_take(checker, syntax, argument, value.type, help_)
        return None
    return value if isinstance(value.type, Text) else Call("text", (value,), Text())


def to_number(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `number(x)` and `number(x, places)`."""
    if not counted(checker, syntax, 1, 2):
        return None
    value = checker.check(syntax.arguments[0])
    scale = places_of(checker, syntax.arguments[1]) if len(syntax.arguments) == 2 else DIVISION_SCALE
    if value is None or scale is None:
        return None
    if isinstance(value.type, Nothing | Json):
        return fitted(checker, syntax.arguments[0], value, Number(scale))
    if isinstance(value.type, Number):
        return Call("round", (value, Literal(scale, Number())), Number(scale))
    if not isinstance(value.type, Text | Choice | Duration):
        _does_not_take(checker, syntax, syntax.arguments[0], value.type)
        return None
    return Call("number", (value,), Number(scale))


def _does_not_take(
    checker: "Checker", syntax: CallSyntax, argument: Syntax, kind: Type, help_: Label | None = None
) -> None:
    name = type_name(kind)
    checker.report(
        argument.start,
        argument.end,
        WRONG_TYPE,
        label(
            zh=f"`{syntax.function}` 不能用于{name['zh']}",
            en=f"`{syntax.function}` does not take {name['en']}",
        ),
        help_,
    )
