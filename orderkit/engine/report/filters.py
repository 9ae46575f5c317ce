"""Which rows of a report count: values of a dimension, or a span of its time."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from orderkit.engine.periods import PERIOD_NAMES, Period, period_of
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import Grain, Report
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import MAX_DIGITS, Boolean, Choice, Date, Number, Record, Type
from orderkit.model.labels import label

GRAINS = frozenset(each.value for each in Grain)
MOST_CONDITIONS = 50
TIME = "time"
"""The name of a report's time in filters; its grains name it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """Rows whose dimension has one of these values; None among them means empty."""

    dimension: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Rows whose time lies in a period."""

    period: Period


Filter = OneOf | Within


def is_time(report: Report, name: str) -> bool:
    """Whether a name means the report's time."""
    return report.time is not None and (
        name == TIME or (name in GRAINS and name not in report.dimension_by_id)
    )


def parse_filters(unit: Unit, report: Report, conditions: Sequence[str]) -> tuple[Filter, ...]:
    """Return the filters that texts such as `region:华东,华南` or `time:this_year` stand for.

    Values are separated by commas (quoted as in CSV where they hold one); none at all means empty.
    Raises: Refused, with a problem for each condition that is not understood.
    """
    if len(conditions) > MOST_CONDITIONS:
        message = label(
            zh=f"条件太多，最多 {MOST_CONDITIONS} 个",
            en=f"there are too many conditions: at most {MOST_CONDITIONS}",
        )
        raise Refused([Problem(path="where", code="too_many", message=message)])
    found: list[Filter] = []
    problems: list[Problem] = []
    for index, condition in enumerate(conditions):
        filter_ = _parsed(unit, report, condition, f"where.{index}")
        if isinstance(filter_, Problem):
            problems.append(filter_)
        else:
            found.append(filter_)
    if problems:
        raise Refused(problems)
    return tuple(found)


def _parsed(unit: Unit, report: Report, condition: str, path: str) -> Filter | Problem:
    name, colon, text = condition.partition(":")
    name = name.strip()
    if not colon:
        return Problem(
            path=path,
            code="malformed",
            message=label(zh=f"无法理解条件“{condition}”", en=f"`{condition}` is not a condition"),
            help=label(zh="例如 time:this_year 或 region:华东", en="such as time:this_year or region:East"),
        )
    if is_time(report, name):
        period = period_of(text, unit.today)
        return Within(period=period) if period is not None else _not_a_period(text, path)
    dimension = report.dimension_by_id.get(name)
    if dimension is None:
        known = [*report.dimension_by_id, *([TIME] if report.time is not None else [])]
        return Problem(
            path=path,
            code="unknown_dimension",
            message=label(zh=f"没有维度“{name}”", en=f"there is no dimension `{name}`"),
            help=label(zh=f"可用：{'、'.join(known)}", en=f"there are: {', '.join(known)}"),
        )
    type_ = dimension.expression.type
    if isinstance(type_, Date) and (period := period_of(text, unit.today)) is not None:
        return _days(name, period, path)
    values = []
    part = text
    try:
        for part in next(csv.reader([text], skipinitialspace=True), []):
            values.append(typed(type_, part.strip()))
    except (ValueError, csv.Error):
        return Problem(
            path=path,
            code="invalid",
            message=label(zh=f"“{part}”不是维度“{name}”的值", en=f"`{part}` is not a value of `{name}`"),
        )
    return OneOf(dimension=name, values=tuple(values) or (None,))


def typed(type_: Type, text: str) -> Scalar:
    """Return the value of a dimension that a text stands for; nothing is empty. Raises ValueError."""
    if not text:
        return None
    match type_:
        case Record():
            if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
                raise ValueError(text)
            return int(text)
        case Number():
            try:
                number = Decimal(text)
            except InvalidOperation as error:
                raise ValueError(text) from error
            if not number.is_finite() or number.adjusted() > MAX_DIGITS:
                raise ValueError(text)
            return number
        case Boolean():
            if text not in {"true", "false"}:
                raise ValueError(text)
            return text == "true"
        case Choice(options=options):
            if options and text not in options:
                raise ValueError(text)
            return text
        case _:
            return text


def _not_a_period(text: str, path: str) -> Problem:
    names = ", ".join(PERIOD_NAMES)
    return Problem(
        path=path,
        code="invalid",
        message=label(zh=f"“{text}”不是时间段", en=f"`{text}` is not a period"),
        help=label(
            zh=f"{names}，或 2026、2026-03、2026-Q1、2026-W10、2026-01-01..2026-03-31",
            en=f"{names}, or 2026, 2026-03, 2026-Q1, 2026-W10, 2026-01-01..2026-03-31",
        ),
    )


def _days(name: str, period: Period, path: str) -> Filter | Problem:
    if period.start is not None and period.end is not None and (period.end - period.start).days == 1:
        return OneOf(dimension=name, values=(period.start,))
    return Problem(
        path=path,
        code="invalid",
        message=label(zh=f"维度“{name}”需要一个日期", en=f"`{name}` takes one day"),
    )
