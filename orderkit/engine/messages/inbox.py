"""The inbox of a person: messages that were written for them, newest first."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What orderkit itself has to say about a record. `kind` begins with `~`, which no message of a project does."""

    kind: str
    form: str
    record_id: int
    subject: str
    text: str


def put(unit: Unit, user_id: int, note: Note) -> None:
    """Put a note into a person's inbox."""
    unit.connection.execute(
        insert(inbox_message).values(
            user_id=user_id,
            message=note.kind,
            subject=note.subject,
            text=note.text,
            form=note.form,
            record_id=note.record_id,
            created_at=unit.now,
        )
    )


def put_together(unit: Unit, user_id: int, note: Note, *, most_lines: int) -> None:
    """Put a note on top of what its reader has not read of this kind about the same record: one message of all."""
    unread = (
        inbox_message.c.user_id == user_id,
        inbox_message.c.read_at.is_(None),
        inbox_message.c.message == note.kind,
        inbox_message.c.form == note.form,
        inbox_message.c.record_id == note.record_id,
    )
    # A new row, since the inbox is ordered by when its messages came.
    gone = unit.connection.execute(delete(inbox_message).where(*unread).returning(inbox_message.c.text))
    lines = [*note.text.splitlines(), *(line for text in gone.scalars().all() for line in text.splitlines())]
    put(unit, user_id, replace(note, text="\n".join(lines[:most_lines])))


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


def message(unit: Unit, message_id: int) -> InboxMessage | None:
    """Return one of this person's messages; None for those of others."""
    found = select(*(inbox_message.c[name] for name in InboxMessage.__dataclass_fields__)).where(
        inbox_message.c.id == message_id, inbox_message.c.user_id == unit.person.id
    )
    row = unit.connection.execute(found).mappings().one_or_none()
    return None if row is None else InboxMessage(**row)


# Put together once: every page asks it.
_UNREAD = select(func.count()).where(
    inbox_message.c.user_id == bindparam("me"), inbox_message.c.read_at.is_(None)
)


def count_unread(unit: Unit) -> int:
    """Return how many messages this person has not read."""
    return unit.connection.execute(_UNREAD, {"me": unit.person.id}).scalar_one()


def mark_read(unit: Unit, ids: Collection[int]) -> None:
    """Note that this person has read messages; those of others are left alone."""
    unit.connection.execute(
        update(inbox_message)
        .where(inbox_message.c.user_id == unit.person.id, inbox_message.c.id.in_(sorted(ids)))
        .where(inbox_message.c.read_at.is_(None))
        .values(read_at=unit.now)
    )


def mark_all_read(unit: Unit, *, up_to: int) -> None:
    """Note that this person has read what is there, up to the newest message that they were shown."""
    unit.connection.execute(
        update(inbox_message)
        .where(inbox_message.c.user_id == unit.person.id, inbox_message.c.id <= up_to)
        .where(inbox_message.c.read_at.is_(None))
        .values(read_at=unit.now)
    )
