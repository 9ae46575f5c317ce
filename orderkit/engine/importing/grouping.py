"""Puts the rows of a sheet together to drafts of records: those that agree on the match are one record."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orderkit.engine.importing.cell_values import Value, same
from orderkit.engine.importing.matching.references import Reference, Several, references_in
from orderkit.engine.importing.rows import ReadRow, RowReader, Values
from orderkit.model.labels import Label, label


@dataclass(slots=True)
class DraftLine:
    """One line as the file has it."""

    row: int
    values: Values


@dataclass(slots=True)
class DraftRecord:
    """One record as the file has it, with the rows it stands in."""

    rows: list[int]
    values: Values
    lines: dict[str, list[DraftLine]] = field(default_factory=dict)

    @property
    def line_count(self) -> int:
        """How many rows it will write, itself included."""
        return 1 + sum(len(lines) for lines in self.lines.values())


def group_rows(reader: RowReader, rows: Sequence[ReadRow]) -> list[DraftRecord]:
    """Return the records of the file in its order. Rows that name different records are a problem, else a warning."""
    match = reader.binding.matches(reader.plan)
    by_key: dict[tuple[object, ...], DraftRecord] = {}
    found: list[DraftRecord] = []
    for row in rows:
        draft: DraftRecord | None = found[-1] if row.is_continued and found else None
        if draft is None:
            key = tuple(_identity(row.record.get(each)) for each in match)
            is_known = any(part is not None for part in key)
            draft = by_key.get(key) if is_known else None
            if draft is None:
                draft = DraftRecord(rows=[], values=row.record)
                found.append(draft)
                if is_known:
                    by_key[key] = draft
            elif draft.values is not row.record:
                _merge(reader, draft, row)
        draft.rows.append(row.number)
        for collection, values in row.lines:
            draft.lines.setdefault(collection, []).append(DraftLine(row.number, values))
    return found


def _identity(value: Value) -> object:
    if isinstance(value, Several):
        return tuple(_identity(each) for each in value.each)
    if isinstance(value, Reference):
        return ("id", value.id) if value.id is not None else value
    return value


def _merge(reader: RowReader, draft: DraftRecord, row: ReadRow) -> None:
    """Fill what earlier rows of the record left empty; where they differ, the first row holds."""
    for slot in reader.plan.record.slots:
        name = slot.field.id
        mine, new = draft.values.get(name), row.record.get(name)
        if new is None or _is_same(mine, new):
            continue
        if mine is None:
            draft.values = {**draft.values, name: new}
            continue
        first = draft.rows[0]
        if slot.target is None:
            reader.warnings.append(
                reader.problem(slot.path, row.number, "contradiction", _first_holds(first))
            )
        else:
            # Which customer an order has is no detail that the first row may decide.
            reader.problems.append(reader.problem(slot.path, row.number, "contradiction", *_disagree(first)))


def _first_holds(row: int) -> Label:
    return label(
        zh=f"与第 {row} 行是同一条记录，但内容不同；以第 {row} 行为准",
        en=f"this is the record of row {row}, which says something else; row {row} holds",
    )


def _disagree(row: int) -> tuple[Label, Label]:
    return (
        label(
            zh=f"与第 {row} 行是同一条记录，但这里写的是另一个",
            en=f"this is the record of row {row}, which names another one here",
        ),
        label(
            zh="同一条记录的各行写同一个，或给它另一个单号",
            en="the same in every row of a record, or another key for this one",
        ),
    )


def _is_same(first: Value, second: Value) -> bool:
    if references_in(first) or references_in(second):
        return _identity(first) == _identity(second)
    return same(first, second)
