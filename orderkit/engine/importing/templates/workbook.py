"""Writes the template of a form or an `import`: an empty workbook that says what belongs where.

The first sheet has the headings, a note on each, drop-down lists and one example row; the second lists
what may be chosen, the keys of records among it, as far as the reader may see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO

from orderkit.engine.exporting.formats.xlsx_format import cell_format
from orderkit.engine.exporting.sheet_names import sheet_name
from orderkit.engine.importing.notes_column import HEADING, mark_of
from orderkit.engine.importing.preparing import allowed_plan
from orderkit.engine.importing.reading.cells import Cell, column_letters
from orderkit.engine.importing.templates.columns import TemplateColumn, template_columns
from orderkit.engine.importing.templates.examples import example_value, offered_texts
from orderkit.engine.importing.templates.guides import guide
from orderkit.engine.importing.templates.keys import MOST_KEYS, Keys, keys_for
from orderkit.engine.runtime import Unit
from orderkit.model.labels import label, text_of

LAST_ROW = 100_000
"""The row down to which lists and hints reach."""
_LONGEST_HINT = 255
_LONGEST_TITLE = 32
_REFERENCE = label(zh="参考", en="Reference")
_CALLED = label(zh="名称", en="Name")
_CUT = label(zh="……仅列出前 {count} 条", en="… only the first {count}")
_NOT_OFFERED = label(zh="请从列表中选择", en="Choose from the list")


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a column offers: its texts, and the range of the second sheet where they stand."""

    texts: tuple[str, ...] = ()
    source: str = ""


def write_template(unit: Unit, name: str, target: BinaryIO) -> None:
    """Write the template of an `import`, or of the form of that id. Raises NotFound, Denied."""
    import xlsxwriter  # noqa: PLC0415 - a tenth of the start of a server that may never export

    plan = allowed_plan(unit, name)
    columns = template_columns(unit, plan)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        title = sheet_name(plan.sheet or text_of(plan.label, unit.locale), plan.form.id)
        sheet = book.add_worksheet(title)
        offers = _write_reference(unit, book, columns, title)
        top = plan.header_rows[-1] - 1 if plan.header_rows else 0
        filled = [(column, offers.get(column.heading, _Offer())) for column in columns]
        _write_sheet(unit, book, sheet, filled, top)


def _write_reference(
    unit: Unit, book: Any, columns: Sequence[TemplateColumn], first: str
) -> dict[str, _Offer]:
    """Write the second sheet; return by heading what its columns offer."""
    name = text_of(_REFERENCE, unit.locale)
    if name.casefold() == first.casefold():
        name += " 2"
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True, "bottom": 1})
    offers: dict[str, _Offer] = {}
    at = 0
    for column in columns:
        keys = keys_for(unit, column) if column.names_a_record else None
        texts = (
            tuple(key for key, _ in keys.pairs)
            if keys is not None
            else offered_texts(unit.runtime.catalog, column, unit.locale)
        )
        if not texts:
            continue
        letters = column_letters(at)
        offers[column.heading] = _Offer(texts, f"='{name}'!${letters}$2:${letters}${len(texts) + 1}")
        _write_list(sheet, at, column.heading, texts, bold)
        if keys is not None:
            _write_list(
                sheet, at + 1, text_of(_CALLED, unit.locale), [called for _, called in keys.pairs], bold
            )
            _say_cut(unit, sheet, at, keys)
        at += 1 if keys is None else 2
    return offers


def _write_list(sheet: Any, at: int, heading: str, texts: Sequence[str], bold: Any) -> None:
    sheet.set_column(at, at, 18)
    sheet.write_string(0, at, heading, bold)
    for row, text in enumerate(texts, start=1):
        sheet.write_string(row, at, text)


def _say_cut(unit: Unit, sheet: Any, at: int, keys: Keys) -> None:
    if keys.is_cut:
        sheet.write_string(len(keys.pairs) + 1, at, text_of(_CUT, unit.locale).format(count=MOST_KEYS))


def _write_sheet(
    unit: Unit, book: Any, sheet: Any, columns: Sequence[tuple[TemplateColumn, _Offer]], top: int
) -> None:
    catalog, locale = unit.runtime.catalog, unit.locale
    styles = {
        is_required: book.add_format(
            {
                "bold": True,
                "bottom": 1,
                "bg_color": "#FDE9D9" if is_required else "#EAF1F8",
                "text_wrap": True,
            }
        )
        for is_required in (True, False)
    }
    cells: list[Cell] = []
    for at, (column, offer) in enumerate(columns):
        told = guide(catalog, unit.project, column, locale)
        sheet.set_column(at, at, max(12, min(40, 2 * len(column.heading) + 4)), _format(book, column, {}))
        mark = " *" if column.is_required else ""
        sheet.write_string(top, at, f"{column.heading}{mark}", styles[column.is_required])
        sheet.write_comment(
            top, at, told, {"author": "", "x_scale": 1.8, "y_scale": 0.3 + 0.25 * len(told.split("\n"))}
        )
        sheet.data_validation(top + 1, at, LAST_ROW, at, _validation(unit, column, offer, told))
        value = example_value(catalog, column, offer.texts, unit.today, locale)
        cells.append(value)
        _write_example(
            sheet, (top + 1, at), value, _format(book, column, {"italic": True, "font_color": "#808080"})
        )
    notes = len(columns)
    sheet.set_column(notes, notes, 44, book.add_format({"font_color": "#808080"}))
    sheet.write_string(top, notes, text_of(HEADING, locale), book.add_format({"italic": True, "bottom": 1}))
    sheet.write_string(top + 1, notes, mark_of(cells, locale))
    sheet.freeze_panes(top + 1, 0)


def _validation(unit: Unit, column: TemplateColumn, offer: _Offer, told: str) -> dict[str, object]:
    """Return the list of a cell, or only its hint: what is typed otherwise is judged by the import."""
    found: dict[str, object] = {
        "validate": "any",
        "input_title": column.heading[:_LONGEST_TITLE],
        "input_message": told[:_LONGEST_HINT],
    }
    if offer.source and not column.holds_several:
        found |= {
            "validate": "list",
            "source": offer.source,
            # Records may be more than are listed here, or be made by the import.
            "error_type": "information" if column.names_a_record else "stop",
            "error_message": text_of(_NOT_OFFERED, unit.locale),
        }
    return found


def _format(book: Any, column: TemplateColumn, more: dict[str, object]) -> Any:
    own = None if column.source is None else cell_format(column.source.field)
    # What is no number or date is text, so that Excel keeps `0012` as it is typed.
    return book.add_format({"num_format": own or "@", **more})


def _write_example(sheet: Any, place: tuple[int, int], value: Cell, style: Any) -> None:
    match value:
        case None:
            return
        case date() | time():
            sheet.write_datetime(*place, value, style)
        case Decimal():
            sheet.write_number(*place, value, style)
        case _:
            sheet.write_string(*place, str(value), style)
