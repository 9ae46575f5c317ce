"""Finds the headings of a sheet, wherever they stand, and binds them to the sources of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orderkit.engine.importing.matching.mapping import Plan, Source
from orderkit.engine.importing.notes_column import is_notes
from orderkit.engine.importing.options import ChosenColumns
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.cells import Row, cell_address, heading_key, is_blank, text_of
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.model.labels import label

SEARCHED_ROWS = 50
"""Headings are looked for in no more rows than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of the sheet. `column` counts from 0."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where the columns of a plan stand in a sheet. `columns` maps a heading's key to its place.

    `chosen` maps paths to places, where somebody chose which column fills which; then headings do not count.
    """

    sheet: str
    first_data_row: int
    headings: tuple[Heading, ...]
    columns: Mapping[str, Heading]
    problems: tuple[ImportProblem, ...]
    header_rows: tuple[int, ...] = ()
    chosen: Mapping[str, Heading] | None = None

    @property
    def notes_column(self) -> int | None:
        """The column that orderkit writes for people, if the sheet has it."""
        return next((each.column for each in self.headings if is_notes(each.text)), None)

    def place(self, source: Source) -> Heading | None:
        """Return the heading under which the values of a source stand."""
        if self.chosen is not None:
            return self.chosen.get(source.path)
        found = (self.columns.get(heading_key(each)) for each in source.headings)
        return next((each for each in found if each is not None), None)

    def matches(self, plan: Plan) -> tuple[str, ...]:
        """Return the fields that recognise a record here; none means that every row is new."""
        filled = {
            slot.field.id
            for slot in plan.record.slots
            if any(s.assigned or s.default or self.place(s) for s in slot.sources)
        }
        return next((each for each in plan.matches if filled.issuperset(each)), ())


def bind(plan: Plan, sheet: Sheet, columns: ChosenColumns | None = None) -> Binding:
    """Return where the plan's columns are, with a problem for each that is missing or stands twice.

    With `columns` they are where somebody chose, and headings matter only to rules that name one.
    """
    wanted = _wanted(plan) if columns is None else {heading_key(n): n for n in plan.headings_in_expressions}
    rows = _heading_rows(plan, sheet, frozenset(wanted)) if columns is None else columns.header_rows
    if rows is None or max(rows, default=0) > len(sheet.rows):
        return Binding(
            sheet=sheet.name,
            first_data_row=1,
            headings=(),
            columns={},
            problems=(_no_headings(plan, sheet),),
        )
    headings = headings_in(sheet.rows, rows)
    places: dict[str, Heading] = {}
    problems: list[ImportProblem] = []
    for heading in headings:
        key = heading_key(heading.text)
        if key in places and key in wanted:
            problems.append(_twice(sheet, places[key], heading))
        places.setdefault(key, heading)
        if len(rows) > 1:
            places.setdefault(heading_key(joined_heading(sheet.rows, rows, heading.column)), heading)
    chosen = None if columns is None else _chosen(plan, headings, columns)
    # A rule names the heading of the mapping; what somebody chose to stand in its place is meant.
    places |= {key: chosen[path] for key, path in plan.paths_by_heading.items() if chosen and path in chosen}
    binding = Binding(
        sheet=sheet.name,
        first_data_row=rows[-1] + 1,
        headings=headings,
        columns=places,
        problems=(),
        header_rows=rows,
        chosen=chosen,
    )
    if not plan.is_from_form or chosen is not None:
        for key, name in wanted.items():
            if key not in places:
                problems.append(_missing(sheet, rows[-1], name))
    elif not any(binding.place(source) for source in plan.sources):
        problems.append(_no_headings(plan, sheet))
    return replace(binding, problems=tuple(problems))


def _chosen(plan: Plan, headings: Sequence[Heading], columns: ChosenColumns) -> dict[str, Heading]:
    known = {heading.column: heading for heading in headings}
    row = max(columns.header_rows, default=0)
    found = {
        path: known.get(column) or Heading(text="", row=row, column=column)
        for path, column in columns.by_path.items()
    }
    also = {path: found[first] for path, first in plan.filled_with.items() if first in found}
    return {**also, **found}


def _wanted(plan: Plan) -> dict[str, str]:
    """Return the headings that the plan reads, by key, as they are written in it."""
    names = [heading for source in plan.sources for heading in source.headings]
    return {heading_key(name): name for name in (*names, *plan.headings_in_expressions)}


def _heading_rows(plan: Plan, sheet: Sheet, wanted: frozenset[str]) -> tuple[int, ...] | None:
    """Return the numbers of the rows that hold the headings, from 1."""
    if plan.header_rows:
        return plan.header_rows if max(plan.header_rows) <= len(sheet.rows) else None
    best: tuple[int, tuple[int, ...]] = (0, ())
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], start=1):
        if is_blank(row):
            continue
        single = _score(headings_in(sheet.rows, (number,)), wanted)
        if single > best[0]:
            best = (single, (number,))
        if number > 1 and best[0] < len(wanted):
            double = _score(headings_in(sheet.rows, (number - 1, number)), wanted)
            if double > best[0]:
                best = (double, (number - 1, number))
    return best[1] or None


def _score(headings: tuple[Heading, ...], wanted: frozenset[str]) -> int:
    return len(wanted & {heading_key(each.text) for each in headings})


def headings_in(rows: Sequence[Row], numbers: tuple[int, ...]) -> tuple[Heading, ...]:
    """Return the lowest text of each column in the heading rows, so that a merged title above steps back."""
    width = max(len(rows[number - 1]) for number in numbers)
    found = []
    for column in range(width):
        for number in reversed(numbers):
            row = rows[number - 1]
            text = text_of(row[column]) if column < len(row) else ""
            if text:
                found.append(Heading(text=text, row=number, column=column))
                break
    return tuple(found)


def joined_heading(rows: Sequence[Row], numbers: tuple[int, ...], column: int) -> str:
    """Return the headings of a column from above, a merged one reaching to the right: `客户.名称`."""
    texts = []
    for number in numbers:
        row = rows[number - 1][: column + 1]
        is_lowest = number == numbers[-1]
        cells = row[column:] if is_lowest else reversed(row)
        texts.append(next((text for text in map(text_of, cells) if text), ""))
    return ".".join(text for text in texts if text)


def heading_names(
    rows: Sequence[Row], numbers: tuple[int, ...], headings: Sequence[Heading]
) -> dict[int, tuple[str, ...]]:
    """Return the names of each heading by its column: its own text, and that with what stands above it."""
    return {
        each.column: tuple(dict.fromkeys((each.text, joined_heading(rows, numbers, each.column))))
        for each in headings
    }


def names_alone(names: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """Return for each column the shortest of its names that no other column has; the first where none is."""
    columns: dict[str, set[int]] = {}
    for column, texts in names.items():
        for text in texts:
            columns.setdefault(heading_key(text), set()).add(column)
    return {
        column: next((text for text in texts if len(columns[heading_key(text)]) == 1), texts[0])
        for column, texts in names.items()
    }


def _no_headings(plan: Plan, sheet: Sheet) -> ImportProblem:
    names = list(dict.fromkeys(s.headings[0] for s in plan.sources if s.headings))[:12]
    return ImportProblem(
        sheet=sheet.name,
        row=0,
        cell="",
        heading="",
        text="",
        code="no_headings",
        what=label(
            zh="没有找到标题行" if sheet.rows else "工作表是空的",
            en="no row of headings was found" if sheet.rows else "the sheet is empty",
        ),
        expected=label(
            zh=f"一行标题，例如：{'、'.join(names)}", en=f"a row of headings, such as {', '.join(names)}"
        ),
    )


def _missing(sheet: Sheet, row: int, name: str) -> ImportProblem:
    return ImportProblem(
        sheet=sheet.name,
        row=row,
        cell="",
        heading=name,
        text="",
        code="missing_column",
        what=label(zh=f"缺少列“{name}”", en=f"there is no column `{name}`"),
        expected=label(zh=f"标题行中有“{name}”", en=f"a heading `{name}` in row {row}"),
    )


def _twice(sheet: Sheet, first: Heading, second: Heading) -> ImportProblem:
    at = cell_address(first.row, first.column)
    return ImportProblem(
        sheet=sheet.name,
        row=second.row,
        cell=cell_address(second.row, second.column),
        heading=second.text,
        text=second.text,
        code="duplicate_heading",
        what=label(
            zh=f"标题“{second.text}”出现两次（另一处：{at}）",
            en=f"the heading `{second.text}` stands twice (also at {at})",
        ),
        expected=label(zh="每个标题只出现一次", en="each heading only once"),
    )
