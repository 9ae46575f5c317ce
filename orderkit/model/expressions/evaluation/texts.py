"""Values as text: `text(…)` and `concat(…)` plainly, templates and titles as people read them.

Plain text is the same for every reader, so that it may be stored; a template prints labels and
titles. For lists and forms, see field types.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from orderkit.model.expressions.evaluation.environment import PLAIN, Environment, EvaluationError, Value
from orderkit.model.expressions.evaluation.spans import plain_span
from orderkit.model.expressions.nodes import Expression, Get, Template
from orderkit.model.expressions.types import Address, Choice, Number, Record
from orderkit.model.labels import label
from orderkit.model.values.numbers import EXACT, plain_text, round_half_up

DATE_FORMAT, INSTANT_FORMAT, PLAIN_INSTANT_FORMAT = "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"

MAX_CHARACTERS = 1_000_000
OUT_OF_RANGE = label(zh="日期超出范围", en="the date is out of range")
_TOO_LONG = label(
    zh=f"文本太长：最多 {MAX_CHARACTERS:,} 个字符",
    en=f"the text is too long: at most {MAX_CHARACTERS:,} characters",
)
TIME_FORMAT = "%H:%M"
_LETTER = re.compile(r"%.", re.DOTALL)

Evaluator = Callable[[Environment], Value]
Printer = Callable[[Environment], str]


def joined(parts: Sequence[str]) -> str | None:
    """Return the texts in one; nothing is empty. Raises EvaluationError where it would be too long."""
    if sum(map(len, parts)) > MAX_CHARACTERS:
        raise EvaluationError(_TOO_LONG)
    return "".join(parts) or None


def replaced(text: str, old: str, new: str) -> str | None:
    """Return the text with every `old` (not empty) replaced. Raises EvaluationError where it would be too long."""
    if len(new) > len(old) and len(text) + text.count(old) * (len(new) - len(old)) > MAX_CHARACTERS:
        raise EvaluationError(_TOO_LONG)
    return text.replace(old, new) or None


def clock_of(instant: datetime, environment: Environment) -> datetime:
    """Return an instant on the clock of the project's zone. Raises EvaluationError at the ends of time."""
    try:
        return instant.astimezone(environment.timezone)
    except OverflowError as cause:
        raise EvaluationError(OUT_OF_RANGE) from cause


def plain(value: Value, environment: Environment) -> str:
    """Return a value as text that programs read: a choice by its value, a number without needless zeros."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return plain_text(value)
        case datetime():
            return formatted(clock_of(value, environment), PLAIN_INSTANT_FORMAT)
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("seconds")
        case timedelta():
            return plain_span(value)
        case _:
            return str(value)


def formatted(moment: date, pattern: str) -> str:
    """Return a day, or a day with time, by a pattern of strftime; years always have four digits."""
    # What the C library does with years below 1000 differs between machines.
    years = {"%Y": f"{moment.year:04}", "%G": f"{moment.isocalendar().year:04}"}

    def part(found: re.Match[str]) -> str:
        return years.get(found[0]) or moment.strftime(found[0])

    # Letter by letter, for the library of Windows takes no Chinese characters between them.
    return _LETTER.sub(part, pattern)


def compiled_template(template: Template, compiled: Callable[[Expression], Evaluator]) -> Evaluator:
    """Return a template as a function; an empty text is empty."""
    printers = tuple(
        _fixed(part.text) if part.expression is None else _printer(part.expression, compiled, part.format)
        for part in template.parts
    )
    return lambda environment: joined([each(environment) for each in printers])


def _printer(expression: Expression, compiled: Callable[[Expression], Evaluator], pattern: str) -> Printer:
    value = compiled(expression)
    match expression:
        case Get(base=base, field=name, type=Choice()) if isinstance(base.type, Record):
            form = base.type.form
            return lambda environment: _label(environment, form, name, value(environment))
        case Get(type=Number(is_ratio=True)):
            return lambda environment: _percent(value(environment))
        case Get(type=Number(scale=scale, currency=str())):
            return lambda environment: _amount(value(environment), scale)
        case _ if isinstance(expression.type, Address):
            return lambda environment: _address(value(environment))
        case _:
            record_form = expression.type.form if isinstance(expression.type, Record) else ""
            return lambda environment: _printed(value(environment), environment, pattern, record_form)


def _printed(value: Value, environment: Environment, pattern: str, form: str) -> str:
    if value is not None and not isinstance(value, PLAIN):
        return environment.store.title(value.form, value.id)
    if form and isinstance(value, int):
        return environment.store.title(form, value)
    match value:
        case bool():
            return environment.yes_no[0 if value else 1]
        case datetime():
            return formatted(clock_of(value, environment), pattern or INSTANT_FORMAT)
        case date():
            return formatted(value, pattern or DATE_FORMAT)
        case time():
            return value.strftime(TIME_FORMAT)
        case _:
            return plain(value, environment)


def _amount(value: Value, scale: int) -> str:
    return format(round_half_up(value, scale), "f") if isinstance(value, int | Decimal) else ""


def _address(value: Value) -> str:
    """Return an address in one line; a municipality, which is its own city, is named once."""
    province, _, rest = value.partition("|") if isinstance(value, str) else ("", "", "")
    return ("" if rest.startswith(f"{province}|") else province) + rest.replace("|", "")


def _percent(value: Value) -> str:
    return f"{plain_text(EXACT.multiply(value, 100))}%" if isinstance(value, int | Decimal) else ""


def _label(environment: Environment, form: str, field: str, value: Value) -> str:
    return environment.choice_label(form, field, value) if isinstance(value, str) else ""


def _fixed(text: str) -> Printer:
    return lambda _: text
