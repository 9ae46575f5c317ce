"""One record as an expression sees it: values by field, rows by collection."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form, FormId

if TYPE_CHECKING:
    from orderkit.engine.rows.store import RowsOfUnit

Values = dict[str, Scalar]


class RecordRow:
    """A record within one unit. `values` are what the unit has made of it so far, stored or not.

    A record that is not stored yet has a negative id, by which others in the unit can refer to it.
    """

    __slots__ = ("_store", "collections", "id", "shape", "values")

    def __init__(self, store: "RowsOfUnit", shape: Form, record_id: int, values: Values) -> None:
        self._store = store
        self.shape = shape
        self.id = record_id
        self.values = values
        self.collections: dict[str, list[RecordRow]] = {}

    def __repr__(self) -> str:
        return f"<{self.form} {self.id}>"

    @property
    def form(self) -> FormId:
        """The form's id."""
        return self.shape.id

    @property
    def is_stored(self) -> bool:
        """Whether the database has this record."""
        return self.id > 0

    def get(self, field: str) -> Scalar:
        """Return a field's value; a virtual field is computed, a number still to come is taken now."""
        value = self.values.get(field)
        if value is not None:
            return value
        if field == "id":
            return self.id
        if field in self.values:
            return self._store.number_to_come(self, field)
        found = self.shape.by_id.get(field)
        return None if found is None or found.virtual is None else self._store.virtual(self, found)

    def rows(self, collection: str) -> Sequence["RecordRow"]:
        """Return the rows of a collection: lines in their order, others by id."""
        found = self.collections.get(collection)
        if found is None:
            self._store.load_rows([self], collection)
            found = self.collections[collection]
        return found

    def snapshot(self) -> "RecordRow":
        """Return the record as it is now, whatever becomes of it; its lines are snapshots too."""
        copy = RecordRow(self._store, self.shape, self.id, dict(self.values))
        for collection in self.shape.lines:
            if collection.id in self.collections:
                copy.collections[collection.id] = [row.snapshot() for row in self.collections[collection.id]]
        return copy


class LazyRow:
    """A record that surely exists, read only if more than its id is asked for: the person who acts."""

    __slots__ = ("_store", "form", "id")

    def __init__(self, store: "RowsOfUnit", form: FormId, record_id: int) -> None:
        self._store = store
        self.form = form
        self.id = record_id

    def get(self, field: str) -> Scalar:
        """Return a field's value."""
        if field == "id":
            return self.id
        row = self._store.row(self.form, self.id)
        return None if row is None else row.get(field)

    def rows(self, collection: str) -> Sequence[RecordRow]:
        """Return the rows of a collection."""
        row = self._store.row(self.form, self.id)
        return () if row is None else row.rows(collection)
