"""What a record was before an import changed it, as its audit tells, and what of it nobody knows any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from orderkit.engine import audit
from orderkit.engine.importing import runs
from orderkit.engine.importing.runs import ImportRun, WrittenRecord
from orderkit.engine.records import LineChange, Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.labels import Label, label, text_of

_NO_AUDIT = label(
    zh="历史记录已清除，不知道导入前的内容，保留现值",
    en="its history has been removed, so nobody knows what stood there before; it is left as it is",
)


@dataclass(slots=True)
class Former:
    """The change that brings back what stood in a record, and what of it stays, in words."""

    change: Update | None = None
    why: Label | None = None


class _Left:
    """Collects the labels of what is left as it is: changed by somebody since, or no longer known as it was."""

    def __init__(self) -> None:
        self.since: dict[str, Label] = {}
        self.unknown: dict[str, Label] = {}

    def why(self) -> Label | None:
        """Return why something is left, if anything is."""
        told = [
            _listed("之后又被修改，保留现值", "changed since, and left as it is", self.since),
            _listed(
                "原值已不再保存，保留现值",
                "its former value is no longer kept, so it is left as it is",
                self.unknown,
            ),
        ]
        found = [each for each in told if each is not None]
        if not found:
            return None
        return label(
            zh="；".join(text_of(each, "zh") for each in found),
            en="; ".join(text_of(each, "en") for each in found),
        )


def _listed(zh: str, en: str, labels: Mapping[str, Label]) -> Label | None:
    if not labels:
        return None
    names = list(labels.values())
    return label(
        zh=f"{zh}：{'、'.join(text_of(each, 'zh') for each in names)}",
        en=f"{en}: {', '.join(text_of(each, 'en') for each in names)}",
    )


def former_of(unit: Unit, run: ImportRun, kept: WrittenRecord) -> Former:
    """Return how a record that a run updated gets back what stood there. Raises NotFound."""
    row = rows_of(unit).row(kept.form, kept.id)
    if row is None:
        raise NotFound
    changes: dict[str, audit.BeforeAfter] = {}
    entries = audit.read(unit, kept.form, kept.id, request_id=runs.request_of(run.id))
    if not entries:
        return Former(why=_NO_AUDIT)
    for entry in entries:
        for path, (before, after) in entry.changes.items():
            # Newest first: the first one says what the import left, the last one what stood before.
            changes[path] = (before, changes.get(path, (before, after))[1])
    erased = frozenset(path for entry in entries for path, _ in entry.erased)
    reader = _Reader(unit, row, changes, erased)
    values = reader.values("", row.shape, row)
    lines = reader.lines()
    reader.note_strangers()
    change = Update(form=kept.form, id=kept.id, values=values, lines=lines) if values or lines else None
    return Former(change, reader.left.why())


class _Reader:
    """Reads from the audit what a record was, as far as it is still what the import made of it."""

    def __init__(
        self, unit: Unit, row: RecordRow, changes: Mapping[str, audit.BeforeAfter], erased: frozenset[str]
    ) -> None:
        self._unit = unit
        self._row = row
        self._changes = changes
        self._erased = erased
        self.left = _Left()

    def values(self, prefix: str, form: Form, row: RecordRow) -> dict[FieldId, Scalar]:
        """Return the former values of a record or line that nobody has changed since."""
        found: dict[FieldId, Scalar] = {}
        for field_ in form.stored_fields:
            path = f"{prefix}{field_.id}"
            pair = self._changes.get(path)
            if pair is None or not _is_written(field_):
                continue
            if path in self._erased:
                self.left.unknown[path] = field_.label
                continue
            if self._json(field_, row.values.get(field_.id)) != pair[1]:
                self.left.since[path] = field_.label
                continue
            value = self._value(field_, pair[0])
            if isinstance(value, Invalid):
                self.left.unknown[path] = field_.label
                continue
            found[field_.id] = value
        return found

    def note_strangers(self) -> None:
        """Note what the import changed in fields that the form no longer has."""
        shape = self._row.shape
        lines = {each.id: self._unit.project.form_by_id[each.form] for each in shape.lines}
        for path in self._changes:
            first, *rest = path.split(".")
            form = lines.get(first, shape)
            name = (rest[1] if len(rest) > 1 else None) if first in lines else first
            if name is not None and name not in form.by_id:
                self.left.unknown[path] = label(zh=name, en=name)

    def lines(self) -> dict[str, list[LineChange]]:
        """Return the full new set of each collection in which something changed."""
        found: dict[str, list[LineChange]] = {}
        for collection in self._row.shape.lines:
            touched = [path for path in self._changes if path.startswith(f"{collection.id}.")]
            if touched:
                form = self._unit.project.form_by_id[collection.form]
                found[collection.id] = [*self._staying(collection.id, form), *self._gone(collection.id, form)]
        return found

    def _staying(self, collection: str, form: Form) -> list[LineChange]:
        found = []
        for line in self._row.rows(collection):
            prefix = f"{collection}.{line.id}"
            if self._changes.get(prefix) == (None, True):
                self.values(f"{prefix}.", form, line)
                if prefix in {path.rpartition(".")[0] for path in (*self.left.since, *self.left.unknown)}:
                    found.append(LineChange(id=line.id))
                continue
            found.append(LineChange(id=line.id, values=self.values(f"{prefix}.", form, line)))
        return found

    def _gone(self, collection: str, form: Form) -> list[LineChange]:
        found = []
        present = {line.id for line in self._row.rows(collection)}
        for path, pair in self._changes.items():
            name, _, rest = path.partition(".")
            if name != collection or pair != (True, None) or not rest.isdecimal() or int(rest) in present:
                continue
            values: dict[FieldId, Scalar] = {}
            for field_ in form.stored_fields:
                known = self._changes.get(f"{path}.{field_.id}")
                if known is None or not _is_written(field_):
                    continue
                value = self._value(field_, known[0])
                if f"{path}.{field_.id}" in self._erased or isinstance(value, Invalid):
                    self.left.unknown[f"{path}.{field_.id}"] = field_.label
                elif value is not None:
                    values[field_.id] = value
            found.append(LineChange(values=values))
        return found

    def _json(self, field_: Field, value: Scalar) -> object:
        type_ = self._unit.runtime.catalog.fields[field_.type]
        return None if value is None else type_.to_json(field_.options, value)

    def _value(self, field_: Field, stored: object) -> Scalar | Invalid:
        if stored is None:
            return None
        return self._unit.runtime.catalog.fields[field_.type].from_json(field_.options, stored)


def _is_written(field_: Field) -> bool:
    """Whether an import may have written the field itself; the rest follows from what it wrote."""
    if field_.is_derived:
        return False
    return field_.system in {SystemRole.NONE, SystemRole.STATE, SystemRole.OWNER}
