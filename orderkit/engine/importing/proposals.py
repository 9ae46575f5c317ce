"""What the columns of one file may fill, for a person to look at before anything is read by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.schema.system_tables import import_run as runs
from orderkit.engine.access import Right, field_rights
from orderkit.engine.importing.matching.date_orders import Ambiguous, DateReading
from orderkit.engine.importing.matching.fillable import Fillable, fillable_paths
from orderkit.engine.importing.matching.headings import (
    SEARCHED_ROWS,
    Binding,
    Heading,
    bind,
    heading_names,
    headings_in,
    names_alone,
)
from orderkit.engine.importing.matching.likeness import squashed, without_brackets
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.matching.proposing import (
    Certainty,
    Earlier,
    Proposal,
    SheetHeading,
    missing_paths,
    propose,
)
from orderkit.engine.importing.options import ChosenColumns, Options
from orderkit.engine.importing.preparing import allowed_plan, find_sheet
from orderkit.engine.importing.reading.cells import Cell, Row, heading_key, is_blank, text_of
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.engine.runtime import Unit
from orderkit.model.forms import SystemRole

SAMPLES = 3
_REMEMBERED_RUNS = 200
_LONGEST_SAMPLE = 60
_AS_IS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedColumn:
    """One column: its heading, the first values under it, and what it is to fill."""

    heading: Heading
    name: str
    samples: tuple[str, ...]
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """How a sheet may be read. `fillable` are the paths that this person may choose.

    `by_headings`: the headings alone are enough, and nothing is left over. `asks_dates`: of some dates that
    are to be read day and month cannot be told apart.
    """

    plan: Plan
    sheet: Sheet
    header_rows: tuple[int, ...]
    columns: tuple[ProposedColumn, ...]
    fillable: tuple[Fillable, ...]
    by_headings: bool
    asks_dates: bool

    @property
    def chosen(self) -> ChosenColumns:
        """The proposals as if somebody had chosen them."""
        return ChosenColumns(
            header_rows=self.header_rows,
            paths={each.heading.column: each.proposal.path for each in self.columns},
            headings={each.heading.column: each.name for each in self.columns},
        )

    @property
    def is_sure(self) -> bool:
        """Whether nobody need look: each column is sure or was chosen so before, and nothing is missing."""
        certain = {Certainty.SURE, Certainty.CHOSEN}
        paths = {each.proposal.path for each in self.columns if each.proposal.path}
        return (
            bool(paths)
            and all(each.proposal.certainty in certain for each in self.columns)
            and not missing_paths(self.fillable, paths)
        )


def proposals_for(
    unit: Unit,
    name: str,
    path: Path,
    *,
    options: Options = _AS_IS,
    file_name: str | None = None,
    limits: Limits | None = None,
) -> Proposals:
    """Return what each column of a file may fill under a mapping or form.

    Where `options` say what somebody has chosen by now, the headings are those of that choice.
    Raises: NotFound, Denied, UnreadableFile.
    """
    plan = allowed_plan(unit, name)
    found = find_sheet(
        plan, path, sheet=options.sheet, limits=limits or Limits(), file_name=file_name, columns=None
    )
    sheet, binding = found.sheet, found.binding
    fillable = _open_to(unit, plan, fillable_paths(unit.project, plan))
    if options.columns is None:
        rows = _header_rows(sheet, binding, fillable)
    else:
        rows = options.columns.header_rows
    if rows != binding.header_rows:
        binding = bind(plan, sheet, ChosenColumns(header_rows=rows, paths={}))
    headings = tuple(each for each in headings_in(sheet.rows, rows) if each.column != binding.notes_column)
    names = heading_names(sheet.rows, rows, headings)
    alone = names_alone(names)
    in_rules = {heading_key(each) for each in plan.headings_in_expressions}
    proposed = propose(
        [SheetHeading(column=each.column, texts=names[each.column]) for each in headings],
        fillable,
        earlier=earlier_choices(unit, plan),
        in_rules=in_rules,
    )
    first = rows[-1] + 1 if rows else 1
    columns = tuple(
        ProposedColumn(
            heading=heading,
            name=alone[heading.column],
            samples=_samples(sheet.rows[first - 1 :], heading.column),
            proposal=_now(options.columns, proposal),
        )
        for heading, proposal in zip(headings, proposed, strict=True)
    )
    result = Proposals(
        plan=plan,
        sheet=sheet,
        header_rows=rows,
        columns=columns,
        fillable=fillable,
        by_headings=False,
        asks_dates=False,
    )
    return replace(
        result,
        by_headings=not found.binding.problems and _agrees(plan, found.binding, result),
        asks_dates=_asks_dates(result, first, DateReading(chosen=None, year=unit.today.year)),
    )


def _now(columns: ChosenColumns | None, proposal: Proposal) -> Proposal:
    """Return what somebody has chosen by now in place of the proposal."""
    path = None if columns is None else columns.paths.get(proposal.column, "")
    if path is None or path == proposal.path:
        return proposal
    return Proposal(column=proposal.column, path=path, certainty=Certainty.CHOSEN)


def _asks_dates(result: Proposals, first_row: int, reading: DateReading) -> bool:
    days = {each.path for each in result.fillable if each.holds_days}
    for column in result.columns:
        if column.proposal.path in days:
            at = column.heading.column
            cells = [row[at] for row in result.sheet.rows[first_row - 1 :] if at < len(row)]
            read = reading.of_column(cells)
            if any(isinstance(read.plain(cell), Ambiguous) for cell in cells):
                return True
    return False


def earlier_choices(unit: Unit, plan: Plan) -> Mapping[str, Earlier]:
    """Return what was chosen for each heading in earlier imports of this form, the own and newest first.

    Under a mapping only choices made under it count: it says what headings mean there.
    """
    query = (
        sa.select(runs.c.options, runs.c.created_by)
        .where(runs.c.mapping == plan.id, runs.c.options.is_not(None))
        .order_by(sa.case((runs.c.created_by == unit.person.id, 0), else_=1), runs.c.id.desc())
        .limit(_REMEMBERED_RUNS)
    )
    found: dict[str, Earlier] = {}
    for stored, created_by in unit.connection.execute(query):
        columns = Options.from_json(stored or {}).columns
        if columns is None:
            continue
        for column, path in columns.paths.items():
            key = heading_key(columns.headings.get(column, ""))
            if key:
                found.setdefault(key, Earlier(path=path, is_own=created_by == unit.person.id))
    return found


def _open_to(unit: Unit, plan: Plan, fillable: Sequence[Fillable]) -> tuple[Fillable, ...]:
    """Return the paths that this person may write; what the mapping fills is theirs as well as it ever was."""
    rights = field_rights(unit, plan.form.id, None)
    mapped = set() if plan.is_from_form else {source.path for source in plan.sources}
    number = {slot.path for slot in plan.record.slots if slot.field.system is SystemRole.NUMBER}
    return tuple(
        each
        for each in fillable
        if each.path in mapped | number or rights.get(each.field_path, Right.HIDDEN) >= Right.WRITE
    )


def _agrees(plan: Plan, binding: Binding, result: Proposals) -> bool:
    """Whether the headings alone say what is proposed, and no column is left over."""
    places = {source.path: place.column for source in plan.sources if (place := binding.place(source))}
    wanted = {
        path: column for path, column in places.items() if path in {each.path for each in result.fillable}
    }
    return result.is_sure and dict(result.chosen.by_path) == wanted


def _header_rows(sheet: Sheet, binding: Binding, fillable: Sequence[Fillable]) -> tuple[int, ...]:
    """Return the rows of the headings: where most of them are known, or else what looks like headings."""
    known = {squashed(without_brackets(name)) for each in fillable for name in each.names} - {""}
    exact = {squashed(name) for each in fillable for name in each.names}
    bound = sum(squashed(each.text) in exact for each in binding.headings)
    best: tuple[int, tuple[int, ...]] = (bound, binding.header_rows)
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], start=1):
        found = sum(squashed(without_brackets(text_of(cell))) in known for cell in row if cell is not None)
        if found > best[0]:
            best = (found, (number,))
    return best[1] or _looks_like_headings(sheet.rows[:SEARCHED_ROWS])


def _looks_like_headings(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the first row that is about as wide as any and holds nothing but texts."""
    widest = max((_filled(row) for row in rows), default=0)
    for number, row in enumerate(rows, start=1):
        is_text = all(isinstance(cell, str) and not _is_number(cell) for cell in row if text_of(cell))
        if _filled(row) and is_text and 2 * _filled(row) > widest:
            return (number,)
    return next(((number,) for number, row in enumerate(rows, start=1) if not is_blank(row)), ())


def _filled(row: Row) -> int:
    return sum(bool(text_of(cell)) for cell in row)


def _is_number(text: str) -> bool:
    return bool(text) and not any(letter.isalpha() for letter in text)


def _samples(rows: Sequence[Row], column: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in _texts(rows, column):
        found.setdefault(text)
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _texts(rows: Sequence[Row], column: int) -> Iterator[str]:
    for row in rows:
        cell = row[column] if column < len(row) else None
        text = _shown(cell)
        if text:
            yield text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…"


def _shown(cell: Cell) -> str:
    """Return a sample; of a moment at midnight the day, as the sheet shows it."""
    if isinstance(cell, datetime) and cell.time() == time():
        return text_of(date(cell.year, cell.month, cell.day))
    return text_of(cell)
