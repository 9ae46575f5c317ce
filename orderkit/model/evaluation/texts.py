"""Values as text: `text(…)` and `concat(…)` plainly, templates and titles as people read them.

Plain text is the same for every reader, so that it may be stored; a template prints labels and
titles. For lists and forms, see field types.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from orderkit.model.evaluation.environment import PLAIN, Environment, Value
from orderkit.model.expressions import Expression, Get, Template
from orderkit.model.numbers import EXACT, plain_text, round_half_up
from orderkit.model.types import Choice, Number, Record

DATE_FORMAT, INSTANT_FORMAT, PLAIN_INSTANT_FORMAT = "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"

Evaluator = Callable[[Environment], Value]
Printer = Callable[[Environment], str]


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
            return value.astimezone(environment.timezone).strftime(PLAIN_INSTANT_FORMAT)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def compiled_template(template: Template, compiled: Callable[[Expression], Evaluator]) -> Evaluator:
    """Return a template as a function; an empty text is empty."""
    printers = tuple(
        _fixed(part.text) if part.expression is None else _printer(part.expression, compiled, part.format)
        for part in template.parts
    )
    return lambda environment: "".join(each(environment) for each in printers) or None


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
            return value.astimezone(environment.timezone).strftime(pattern or INSTANT_FORMAT)
        case date():
            return value.strftime(pattern or DATE_FORMAT)
        case _:
            return plain(value, environment)


def _amount(value: Value, scale: int) -> str:
    return format(round_half_up(value, scale), "f") if isinstance(value, int | Decimal) else ""


def _percent(value: Value) -> str:
    return f"{plain_text(EXACT.multiply(value, 100))}%" if isinstance(value, int | Decimal) else ""


def _label(environment: Environment, form: str, field: str, value: Value) -> str:
    return environment.choice_label(form, field, value) if isinstance(value, str) else ""


def _fixed(text: str) -> Printer:
    return lambda _: text
