"""The functions of the language in Python, one entry each.

An operation on an empty value is empty; `coalesce` and `concat` are the exceptions.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from orderkit.model.evaluation import arithmetic, texts
from orderkit.model.evaluation.environment import Environment, EvaluationError, Value
from orderkit.model.expressions import Call
from orderkit.model.labels import label

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
    if name in {"concat", "text"}:
        return _joined(call, arguments)
    if name == "today":
        return lambda environment: environment.today
    if name == "now":
        return lambda environment: environment.now
    if name == "replace":
        return _replace(arguments)
    if name == "round":
        return _round(arguments)
    if name == "date":
        return lambda environment: _date(arguments[0](environment), environment)
    function = _FUNCTIONS[name]

    def computed(environment: Environment) -> Value:
        values = [each(environment) for each in arguments]
        if any(value is None or value == "" for value in values):
            return None
        return function(*values)

    return computed


def _joined(call: Call, arguments: tuple[Evaluator, ...]) -> Evaluator:
    made = dict(zip(map(id, call.arguments), arguments, strict=True))
    printers = tuple(texts.printer(each, lambda part: made[id(part)]) for each in call.arguments)
    return lambda environment: "".join(each(environment) for each in printers) or None


def _replace(arguments: tuple[Evaluator, ...]) -> Evaluator:
    def replaced(environment: Environment) -> Value:
        text, old, new = (each(environment) for each in arguments)
        if text is None or not isinstance(text, str):
            return None
        # Replacing by nothing is meant as such; nothing to look for changes nothing.
        return (text.replace(str(old), str(new or "")) if old else text) or None

    return replaced


def _round(arguments: tuple[Evaluator, ...]) -> Evaluator:
    def rounded(environment: Environment) -> Value:
        value: Any = arguments[0](environment)
        places: Any = arguments[1](environment) if len(arguments) > 1 else 0
        return None if value is None or places is None else arithmetic.round_half_up(value, int(places))

    return rounded


def _date(value: Value, environment: Environment) -> Value:
    match value:
        case None | "":
            return None
        case datetime():
            return value.astimezone(environment.timezone).date()
        case date():
            return value
        case _:
            return _read(date.fromisoformat, str(value)[:10], value)


def _read(reader: Callable[[str], Value], text: str, value: Value) -> Value:
    try:
        return reader(text)
    except (ValueError, InvalidOperation) as cause:
        raise EvaluationError(label(zh=f"`{value}` 不能转换", en=f"`{value}` cannot be converted")) from cause


def _number(text: Any) -> Value:
    plain = str(text).strip().replace(",", "")
    return arithmetic.bounded(_read(Decimal, plain, text))  # type: ignore[arg-type]


def _datetime(text: Any) -> Value:
    found = _read(datetime.fromisoformat, str(text), text)
    assert isinstance(found, datetime)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def add_months(day: date, months: int) -> date:
    """Return the day some months later; past the end of a month it is its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shifted(shift: Callable[[date, int], date]) -> Callable[[Any, Any], Value]:
    def shifted(day: Any, count: Any) -> Value:
        whole = int(arithmetic.round_half_up(count, 0))
        try:
            return shift(day, whole)
        except (OverflowError, ValueError) as cause:
            raise EvaluationError(label(zh="日期超出范围", en="the date is out of range")) from cause

    return shifted


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "abs": abs,
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
    "datetime": _datetime,
    "number": _number,
}
