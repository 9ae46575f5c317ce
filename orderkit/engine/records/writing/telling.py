"""Telling the rest of the engine what was written: events for integrations, writes for the life cycle."""

from collections.abc import Iterator, Sequence

from orderkit.engine.hooks import Happening, RowWritten, WriteKind, Written
from orderkit.engine.records.documents.document import Document
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.records.writing.auditing import kind_of
from orderkit.engine.records.writing.storing import Removal
from orderkit.engine.runtime import Unit
from orderkit.model.exchange.integrations import EventKind

_EVENTS = {
    WriteKind.CREATED: EventKind.CREATED,
    WriteKind.UPDATED: EventKind.UPDATED,
    WriteKind.DELETED: EventKind.DELETED,
    # Systems that keep a copy write it again; nobody takes it for a new one.
    WriteKind.RESTORED: EventKind.UPDATED,
}


def tell(
    unit: Unit,
    documents: Sequence[Document],
    removals: Sequence[Removal],
    terms: Terms,
) -> None:
    """Tell the events first, then let workflows take part, which may write again."""
    written = [_written(document, terms) for document in documents if document.is_new or document.has_changed]
    written.extend(_removed(removal, terms) for removal in removals)
    if not written:
        return
    hooks = unit.runtime.hooks
    if not terms.is_history:
        hooks.events.happened(unit, [event for each in written for event in _events(each)])
    for watch in hooks.watches:
        watch(unit, written)
    hooks.life_cycle.written(unit, written)


def _written(document: Document, terms: Terms) -> Written:
    return Written(
        form=document.form.id,
        id=document.top.row.id,
        kind=kind_of(document),
        changed=frozenset() if document.is_restored else document.changed_paths(),
        before={} if document.top.old is None else document.top.old.values,
        row=document.top.row,
        is_history=terms.is_history,
        by_rule=terms.by_rule,
        lives=document.lives,
        assigned=frozenset(document.top.given & document.top.changed) if terms.by_rule else frozenset(),
        rows=tuple(_assigned_rows(document)) if terms.by_rule else (),
    )


def _assigned_rows(document: Document) -> Iterator[RowWritten]:
    for collection, parts in document.lines.items():
        for part in parts:
            assigned = frozenset(part.given & part.changed)
            if part.old is not None and assigned:
                yield RowWritten(
                    collection=collection, row=part.row, assigned=assigned, before=part.old.values
                )


def _removed(removal: Removal, terms: Terms) -> Written:
    return Written(
        form=removal.row.form,
        id=removal.row.id,
        kind=WriteKind.DELETED,
        changed=frozenset(),
        before=removal.row.values,
        row=removal.row,
        is_history=terms.is_history,
        by_rule=terms.by_rule,
    )


def _events(written: Written) -> Iterator[Happening]:
    kind = _EVENTS.get(written.kind)
    if kind is not None:
        yield _happening(written, kind, None)
    if written.kind in {WriteKind.UPDATED, WriteKind.COMPUTED}:
        for name in sorted(written.changed):
            yield _happening(written, EventKind.CHANGED, name)


def _happening(written: Written, kind: EventKind, subject: str | None) -> Happening:
    return Happening(
        kind=kind,
        form=written.form,
        record_id=written.id,
        row=written.row,
        before=written.before,
        subject=subject,
    )
