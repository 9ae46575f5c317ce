"""How the values of a report are written for people."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from orderkit.engine.periods import bucket_text
from orderkit.engine.records import titles
from orderkit.engine.report.query import Group
from orderkit.engine.runtime import Unit
from orderkit.fields.moments import shown_day, shown_moment
from orderkit.fields.numerals import shown_number
from orderkit.model.analysis.reports import Aggregation, Measure, RatioMeasure
from orderkit.model.expressions.nodes import Expression, Get, Scalar
from orderkit.model.expressions.types import Boolean, Many, Number, Record, Type
from orderkit.model.forms import Field, ids_in
from orderkit.model.labels import label, text_of
from orderkit.model.values.numbers import EXACT, plain_text

EMPTY = label(zh="（空）", en="(empty)")
_YES = label(zh="是", en="Yes")
_NO = label(zh="否", en="No")
_RATIO_PLACES = 2
_PERCENT_PLACES = 1

Show = Callable[[Scalar], str]


def shown_groups(unit: Unit, group: Group, values: Sequence[Scalar]) -> Mapping[Scalar, str]:
    """Return the text of each value of a dimension: titles, labels, dates, `（空）` for none."""
    given = [value for value in dict.fromkeys(values) if value is not None]
    found: dict[Scalar, str] = {None: text_of(EMPTY, unit.locale)}
    type_ = group.expression.type
    if group.grain is not None:
        grain = group.grain
        return found | {each: bucket_text(each, grain) for each in given if isinstance(each, date)}
    if isinstance(type_, Record):
        ids = [each for each in given if isinstance(each, int)]
        known = titles(unit, type_.form, ids)
        return found | {each: known.get(each) or f"#{each}" for each in ids}
    if isinstance(type_, Many) and isinstance(type_.of, Record):
        known = titles(unit, type_.of.form, [each for several in given for each in ids_in(several)])
        return found | {
            several: "、".join(known.get(each) or f"#{each}" for each in ids_in(several)) for several in given
        }
    field = _field_of(unit, group.expression)
    if field is not None:
        show = unit.runtime.catalog.fields[field.type].show
        return found | {each: show(field.options, each, unit.locale) for each in given}
    return found | {each: _plain(unit, type_, each) for each in given}


def _field_of(unit: Unit, expression: Expression) -> Field | None:
    """Return the field whose value the expression is, if it is just that."""
    if isinstance(expression, Get) and isinstance(expression.base.type, Record):
        return unit.project.form_by_id[expression.base.type.form].by_id.get(expression.field)
    return None


def _plain(unit: Unit, type_: Type, value: Scalar) -> str:
    if isinstance(value, bool) or isinstance(type_, Boolean):
        return text_of(_YES if value else _NO, unit.locale)
    if isinstance(value, Decimal | int):
        places = type_.scale if isinstance(type_, Number) else 0
        return shown_number(value, min(places, _needed_places(value)), unit.locale)
    if isinstance(value, datetime):
        return shown_moment(value, unit.project.timezone, unit.locale)
    return shown_day(value, unit.locale) if isinstance(value, date) else str(value)


def measure_shower(unit: Unit, measure: Measure | RatioMeasure) -> Show:
    """Return how values of a measure are written; an empty one is ``."""
    locale = unit.locale
    places = _places(measure)

    def show(value: Scalar) -> str:
        if value is None:
            return ""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            if measure.format == "percent":
                return shown_number(Decimal(value).scaleb(2, EXACT), _PERCENT_PLACES, locale) + "%"
            shown_places = places if measure.format == "money" else min(places, _needed_places(value))
            return shown_number(value, shown_places, locale)
        return _plain(unit, measure.type, value)

    return show


def _needed_places(value: Decimal | int) -> int:
    return len(plain_text(value).partition(".")[2])


def _places(measure: Measure | RatioMeasure) -> int:
    if isinstance(measure, RatioMeasure):
        return _RATIO_PLACES
    if measure.aggregation in {Aggregation.COUNT, Aggregation.COUNT_DISTINCT}:
        return 0
    type_ = measure.type if measure.expression is None else measure.expression.type
    scale = type_.scale if isinstance(type_, Number) else 0
    return max(scale, _RATIO_PLACES) if measure.aggregation is Aggregation.AVG else scale
