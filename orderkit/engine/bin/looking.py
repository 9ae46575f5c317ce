"""What lies in the bin, as its reader may see it: only what they might read and delete, were it still there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import deleted_record
from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.audit.renames import renames_in
from orderkit.engine.bin.emptying import days_kept
from orderkit.engine.records import RecordView
from orderkit.engine.records.documents.reviving import LeftOut, revive
from orderkit.engine.records.reading.viewing import view_rows
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form, FormId

AT_ONCE = 100
# So many are looked at for one page; further pages go on from there.
MOST_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BinEntry:
    """One record of the bin. `id` is the record's; it is gone for good at `until`.

    `left_out` is what would not come back with it, as far as this person sees those fields; only `look` finds it out.
    """

    id: int
    title: str
    deleted_at: datetime
    deleted_by: int | None
    name: str
    channel: str
    until: datetime
    may_purge: bool
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BinPage:
    """Some entries, the last deleted first. `next` leads to those before, if there may be any."""

    entries: tuple[BinEntry, ...]
    next: int | None


def in_bin(unit: Unit, form_id: FormId, *, limit: int = 50, before: int | None = None) -> BinPage:
    """Return what this person could restore. Raises NotFound for a form they may never delete from."""
    form = _form(unit, form_id)
    renames = renames_in(unit, form.id)
    found: list[Row[Any]] = []
    last = before
    for looked_at, stored in enumerate(_stored(unit, form, before), 1):
        last = stored.id
        if _may_handle(unit, revive(unit, form, stored, renames).row):
            found.append(stored)
        if len(found) == limit or looked_at == MOST_LOOKED_AT:
            break
    else:
        last = None
    names = _names(unit, found)
    return BinPage(entries=tuple(_entry(unit, each, names) for each in found), next=last)


def look(unit: Unit, form_id: FormId, record_id: int) -> tuple[BinEntry, RecordView]:
    """Return a record of the bin as this person would see it. Raises NotFound."""
    form = _form(unit, form_id)
    stored = unit.connection.execute(
        select(deleted_record).where(
            deleted_record.c.form == form_id, deleted_record.c.record_id == record_id
        )
    ).one_or_none()
    if stored is None:
        raise NotFound
    revived = revive(unit, form, stored, renames_in(unit, form.id))
    row = revived.row
    if not _may_handle(unit, row):
        raise NotFound
    (view,) = view_rows(unit, [row], with_lines=True)
    rights = field_rights(unit, form.id, row, with_state=False)
    left_out = tuple(each for each in revived.left_out if rights.get(each.path, Right.HIDDEN) >= Right.READ)
    entry = replace(_entry(unit, stored, _names(unit, [stored])), left_out=left_out)
    return entry, replace(view, title=stored.title)


def _form(unit: Unit, form_id: FormId) -> Form:
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    if not decide(unit.person, Action.DELETE, form_id, unit=unit):
        raise NotFound
    return form


def _stored(unit: Unit, form: Form, before: int | None) -> Iterator[Row[Any]]:
    last = before
    while True:
        query = select(deleted_record).where(deleted_record.c.form == form.id)
        if last is not None:
            query = query.where(deleted_record.c.id < last)
        rows = unit.connection.execute(query.order_by(deleted_record.c.id.desc()).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def _may_handle(unit: Unit, row: RecordRow) -> bool:
    return all(
        decide(unit.person, action, row.form, row, unit=unit) for action in (Action.READ, Action.DELETE)
    )


def _names(unit: Unit, rows: list[Row[Any]]) -> Mapping[int, str]:
    user = unit.runtime.database.tables["user"]
    ids = sorted({row.deleted_by for row in rows if row.deleted_by is not None})
    found = unit.connection.execute(select(user.c.id, user.c.name).where(user.c.id.in_(ids)))
    return {row.id: row.name for row in found}


def _entry(unit: Unit, stored: Row[Any], names: Mapping[int, str]) -> BinEntry:
    by = stored.deleted_by
    return BinEntry(
        id=stored.record_id,
        title=stored.title,
        deleted_at=stored.deleted_at,
        deleted_by=by,
        name="" if by is None else names.get(by, f"#{by}"),
        channel=stored.channel,
        until=stored.deleted_at + timedelta(days=days_kept(unit.runtime)),
        may_purge=unit.person.is_administrator,
    )
