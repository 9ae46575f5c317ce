"""What ends for good: by a chore when its time is over, or at once on request, with what was said about it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import delete, select, update

from orderkit.database.schema.system_tables import (
    comment,
    deleted_record,
    file,
    follower,
    inbox_message,
    record_look,
)
from orderkit.engine import audit
from orderkit.engine.records.reading.attachments import COMMENT
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.forms import FormId
from orderkit.model.labels import label

DAYS_VARIABLE = "ORDERKIT_BIN_DAYS"
KEPT_DAYS = 30
MOST_DAYS = 3650
AT_ONCE = 500


def days_kept(runtime: Runtime) -> int:
    """Return for how many days the bin keeps what was deleted; ORDERKIT_BIN_DAYS says other than 30."""
    given = (runtime.environment(DAYS_VARIABLE) or "").strip()
    is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(MOST_DAYS))
    return min(int(given), MOST_DAYS) if is_number else KEPT_DAYS


def empty_expired(unit: Unit) -> int:
    """Remove for good what has lain in the bin for its time, and return how many records that were."""
    limit = unit.now - timedelta(days=days_kept(unit.runtime))
    query = (
        select(
            deleted_record.c.id, deleted_record.c.form, deleted_record.c.record_id, deleted_record.c.content
        )
        .where(deleted_record.c.deleted_at <= limit)
        .order_by(deleted_record.c.id)
        .limit(AT_ONCE)
    )
    rows = unit.connection.execute(query).all()
    for row in rows:
        _remove(unit, row.id, row.form, row.record_id, row.content)
    return len(rows)


def purge(unit: Unit, form_id: FormId, record_id: int) -> None:
    """Remove a record of the bin for good, with its personal values in the audit: somebody asked to be forgotten.

    Raises: NotFound, Denied (for administrators only).
    """
    if not unit.person.is_administrator:
        raise Denied(label(zh="只有管理员可以彻底删除", en="only an administrator may remove it for good"))
    query = select(deleted_record.c.id, deleted_record.c.content).where(
        deleted_record.c.form == form_id, deleted_record.c.record_id == record_id
    )
    row = unit.connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    _remove(unit, row.id, form_id, record_id, row.content)
    audit.erase(unit, form_id, record_id)


def _remove(unit: Unit, key: int, form_id: FormId, record_id: int, content: Mapping[str, object]) -> None:
    connection = unit.connection
    connection.execute(delete(deleted_record).where(deleted_record.c.id == key))
    said = (comment.c.form == form_id, comment.c.record_id == record_id)
    comments = connection.execute(select(comment.c.id).where(*said)).scalars().all()
    _untie(unit, COMMENT, comments)
    connection.execute(delete(comment).where(*said))
    for around in (follower, record_look):
        connection.execute(delete(around).where(around.c.form == form_id, around.c.record_id == record_id))
    connection.execute(
        delete(inbox_message).where(inbox_message.c.form == form_id, inbox_message.c.record_id == record_id)
    )
    _untie(unit, form_id, [record_id])
    lines = content.get("lines")
    assert isinstance(lines, dict)
    for collection, rows in lines.items():
        _untie(unit, f"{form_id}.{collection}", [row["id"] for row in rows])


def _untie(unit: Unit, form: str, ids: Iterable[int]) -> None:
    """Let files belong nowhere any more; a chore removes them, and what is in them where nobody else has it."""
    listed = list(ids)
    for start in range(0, len(listed), AT_ONCE):
        some = file.c.record_id.in_(listed[start : start + AT_ONCE])
        unit.connection.execute(
            update(file).where(file.c.form == form, some).values(form=None, field=None, record_id=None)
        )
