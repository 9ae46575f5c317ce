"""What stands in the database already: the records that a file means, and whether it changes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from orderkit.engine.access import Action, row_condition
from orderkit.engine.importing.cell_values import Value, same, scalar
from orderkit.engine.importing.grouping import DraftRecord
from orderkit.engine.importing.matching.references import BATCH, Reference, batches, references_in
from orderkit.engine.importing.rows import RowReader, Values
from orderkit.engine.records import Create, LineChange, Update
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, SystemRole
from orderkit.model.labels import Label, label


@dataclass(slots=True)
class _Found:
    """A stored record with the fields that the file gives."""

    id: int
    is_readable: bool
    values: Mapping[FieldId, Scalar]
    lines: dict[str, list[tuple[int, Mapping[FieldId, Scalar]]]] = field(default_factory=dict)


@dataclass(slots=True)
class Planned:
    """What is to be done with one record of the file; `id` None is a new one.

    `values` and `lines` hold only what differs; the lines of a new record are those of its draft. `refused` says
    why nothing may be done.
    """

    draft: DraftRecord
    id: int | None
    values: Values
    lines: dict[str, list[tuple[int | None, Values]]]
    refused: Label | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the file says what is stored already."""
        return self.id is not None and not self.values and not self.lines and self.refused is None

    def written_lines(self) -> Iterator[tuple[str, list[tuple[int | None, Values]]]]:
        """Yield the collections that are written, with the ids of the lines that are stored."""
        if self.id is not None:
            yield from self.lines.items()
            return
        for collection, lines in self.draft.lines.items():
            yield collection, [(None, line.values) for line in lines]

    def references(self) -> Iterable[Reference]:
        """Yield every reference that is written, in order."""
        for values in (self.values, *(values for _, lines in self.written_lines() for _, values in lines)):
            yield from (each for value in values.values() for each in references_in(value))

    def change(self, form: str) -> Create | Update:
        """Return the change for `records.apply`. References must have their ids by now."""
        values = {name: scalar(value) for name, value in self.values.items()}
        lines = {
            collection: [
                LineChange(id=line_id, values={name: scalar(value) for name, value in line.items()})
                for line_id, line in rows
            ]
            for collection, rows in self.written_lines()
        }
        if self.id is None:
            return Create(form=form, values=values, lines=lines)
        return Update(form=form, id=self.id, values=values, lines=lines)


def plan_changes(unit: Unit, reader: RowReader, drafts: Sequence[DraftRecord]) -> list[Planned]:
    """Return what each draft means for what is stored, found with a few queries for each 500."""
    match = reader.binding.matches(reader.plan)
    planned: list[Planned] = []
    for batch in batches(drafts, BATCH):
        found = _load(unit, reader, match, batch) if match else {}
        stored = [each for records in found.values() for each in records if len(records) == 1]
        _load_lines(unit, reader, {record.id: record for record in stored})
        planned += [_compare(reader, match, draft, found) for draft in batch]
    return planned


def _key(match: tuple[FieldId, ...], values: Mapping[FieldId, Value]) -> tuple[Scalar, ...]:
    return tuple(scalar(values.get(each)) for each in match)


def _load(
    unit: Unit, reader: RowReader, match: tuple[FieldId, ...], drafts: Sequence[DraftRecord]
) -> dict[tuple[Scalar, ...], list[_Found]]:
    """Return the stored records that may be meant, by the values of their match.

    One that the person may not read is found all the same, so that it is not made a second time.
    """
    form_id = reader.plan.form.id
    table = unit.runtime.database.tables[form_id]
    names = tuple(dict.fromkeys((*match, *reader.fields)))
    readable = row_condition(unit, form_id, Action.READ, table)
    query = sa.select(
        table.c.id, sa.case((readable, sa.true()), else_=sa.false()), *(table.c[n] for n in names)
    )
    found: dict[tuple[Scalar, ...], list[_Found]] = {}
    for position, name in enumerate(match):
        wanted = {
            key[position]
            for key in (_key(match, draft.values) for draft in drafts)
            if key[position] is not None and all(each is None for each in key[:position])
        }
        if not wanted:
            continue
        empty_before = [table.c[each].is_(None) for each in match[:position]]
        for record_id, is_readable, *values in unit.connection.execute(
            query.where(table.c[name].in_(wanted), *empty_before).order_by(table.c.id)
        ):
            record = _Found(record_id, bool(is_readable), dict(zip(names, values, strict=True)))
            found.setdefault(_key(match, record.values), []).append(record)
    return found


def _load_lines(unit: Unit, reader: RowReader, records: Mapping[int, _Found]) -> None:
    collections = reader.plan.form.collection_by_id
    for collection in reader.collections:
        form = unit.project.form_by_id[collections[collection].form]
        table = unit.runtime.database.tables[form.id]
        parent = table.c[collections[collection].via]
        position = next(f.id for f in form.fields if f.system is SystemRole.POSITION)
        names = reader.line_fields(collection)
        for batch in batches(records, BATCH):
            query = (
                sa.select(table.c.id, parent, *(table.c[name] for name in names))
                .where(parent.in_(batch))
                .order_by(parent, table.c[position], table.c.id)
            )
            for line_id, record_id, *values in unit.connection.execute(query):
                rows = records[record_id].lines.setdefault(collection, [])
                rows.append((line_id, dict(zip(names, values, strict=True))))


def _compare(
    reader: RowReader,
    match: tuple[FieldId, ...],
    draft: DraftRecord,
    found: Mapping[tuple[Scalar, ...], list[_Found]],
) -> Planned:
    key = _key(match, draft.values)
    may_exist = any(each is not None for each in key) and not any(
        _waits(draft.values.get(each)) for each in match
    )
    stored = found.get(key, []) if may_exist else []
    if not stored:
        return Planned(draft, None, draft.values, {})
    if len(stored) > 1:
        return Planned(draft, stored[0].id, {}, {}, _several(len(stored)))
    record = stored[0]
    values = {n: v for n, v in draft.values.items() if not same(scalar(v), record.values.get(n)) or _waits(v)}
    lines: dict[str, list[tuple[int | None, Values]]] = {}
    for collection in reader.collections:
        given, kept = draft.lines.get(collection, []), record.lines.get(collection, [])
        # Like a blank cell, a record without any line in the file says nothing about its lines.
        if given and not _agree([line.values for line in given], [values for _, values in kept]):
            ids = [line_id for line_id, _ in kept] + [None] * len(given)
            lines[collection] = [(ids[index], line.values) for index, line in enumerate(given)]
    refused = _invisible() if not record.is_readable else None
    return Planned(draft, record.id, values, lines, refused)


def _agree(given: Sequence[Values], kept: Sequence[Mapping[FieldId, Scalar]]) -> bool:
    return len(given) == len(kept) and all(
        same(scalar(value), row.get(name)) and not _waits(value)
        for line, row in zip(given, kept, strict=True)
        for name, value in line.items()
    )


def _waits(value: Value) -> bool:
    """Whether the value refers to a record that is still to be made."""
    return any(each.id is None for each in references_in(value))


def _several(count: int) -> Label:
    return label(
        zh=f"已有 {count} 条记录符合这一行，无法确定是哪一条",
        en=f"{count} records fit this row, so it is not clear which one is meant",
    )


def _invisible() -> Label:
    return label(
        zh="已有相同的记录，但您无权查看或修改",
        en="such a record exists already, and you may not see or change it",
    )
