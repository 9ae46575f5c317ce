"""A value for the example row of a template: plausible at its place, and skipped by the import."""

from datetime import date, datetime, time
from decimal import Decimal

from orderkit.catalog import Catalog
from orderkit.engine.importing.reading.cells import Cell
from orderkit.engine.importing.templates.columns import TemplateColumn
from orderkit.fields.field_type import Accepts
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Many, Number, Text, Time
from orderkit.model.forms import Field
from orderkit.model.labels import label, text_of
from orderkit.model.values.numbers import round_half_up

_EXAMPLE = label(zh="示例", en="Example")
_NINE = time(9)


def example_value(
    catalog: Catalog, column: TemplateColumn, offered: tuple[str, ...], today: date, locale: str
) -> Cell:
    """Return the value. `offered` are the texts of the column's drop-down list, as far as it has one."""
    if offered:
        return offered[0]
    word = text_of(_EXAMPLE, locale)
    if column.source is None or column.names_a_record:
        return word
    field = column.source.field
    type_ = catalog.fields[field.type]
    value_type = field.value_type
    match value_type.of if isinstance(value_type, Many) else value_type:
        case Number():
            return _number(field, value_type)
        case Date():
            return today
        case DateTime():
            return datetime.combine(today, _NINE)
        case Time():
            return _NINE
        case Text() if field.type in {"text", "longtext", "richtext"}:
            return word
        case _:
            return next((each.text for each in type_.examples if isinstance(each, Accepts)), word)


def offered_texts(catalog: Catalog, column: TemplateColumn, locale: str) -> tuple[str, ...]:
    """Return what a cell may say where there are few such things, as people of this language read them."""
    if column.source is None:
        return ()
    field = column.source.field
    type_ = catalog.fields[field.type]
    mapped = column.source.texts
    if isinstance(field.value_type, Boolean):
        return tuple(type_.show(field.options, each, locale) for each in (True, False))
    of = field.value_type.of if isinstance(field.value_type, Many) else field.value_type
    if not isinstance(of, Choice):
        return tuple(mapped)
    retired = {each["value"] for each in field.options.model_dump().get("options", ()) if each["retired"]}
    said = set(mapped.values())
    rest = (
        type_.show(field.options, _one(field, each), locale)
        for each in of.options
        if each not in retired | said
    )
    return tuple(dict.fromkeys((*mapped, *rest)))


def _one(field: Field, value: str) -> str | tuple[str, ...]:
    return (value,) if isinstance(field.value_type, Many) else value


def _number(field: Field, type_: object) -> Decimal:
    options = field.options.model_dump()
    value = Decimal("0.1") if isinstance(type_, Number) and type_.is_ratio else Decimal(1)
    least, most = options.get("min"), options.get("max")
    if least is not None and value < least:
        value = Decimal(least)
    if most is not None and value > most:
        value = Decimal(most)
    return round_half_up(value, type_.scale) if isinstance(type_, Number) else value
