"""What came of what, kept beside the records: both ends know it, also when one of them lies in the bin.

A reference that a project keeps for itself (`link:`) says more, such as how much of a line went where; this says
it also where there is none, and after a merge, when the rows that moved know nothing of where they were.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from sqlalchemy import ColumnElement, insert, select

from orderkit.database.schema.system_tables import record_link
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


class Trace(StrEnum):
    """How one record came of another. MERGED: its lines went over, and it was deleted; JOINED: it stayed, ended."""

    MADE = "made"
    SPLIT = "split"
    MERGED = "merged"
    JOINED = "joined"


def note_trace(unit: Unit, kind: Trace, sources: Iterable[RecordRow], form_id: FormId, made_id: int) -> None:
    """Note that a record came of others."""
    rows = [
        {
            "kind": kind.value,
            "form": source.form,
            "record_id": source.id,
            "made_form": form_id,
            "made_id": made_id,
            "at": unit.now,
        }
        for source in sources
    ]
    if rows:
        unit.connection.execute(insert(record_link), rows)


def traced_origins(unit: Unit, row: RecordRow, *, limit: int) -> Iterator[tuple[FormId, int, Trace]]:
    """Yield what a record came of, the first ones first."""
    mine = (record_link.c.made_form == row.form) & (record_link.c.made_id == row.id)
    yield from _traced(unit, (record_link.c.form, record_link.c.record_id), mine, limit)


def traced_made(unit: Unit, row: RecordRow, *, limit: int) -> Iterator[tuple[FormId, int, Trace]]:
    """Yield what came of a record, the first ones first."""
    mine = (record_link.c.form == row.form) & (record_link.c.record_id == row.id)
    yield from _traced(unit, (record_link.c.made_form, record_link.c.made_id), mine, limit)


def _traced(
    unit: Unit,
    end: tuple[ColumnElement[str], ColumnElement[int]],
    condition: ColumnElement[bool],
    limit: int,
) -> Iterator[tuple[FormId, int, Trace]]:
    query = select(*end, record_link.c.kind).where(condition).order_by(record_link.c.id).limit(limit)
    for form, record_id, kind in unit.connection.execute(query):
        yield form, record_id, Trace(kind)
