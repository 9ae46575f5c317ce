"""The inbox of a person: messages that were written for them, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from orderkit.database.schema.system_tables import inbox_message
from orderkit.engine.runtime import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMessage:
    """One message as its reader sees it; `form` and `record_id` lead to what it is about."""

    id: int
    message: str | None
    subject: str
    text: str
    form: str | None
    record_id: int | None
    created_at: datetime
    read_at: datetime | None


def inbox(
    unit: Unit, *, unread_only: bool = False, limit: int = 50, before: int | None = None
) -> tuple[InboxMessage, ...]:
    """Return this person's messages; `before` is the id of the last one of the previous page."""
    found = (
        select(*(inbox_message.c[name] for name in InboxMessage.__dataclass_fields__))
        .where(inbox_message.c.user_id == unit.person.id)
        .order_by(inbox_message.c.id.desc())
        .limit(limit)
    )
    if unread_only:
        found = found.where(inbox_message.c.read_at.is_(None))
    if before is not None:
        found = found.where(inbox_message.c.id < before)
    return tuple(InboxMessage(**row) for row in unit.connection.execute(found).mappings())


def count_unread(unit: Unit) -> int:
    """Return how many messages this person has not read."""
    unread = (inbox_message.c.user_id == unit.person.id, inbox_message.c.read_at.is_(None))
    return unit.connection.execute(select(func.count()).where(*unread)).scalar_one()


def mark_read(unit: Unit, ids: Collection[int]) -> None:
    """Note that this person has read messages; those of others are left alone."""
    unit.connection.execute(
        update(inbox_message)
        .where(inbox_message.c.user_id == unit.person.id, inbox_message.c.id.in_(sorted(ids)))
        .where(inbox_message.c.read_at.is_(None))
        .values(read_at=unit.now)
    )
