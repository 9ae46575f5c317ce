"""The statements of a write: one for all new rows of a form, one for all rows changed in the same fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Table, bindparam, text

from orderkit.engine.index.writing import note_written
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Record
from orderkit.model.forms import FieldId, FormId

IDS_AT_ONCE = 10_000
_SEQUENCE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def insert_rows(unit: Unit, new: Sequence[RecordRow]) -> None:
    """Store new rows, which get their ids; rows of one form in one statement. Those from the bin have theirs."""
    rows = rows_of(unit)
    _insert_again(unit, [row for row in new if row.is_stored])
    for form_id, same_form in _by_form([row for row in new if not row.is_stored]).items():
        table = unit.runtime.database.tables[form_id]
        given = [{name: value for name, value in row.values.items() if name != "id"} for row in same_form]
        for row, record_id in zip(same_form, _insert(unit, table, given), strict=True):
            rows.has_got_id(row, record_id)
        note_written(unit, form_id, [row.id for row in same_form])


def _insert_again(unit: Unit, restored: Sequence[RecordRow]) -> None:
    for form_id, same_form in _by_form(restored).items():
        table = unit.runtime.database.tables[form_id]
        unit.connection.execute(table.insert(), [{**row.values, "id": row.id} for row in same_form])
        for row in same_form:
            rows_of(unit).has_got_id(row, row.id)
        note_written(unit, form_id, [row.id for row in same_form])


def _insert(unit: Unit, table: Table, given: list[dict[str, Scalar]]) -> Sequence[int]:
    if len(given) > 1 and unit.runtime.database.dialect == "sqlite":
        # SQLite promises no order of returned ids; but a writer is alone, so it can give them itself.
        last = unit.connection.execute(_SEQUENCE, {"name": table.name}).scalar_one_or_none() or 0
        ids = range(last + 1, last + 1 + len(given))
        unit.connection.execute(table.insert(), [{"id": i, **row} for i, row in zip(ids, given, strict=True)])
        return ids
    inserted = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    return unit.connection.execute(inserted, given).scalars().all()


def update_rows(unit: Unit, changed: Iterable[tuple[RecordRow, Iterable[FieldId]]]) -> None:
    """Store changed fields; rows of one form that changed the same fields in one statement."""
    batches: dict[tuple[FormId, tuple[FieldId, ...]], list[dict[str, object]]] = {}
    for row, fields in changed:
        names = tuple(sorted(fields))
        if names:
            values: dict[str, object] = {f"new_{name}": row.values[name] for name in names}
            batches.setdefault((row.form, names), []).append({"row_id": row.id, **values})
    for (form_id, names), parameters in sorted(batches.items(), key=lambda item: item[0]):
        table = unit.runtime.database.tables[form_id]
        updated = table.update().where(table.c.id == bindparam("row_id"))
        unit.connection.execute(
            updated.values({name: bindparam(f"new_{name}") for name in names}), parameters
        )
        note_written(
            unit, form_id, [row_id for each in parameters if isinstance(row_id := each["row_id"], int)], names
        )


def delete_rows(unit: Unit, gone: Sequence[RecordRow]) -> None:
    """Delete rows, those that refer to others first."""
    rows = rows_of(unit)
    # The tables stand in the order in which they can be made: after those that they refer to.
    places = {form_id: place for place, form_id in enumerate(unit.runtime.database.tables)}
    for form_id, same_form in sorted(_by_form(gone).items(), key=lambda item: -places[item[0]]):
        table = unit.runtime.database.tables[form_id]
        for wave in _waves(same_form):
            for start in range(0, len(wave), IDS_AT_ONCE):
                unit.connection.execute(
                    table.delete().where(table.c.id.in_(wave[start : start + IDS_AT_ONCE]))
                )
        note_written(unit, form_id, [row.id for row in same_form])
        for row in same_form:
            rows.forget(row)


def _waves(rows: Sequence[RecordRow]) -> Iterator[list[int]]:
    """Yield the ids of rows of one form such that none is deleted while another still refers to it."""
    form = rows[0].shape
    links = [f.id for f in form.stored_fields if f.value_type == Record(form.id)]
    left = {row.id: row for row in rows}
    while left:
        needed = {row.values[name] for row in left.values() for name in links} if links else set()
        wave = sorted(left.keys() - needed) or sorted(left)
        for each in wave:
            del left[each]
        yield wave


def _by_form(rows: Sequence[RecordRow]) -> Mapping[FormId, list[RecordRow]]:
    found: dict[FormId, list[RecordRow]] = {}
    for row in rows:
        found.setdefault(row.form, []).append(row)
    return found
