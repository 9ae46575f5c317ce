"""The rows that an import refused, as a workbook like the one they came from, to be mended and imported again.

Everything above the data stands where it stood, so the headings are found again; the reasons stand in
the column that an import never reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from orderkit.engine.exporting.sheet_names import sheet_name
from orderkit.engine.importing.grouping import DraftRecord
from orderkit.engine.importing.matching.headings import Binding
from orderkit.engine.importing.notes_column import HEADING
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.cells import Cell, Row
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.model.labels import label, text_of

_LONGEST_TEXT = 32_000
_FORMATS: Mapping[type, str] = {
    str: "@",
    date: "yyyy-mm-dd",
    datetime: "yyyy-mm-dd hh:mm:ss",
    time: "hh:mm:ss",
    timedelta: "[h]:mm:ss",
    type(None): "General",
}
_SAME_RECORD = label(zh="同一条记录的第 {row} 行有问题", en="row {row} of the same record has a problem")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRows:
    """Rows of a sheet that were refused, each with its problems: none of its own, but of its record's other rows."""

    sheet: Sheet
    binding: Binding
    rows: Mapping[int, Sequence[ImportProblem]]
    of_record: Mapping[int, int]

    def write(self, target: BinaryIO, locale: str) -> None:
        """Write the workbook, with the reasons in this language."""
        import xlsxwriter  # noqa: PLC0415 - a tenth of the start of a server that may never export

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(target, options) as book:
            _write(book, self, locale)


def refused_rows(
    sheet: Sheet, binding: Binding, drafts: Iterable[DraftRecord], problems: Iterable[ImportProblem]
) -> RefusedRows | None:
    """Return the rows that have problems, with all rows of their records; None where no row is to blame."""
    by_row: dict[int, list[ImportProblem]] = defaultdict(list)
    for each in problems:
        if each.row >= binding.first_data_row:
            by_row[each.row].append(each)
    if not by_row:
        return None
    of_record: dict[int, int] = {}
    for draft in drafts:
        bad = [row for row in draft.rows if row in by_row]
        if bad:
            of_record.update({row: bad[0] for row in draft.rows if row not in by_row})
    rows = {row: tuple(by_row.get(row, ())) for row in sorted({*by_row, *of_record})}
    return RefusedRows(sheet=sheet, binding=binding, rows=rows, of_record=of_record)


def _write(book: Any, refused: RefusedRows, locale: str) -> None:
    above = refused.sheet.rows[: refused.binding.first_data_row - 1]
    kept = [refused.sheet.rows[number - 1] for number in refused.rows]
    known = refused.binding.notes_column
    width = max((len(row) for row in (*above, *kept)), default=0)
    notes = width if known is None else known
    sheet = book.add_worksheet(sheet_name(refused.sheet.name, "rows"))
    sheet.set_column(0, max(width - 1, 0), 14)
    sheet.set_column(notes, notes, 60)
    pen = _Pen(book, sheet, notes)
    for at, row in enumerate(above):
        pen.write(at, row, frozenset())
    if above:
        sheet.write_string(len(above) - 1, notes, text_of(HEADING, locale), book.add_format({"bold": True}))
    sheet.freeze_panes(len(above), 0)
    for at, (number, problems) in enumerate(refused.rows.items(), start=len(above)):
        pen.write(at, refused.sheet.rows[number - 1], frozenset(each.column for each in problems))
        sheet.write_string(at, notes, _reason(refused, number, problems, locale))


class _Pen:
    """Writes rows as they were, the bad cells coloured; what stood in the column of reasons goes."""

    def __init__(self, book: Any, sheet: Any, notes: int) -> None:
        self._sheet = sheet
        self._notes = notes
        self._styles = {
            (kind, is_bad): book.add_format(
                {"num_format": form, "bg_color": "#FFD9D9"} if is_bad else {"num_format": form}
            )
            for kind, form in _FORMATS.items()
            for is_bad in (False, True)
        }

    def write(self, at: int, row: Row, bad: frozenset[int | None]) -> None:
        """Write one row."""
        for column, cell in enumerate(row):
            if column != self._notes:
                self._cell(at, column, cell, is_bad=column in bad)
        for beyond in bad:
            if beyond is not None and beyond >= len(row):
                self._cell(at, beyond, None, is_bad=True)

    def _cell(self, at: int, column: int, cell: Cell, *, is_bad: bool) -> None:
        style = self._styles[type(cell) if type(cell) in _FORMATS else type(None), is_bad]
        match cell:
            case None | "":
                if is_bad:
                    self._sheet.write_blank(at, column, None, style)
            case bool():
                self._sheet.write_boolean(at, column, cell, style)
            case Decimal():
                self._sheet.write_number(at, column, cell, style)
            case date() | time() | timedelta():
                self._sheet.write_datetime(at, column, cell, style)
            case str():
                self._sheet.write_string(at, column, cell[:_LONGEST_TEXT], style)


def _reason(refused: RefusedRows, number: int, problems: Sequence[ImportProblem], locale: str) -> str:
    if not problems:
        return text_of(_SAME_RECORD, locale).format(row=refused.of_record[number])
    told = dict.fromkeys(_told(each, locale) for each in problems)
    return "\n".join(told)[:_LONGEST_TEXT]


def _told(problem: ImportProblem, locale: str) -> str:
    is_chinese = locale.startswith("zh")
    colon, before, after = ("：", "（应为：", "）") if is_chinese else (": ", " (expected: ", ")")
    said = text_of(problem.what, locale)
    if problem.expected is not None:
        said += f"{before}{text_of(problem.expected, locale)}{after}"
    return f"{problem.heading}{colon}{said}" if problem.heading else said
