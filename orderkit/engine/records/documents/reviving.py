"""Records that lie in the bin, as rows in hand: what was kept of them, in the words of today.

Fields that were renamed since are found under their new names; what was dropped since is left out. Nothing of
it is stored: a row made here is looked at, judged by row rules, or written by `writing.restoring`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from orderkit.engine.audit.renames import Renames
from orderkit.engine.hooks import Life
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ColumnKind, Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text
from orderkit.model.forms import Field, FieldId, Form

Kept = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revived:
    """One record of the bin. `given` are the fields that were kept, by the id of their row and form.

    `left_out` are kept values that fit their fields no more, since these have another type by now.
    """

    row: RecordRow
    given: Mapping[tuple[str, int], frozenset[FieldId]]
    lives: Mapping[str, Life]
    left_out: tuple["LeftOut", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A value that cannot be put back. `path` is the field's in its form (`total`, `lines.price`)."""

    path: str
    field: Field
    value: str


def revive(unit: Unit, form: Form, stored: Row[Any], renames: Renames) -> Revived:
    """Return a record of `ok_deleted_record` with its lines."""
    return _Reviving(unit, form, stored.deleted_at, renames).revived(stored.record_id, stored.content)


class _Reviving:
    def __init__(self, unit: Unit, form: Form, deleted_at: datetime, renames: Renames) -> None:
        self.unit = unit
        self.form = form
        self.deleted_at = deleted_at
        self.renames = renames
        self.given: dict[tuple[str, int], frozenset[FieldId]] = {}
        self.left_out: list[LeftOut] = []

    def revived(self, record_id: int, content: Kept) -> Revived:
        flat = self.renames.today(dict(_flattened(content)), self.deleted_at)
        values: dict[str, object] = {}
        lines: dict[str, dict[int, dict[str, object]]] = {}
        for path, (_, value) in flat.items():
            parts = path.split(".")
            if len(parts) == 1:
                values[path] = value
            else:
                lines.setdefault(parts[0], {}).setdefault(int(parts[1]), {})[parts[2]] = value
        row = self._row(self.form, record_id, values)
        for collection in self.form.lines:
            inner = self.unit.project.form_by_id[collection.form]
            rows = [self._row(inner, each, kept) for each, kept in lines.get(collection.id, {}).items()]
            row.collections[collection.id] = sorted(rows, key=_position)
        return Revived(row=row, given=self.given, lives=dict(_lives(content)), left_out=tuple(self.left_out))

    def _row(self, form: Form, record_id: int, kept: Kept) -> RecordRow:
        fields = self.unit.runtime.catalog.fields
        values: dict[FieldId, Scalar] = {
            field.id: False if fields[field.type].column is ColumnKind.BOOLEAN else None
            for field in form.stored_fields
        }
        given: set[FieldId] = set()
        for name, value in kept.items():
            field = form.by_id.get(name)
            if field is None or not field.is_stored:
                continue
            read = self._read(field, value)
            if isinstance(read, Invalid):
                outer = "" if form.parent is None else f"{form.id.rsplit('.', 1)[1]}."
                self.left_out.append(LeftOut(path=outer + name, field=field, value=str(value)))
                continue
            values[name] = read
            given.add(name)
        values["id"] = record_id
        self.given[form.id, record_id] = frozenset(given)
        return RecordRow(rows_of(self.unit), form, record_id, values)

    def _read(self, field: Field, value: object) -> Scalar | Invalid:
        if value is None or (isinstance(value, str) and isinstance(field.value_type, Text)):
            # Text comes back letter by letter, whatever a form would make of it today.
            return value
        return self.unit.runtime.catalog.fields[field.type].from_json(field.options, value)


def _flattened(content: Kept) -> Iterator[tuple[str, tuple[object, object]]]:
    values, lines = content["values"], content["lines"]
    assert isinstance(values, dict)
    assert isinstance(lines, dict)
    for name, value in values.items():
        yield name, (None, value)
    for collection, rows in lines.items():
        for row in rows:
            for name, value in row["values"].items():
                yield f"{collection}.{row['id']}.{name}", (None, value)


def _lives(content: Kept) -> Iterator[tuple[str, Life]]:
    lives = content.get("lives", ())
    assert isinstance(lives, Sequence)
    for each in lives:
        entered_at = datetime.fromisoformat(each["entered_at"])
        yield each["workflow"], Life(entered_at=entered_at, submitter_id=each["submitter_id"])


def _position(row: RecordRow) -> tuple[int, int]:
    position = row.values.get("position")
    return (position if isinstance(position, int) else 0, row.id)
