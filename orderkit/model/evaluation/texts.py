"""Values as text: templates, titles and `text(…)`. For people's eyes in lists and forms, see field types."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from orderkit.model.evaluation.arithmetic import plain_text
from orderkit.model.evaluation.environment import PLAIN, Environment, Value
from orderkit.model.expressions import Expression, Get, Template
from orderkit.model.types import Choice, Record

DATE_FORMAT, INSTANT_FORMAT = "%Y-%m-%d", "%Y-%m-%d %H:%M"

Evaluator = Callable[[Environment], Value]
Printer = Callable[[Environment], str]


def compiled_template(template: Template, compiled: Callable[[Expression], Evaluator]) -> Evaluator:
    """Return a template as a function; an empty text is empty."""
    printers = tuple(
        _fixed(part.text) if part.expression is None else printer(part.expression, compiled, part.format)
        for part in template.parts
    )
    return lambda environment: "".join(each(environment) for each in printers) or None


def printer(
    expression: Expression, compiled: Callable[[Expression], Evaluator], pattern: str = ""
) -> Printer:
    """Return a function that prints the value as a template does; empty prints as nothing."""
    value = compiled(expression)
    match expression:
        case Get(base=base, field=name, type=Choice()) if isinstance(base.type, Record):
            form = base.type.form
            return lambda environment: _label(environment, form, name, value(environment))
        case _:
            record_form = expression.type.form if isinstance(expression.type, Record) else ""
            return lambda environment: printed(value(environment), environment, pattern, record_form)


def printed(value: Value, environment: Environment, pattern: str = "", form: str = "") -> str:
    """Return a value as text. A record prints its title; `form` says whose, where it is an id."""
    if value is not None and not isinstance(value, PLAIN):
        return environment.store.title(value.form, value.id)
    if form and isinstance(value, int):
        return environment.store.title(form, value)
    match value:
        case None:
            return ""
        case bool():
            return environment.yes_no[0 if value else 1]
        case int() | Decimal():
            return plain_text(value)
        case datetime():
            return value.astimezone(environment.timezone).strftime(pattern or INSTANT_FORMAT)
        case date():
            return value.strftime(pattern or DATE_FORMAT)
        case _:
            return str(value)


def _label(environment: Environment, form: str, field: str, value: Value) -> str:
    return environment.choice_label(form, field, value) if isinstance(value, str) else ""


def _fixed(text: str) -> Printer:
    return lambda _: text
