"""From a file to planned records: reading, headings, cells, references and what is stored already.

Everything here only reads. `run` writes what comes out, `preview` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orderkit.engine.access import Action, decide
from orderkit.engine.importing.evaluating import Evaluating
from orderkit.engine.importing.grouping import DraftRecord, group_rows
from orderkit.engine.importing.matching.chosen import plan_with
from orderkit.engine.importing.matching.date_orders import DateReading
from orderkit.engine.importing.matching.duplicates import find_duplicates
from orderkit.engine.importing.matching.existing import Planned, plan_changes
from orderkit.engine.importing.matching.headings import Binding, Heading, bind
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.options import ChosenColumns, DateOrder
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.importing.rows import FoundSheet, RowReader, note_references
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, Refused
from orderkit.model.labels import label, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file made ready to be written."""

    reader: RowReader
    row_count: int
    drafts: Sequence[DraftRecord]
    planned: Sequence[Planned]
    problems: tuple[ImportProblem, ...]


def allowed_plan(unit: Unit, name: str, columns: ChosenColumns | None = None) -> Plan:
    """Return the plan of a mapping or form, with the columns that somebody chose.

    Raises: NotFound, Denied; Refused, when the columns fill what cannot be filled.
    """
    plan = plan_with(unit.project, name, columns)
    decision = decide(unit.person, Action.IMPORT, plan.form.id, channel=unit.channel, unit=unit)
    if not decision:
        form = plan.form.label
        raise Denied(
            label(
                zh=f"您无权导入“{text_of(form, 'zh')}”：{text_of(decision.why, 'zh')}",
                en=f"you may not import `{text_of(form, 'en')}`: {text_of(decision.why, 'en')}",
            )
        )
    return plan


def find_sheet(
    plan: Plan,
    path: Path,
    *,
    sheet: str | None,
    limits: Limits,
    file_name: str | None = None,
    columns: ChosenColumns | None = None,
) -> FoundSheet:
    """Return the first sheet whose headings fit, or else the one that comes closest.

    Raises: UnreadableFile.
    """
    best: FoundSheet | None = None
    wanted = sheet if sheet is not None else plan.sheet
    for each in read_sheets(path, sheet=wanted, limits=limits, file_name=file_name):
        found = FoundSheet(sheet=each, binding=bind(plan, each, columns))
        if not found.binding.problems:
            return found
        if best is None or len(found.binding.columns) > len(best.binding.columns):
            best = found
    if best is None:
        raise UnreadableFile("no_sheet", label(zh="文件里没有工作表", en="the file has no sheet"))
    return best


def prepare(unit: Unit, plan: Plan, found: FoundSheet, *, dates: DateOrder | None = None) -> Prepared:
    """Read every cell, look up what it refers to, and compare with what is stored."""
    reading = DateReading(chosen=dates, year=unit.today.year)
    reader = RowReader(plan, found, unit.runtime.catalog, Evaluating(unit, plan.form.id), reading)
    if found.binding.problems:
        return Prepared(reader=reader, row_count=0, drafts=(), planned=(), problems=found.binding.problems)
    rows = reader.read_rows()
    reader.references.resolve(unit)
    note_references(reader, rows)
    row_count, drafts = len(rows), group_rows(reader, rows)
    # Half a million of them are half of what an import holds in memory, and drafts say it all.
    rows.clear()
    planned = plan_changes(unit, reader, drafts)
    if (unused := _not_imported(reader)) is not None:
        reader.warnings.append(unused)
    problems = [*reader.problems, *find_duplicates(reader, drafts)]
    problems += [
        reader.problem("", each.draft.rows[0], "not_possible", each.refused)
        for each in planned
        if each.refused is not None
    ]
    return Prepared(
        reader=reader, row_count=row_count, drafts=drafts, planned=planned, problems=tuple(problems)
    )


def unused_headings(plan: Plan, binding: Binding) -> tuple[Heading, ...]:
    """Return the headings from which nothing is read: neither a field nor a rule."""
    used = {place.column for source in plan.sources if (place := binding.place(source)) is not None}
    rules = (binding.columns.get(heading_key(each)) for each in plan.headings_in_expressions)
    used |= {place.column for place in rules if place is not None}
    return tuple(
        each for each in binding.headings if each.column not in used and each.column != binding.notes_column
    )


def _not_imported(reader: RowReader) -> ImportProblem | None:
    """Return that some columns are not imported, unless somebody chose just that."""
    binding = reader.binding
    unused = () if binding.chosen is not None else unused_headings(reader.plan, binding)
    if not unused:
        return None
    zh, en = "、".join(each.text for each in unused), ", ".join(each.text for each in unused)
    what = label(zh=f"这些列没有导入：{zh}", en=f"these columns are not imported: {en}")
    return reader.problem("", unused[0].row, "not_imported", what, column=unused[0].column)


def unreadable(file_name: str, error: Refused) -> ImportProblem:
    """Return why a file cannot be read, as a problem of the whole file."""
    problem = error.problems[0]
    return ImportProblem(
        sheet=file_name,
        row=0,
        cell="",
        heading="",
        text="",
        code=problem.code,
        what=problem.message,
        expected=problem.help,
    )
