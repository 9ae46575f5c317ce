"""When a person last looked at a record, and what others have changed in it since: what an approver need read again.

Whoever comes back within half an hour is still having the same look, so that what is marked as changed stays
marked while they read, decide, or load the page again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import audit as entries
from orderkit.database.schema.system_tables import record_look as looks
from orderkit.engine.audit.renames import entries_of
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.reading.history import history
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import FormId
from orderkit.model.labels import Label

ONE_LOOK = timedelta(minutes=30)
MOST_ENTRIES = 200
_WRITES = ("updated", "computed")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A value that differs from what stood there at the last look; `by` and `at` are of the last change of it.

    `path` is that of the audit: `total`, `lines.7.price`, or `lines.7` for a row that came or went.
    """

    path: str
    label: Label
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLook:
    """What has changed since the last look, in the order of the first change; nothing, if nothing has."""

    looked_at: datetime
    news: tuple[News, ...]


def note_look(unit: Unit, form_id: FormId, record_id: int) -> None:
    """Note that this person looks at a record. Raises NotFound when they may not see it."""
    readable_row(unit, form_id, record_id)
    if unit.person.id is None:
        return
    found = _look(unit, form_id, record_id)
    if found is not None and not _is_over(unit, found.looked_at):
        return
    insert = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    row = {
        "form": form_id,
        "record_id": record_id,
        "user_id": unit.person.id,
        "looked_at": unit.now,
        "before_at": None if found is None else found.looked_at,
    }
    changed = {name: row[name] for name in ("looked_at", "before_at")}
    keys = [looks.c.form, looks.c.record_id, looks.c.user_id]
    unit.connection.execute(
        insert(looks).values(row).on_conflict_do_update(index_elements=keys, set_=changed)
    )


def is_look_due(unit: Unit, form_id: FormId, record_id: int) -> bool:
    """Return whether `note_look` has anything to write."""
    found = _look(unit, form_id, record_id)
    return unit.person.id is not None and (found is None or _is_over(unit, found.looked_at))


def changes_since_look(unit: Unit, form_id: FormId, record_id: int) -> SinceLook | None:
    """Return what others have changed of what this person may see; None for who has not looked before.

    Of several changes of a value the first one before and the last one after count; one that is as it was is no news.
    Raises: NotFound when they may not see the record.
    """
    found = _look(unit, form_id, record_id)
    since = None if found is None else _since(unit, found)
    if since is None:
        return None
    net: dict[str, News] = {}
    for entry in reversed(history(unit, form_id, record_id, limit=MOST_ENTRIES)):
        if entry.at <= since or entry.actor_id == unit.person.id or entry.verb not in _WRITES:
            continue
        for each in entry.changes:
            first = net.get(each.path)
            net[each.path] = News(
                path=each.path,
                label=each.label,
                before=each.before if first is None else first.before,
                after=each.after,
                by=entry.actor,
                at=entry.at,
            )
    return SinceLook(looked_at=since, news=tuple(each for each in net.values() if each.before != each.after))


def news_of(unit: Unit, records: Iterable[tuple[FormId, int]]) -> Mapping[tuple[FormId, int], int]:
    """Return how many values of each record are news to this person; those without any are left out."""
    wanted = sorted(set(records))
    if not wanted or unit.person.id is None:
        return {}
    found = unit.connection.execute(
        select(looks).where(
            looks.c.user_id == unit.person.id, tuple_(looks.c.form, looks.c.record_id).in_(wanted)
        )
    ).all()
    counted = {}
    for form_id, record_id in sorted(_touched(unit, found)):
        try:
            since = changes_since_look(unit, form_id, record_id)
        except NotFound:
            # Somebody may have to decide about what they may not read any more.
            continue
        if since is not None and since.news:
            counted[form_id, record_id] = len(since.news)
    return counted


def _touched(unit: Unit, found: Iterable[Row[tuple[object, ...]]]) -> set[tuple[FormId, int]]:
    """Return the records that anybody else has written to, so that only of these the history is read."""
    since: dict[FormId, dict[int, datetime]] = defaultdict(dict)
    for each in found:
        at = _since(unit, each)
        if at is not None:
            since[each.form][each.record_id] = at
    touched: set[tuple[FormId, int]] = set()
    for form_id, times in since.items():
        last = (
            select(entries.c.record_id, func.max(entries.c.at))
            .where(
                and_(entries_of(unit, form_id), entries.c.record_id.in_(sorted(times))),
                entries.c.verb.in_(_WRITES),
                or_(entries.c.actor_id.is_(None), entries.c.actor_id != unit.person.id),
            )
            .group_by(entries.c.record_id)
        )
        touched |= {
            (form_id, record_id)
            for record_id, at in unit.connection.execute(last)
            if at is not None and at > times[record_id]
        }
    return touched


def _look(unit: Unit, form_id: FormId, record_id: int) -> Row[tuple[object, ...]] | None:
    found = select(looks).where(
        looks.c.form == form_id, looks.c.record_id == record_id, looks.c.user_id == unit.person.id
    )
    return unit.connection.execute(found).one_or_none()


def _since(unit: Unit, look: Row[tuple[object, ...]]) -> datetime | None:
    """Return when the look before this one was."""
    since: datetime | None = look.looked_at if _is_over(unit, look.looked_at) else look.before_at
    return since


def _is_over(unit: Unit, looked_at: datetime) -> bool:
    return unit.now - looked_at > ONE_LOOK
