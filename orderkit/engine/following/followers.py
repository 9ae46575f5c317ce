"""Who follows which record: by pressing the button, by creating the record, by having a say about it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import follower
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

IDS_AT_ONCE = 10_000
_KEY = (follower.c.form, follower.c.record_id, follower.c.user_id)


def follow(unit: Unit, form_id: FormId, record_id: int) -> None:
    """Let this person follow a record. Raises NotFound when they may not see it."""
    _set(unit, form_id, record_id, has_left=False)


def leave(unit: Unit, form_id: FormId, record_id: int) -> None:
    """Let this person be told nothing more, until they follow again themselves. Raises NotFound."""
    _set(unit, form_id, record_id, has_left=True)


def is_following(unit: Unit, form_id: FormId, record_id: int) -> bool:
    """Return whether this person follows a record."""
    found = select(follower.c.has_left).where(
        follower.c.form == form_id,
        follower.c.record_id == record_id,
        follower.c.user_id == unit.person.id,
    )
    return unit.connection.execute(found).scalar_one_or_none() is False


def follow_unasked(unit: Unit, form_id: FormId, record_ids: Iterable[int]) -> None:
    """Let this person follow records that they had a hand in; those that they left are left alone."""
    ids = list(record_ids)
    if unit.person.id is None or not ids:
        return
    rows = [_row(unit, form_id, each, has_left=False) for each in ids]
    unit.connection.execute(_insert(unit).on_conflict_do_nothing(index_elements=_KEY), rows)


def followers(unit: Unit, form_id: FormId, record_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Return the users who follow each of these records; those whom nobody follows are left out."""
    wanted = sorted(set(record_ids))
    found: dict[int, set[int]] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = follower.c.record_id.in_(wanted[start : start + IDS_AT_ONCE])
        query = select(follower.c.record_id, follower.c.user_id).where(
            follower.c.form == form_id, some, follower.c.has_left.is_(False)
        )
        for record_id, user_id in unit.connection.execute(query):
            found.setdefault(record_id, set()).add(user_id)
    return {record_id: frozenset(users) for record_id, users in found.items()}


def _set(unit: Unit, form_id: FormId, record_id: int, *, has_left: bool) -> None:
    readable_row(unit, form_id, record_id)
    if unit.person.id is None:
        return
    statement = _insert(unit).values(_row(unit, form_id, record_id, has_left=has_left))
    changed = {"has_left": has_left, "since": unit.now}
    unit.connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))


def _row(unit: Unit, form_id: FormId, record_id: int, *, has_left: bool) -> dict[str, object]:
    return {
        "form": form_id,
        "record_id": record_id,
        "user_id": unit.person.id,
        "has_left": has_left,
        "since": unit.now,
    }


def _insert(unit: Unit) -> postgresql.Insert | sqlite.Insert:
    is_postgresql = unit.runtime.database.dialect == "postgresql"
    return postgresql.insert(follower) if is_postgresql else sqlite.insert(follower)
