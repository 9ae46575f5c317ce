"""Writes records to a file: those of a list, or everything that a person may take along."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from orderkit.engine import audit
from orderkit.engine.access import Action, RefusedAccess, decide
from orderkit.engine.exporting.columns import Table, columns_of
from orderkit.engine.exporting.formats import Format
from orderkit.engine.lists import offered
from orderkit.engine.records import Query, RecordView, stream
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.forms import FieldId, FormId, SortKey


def export(
    unit: Unit,
    query: Query,
    format_: Format,
    target: BinaryIO,
    *,
    columns: Sequence[FieldId] | None = None,
    with_lines: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write the records of a query to a file and return how many rows it has below its headings.

    The records are read as they are written, a part at a time in hand; nothing else may be under way in the unit.

    Args:
        unit: with the rights of its person, who needs `export` on the form and on each record.
        query: which records, in which order; its cursor and limit do not matter.
        format_: one of `FORMATS`.
        target: a binary file open for writing.
        columns: fields of the form; None means every field that the query would show in its list.
        with_lines: with the lines of each record: a row for each of the first of them, in JSON all.
        on_progress: told after each record how many have been read.
    Raises: Denied, NotFound, Refused (what the query asks for cannot be asked).
    """
    form = unit.project.form_by_id.get(query.form)
    if form is None:
        raise NotFound
    decision = decide(unit.person, Action.EXPORT, form.id, channel=unit.channel, unit=unit)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    wanted = tuple(columns) if columns is not None else form.list.columns
    found = columns_of(unit, form, wanted, with_lines=with_lines)
    own = tuple(column.field.id for column in found if not column.collection)
    asked = replace(query, columns=own, with_lines=with_lines, cursor=None)
    records = stream(unit, asked, action=Action.EXPORT)
    if on_progress is not None:
        records = _told(records, on_progress)
    table = Table(unit=unit, form=form, columns=found, records=records, with_lines=with_lines)
    return format_.write(table, target)


def note_exported(
    unit: Unit,
    form_id: FormId,
    format_: Format,
    *,
    rows: int,
    columns: Sequence[FieldId],
    narrowed: Sequence[str] = (),
) -> None:
    """Note in the audit what left the house; `narrowed` says by what, without values, which may be personal."""
    facts = {
        "form": form_id,
        "format": format_.name,
        "rows": rows,
        "columns": list(columns),
        "filter": list(narrowed),
    }
    audit.note(unit, audit.EXPORT, "exported", facts)


def _told(records: Iterator[RecordView], on_progress: Callable[[int], None]) -> Iterator[RecordView]:
    for number, record in enumerate(records, start=1):
        yield record
        on_progress(number)


def everything(unit: Unit, form_id: FormId) -> tuple[Query, tuple[FieldId, ...]]:
    """Return the query of all records of a form, the oldest first, and all fields that this person may see.

    Raises: NotFound.
    """
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    return Query(form=form_id, sort=(SortKey(field="id"),)), tuple(each.id for each in offered(unit, form))
