"""Ledgers, keys and measures that have other names: what they were called, told once, and followed elsewhere."""

from collections.abc import Iterator, Mapping

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import label
from orderkit.model.ledgers import Ledger, LedgerKey, LedgerMeasure
from orderkit.model.project import Project
from orderkit.plan.values import Area, Entry, Manner
from orderkit.plan.words.filling import code, filled
from orderkit.plan.words.names import named, noun_of

_RENAMED = label(zh="{noun} {old} 改名为 {new}", en="{noun} {old} is now called {new}")


def ledger_before(old: Project, new: Ledger) -> Ledger | None:
    """Return what a ledger was, if it was there."""
    origin = new.renamed_from
    return old.ledger_by_id.get(new.id) or (None if origin is None else old.ledger_by_id.get(origin))


def names_of_ledgers(old: Project, new: Project) -> Mapping[str, str]:
    """Return what names of ledgers, keys and measures became, where they have others now."""
    return {before: part.id for _, before, part in _renames(old, new)}


def renames_of_ledgers(old: Project, new: Project) -> Iterator[Entry]:
    """Yield an entry for each ledger, key and measure that has another name."""
    for ledger, before, part in _renames(old, new):
        is_whole = part is ledger
        subject = ledger.id if is_whole else f"{ledger.id}.{part.id}"
        yield Entry(
            severity=Severity.SAFE,
            area=Area.LEDGERS,
            subject=subject,
            manner=Manner.RENAMED,
            words=filled(
                _RENAMED,
                noun=noun_of(part),
                old=code(before if is_whole else f"{ledger.id}.{before}"),
                new=named(subject, part),
            ),
            before=code(before),
            after=code(part.id),
        )


def _renames(old: Project, new: Project) -> Iterator[tuple[Ledger, str, Ledger | LedgerKey | LedgerMeasure]]:
    for ledger in new.ledgers:
        before = ledger_before(old, ledger)
        if before is None:
            continue
        if before.id != ledger.id:
            yield ledger, before.id, ledger
        there = before.row_form.by_id
        parts: tuple[LedgerKey | LedgerMeasure, ...] = (*ledger.keys, *ledger.measures)
        for part in parts:
            origin = part.renamed_from
            if (
                origin is not None
                and origin in there
                and part.id not in there
                and origin not in ledger.row_form.by_id
            ):
                yield ledger, origin, part
