"""What stands beside one another in a file: fields of the record, and of its first lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Address, Choice
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.labels import text_of

Cell = tuple[Scalar, str | None]
"""A value, and the text that stands for it where people do not read the value itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a field of the record, or of the lines of `collection`."""

    collection: str
    field: Field
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is written: records of a form, and how they stand in columns. `records` is gone through once."""

    unit: Unit
    form: Form
    columns: tuple[Column, ...]
    records: Iterator[RecordView]
    with_lines: bool

    @property
    def rows(self) -> Iterator[Sequence[Cell]]:
        """A row for each record, or for each of its lines, the record's own columns repeated."""
        for record in self.records:
            lines: Sequence[RecordView | None] = (None,)
            if self.with_lines:
                lines = next(iter(record.lines.values()), ()) or (None,)
            for line in lines:
                yield [_cell(column, record, line) for column in self.columns]


def columns_of(unit: Unit, form: Form, wanted: Sequence[FieldId], *, with_lines: bool) -> tuple[Column, ...]:
    """Return the columns of these fields, and with lines those of the first: several would not belong together."""
    own = [
        Column("", form.by_id[name], text_of(form.by_id[name].label, unit.locale))
        for name in wanted
        if name in form.by_id and form.by_id[name].type != "lines"
    ]
    return (*own, *(_of_lines(unit, form) if with_lines else ()))


def _of_lines(unit: Unit, form: Form) -> Iterator[Column]:
    for collection in form.lines[:1]:
        title = text_of(form.by_id[collection.id].label, unit.locale)
        for field in unit.project.form_by_id[collection.form].fields:
            if field.system is SystemRole.NONE:
                yield Column(collection.id, field, f"{title}.{text_of(field.label, unit.locale)}")


def _cell(column: Column, record: RecordView, line: RecordView | None) -> Cell:
    view = line if column.collection else record
    if view is None:
        return None, None
    name = column.field.id
    return view.values.get(name), view.titles.get(name)


def shown(unit: Unit, field: Field, value: Scalar, title: str | None) -> str:
    """Return a value as people read it."""
    if title is not None:
        return title
    if value is None:
        return ""
    type_ = unit.runtime.catalog.fields[field.type]
    if isinstance(field.value_type, Address):
        return type_.edit_text(field.options, value)
    if isinstance(value, str) and not isinstance(field.value_type, Choice):
        return value
    return type_.show(field.options, value, unit.locale)
