"""The functions of the language in Python, one entry each.

An operation on an empty value is empty; `coalesce`, `concat` and `replace` are the exceptions. Every
corner is in `docs/reference/expressions.md`.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderkit.model.expressions.evaluation import texts
from orderkit.model.expressions.evaluation.arithmetic import bounded, divide
from orderkit.model.expressions.evaluation.environment import Environment, EvaluationError, Value
from orderkit.model.expressions.evaluation.outside import date_of, datetime_of, number_of, reader_of
from orderkit.model.expressions.evaluation.rmb import rmb_upper
from orderkit.model.expressions.evaluation.units import factor_between, scaled
from orderkit.model.expressions.evaluation.workdays import workdays_between
from orderkit.model.expressions.nodes import Call
from orderkit.model.expressions.types import DIVISION_SCALE, Many, Number
from orderkit.model.values.numbers import EXACT, round_half_up

Evaluator = Callable[[Environment], Value]

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def compiled_call(call: Call, arguments: tuple[Evaluator, ...]) -> Evaluator:
    """Return a call as a function of the environment."""
    name = call.function
    if name == "coalesce":
        return lambda environment: next(
            (value for each in arguments if (value := each(environment)) is not None and value != ""), None
        )
    if name == "concat":
        return lambda environment: texts.joined(
            [texts.plain(each(environment), environment) for each in arguments]
        )
    if name == "replace":
        return _replace(arguments)
    if name == "workdays_between":
        return _workdays(arguments)
    if name in _CLOCK:
        return _CLOCK[name]
    if name in _WITH_ENVIRONMENT or name.startswith("json_"):
        return _on_one(_WITH_ENVIRONMENT.get(name) or reader_of(name, call.type), arguments[0])
    if name == "len" and isinstance(call.arguments[0].type, Many):
        (values,) = arguments
        return lambda environment: len(values(environment) or ())  # type: ignore[arg-type] # a tuple
    if name in ("round", "number"):
        assert isinstance(call.type, Number)
        return _on_one(_SCALED[name](call.type.scale), arguments[0])
    if len(arguments) == 1:
        function = _FUNCTIONS[name]
        return _on_one(lambda value, _: function(value), arguments[0])
    return _on_all(_FUNCTIONS[name], arguments)


def _on_one(function: Callable[[Any, Environment], Value], argument: Evaluator) -> Evaluator:
    def computed(environment: Environment) -> Value:
        value = argument(environment)
        return None if value is None or value == "" else function(value, environment)

    return computed


def _on_all(function: Callable[..., Value], arguments: tuple[Evaluator, ...]) -> Evaluator:
    def computed(environment: Environment) -> Value:
        values = [each(environment) for each in arguments]
        if any(value is None or value == "" for value in values):
            return None
        return function(*values)

    return computed


def _replace(arguments: tuple[Evaluator, ...]) -> Evaluator:
    def replaced(environment: Environment) -> Value:
        text, old, new = (each(environment) for each in arguments)
        if text is None or not isinstance(text, str):
            return None
        # Replacing by nothing is meant as such; nothing to look for changes nothing.
        return texts.replaced(text, str(old), str(new or "")) if old else text or None

    return replaced


def _workdays(arguments: tuple[Evaluator, ...]) -> Evaluator:
    def counted(environment: Environment) -> Value:
        start, end = (each(environment) for each in arguments)
        if not isinstance(start, date) or not isinstance(end, date):
            return None
        return workdays_between(start, end, environment.calendar)

    return counted


def converted(quantity: Any, source: str, target: str) -> Value:
    """Return a quantity in another unit, half-up to six places; empty between units of different kinds."""
    factor = factor_between(source, target)
    if factor is None:
        return None
    found = divide(*scaled(quantity, factor))
    return None if found is None else bounded(found, DIVISION_SCALE)


def _round(scale: int) -> Callable[[Any, Environment], Value]:
    return lambda value, _: bounded(round_half_up(value, scale), scale)


def _number(scale: int) -> Callable[[Any, Environment], Value]:
    def number(value: Any, _: Environment) -> Value:
        if isinstance(value, timedelta):
            return Decimal(int(value.total_seconds()))
        return number_of(value, scale)

    return number


def _date(value: Any, environment: Environment) -> Value:
    return texts.clock_of(value, environment).date() if isinstance(value, datetime) else date_of(value)


def _datetime(value: Any, environment: Environment) -> Value:
    if not isinstance(value, date):
        return datetime_of(value, environment)
    try:
        return datetime.combine(value, time(), environment.timezone).astimezone(UTC)
    except OverflowError as cause:
        raise _out_of_range() from cause


def add_months(day: date, months: int) -> date:
    """Return the day some months later; past the end of a month it is its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shifted(shift: Callable[[date, int], date]) -> Callable[[Any, Any], Value]:
    def shifted(day: Any, count: Any) -> Value:
        try:
            return shift(day, int(count))
        except (OverflowError, ValueError) as cause:
            raise _out_of_range() from cause

    return shifted


def _out_of_range() -> EvaluationError:
    return EvaluationError(texts.OUT_OF_RANGE)


_CLOCK: Mapping[str, Evaluator] = {
    "today": lambda environment: environment.today,
    "now": lambda environment: environment.now,
}
_WITH_ENVIRONMENT: Mapping[str, Callable[[Any, Environment], Value]] = {
    "date": _date,
    "datetime": _datetime,
    "text": texts.plain,
}
_SCALED = {"round": _round, "number": _number}
_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "abs": EXACT.abs,
    "least": min,
    "greatest": max,
    "len": len,
    "lower": lambda text: text.translate(_ASCII_LOWER),
    "upper": lambda text: text.translate(_ASCII_UPPER),
    "trim": lambda text: text.strip(" ") or None,
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "days_between": lambda start, end: (end - start).days,
    "add_days": _shifted(lambda day, count: day + timedelta(days=count)),
    "add_months": _shifted(add_months),
    "convert": converted,
    "rmb_upper": rmb_upper,
}
