"""Entries of ledgers: writing them, and what of one is still open.

What is open of an entry is what it moved, less what later entries used up of it (`uses_id`) and took back
(`reverses_id`). Entries of one record are written under the lock of its workflow, so this needs no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Row, Table, insert, select

from orderkit.engine.ledger.balances import Change, note_changes
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.ledgers import Ledger

AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a posting comes from: the record, the row of it, and the transition that does it."""

    form: str | None = None
    record_id: int | None = None
    row_form: str | None = None
    row_id: int | None = None
    workflow: str | None = None
    instance_id: int | None = None
    visit: int | None = None
    transition: str | None = None


NOWHERE = Source()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry to be written. `moves` says what is added to each measure; what is not named, it leaves alone."""

    posting: str
    source: Source
    keys: Mapping[str, Scalar]
    moves: Mapping[str, Decimal]
    reason: str | None = None
    uses_id: int | None = None
    reverses_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Posted:
    """An entry as it stands, with what is open of it."""

    id: int
    posting: str
    keys: Mapping[str, Scalar]
    moves: Mapping[str, Decimal]
    uses_id: int | None
    source: Source
    open: dict[str, Decimal] = field(default_factory=dict)


def entries_table(unit: Unit, ledger: Ledger) -> Table:
    """Return the table of a ledger's entries."""
    return unit.runtime.database.tables[ledger.entries]


def write_entries(unit: Unit, ledger: Ledger, entries: Sequence[Entry]) -> tuple[int, ...]:
    """Write entries and let the balances follow at the end of the unit; return their ids."""
    if not entries:
        return ()
    assert unit.is_writing, "only a unit opened by `Runtime.write` may post"
    table = entries_table(unit, ledger)
    made: list[int] = []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    rows = [_values(unit, ledger, each) for each in entries]
    for start in range(0, len(rows), AT_ONCE):
        made += unit.connection.execute(statement, rows[start : start + AT_ONCE]).scalars()
    changes = [
        Change(
            keys=tuple(each.keys.get(key.id) for key in ledger.keys),
            moves=each.moves,
            row=(each.source.row_form, each.source.row_id),
            posting=each.posting,
            has_reason=each.reason is not None,
        )
        for each in entries
    ]
    note_changes(unit, ledger, changes)
    return tuple(made)


def open_entries(
    unit: Unit, ledger: Ledger, source: Source, transition: str
) -> Mapping[tuple[str | None, int | None], Sequence[Posted]]:
    """Return what a transition of the same life posted and is still open, by row, oldest first.

    Only postings themselves count, neither what they used up of others nor reversals.
    """
    table = entries_table(unit, ledger)
    found = select(table).where(
        table.c.workflow == source.workflow,
        table.c.transition == transition,
        table.c.form == source.form,
        table.c.record_id == source.record_id,
        table.c.is_reversal.is_(False),
        table.c.uses_id.is_(None),
    )
    posted = [_posted(ledger, row) for row in unit.connection.execute(found.order_by(table.c.id))]
    _work_out(unit, ledger, posted)
    by_row: dict[tuple[str | None, int | None], list[Posted]] = {}
    for each in posted:
        by_row.setdefault((each.source.row_form, each.source.row_id), []).append(each)
    return by_row


def find_entry(unit: Unit, ledger: Ledger, entry_id: int) -> Posted | None:
    """Return an entry with what is open of it."""
    table = entries_table(unit, ledger)
    row = unit.connection.execute(select(table).where(table.c.id == entry_id)).one_or_none()
    if row is None:
        return None
    posted = _posted(ledger, row)
    _work_out(unit, ledger, [posted])
    return posted


def _work_out(unit: Unit, ledger: Ledger, posted: Sequence[Posted]) -> None:
    table = entries_table(unit, ledger)
    by_id = {each.id: each for each in posted}
    ids = sorted(by_id)
    for each in posted:
        each.open = dict(each.moves)
    for column in (table.c.uses_id, table.c.reverses_id):
        for start in range(0, len(ids), AT_ONCE):
            later = select(table).where(column.in_(ids[start : start + AT_ONCE]))
            for row in unit.connection.execute(later):
                left = by_id[getattr(row, column.name)].open
                for measure in ledger.measures:
                    left[measure.id] += getattr(row, measure.id)


def _posted(ledger: Ledger, row: Row[tuple[object, ...]]) -> Posted:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Posted(
        id=values["id"],
        posting=values["posting"],
        keys={key.id: values[key.id] for key in ledger.keys},
        moves={measure.id: values[measure.id] for measure in ledger.measures},
        uses_id=values["uses_id"],
        source=Source(
            form=values["form"],
            record_id=values["record_id"],
            row_form=values["row_form"],
            row_id=values["row_id"],
            workflow=values["workflow"],
            instance_id=values["instance_id"],
            visit=values["visit"],
            transition=values["transition"],
        ),
    )


def _values(unit: Unit, ledger: Ledger, entry: Entry) -> dict[str, object]:
    source = entry.source
    return {
        "posted_at": unit.now,
        "posting": entry.posting,
        "form": source.form,
        "record_id": source.record_id,
        "row_form": source.row_form,
        "row_id": source.row_id,
        "workflow": source.workflow,
        "instance_id": source.instance_id,
        "visit": source.visit,
        "transition": source.transition,
        "person": unit.person.id,
        "reason": entry.reason,
        "cause": unit.cause,
        "is_reversal": entry.reverses_id is not None,
        "reverses_id": entry.reverses_id,
        "uses_id": entry.uses_id,
        **{key.id: entry.keys.get(key.id) for key in ledger.keys},
        **{measure.id: entry.moves.get(measure.id, Decimal(0)) for measure in ledger.measures},
    }
