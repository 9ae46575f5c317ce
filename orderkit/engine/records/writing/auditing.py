"""What the audit says about documents: every changed field with its value before and after.

Lines stand in the entry of their record: `lines.17.qty` is a field of the line with id 17, `lines.17`
a line that came or went as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence

from orderkit.catalog import Catalog
from orderkit.engine import audit
from orderkit.engine.hooks import WriteKind
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.writing.storing import Removal
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, SystemRole

# They change with every write or say where a row stands: noise in an audit.
_UNSAID = frozenset(
    {
        SystemRole.ID,
        SystemRole.CREATED_AT,
        SystemRole.CREATED_BY,
        SystemRole.UPDATED_AT,
        SystemRole.UPDATED_BY,
        SystemRole.REVISION,
        SystemRole.PARENT,
        SystemRole.POSITION,
    }
)

# Who somebody is can be erased from the audit, too, when they ask to be forgotten.
_USER = "user"
_PERSONAL_OF_USERS = frozenset({"login", "name", "email"})


def write_audit(unit: Unit, documents: Sequence[Document], removals: Sequence[Removal]) -> None:
    """Write one entry for each document that changed and each record that went."""
    if unit.is_trial:
        return
    catalog = unit.runtime.catalog
    entries = [_entry(catalog, document) for document in documents if document.is_new or document.has_changed]
    entries.extend(_removal_entry(catalog, removal) for removal in removals)
    audit.write(unit, [entry for entry in entries if entry.changes or entry.verb != WriteKind.UPDATED.value])


def kind_of(document: Document) -> WriteKind:
    """Return what the write did to a document."""
    if document.is_restored:
        return WriteKind.RESTORED
    if document.is_new:
        return WriteKind.CREATED
    return WriteKind.COMPUTED if document.index is None else WriteKind.UPDATED


class _Changes:
    """Collects changes of one entry."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.changes: dict[str, audit.BeforeAfter] = {}
        self.personal: set[str] = set()

    def add(
        self,
        prefix: str,
        form: Form,
        names: Iterable[FieldId],
        before: Mapping[FieldId, Scalar],
        after: Mapping[FieldId, Scalar],
    ) -> None:
        for name in names:
            old, new = before.get(name), after.get(name)
            if (old is None and new is None) or (not before and new is False):
                continue
            field = form.by_id.get(name)
            if field is None or field.system in _UNSAID or not field.is_stored:
                continue
            pair = (self.json(field, old), self.json(field, new))
            if pair[0] == pair[1]:
                continue
            self.changes[prefix + name] = pair
            if field.pii or (form.id == _USER and name in _PERSONAL_OF_USERS):
                self.personal.add(prefix + name)

    def json(self, field: Field, value: Scalar) -> object:
        return None if value is None else self.catalog.fields[field.type].to_json(field.options, value)


def _entry(catalog: Catalog, document: Document) -> audit.Entry:
    found = _Changes(catalog)
    if document.is_restored:
        # The entry of its deletion says it all.
        return audit.Entry(
            form=document.form.id, record_id=document.top.row.id, verb=kind_of(document).value, changes={}
        )
    _add_part(found, "", document.top)
    for collection, parts in document.lines.items():
        for part in parts:
            prefix = f"{collection}.{part.row.id}"
            if part.is_new:
                found.changes[prefix] = (None, True)
            _add_part(found, f"{prefix}.", part)
        for row in document.removed.get(collection, ()):
            _add_gone(found, f"{collection}.{row.id}", row)
    return audit.Entry(
        form=document.form.id,
        record_id=document.top.row.id,
        verb=kind_of(document).value,
        changes=found.changes,
        personal=frozenset(found.personal),
    )


def _removal_entry(catalog: Catalog, removal: Removal) -> audit.Entry:
    found = _Changes(catalog)
    row = removal.row
    found.add("", row.shape, (each.id for each in row.shape.stored_fields), row.values, {})
    for collection, lines in removal.lines.items():
        for line in lines:
            _add_gone(found, f"{collection}.{line.id}", line)
    return audit.Entry(
        form=row.form,
        record_id=row.id,
        verb=WriteKind.DELETED.value,
        changes=found.changes,
        personal=frozenset(found.personal),
    )


def _add_part(found: _Changes, prefix: str, part: Part) -> None:
    if part.old is None:
        names = [each.id for each in part.form.stored_fields]
        found.add(prefix, part.form, names, {}, part.row.values)
    else:
        found.add(prefix, part.form, sorted(part.changed), part.old.values, part.row.values)


def _add_gone(found: _Changes, path: str, row: RecordRow) -> None:
    found.changes[path] = (True, None)
    names = [each.id for each in row.shape.stored_fields]
    found.add(f"{path}.", row.shape, names, row.values, {})
