"""Evaluating for a person: what comes out, and whether everything that went in is theirs to see.

What is copied into a field that they see may come only from fields that they see. The rows handed to the
evaluation note each field that is read, so that only what was really read counts.
"""

from collections.abc import Mapping, Sequence

from orderkit.engine.access import Right, field_rights
from orderkit.engine.access.grants import grants_of
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import Environment, RowLike, Value, evaluate
from orderkit.model.expressions.nodes import Expression, Find, Scalar
from orderkit.model.forms import FormId, SystemRole

_BY_PLACE = frozenset({SystemRole.ID, SystemRole.PARENT, SystemRole.POSITION})


def seen_value(
    unit: Unit, expression: Expression, record: RecordRow, roots: Mapping[str, RecordRow] | None = None
) -> tuple[Value, bool]:
    """Return the value on a record, and whether the person may see all that was read for it.

    Raises: EvaluationError.
    """
    given = roots or {}
    if grants_of(unit, unit.person).is_free:
        return evaluate(expression, environment_of(unit, record, roots=dict(given))), True
    sight = _Sight(unit)
    seen = {name: sight.of(row) for name, row in given.items()}
    value = evaluate(expression, environment_of(unit, sight.of(record), roots=seen, store=sight))
    return _plain(unit, value), sight.is_clear


def right_on(unit: Unit, row: RecordRow, name: str) -> Right:
    """Return the person's right on a field of a record, or of a line of one."""
    shape = row.shape
    if shape.parent is None or shape.parent_field is None:
        return field_rights(unit, shape.id, row).get(name, Right.HIDDEN)
    parent_id = row.values.get(shape.parent_field.id)
    parent = rows_of(unit).row(shape.parent, parent_id) if isinstance(parent_id, int) else None
    if parent is None:
        return Right.HIDDEN
    path = f"{shape.id.rsplit('.', 1)[1]}.{name}"
    return field_rights(unit, shape.parent, parent).get(path, Right.HIDDEN)


class _Sight:
    """A `RowStore` that notes whether what is read of its rows may be seen."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.is_clear = True
        self._rows = rows_of(unit)

    def of(self, row: RecordRow) -> "_SeenRow":
        """Return a record that notes what is read of it."""
        return _SeenRow(self, row)

    def row(self, form: FormId, record_id: int) -> "_SeenRow | None":
        """Return a record."""
        found = self._rows.row(form, record_id)
        return None if found is None else self.of(found)

    def find(self, wanted: Find, environment: Environment) -> "_SeenRow | None":
        """Return what a `find` means."""
        found = self._rows.find(wanted, environment)
        return None if found is None else self.of(found)

    def title(self, form: FormId, record_id: int) -> str:
        """Return a record's title, which is shown to who may see the reference."""
        return self._rows.title(form, record_id)

    def note(self, row: RecordRow, name: str) -> None:
        """Note that a field was read."""
        field = row.shape.by_id.get(name)
        is_said = field is not None and field.system in _BY_PLACE
        if self.is_clear and not is_said and right_on(self.unit, row, name) < Right.READ:
            self.is_clear = False


class _SeenRow:
    """A record whose fields are read under the eyes of a `_Sight`."""

    __slots__ = ("_sight", "form", "id", "row")

    def __init__(self, sight: _Sight, row: RecordRow) -> None:
        self._sight = sight
        self.row = row
        self.form = row.form
        self.id = row.id

    def get(self, field: str) -> Scalar:
        """Return a field's value, and note that it was read."""
        self._sight.note(self.row, field)
        return self.row.get(field)

    def rows(self, collection: str) -> Sequence[RowLike]:
        """Return the rows of a collection, and note that lines were read."""
        found = self.row.shape.collection_by_id.get(collection)
        if found is not None and found.is_lines:
            self._sight.note(self.row, collection)
        return [self._sight.of(row) for row in self.row.rows(collection)]


def _plain(unit: Unit, value: Value) -> Value:
    if isinstance(value, _SeenRow):
        return value.row
    if isinstance(value, list):
        return [_plain(unit, each) for each in value]
    return value
