"""Undoing a transition: what it did is reversed once, in reverse order, as far as it is still open.

Of a posting that is what nothing used up since; of an assignment the fields that still hold what was
assigned; of a created record the record, if nobody touched it since. Ledgers get reversals, the timeline
keeps what it says: nothing of the past is deleted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from orderkit.database.schema.system_tables import workflow_event, workflow_undo
from orderkit.engine import ledger, records
from orderkit.engine.records import Delete, LineChange, Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.undoing.noting import Kind, doing
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Conflict, Denied, NotFound, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form


def undo_transition(unit: Unit, instance: Instance, row: RecordRow, transition_id: str) -> int:
    """Take back what a transition did to this record and has not been undone; return how much that was.

    The instance must be locked. Undone once, it stays undone: a second call finds nothing.
    Raises: Refused where a rule of a form, or a bound of a ledger, forbids what was before.
    """
    table = workflow_undo
    found = (
        select(table)
        .where(
            table.c.workflow == instance.workflow,
            table.c.record_id == row.id,
            table.c.transition == transition_id,
            table.c.undone_at.is_(None),
        )
        .order_by(table.c.id.desc())
    )
    notes = unit.connection.execute(found).all()
    if not notes:
        return 0
    ids = [note.id for note in notes]
    unit.connection.execute(update(table).where(table.c.id.in_(ids)).values(undone_at=unit.now))
    with doing(unit, instance, None):
        return sum(_undo(unit, instance, note) for note in notes)


def undo_entry(unit: Unit, moved: Instance, row: RecordRow, visit: int) -> int:
    """Undo the transition that led a record into an earlier visit; `moved` is its life in the state it has come to.

    Called within the move, once the record has left that visit, so that nothing which was protected there stands
    in the way.
    """
    event = workflow_event
    found = select(event.c.transition).where(
        event.c.instance_id == moved.id, event.c.visit == visit, event.c.source.is_not(None)
    )
    transition = unit.connection.execute(found.order_by(event.c.id).limit(1)).scalar()
    return 0 if transition is None else undo_transition(unit, moved, row, transition)


def _undo(unit: Unit, instance: Instance, note: Row[Any]) -> int:
    match Kind(note.kind):
        case Kind.POST:
            return _reverse(unit, instance, note)
        case Kind.ASSIGN:
            return _assign_back(unit, note)
        case Kind.CREATE:
            return _remove(unit, note)


def _reverse(unit: Unit, instance: Instance, note: Row[Any]) -> int:
    source = ledger.Source(
        workflow=instance.workflow,
        instance_id=instance.id,
        visit=instance.visit,
        transition=note.transition,
    )
    given_back = _given_back(unit, instance, note.form)
    name = note.form.removesuffix(".entries")
    return int(ledger.reverse_entry(unit, name, note.target_id, source, given_back=given_back))


def _given_back(unit: Unit, instance: Instance, entries: str) -> frozenset[int]:
    """Return the entries of this life that were undone: what later ones used up of them is not opened again."""
    table = workflow_undo
    found = select(table.c.target_id).where(
        table.c.workflow == instance.workflow,
        table.c.record_id == instance.record_id,
        table.c.kind == Kind.POST,
        table.c.form == entries,
        table.c.undone_at.is_not(None),
    )
    return frozenset(unit.connection.execute(found).scalars())


def _assign_back(unit: Unit, note: Row[Any]) -> int:
    row = _row(unit, note)
    if row is None:
        return 0
    pairs, collection = note.data["values"], note.data.get("collection")
    if collection is None:
        values = _held(unit, row, pairs)
        change = Update(form=row.form, id=row.id, values=values)
    else:
        rows = row.rows(collection) if collection in row.shape.collection_by_id else ()
        line = next((each for each in rows if each.id == note.data["row"]), None)
        values = {} if line is None else _held(unit, line, pairs)
        change = Update(form=row.form, id=row.id, lines={collection: _with(rows, note.data["row"], values)})
    if not values:
        return 0
    records.apply(unit, [change], by_rule=True)
    return 1


def _with(rows: Sequence[RecordRow], row_id: int, values: Mapping[str, Scalar]) -> list[LineChange]:
    return [LineChange(id=each.id, values=values if each.id == row_id else {}) for each in rows]


def _held(unit: Unit, row: RecordRow, pairs: Mapping[str, Sequence[object]]) -> dict[str, Scalar]:
    """Return what the fields had that still hold what was assigned."""
    form: Form = row.shape
    fields = unit.runtime.catalog.fields
    found: dict[str, Scalar] = {}
    for name, (before, assigned) in pairs.items():
        field = form.by_id.get(name)
        if field is None:
            continue
        kind, value = fields[field.type], row.get(name)
        held = None if value is None else kind.to_json(field.options, value)
        if held != assigned:
            continue
        old = None if before is None else kind.from_json(field.options, before)
        if not isinstance(old, Invalid):
            found[name] = old
    return found


def _remove(unit: Unit, note: Row[Any]) -> int:
    row = _row(unit, note)
    if row is None or row.get("revision") != note.data.get("revision"):
        return 0
    try:
        with unit.within() as inner:
            records.apply(inner, [Delete(form=row.form, id=row.id)], by_rule=True)
    except (Refused, Conflict, Denied, NotFound):
        # Something refers to it by now: it is in use, and stays.
        return 0
    finally:
        rows_of(unit).forget_everything()
    return 1


def _row(unit: Unit, note: Row[Any]) -> RecordRow | None:
    return None if note.form not in unit.project.form_by_id else rows_of(unit).row(note.form, note.target_id)
