"""Lists as files: what a reader may export, as XLSX or CSV, under the headings that an import finds again."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

import sqlalchemy as sa

from orderkit.engine.access import Action, RefusedAccess, decide, row_condition
from orderkit.engine.importing.sheet_names import sheet_name
from orderkit.engine.records import Query, RecordView, page
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Address, Boolean, Choice, File, Number, Record
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.labels import text_of

MAX_ROWS = 1_000_000
_PAGE = 500
_EXCEL_DIGITS = 15
_WIDEST = 60
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ExportFormat(StrEnum):
    """The kinds of files."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: a field of the record, or of the lines of `collection`."""

    collection: str
    field: Field
    heading: str


def export(
    unit: Unit,
    query: Query,
    format_: ExportFormat,
    target: BinaryIO,
    *,
    columns: Sequence[FieldId] | None = None,
    with_lines: bool = False,
) -> int:
    """Write the records of a query to a file and return how many rows it has below its headings.

    Args:
        unit: with the rights of its person, who needs `export` on the form and on each record.
        query: which records, in which order; its cursor and limit do not matter.
        format_: XLSX, or CSV in UTF-8 with a mark, as Excel opens it.
        target: a binary file open for writing.
        columns: fields of the form; None means every field that the query would show in its list.
        with_lines: a row for each line, the record's own columns repeated.
    Raises: Denied.
    """
    form = unit.project.form_by_id[query.form]
    decision = decide(unit.person, Action.EXPORT, form.id, channel=unit.channel, unit=unit)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    wanted = tuple(columns) if columns is not None else form.list.columns
    own = [
        _Column("", form.by_id[name], text_of(form.by_id[name].label, unit.locale))
        for name in wanted
        if name in form.by_id and form.by_id[name].type != "lines"
    ]
    found = [*own, *(_line_columns(unit, form) if with_lines else ())]
    asked = replace(
        query, columns=tuple(c.field.id for c in own), with_lines=with_lines, limit=_PAGE, cursor=None
    )
    rows = (
        [_value(column, view, line) for column in found]
        for view in _records(unit, asked)
        for line in _lines(view, with_lines=with_lines)
    )
    writer = _write_workbook if format_ is ExportFormat.XLSX else _write_text
    return writer(unit, form, found, rows, target)


def _line_columns(unit: Unit, form: Form) -> Iterator[_Column]:
    """Yield the columns of the first collection; rows of several would not belong together."""
    for collection in form.lines[:1]:
        title = text_of(form.by_id[collection.id].label, unit.locale)
        for field in unit.project.form_by_id[collection.form].fields:
            if field.system is SystemRole.NONE:
                yield _Column(collection.id, field, f"{title}.{text_of(field.label, unit.locale)}")


def _records(unit: Unit, query: Query) -> Iterator[RecordView]:
    """Yield every record of the query that this person may export."""
    table = unit.runtime.database.tables[query.form]
    may_leave = row_condition(unit, query.form, Action.EXPORT, table)
    cursor: str | None = None
    for _ in range(MAX_ROWS // _PAGE):
        found = page(unit, replace(query, cursor=cursor))
        ids = [view.id for view in found.rows]
        allowed = set(
            unit.connection.execute(sa.select(table.c.id).where(table.c.id.in_(ids), may_leave)).scalars()
        )
        yield from (view for view in found.rows if view.id in allowed)
        if found.next is None:
            return
        cursor = found.next


def _lines(view: RecordView, *, with_lines: bool) -> Sequence[RecordView | None]:
    if not with_lines:
        return (None,)
    return next(iter(view.lines.values()), ()) or (None,)


def _value(column: _Column, record: RecordView, line: RecordView | None) -> tuple[Scalar, str | None]:
    """Return the value, and the text that stands for it where people do not read the value itself."""
    view = line if column.collection else record
    if view is None:
        return None, None
    name = column.field.id
    return view.values.get(name), view.titles.get(name)


_Row = Sequence[tuple[Scalar, str | None]]


def _text(unit: Unit, field: Field, value: Scalar, title: str | None) -> str:
    if title is not None:
        return title
    if value is None:
        return ""
    if isinstance(field.value_type, Address):
        return unit.runtime.catalog.fields[field.type].edit_text(field.options, value)
    if isinstance(value, str) and not isinstance(field.value_type, Choice):
        return value
    return unit.runtime.catalog.fields[field.type].show(field.options, value, unit.locale)


def _write_text(
    unit: Unit, form: Form, columns: Sequence[_Column], rows: Iterator[_Row], target: BinaryIO
) -> int:
    del form
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(stream)
    writer.writerow([_harmless(column.heading) for column in columns])
    count = 0
    for row in rows:
        writer.writerow(
            [_plain(unit, column.field, *cell) for column, cell in zip(columns, row, strict=True)]
        )
        count += 1
    stream.flush()
    stream.detach()
    return count


def _plain(unit: Unit, field: Field, value: Scalar, title: str | None) -> str:
    """Return a number without separators, so that programs read it; texts cannot turn into formulas."""
    if title is None and isinstance(value, Decimal | int) and not isinstance(value, bool):
        return unit.runtime.catalog.fields[field.type].edit_text(field.options, value)
    return _harmless(_text(unit, field, value, title))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_workbook(
    unit: Unit, form: Form, columns: Sequence[_Column], rows: Iterator[_Row], target: BinaryIO
) -> int:
    import xlsxwriter  # noqa: PLC0415 - a tenth of the start of a server that may never export

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(sheet_name(text_of(form.label, unit.locale), form.id))
        sheet.freeze_panes(1, 0)
        heading = book.add_format({"bold": True, "bottom": 1})
        formats = [_style(book, column.field) for column in columns]
        for index, column in enumerate(columns):
            width = min(_WIDEST, max(12, 2 * len(column.heading)))
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, column.heading, heading)
        count = 0
        for row in rows:
            count += 1
            for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
                _write_cell(sheet, (count, index), _excel_value(unit, column.field, *cell), formats[index])
    return count


def cell_format(field: Field) -> str | None:
    """Return how Excel shows a field's numbers and dates; None for texts."""
    type_ = field.value_type
    if isinstance(type_, Number):
        places = "0" * type_.scale
        if type_.is_ratio:
            return "0.00%"
        return f"#,##0.{places}" if places else "#,##0"
    return {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "time": "hh:mm"}.get(field.type)


def _style(book: Any, field: Field) -> Any:
    known = cell_format(field)
    return None if known is None else book.add_format({"num_format": known})


_ExcelValue = Decimal | int | date | str | None


def _excel_value(unit: Unit, field: Field, value: Scalar, title: str | None) -> _ExcelValue:
    """Return what stands in a cell: numbers and days as such, in the project's zone, else text."""
    is_text = title is not None or isinstance(field.value_type, Record | Choice | Boolean | File)
    if not is_text:
        if isinstance(value, Decimal | int) and _fits_excel(value):
            return value
        if isinstance(value, datetime):
            return value.astimezone(unit.runtime.timezone).replace(tzinfo=None)
        if isinstance(value, date):
            return value
    return _text(unit, field, value, title) or None


def _write_cell(sheet: Any, place: tuple[int, int], value: _ExcelValue, format_: Any) -> None:
    match value:
        case None:
            return
        case str():
            sheet.write_string(*place, value)
        case date():
            sheet.write_datetime(*place, value, format_)
        case _:
            sheet.write_number(*place, value, format_)


def _fits_excel(value: Decimal | int) -> bool:
    """Whether Excel keeps every digit: more than 15 would be rounded, so they go as text."""
    return len(Decimal(value).normalize().as_tuple().digits) <= _EXCEL_DIGITS
