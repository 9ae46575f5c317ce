"""A sheet as a table: where its headings stand, which columns it has, where its rows end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from orderkit.engine.importing.notes_column import is_notes
from orderkit.engine.importing.reading.cells import Cell, Row, heading_key, is_blank, text_of
from orderkit.fields.field_type import Invalid
from orderkit.fields.numerals import read_number

_SEARCHED_ROWS = 50
_LEAST_FILLED = 0.6
_LEAST_WORDS = 0.8
_LEAST_DISTINCT = 0.6
_LONGEST_HEADING = 100
_TOTALS = frozenset(
    {"合计", "总计", "小计", "总和", "汇总", "total", "totals", "subtotal", "grand total", "sum"}
)
_NUMERIC = re.compile(r"[\d\s.,:/%+-]+")


@dataclass(frozen=True, eq=False)
class Column:
    """One column below its heading. `cells` has one for each row of the table; an empty one is None."""

    heading: str
    index: int
    cells: tuple[Cell, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands in each cell as text, an empty one ``."""
        return tuple(text_of(cell) for cell in self.cells)

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The texts of the cells that are not empty."""
        return tuple(text for text in self.texts if text)

    @cached_property
    def distinct(self) -> dict[str, int]:
        """How often each text stands in the column, in the order of the sheet."""
        counts: dict[str, int] = {}
        for text in self.filled:
            counts[text] = counts.get(text, 0) + 1
        return counts

    @property
    def is_full(self) -> bool:
        """Whether no cell is empty."""
        return bool(self.cells) and len(self.filled) == len(self.cells)

    @property
    def is_distinct(self) -> bool:
        """Whether no text stands twice."""
        return len(self.distinct) == len(self.filled)


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands. `number` is that which people see."""

    file: str
    sheet: str
    number: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """A table of a file, or of several with the same headings. `sheet` is None where a file has no other.

    `repeated` are headings that stand twice, `unnamed` columns with cells but no heading, `totals` rows that
    sum up and are no records; each says where.
    """

    files: tuple[str, ...]
    name: str
    sheet: str | None
    is_workbook: bool
    heading_row: int
    rows: tuple[RowPlace, ...]
    columns: tuple[Column, ...]
    repeated: tuple[tuple[str, int], ...] = ()
    unnamed: tuple[int, ...] = ()
    totals: tuple[tuple[int, int, str], ...] = ()


def read_table(
    file: str, name: str, rows: Sequence[Row], *, is_workbook: bool = True, is_alone: bool = False
) -> Table | None:
    """Return the table of a sheet; None where no row of headings with rows below it is found.

    Args:
        file: the name of the file.
        name: that of the sheet, or of the file without its ending.
        rows: every row of the sheet.
        is_workbook: whether cells have types of their own, as those of a text table have not.
        is_alone: whether the file has no other sheet.
    """
    at = _heading_row(rows)
    if at is None:
        return None
    body = [(number, row) for number, row in enumerate(rows[at + 1 :], at + 2) if not is_blank(row)]
    width = max(len(rows[at]), *(len(row) for _, row in body))
    headings = [_heading(rows[at][column]) if column < len(rows[at]) else "" for column in range(width)]
    totals = tuple(_totals(body))
    ignored = {number for number, _, _ in totals}
    kept = [(number, row) for number, row in body if number not in ignored]
    if not kept:
        return None
    columns, repeated, unnamed = [], [], []
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        if is_notes(heading):
            continue
        cells = tuple(_cell(row[index]) if index < len(row) else None for _, row in kept)
        key = heading_key(heading)
        if not key:
            if any(cell is not None for cell in cells):
                unnamed.append(index)
        elif key in seen:
            repeated.append((heading, index))
        else:
            seen.add(key)
            columns.append(Column(heading, index, cells))
    if not columns:
        return None
    return Table(
        files=(file,),
        name=name,
        sheet=name if is_workbook and not is_alone else None,
        is_workbook=is_workbook,
        heading_row=at + 1,
        rows=tuple(RowPlace(file, name, number) for number, _ in kept),
        columns=tuple(columns),
        repeated=tuple(repeated),
        unnamed=tuple(unnamed),
        totals=totals,
    )


def merged(tables: Sequence[Table]) -> list[Table]:
    """Return the tables with those of the same headings as one: a file for each month is still one form."""
    groups: dict[tuple[str, ...], list[Table]] = {}
    for table in tables:
        groups.setdefault(tuple(heading_key(column.heading) for column in table.columns), []).append(table)
    return [_joined(group) for group in groups.values()]


def _joined(group: Sequence[Table]) -> Table:
    first = group[0]
    if len(group) == 1:
        return first
    columns = [
        Column(
            column.heading, column.index, tuple(cell for table in group for cell in table.columns[at].cells)
        )
        for at, column in enumerate(first.columns)
    ]
    return replace(
        first,
        files=tuple(dict.fromkeys(file for table in group for file in table.files)),
        sheet=first.sheet if all(table.sheet == first.sheet for table in group) else None,
        is_workbook=all(table.is_workbook for table in group),
        rows=tuple(row for table in group for row in table.rows),
        columns=tuple(columns),
        totals=tuple(total for table in group for total in table.totals),
    )


def _cell(cell: Cell) -> Cell:
    return None if text_of(cell) == "" else cell


def _heading(cell: Cell) -> str:
    """Return a heading on one line. The import compares headings without their blanks, so it finds it again."""
    return " ".join(text_of(cell).split())


def _heading_row(rows: Sequence[Row]) -> int | None:
    """Return the first row that is nearly as wide as the widest and consists of distinct words.

    Titles above a table fill one cell or two; rows of data have numbers, or say something twice.
    """
    head = rows[:_SEARCHED_ROWS]
    widest = max((_filled(row) for row in head), default=0)
    for at, row in enumerate(head):
        if _filled(row) >= max(1, _LEAST_FILLED * widest) and _are_headings(row):
            return at if any(not is_blank(each) for each in rows[at + 1 :]) else None
    return None


def _filled(row: Row) -> int:
    return sum(bool(text_of(cell)) for cell in row)


def _are_headings(row: Row) -> bool:
    texts = [text for cell in row if (text := _heading(cell))]
    words = [
        text
        for cell in row
        if isinstance(cell, str)
        and (text := _heading(cell))
        and len(text) <= _LONGEST_HEADING
        and _is_word(text)
    ]
    keys = {heading_key(text) for text in words}
    return (
        bool(words) and len(words) >= _LEAST_WORDS * len(texts) and len(keys) >= _LEAST_DISTINCT * len(words)
    )


def _is_word(text: str) -> bool:
    return bool(heading_key(text)) and not _NUMERIC.fullmatch(text) and isinstance(read_number(text), Invalid)


def _totals(body: Sequence[tuple[int, Row]]) -> Iterator[tuple[int, int, str]]:
    """Yield the last rows that sum up: their number, and the column and text that say so."""
    for number, row in reversed(body):
        first = next(((at, text) for at, cell in enumerate(row) if (text := text_of(cell))), None)
        if first is None or " ".join(first[1].casefold().split()).rstrip(":：") not in _TOTALS:
            return
        yield number, *first
