"""Workbooks: numbers and days as such, formatted, and written row by row, so that length costs no memory."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from orderkit.engine.exporting.columns import Cell, Table, shown
from orderkit.engine.exporting.formats.format import Format
from orderkit.engine.exporting.sheet_names import sheet_name
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Boolean, Choice, File, Number, Record
from orderkit.model.forms import Field
from orderkit.model.labels import text_of

# A sheet has 1,048,576 rows, of which one holds the headings.
MOST_ROWS = 1_048_575
_EXCEL_DIGITS = 15
_WIDEST = 60
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_Put = Callable[[Any, int, int, Cell], None]


def write(table: Table, target: BinaryIO) -> int:
    """Write a table; what does not fit on one sheet goes on on the next, under the same headings."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of the start of a server that may never export

    count = 0
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        puts = [_put(table.unit, column.field, _style(book, column.field)) for column in table.columns]
        sheet = _sheet(book, table, heading, 1)
        for row in table.rows:
            at = count % MOST_ROWS
            if count and at == 0:
                sheet = _sheet(book, table, heading, count // MOST_ROWS + 1)
            for index, (put, cell) in enumerate(zip(puts, row, strict=True)):
                put(sheet, at + 1, index, cell)
            count += 1
    return count


def _sheet(book: Any, table: Table, heading: Any, number: int) -> Any:
    name = text_of(table.form.label, table.unit.locale)
    ending = "" if number == 1 else f" {number}"
    sheet = book.add_worksheet(sheet_name(name, table.form.id, ending))
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, min(_WIDEST, max(12, 2 * len(column.heading))))
        sheet.write_string(0, index, column.heading, heading)
    return sheet


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


def _put(unit: Unit, field: Field, style: Any) -> _Put:
    """Return what writes the cells of a column: numbers and days as such, in the project's zone, else text."""
    is_text = isinstance(field.value_type, Record | Choice | Boolean | File)
    zone = unit.runtime.timezone

    def put(sheet: Any, row: int, column: int, cell: Cell) -> None:
        value, title = cell
        if value is None and title is None:
            return
        if title is None and not is_text:
            if isinstance(value, Decimal | int) and _fits_excel(value):
                sheet.write_number(row, column, value, style)
                return
            if isinstance(value, date):
                day = value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value
                sheet.write_datetime(row, column, day, style)
                return
        text = shown(unit, field, value, title)
        if text:
            sheet.write_string(row, column, text)

    return put


def _fits_excel(value: Scalar) -> bool:
    """Whether Excel keeps every digit: more than 15 would be rounded, so they go as text."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return False
    digits = Decimal(value).as_tuple().digits
    return len(digits) <= _EXCEL_DIGITS or len(Decimal(value).normalize().as_tuple().digits) <= _EXCEL_DIGITS


XLSX = Format(
    name="xlsx",
    title="Excel",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=write,
)
