"""The records that one unit has in hand: each once, loaded in batches, with what the unit made of them so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from sqlalchemy import CursorResult, Select

from orderkit.engine.rows.environments import evaluate_on
from orderkit.engine.rows.finding import find
from orderkit.engine.rows.plain_titles import parts_of, plain_titles
from orderkit.engine.rows.queries import queries_of
from orderkit.engine.rows.reads import Steps
from orderkit.engine.rows.row import LazyRow, RecordRow, Values
from orderkit.engine.rows.title_steps import title_steps_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.evaluation import Environment
from orderkit.model.expressions.nodes import Find, Scalar
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Field, Form, FormId
from orderkit.model.values.numbers import round_half_up

# Databases take 32,766 (SQLite) and 65,535 (PostgreSQL) parameters in a statement.
IDS_AT_ONCE = 10_000


def rows_of(unit: Unit) -> "RowsOfUnit":
    """Return the records that this unit has in hand."""
    return unit.keep(RowsOfUnit, lambda: RowsOfUnit(unit))


class RowsOfUnit:
    """A `RowStore` over the database, through one unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._queries = queries_of(unit.runtime)
        self._rows: dict[FormId, dict[int, RecordRow]] = {}
        self._locked: set[tuple[FormId, int]] = set()
        self._last_new_id = 0
        self._reads_again = False
        self._numbers_to_come: dict[tuple[FormId, int], Callable[[], None]] = {}
        self.found: dict[tuple[object, ...], int | None] = {}

    # What expressions ask for.

    def row(self, form: FormId, record_id: int) -> RecordRow | None:
        """Return a record; None when there is none."""
        found = self._rows.get(form, {}).get(record_id)
        if found is None and record_id > 0:
            self.load(form, [record_id])
            found = self._rows[form].get(record_id)
        return found

    def find(self, wanted: Find, environment: Environment) -> RecordRow | None:
        """Return the record that a `find` means."""
        return find(self, wanted, environment)

    def title(self, form: FormId, record_id: int) -> str:
        """Return a record's title; nothing, if there is none."""
        return self.titles(form, [record_id]).get(record_id, "")

    def virtual(self, row: RecordRow, field: Field) -> Scalar:
        """Return the value of a virtual field as one of its type: with its places, or whole."""
        assert field.virtual is not None
        value = evaluate_on(self.unit, field.virtual, row)
        if isinstance(value, int | Decimal) and isinstance(field.value_type, Number):
            rounded = round_half_up(value, field.value_type.scale)
            is_whole = self.unit.runtime.catalog.fields[field.type].column is ColumnKind.INTEGER
            return int(rounded) if is_whole else rounded
        if isinstance(value, list):
            several = [each.id if isinstance(each, RecordRow | LazyRow) else each for each in value]
            return tuple(several) or None
        return value.id if isinstance(value, RecordRow | LazyRow) else cast("Scalar", value)

    def number_to_come(self, row: RecordRow, field: str) -> Scalar:
        """Return the number that this record is about to get, taken now; other empty fields stay empty."""
        if self._numbers_to_come and row.shape.number is not None:
            take = self._numbers_to_come.get((row.form, row.id))
            if take is not None:
                take()
        return row.values[field]

    # Loading.

    def load(self, form_id: FormId, ids: Iterable[int], *, lock: bool = False) -> list[RecordRow]:
        """Return the records that exist of these, ordered by id, in one statement for those not in hand.

        With `lock` nobody else may write them until the unit ends; their values are read again.
        """
        known = self._rows.setdefault(form_id, {})
        wanted = sorted(set(ids))
        # A writer on SQLite is alone from its beginning, so there what is in hand cannot be outdated.
        lock = lock and self.unit.runtime.database.dialect != "sqlite"
        if lock:
            missing = [each for each in wanted if each > 0 and (form_id, each) not in self._locked]
        else:
            missing = [each for each in wanted if each > 0 and each not in known]
        query = self._queries.with_ids(form_id, lock=lock)
        for some in _parts(missing):
            if lock:
                self._locked.update((form_id, each) for each in some)
            for values in _read(self.unit.connection.execute(query, {"ids": some})):
                row = self._take(form_id, values, again=lock)
                if lock:
                    row.collections.clear()
        return [known[each] for each in wanted if each in known]

    def taken(self, form_id: FormId, query: Select[Any]) -> list[RecordRow]:
        """Return the records that a SELECT of a form's whole table finds, in its order."""
        found = self.unit.connection.execute(query)
        return [self._take(form_id, values, again=False) for values in _read(found)]

    def streamed(self, form_id: FormId, query: Select[Any], size: int) -> Iterator[list[RecordRow]]:
        """Return what `taken` does in parts, each forgotten when the next is asked for: for millions of records.

        Everything else that is in hand is forgotten with it, so nothing may be under way in this unit.
        """
        streaming = {"stream_results": True, "yield_per": size}
        found = self.unit.connection.execute(query, execution_options=streaming)
        names = tuple(found.keys())
        for part in found.partitions():
            self.forget_everything()
            yield [self._take(form_id, dict(zip(names, row, strict=True)), again=False) for row in part]

    def load_rows(self, parents: Sequence[RecordRow], collection_id: str, *, again: bool = False) -> None:
        """Load a collection of records of one form, in one statement for those not in hand.

        With `again` rows in hand take over what is stored now, for parents that were just locked.
        """
        missing = {row.id: row for row in parents if collection_id not in row.collections}
        if not missing:
            return
        collection = next(iter(missing.values())).shape.collection_by_id[collection_id]
        for row in missing.values():
            row.collections[collection_id] = []
        query = self._queries.of_parents(collection)
        for some in _parts(sorted(each for each in missing if each > 0)):
            for values in _read(self.unit.connection.execute(query, {"ids": some})):
                row = self._take(collection.form, values, again=again or self._reads_again)
                parent = row.values[collection.via]
                if isinstance(parent, int) and parent in missing:
                    missing[parent].collections[collection_id].append(row)

    def prefetch(self, rows: Sequence[RecordRow], steps: Steps) -> None:
        """Load what the steps lead to from rows of one form, one statement a step however many rows."""
        if not rows:
            return
        for field, further in steps.records.items():
            target = rows[0].shape.by_id[field].value_type
            assert isinstance(target, Record)
            ids = {value for row in rows if isinstance(value := row.values.get(field), int)}
            self.prefetch(self.load(target.form, ids), further)
        for collection, further in steps.rows.items():
            self.load_rows(rows, collection)
            self.prefetch([each for row in rows for each in row.collections[collection]], further)

    def titles(self, form_id: FormId, ids: Iterable[int]) -> Mapping[int, str]:
        """Return titles by id, loading what they need in as few statements as forms."""
        form = self.unit.project.form_by_id[form_id]
        rows = self.load(form_id, ids)
        self.prefetch(rows, title_steps_of(self.unit.runtime, form))
        parts = parts_of(self.unit.runtime, form)
        if parts is not None:
            return plain_titles(self, rows, parts)
        return {row.id: str(evaluate_on(self.unit, form.title, row) or "") for row in rows}

    # What a write does to the records in hand.

    def new(self, form: Form, values: Values) -> RecordRow:
        """Return a record that is not stored yet, with an id of its own below zero."""
        self._last_new_id -= 1
        row = RecordRow(self, form, self._last_new_id, values)
        self._rows.setdefault(form.id, {})[row.id] = row
        for collection in form.collections:
            row.collections[collection.id] = []
        return row

    def take_back(self, row: RecordRow) -> None:
        """Note a record that is not stored but will be under the id that it has: one from the bin."""
        self._rows.setdefault(row.form, {})[row.id] = row

    def has_got_id(self, row: RecordRow, record_id: int) -> None:
        """Note that a new record has been stored under this id."""
        rows = self._rows[row.form]
        del rows[row.id]
        row.id = row.values["id"] = record_id
        rows[record_id] = row
        self._locked.add((row.form, record_id))
        for collection in row.shape.collections:
            if not collection.is_lines:
                row.collections.pop(collection.id, None)

    def forget(self, row: RecordRow) -> None:
        """Note that a record has been deleted."""
        self._rows[row.form].pop(row.id, None)

    def forget_everything(self) -> None:
        """Read everything again when asked next: after a failed write, what is in hand is not what is stored."""
        self._rows.clear()
        self._locked.clear()
        self._numbers_to_come.clear()
        self.found.clear()

    def forget_collections(self, forms: Iterable[FormId]) -> None:
        """Forget which records refer to which, for references from these forms; lines are kept in step."""
        changed = frozenset(forms)
        for form_id, rows in self._rows.items():
            shape = self.unit.project.form_by_id[form_id]
            stale = [c.id for c in shape.collections if c.form in changed and not c.is_lines]
            for name in stale:
                for row in rows.values():
                    row.collections.pop(name, None)
        self.found.clear()

    @contextmanager
    def reading_again(self) -> Iterator[None]:
        """Let collections take over what is stored now, also for records in hand that nobody locked.

        Only while everything that this unit changed is stored.
        """
        self._reads_again = True
        try:
            yield
        finally:
            self._reads_again = False

    def await_number(self, row: RecordRow, take: Callable[[], None]) -> None:
        """Note that a stored record gets its number at the end of the unit, or when somebody reads it."""
        self._numbers_to_come[row.form, row.id] = take

    def has_got_number(self, row: RecordRow) -> None:
        """Note that a record has its number."""
        self._numbers_to_come.pop((row.form, row.id), None)

    def _take(self, form_id: FormId, values: Values, *, again: bool) -> RecordRow:
        rows = self._rows.setdefault(form_id, {})
        record_id = values["id"]
        assert isinstance(record_id, int)
        known = rows.get(record_id)
        if known is None:
            form = self.unit.project.form_by_id[form_id]
            known = rows[record_id] = RecordRow(self, form, record_id, values)
        elif again:
            known.values.update(values)
        return known


def _read(found: CursorResult[Any]) -> Iterator[Values]:
    """Yield rows by the names of their columns: made here, as looking up each name in a row takes longer."""
    names = tuple(found.keys())
    return (dict(zip(names, row, strict=True)) for row in found.all())


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    left = iter(ids)
    while some := list(islice(left, IDS_AT_ONCE)):
        yield some
