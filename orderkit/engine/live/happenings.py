"""What has happened in the database, by whichever process: new rows of four tables that only ever grow.

The audit says which records changed, the events of workflows which approvals moved, comments and
messages speak for themselves. Each is read by its increasing id. A transaction may commit after one that
took its ids later, so for a while ids are looked at again, and those seen already are left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, func, or_, select

from orderkit.database.schema import system_tables as tables
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

SOURCES: tuple[Table, ...] = (tables.audit, tables.workflow_event, tables.comment, tables.inbox_message)
AT_ONCE = 500
"""Beyond so many new rows, as during an import, only the forms are named."""
LATE = timedelta(seconds=30)
_MARKS = re.compile(r"\d{1,18}(\.\d{1,18}){3}")

Marks = tuple[int, ...]
"""The last id of each source, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What is new. `records` are those that changed, with who did it; of `crowded` forms too many to name.

    `gone` are forms of which a record was deleted. `tasks_of` are the records whose approvals moved, and
    `messages_to` the people who were sent a message.
    """

    marks: Marks
    records: dict[tuple[FormId, int], int | None] = field(default_factory=dict)
    gone: frozenset[FormId] = frozenset()
    crowded: frozenset[FormId] = frozenset()
    tasks_of: frozenset[tuple[FormId, int]] = frozenset()
    messages_to: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.records or self.gone or self.crowded or self.tasks_of or self.messages_to)


def marks_now(unit: Unit) -> Marks:
    """Return the last id of each source."""
    return tuple(unit.connection.execute(select(func.max(table.c.id))).scalar_one() or 0 for table in SOURCES)


def read_marks(text: str) -> Marks | None:
    """Return the marks that a browser was told last, if the text is such."""
    if len(text) > 80 or not text.isascii() or not _MARKS.fullmatch(text):
        return None
    return tuple(int(part) for part in text.split("."))


class Watch:
    """Looks for what is new since it began, or since `marks`."""

    def __init__(self, marks: Marks) -> None:
        self._sources = [_Source(table, mark) for table, mark in zip(SOURCES, marks, strict=True)]

    def look(self, unit: Unit) -> Happened:
        """Return what is new since the last look."""
        audit, events, comments, messages = (source.look(unit) for source in self._sources)
        records = {(row.form, row.record_id): row.actor_id for row in events.rows}
        records |= {(row.form, row.record_id): row.author_id for row in comments.rows}
        records |= {(row.form, row.record_id): row.actor_id for row in audit.rows}
        gone = [row for row in audit.rows if row.verb == "deleted"]
        for row in gone:
            records.pop((row.form, row.record_id), None)
        return Happened(
            marks=tuple(source.last for source in self._sources),
            records=records,
            gone=frozenset(row.form for row in gone),
            crowded=audit.forms | events.forms | comments.forms,
            tasks_of=frozenset((row.form, row.record_id) for row in events.rows),
            messages_to=frozenset(row.user_id for row in messages.rows),
        )


@dataclass(frozen=True, slots=True)
class _New:
    rows: Sequence[Any]
    forms: frozenset[FormId] = frozenset()


class _Source:
    """One table: everything up to `floor` is known, beyond it what is in `seen`, by when it was seen."""

    def __init__(self, table: Table, mark: int) -> None:
        self.table = table
        self.floor = mark
        self.last = mark
        self.seen: dict[int, datetime] = {}

    def look(self, unit: Unit) -> _New:
        found = unit.connection.execute(
            select(*self._columns())
            .where(self.table.c.id > self.floor)
            .order_by(self.table.c.id)
            .limit(AT_ONCE + 1)
        ).all()
        if len(found) > AT_ONCE:
            return self._crowd(unit)
        new = [row for row in found if row.id not in self.seen]
        for row in new:
            self.seen[row.id] = unit.now
            self.last = max(self.last, row.id)
        settled = [each for each, since in self.seen.items() if since + LATE <= unit.now]
        if settled:
            self.floor = max(settled)
            self.seen = {each: since for each, since in self.seen.items() if each > self.floor}
        return _New(new)

    def _crowd(self, unit: Unit) -> _New:
        newer = self.table.c.id > self.floor
        forms = frozenset[FormId]()
        if self.table is not tables.inbox_message:
            names = unit.connection.execute(select(self.table.c.form).where(newer).distinct()).scalars()
            forms = frozenset(names)
        self.floor = self.last = unit.connection.execute(
            select(func.max(self.table.c.id)).where(newer)
        ).scalar_one()
        self.seen = {}
        return _New((), forms)

    def _columns(self) -> list[Column[Any]]:
        names = ("id", "form", "record_id", "actor_id", "author_id", "verb", "user_id")
        return [self.table.c[name] for name in names if name in self.table.c]


def assignees_of(unit: Unit, records: frozenset[tuple[FormId, int]]) -> frozenset[int]:
    """Return who has, or had, a task of these records."""
    if not records:
        return frozenset()
    task = tables.workflow_task
    of_any = or_(*((task.c.form == form) & (task.c.record_id == each) for form, each in sorted(records)))
    return frozenset(unit.connection.execute(select(task.c.assignee_id).where(of_any).distinct()).scalars())
