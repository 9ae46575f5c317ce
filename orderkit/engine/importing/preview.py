"""What an import would make of a file, for people to look at before they start it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orderkit.engine.importing.cell_values import Value, scalar
from orderkit.engine.importing.grouping import DraftRecord
from orderkit.engine.importing.matching.headings import heading_names, names_alone
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.matching.references import references_in
from orderkit.engine.importing.options import ChosenColumns, Options
from orderkit.engine.importing.preparing import Prepared, allowed_plan, find_sheet, prepare, unreadable
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.cells import cell_address, column_letters, heading_key
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.engine.importing.rows import FoundSheet
from orderkit.engine.records.reading.viewing import JOINT
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Field, FieldId, Form
from orderkit.model.labels import Label, label, text_of

PREVIEW_RECORDS = 20
_AS_IS = Options()
_PREVIEW_ROWS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewColumn:
    """A column of the sheet and the field it fills; `path` None: it is not used."""

    letters: str
    heading: str
    path: str | None
    field: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One line as it would become: texts by field."""

    row: int
    values: Mapping[FieldId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRecord:
    """One record as it would become; `is_new` is false for one that is there already."""

    rows: tuple[int, ...]
    is_new: bool
    is_changed: bool
    values: Mapping[FieldId, str]
    lines: Mapping[str, tuple[PreviewLine, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first records of a file, how its columns were understood, and what is wrong so far.

    `fields` are the labels of the paths that stand in the records. `row_count` counts the rows
    below the headings in the whole sheet, `problems` cover only the rows that were looked at. `chosen` is the
    choice by which it was read, with its headings as they stand in the sheet.
    """

    mapping: str
    sheet: str
    header_cell: str
    row_count: int
    columns: tuple[PreviewColumn, ...]
    missing: tuple[str, ...]
    fields: Mapping[str, Label]
    records: tuple[PreviewRecord, ...]
    problems: tuple[ImportProblem, ...]
    chosen: ChosenColumns | None = None


def preview(
    unit: Unit,
    name: str,
    path: Path,
    *,
    options: Options = _AS_IS,
    file_name: str | None = None,
    limits: Limits | None = None,
) -> Preview:
    """Return what the first rows of a file would become. Raises NotFound, Denied, Refused; writes nothing."""
    plan = allowed_plan(unit, name, options.columns)
    try:
        found = find_sheet(
            plan,
            path,
            sheet=options.sheet,
            limits=limits or Limits(),
            file_name=file_name,
            columns=options.columns,
        )
    except UnreadableFile as error:
        return _nothing(plan, unreadable(file_name or path.name, error))
    binding = found.binding
    last = binding.first_data_row - 1 + _PREVIEW_ROWS
    head = type(found)(sheet=Sheet(found.sheet.name, found.sheet.rows[:last]), binding=binding)
    prepared = prepare(unit, plan, head, dates=options.dates)
    return Preview(
        mapping=plan.id,
        sheet=found.sheet.name,
        header_cell=cell_address(binding.headings[0].row, 0) if binding.headings else "",
        row_count=max(0, len(found.sheet.rows) - binding.first_data_row + 1),
        columns=_columns(prepared),
        missing=tuple(each.heading for each in binding.problems if each.code == "missing_column"),
        fields=_fields(prepared),
        records=_records(unit, prepared),
        problems=prepared.problems,
        chosen=_with_headings(options.columns, found),
    )


def _with_headings(columns: ChosenColumns | None, found: FoundSheet) -> ChosenColumns | None:
    if columns is None:
        return None
    names = heading_names(found.sheet.rows, columns.header_rows, found.binding.headings)
    return replace(columns, headings=names_alone(names))


def _nothing(plan: Plan, problem: ImportProblem) -> Preview:
    return Preview(
        mapping=plan.id,
        sheet="",
        header_cell="",
        row_count=0,
        columns=(),
        missing=(),
        fields={},
        records=(),
        problems=(problem,),
    )


def _columns(prepared: Prepared) -> tuple[PreviewColumn, ...]:
    plan, binding = prepared.reader.plan, prepared.reader.binding
    used: dict[int, tuple[str | None, Label | None]] = {}
    for level in plan.levels:
        for slot in level.slots:
            for source in slot.sources:
                place = binding.place(source)
                if place is not None:
                    own = slot.field.label
                    full = own if source.field is slot.field else _joined(own, source.field.label)
                    used.setdefault(place.column, (source.path, full))
    read = {heading_key(each) for each in plan.headings_in_expressions}
    found: list[PreviewColumn] = []
    for heading in binding.headings:
        path, title = used.get(heading.column, (None, None))
        if path is None and heading_key(heading.text) in read:
            title = label(zh="用于计算", en="used in a rule")
        found.append(
            PreviewColumn(
                letters=column_letters(heading.column), heading=heading.text, path=path, field=title
            )
        )
    return tuple(found)


def _joined(first: Label, second: Label) -> Label:
    return label(
        zh=f"{text_of(first, 'zh')} · {text_of(second, 'zh')}",
        en=f"{text_of(first, 'en')} · {text_of(second, 'en')}",
    )


def _fields(prepared: Prepared) -> Mapping[str, Label]:
    reader = prepared.reader
    if not prepared.row_count:
        return {}
    own = {name: reader.plan.form.by_id[name].label for name in reader.fields}
    for level in reader.plan.lines:
        if level.collection in reader.collections:
            names = reader.line_fields(level.collection)
            own |= {f"{level.collection}.{name}": level.form.by_id[name].label for name in names}
    return own


def _records(unit: Unit, prepared: Prepared) -> tuple[PreviewRecord, ...]:
    forms = {level.collection: level.form for level in prepared.reader.plan.levels}

    def shown(form: Form, values: Mapping[FieldId, Value]) -> dict[FieldId, str]:
        return {name: _shown(unit, form.by_id[name], value) for name, value in values.items()}

    def record(draft: DraftRecord, *, is_new: bool, is_changed: bool) -> PreviewRecord:
        return PreviewRecord(
            rows=tuple(draft.rows),
            is_new=is_new,
            is_changed=is_changed,
            values=shown(forms[""], draft.values),
            lines={
                collection: tuple(
                    PreviewLine(row=line.row, values=shown(forms[collection], line.values)) for line in lines
                )
                for collection, lines in draft.lines.items()
            },
        )

    return tuple(
        record(each.draft, is_new=each.id is None, is_changed=not each.is_unchanged)
        for each in prepared.planned[:PREVIEW_RECORDS]
    )


def _shown(unit: Unit, field: Field, value: Value) -> str:
    references = references_in(value)
    if references:
        return JOINT.join(each.text for each in references)
    value = scalar(value)
    return unit.runtime.catalog.fields[field.type].show(field.options, value, unit.locale)
