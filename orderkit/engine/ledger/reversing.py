"""Reversing an entry: another one takes back what is still open of it; nothing is ever changed or deleted."""

from collections.abc import Collection

from orderkit.engine.ledger.entries import Entry, Source, find_entry, write_entries
from orderkit.engine.runtime import Unit


def reverse_entry(
    unit: Unit,
    ledger_id: str,
    entry_id: int,
    source: Source,
    *,
    given_back: Collection[int] = frozenset(),
    reason: str | None = None,
) -> bool:
    """Take back what is open of an entry, and return whether anything was.

    Args:
        unit: a writing unit.
        ledger_id: the ledger; one that is gone holds nothing to be taken back.
        entry_id: the entry.
        source: by what it is taken back; the row stays that of the entry.
        given_back: entries of the ledger that were taken back for good: what was used up of them stays used.
        reason: why, for people.
    """
    ledger = unit.project.ledger_by_id.get(ledger_id)
    entry = None if ledger is None else find_entry(unit, ledger, entry_id)
    if ledger is None or entry is None:
        return False
    if entry.uses_id is not None and entry.uses_id in given_back:
        return False
    moves = {name: -amount for name, amount in entry.open.items() if amount}
    if not moves:
        return False
    reversal = Entry(
        posting=entry.posting,
        source=Source(
            form=entry.source.form,
            record_id=entry.source.record_id,
            row_form=entry.source.row_form,
            row_id=entry.source.row_id,
            workflow=source.workflow,
            instance_id=source.instance_id,
            visit=source.visit,
            transition=source.transition,
        ),
        keys=entry.keys,
        moves=moves,
        reason=reason,
        uses_id=entry.uses_id,
        reverses_id=entry.id,
    )
    write_entries(unit, ledger, [reversal])
    return True
