"""What of a record goes along when a part of it, or all of it, becomes another one of the same form."""

from orderkit.engine.records.changes import LineChange
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.nodes import Get, Scalar
from orderkit.model.expressions.tree import walk
from orderkit.model.forms import Field, FieldId, Form, SystemRole

_OWN = frozenset({SystemRole.NONE, SystemRole.OWNER})


def copied_values(
    unit: Unit, row: RecordRow, *, anew: frozenset[FieldId] = frozenset()
) -> dict[FieldId, Scalar]:
    """Return the values of a row that a new one takes over.

    Not what is computed, unique, a file, or says of itself that it is not copied; nor a copy that follows
    from a field in `anew`, which is taken from the new value instead.
    """
    return {
        field.id: row.values[field.id]
        for field in row.shape.stored_fields
        if _goes_along(unit, field) and field.id not in anew and not _follows(field, anew)
    }


def copied_line(unit: Unit, row: RecordRow, changed: dict[FieldId, Scalar] | None = None) -> LineChange:
    """Return a new line like this one, with other values in some fields."""
    values = changed or {}
    return LineChange(values={**copied_values(unit, row, anew=frozenset(values)), **values})


def kept_line(row: RecordRow, changed: dict[FieldId, Scalar] | None = None) -> LineChange:
    """Return the change that keeps a line, with other values in some fields."""
    return LineChange(id=row.id, values=changed or {})


def collections_of(form: Form) -> list[str]:
    """Return the lines that a form has."""
    return [collection.id for collection in form.lines]


def _goes_along(unit: Unit, field: Field) -> bool:
    is_file = unit.runtime.catalog.fields[field.type].column in ATTACHED
    return field.system in _OWN and not (field.is_derived or field.no_copy or field.unique or is_file)


def _follows(field: Field, changed: frozenset[FieldId]) -> bool:
    return field.copy is not None and any(
        isinstance(node, Get) and node.field in changed for node in walk(field.copy)
    )
