"""The sections of a record as it is read, and the few facts that stand above them."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.engine.access import Right
from orderkit.engine.records import RecordView
from orderkit.model.forms import Collection, Field, Form, Section, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.section_plan import is_total, sections_of

MOST_FACTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesReader:
    """A table of rows to read; each row has a cell for each column. `name` is the collection, `ids` are of the rows."""

    label: str
    name: str
    ids: tuple[int, ...]
    columns: tuple[FieldView, ...]
    rows: tuple[tuple[FieldView, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSection:
    """A titled group of values. `totals` stand below the rows."""

    label: str
    tab: str
    columns: int
    is_collapsed: bool
    fields: tuple[FieldView, ...]
    lines: tuple[LinesReader, ...]
    totals: tuple[FieldView, ...]


def value_of(record: RecordView, field_id: str) -> FieldValue:
    """Return what a reader sees of a field."""
    return FieldValue(
        value=record.values.get(field_id),
        title=record.titles.get(field_id),
        file=record.files.get(field_id),
        items=record.items.get(field_id, ()),
        unit=record.units.get(field_id, ""),
        right=record.rights.get(field_id, Right.READ),
    )


def read_sections(
    project: Project, form: Form, record: RecordView, views: FieldViews
) -> tuple[ReadSection, ...]:
    """Return the sections that have anything to show."""
    made = (_section(project, form, section, record, views) for section in sections_of(form))
    return tuple(section for section in made if section.fields or section.lines or section.totals)


def fact_views(form: Form, record: RecordView, views: FieldViews) -> tuple[FieldView, ...]:
    """Return the facts that a form's list shows and its title does not, for one with rows below its fields."""
    if not form.lines:
        return ()
    found = (
        views.view(form, form.by_id[column], value_of(record, column))
        for column in form.list.columns
        if column in record.values and _is_fact(form.by_id[column])
    )
    return tuple(view for view in found if view.shown and view.shown not in record.title)[:MOST_FACTS]


def _is_fact(field: Field) -> bool:
    return field.workflow is None and field.system is not SystemRole.NUMBER and field.type != "boolean"


def _section(
    project: Project, form: Form, section: Section, record: RecordView, views: FieldViews
) -> ReadSection:
    fields = [form.by_id[each] for each in section.fields if each in form.by_id]
    tables = tuple(
        _lines(project, form.collection_by_id[each.id], record, views)
        for each in fields
        if each.type == "lines" and each.id in record.lines
    )
    shown = [each for each in fields if each.type != "lines" and each.id in record.values]
    totals = [each for each in shown if tables and is_total(each)]
    return ReadSection(
        label=text_of(section.label, views.locale),
        tab=text_of(section.tab, views.locale) if section.tab else "",
        columns=section.columns,
        is_collapsed=section.collapsed and not any(record.values[each.id] is not None for each in shown),
        fields=tuple(
            views.view(form, each, value_of(record, each.id))
            for each in shown
            if each not in totals and _is_worth_showing(each, record)
        ),
        lines=tables,
        totals=tuple(views.view(form, each, value_of(record, each.id)) for each in totals),
    )


def _is_worth_showing(field: Field, record: RecordView) -> bool:
    """Return whether a field that shows only under a condition has anything to say here."""
    return field.visible_if is None or record.values[field.id] is not None


def _lines(project: Project, collection: Collection, record: RecordView, views: FieldViews) -> LinesReader:
    form = project.form_by_id[collection.form]
    rows = record.lines[collection.id]
    fields = [
        each
        for each in form.fields
        if not each.system and (not rows or any(each.id in row.values for row in rows))
    ]
    return LinesReader(
        label=text_of(project.form_by_id[record.form].by_id[collection.id].label, views.locale),
        name=collection.id,
        ids=tuple(row.id for row in rows),
        columns=tuple(views.view(form, each, FieldValue()) for each in fields),
        rows=tuple(tuple(_cells(form, fields, row, views)) for row in rows),
    )


def _cells(form: Form, fields: list[Field], row: RecordView, views: FieldViews) -> Iterator[FieldView]:
    for each in fields:
        yield views.view(form, each, value_of(row, each.id), is_cell=True)
