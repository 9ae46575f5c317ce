"""Storing documents in the order that keeps references whole, and telling what was touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orderkit.engine import files
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.writing.dependencies import Touched
from orderkit.engine.records.writing.statements import delete_rows, insert_rows, update_rows
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, FormId, ids_in


@dataclass(slots=True, eq=False)
class Removal:
    """A record to be deleted, with its lines, as it was."""

    row: RecordRow
    index: int | None = None
    lines: Mapping[str, list[RecordRow]] = field(default_factory=dict)

    def rows(self) -> list[RecordRow]:
        """Return the record and its lines."""
        return [self.row, *(row for rows in self.lines.values() for row in rows)]


def store(unit: Unit, documents: Sequence[Document], removals: Sequence[Removal]) -> list[Touched]:
    """Write documents and removals; new rows get their ids. Return what other records may hang on."""
    for document in documents:
        if not document.is_new and document.has_changed and document.index is not None:
            _mark_updated(unit, document)
    delete_rows(unit, [row for d in documents for gone in d.removed.values() for row in gone])
    update_rows(
        unit,
        (
            (part.row, part.changed)
            for document in documents
            for _, part in document.parts()
            if not part.is_new
        ),
    )
    delete_rows(unit, [row for removal in removals for row in removal.rows()])
    insert_rows(unit, [document.top.row for document in documents if document.is_new])
    _insert_lines(unit, documents)
    _tie_files(unit, documents)
    touched = [each for document in documents for each in _touched(document)]
    for removal in removals:
        touched.extend(_gone(*removal.rows()))
    rows_of(unit).forget_collections({each.form for each in touched})
    return touched


def _mark_updated(unit: Unit, document: Document) -> None:
    top = document.top
    revision = top.row.values["revision"]
    assert isinstance(revision, int)
    top.put("revision", revision + 1)
    top.put("updated_at", unit.now)
    top.put("updated_by", unit.person.id)


def _insert_lines(unit: Unit, documents: Sequence[Document]) -> None:
    new: list[RecordRow] = []
    for document in documents:
        for collection, parts in document.lines.items():
            via = document.form.collection_by_id[collection].via
            for part in parts:
                if part.is_new:
                    part.row.values[via] = document.top.row.id
                    new.append(part.row)
    insert_rows(unit, new)


def _tie_files(unit: Unit, documents: Sequence[Document]) -> None:
    catalog = unit.runtime.catalog.fields
    attached: dict[FormId, frozenset[FieldId]] = {}
    ties: list[tuple[int, str, str, int]] = []
    for document in documents:
        for _, part in document.parts():
            form = part.form
            if form.id not in attached:
                attached[form.id] = frozenset(f.id for f in form.fields if catalog[f.type].column in ATTACHED)
            for name in attached[form.id] & part.changed:
                ids = ids_in(part.row.values[name])
                ties.extend((file_id, part.form.id, name, part.row.id) for file_id in ids)
    files.tie(unit, ties)


def _touched(document: Document) -> list[Touched]:
    found = [_touched_part(part) for _, part in document.parts() if part.changed or part.is_new]
    for gone in document.removed.values():
        found.extend(_gone(*gone))
    return found


def _touched_part(part: Part) -> Touched:
    before: Mapping[FieldId, Scalar] = {} if part.old is None else part.old.values
    return Touched(
        form=part.form.id,
        id=part.row.id,
        changed=frozenset(part.changed),
        before=before,
        after=part.row.values,
        came_or_went=part.is_new,
    )


def _gone(*rows: RecordRow) -> list[Touched]:
    return [
        Touched(form=row.form, id=row.id, changed=frozenset(), before=row.values, came_or_went=True)
        for row in rows
    ]
