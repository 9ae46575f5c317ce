"""What a database remembers of its revisions: where it stands, what was done, and how far a long one has come.

The revision that a line stands at is in a table of its own, as Alembic keeps it. A revision that is being
undone is journalled under its number with a minus, so that it is told from one that is being done.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from orderkit.database.migrating.stamp import PROJECT_VERSION_TABLE, SYSTEM_VERSION_TABLE
from orderkit.database.schema import system_tables
from orderkit.database.schema.tables import MAX_NAME_BYTES

Line = Literal["system", "project"]


def _version_table(name: str) -> sa.Table:
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name=f"{name}_pkc"),
    )


_VERSION_TABLES: Mapping[Line, sa.Table] = {
    "system": _version_table(SYSTEM_VERSION_TABLE),
    "project": _version_table(PROJECT_VERSION_TABLE),
}
_STEPS, _REVISIONS = system_tables.migration_step, system_tables.revision
_SEARCHED = system_tables.search_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What is kept of a revision that was done."""

    line: Line
    number: str
    title: str
    starts_from: str | None
    leads_to: str | None
    is_safe_for_older: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalledStep:
    """A step that was begun. `progress` is the last id that a backfill has dealt with."""

    title: str
    is_done: bool
    progress: int | None


def journal_number(number: str, *, is_undoing: bool) -> str:
    """Return under which number the steps are journalled."""
    return f"{number}-" if is_undoing else number


def move_to(connection: sa.Connection, line: Line, number: str | None) -> None:
    """Note at which revision the line stands; None is before the first."""
    table = _VERSION_TABLES[line]
    table.create(connection, checkfirst=True)
    connection.execute(table.delete())
    if number is not None:
        connection.execute(table.insert().values(version_num=number))


def note_finished(connection: sa.Connection, finished: Finished, now: datetime) -> None:
    """Note a revision that was done, and forget its steps."""
    _forget(connection, finished.line, finished.number)
    connection.execute(
        _REVISIONS.insert().values(
            line=finished.line,
            number=finished.number,
            title=finished.title,
            starts_from=finished.starts_from,
            leads_to=finished.leads_to,
            is_safe_for_older=finished.is_safe_for_older,
            applied_at=now,
        )
    )


def note_undone(connection: sa.Connection, line: Line, number: str) -> None:
    """Forget a revision that was undone, with its steps and what it renamed."""
    _forget(connection, line, number)
    if line == "project":
        renaming = system_tables.renaming
        connection.execute(renaming.delete().where(renaming.c.number == number))


def note_changed_values(connection: sa.Connection, tables: Collection[str] | None) -> None:
    """Note that the search index has to go through the forms of these tables again; None is every form."""
    if not sa.inspect(connection).has_table(_SEARCHED.name):
        return
    stale = _SEARCHED.update().values(state="stale")
    # The table of a form with a long name is not called like it.
    if tables is not None and all(len(table) < MAX_NAME_BYTES - 8 for table in tables):
        stale = stale.where(_SEARCHED.c.form.in_(tables))
    connection.execute(stale)


def _forget(connection: sa.Connection, line: Line, number: str) -> None:
    connection.execute(
        _STEPS.delete().where(_STEPS.c.line == line, _STEPS.c.number.in_([number, f"{number}-"]))
    )
    connection.execute(_REVISIONS.delete().where(_REVISIONS.c.line == line, _REVISIONS.c.number == number))


def numbers_noted(connection: sa.Connection, line: Line) -> frozenset[str]:
    """Return the revisions of a line that are noted as done."""
    return frozenset(
        connection.execute(sa.select(_REVISIONS.c.number).where(_REVISIONS.c.line == line)).scalars()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A revision that was done, and when. `line` is `system` or `project`."""

    line: str
    number: str
    title: str
    applied_at: datetime


def last_noted(connection: sa.Connection, limit: int) -> tuple[Noted, ...]:
    """Return the revisions that were done last, the newest first."""
    in_order = (_REVISIONS.c.applied_at.desc(), _REVISIONS.c.line, _REVISIONS.c.number.desc())
    found = sa.select(_REVISIONS).order_by(*in_order).limit(limit)
    return tuple(
        Noted(line=row.line, number=row.number, title=row.title, applied_at=row.applied_at)
        for row in connection.execute(found)
    )


def leads_to(connection: sa.Connection, line: Line, number: str) -> str | None:
    """Return the model hash that a revision led to; None where nobody noted it."""
    return connection.execute(
        sa.select(_REVISIONS.c.leads_to).where(_REVISIONS.c.line == line, _REVISIONS.c.number == number)
    ).scalar()


def unfinished(connection: sa.Connection) -> str | None:
    """Return the journal number of the project's revision that was begun and not finished."""
    return connection.execute(
        sa.select(_STEPS.c.number).where(_STEPS.c.line == "project").order_by(_STEPS.c.number)
    ).scalar()


def steps_of(connection: sa.Connection, number: str) -> dict[int, JournalledStep]:
    """Return the steps of a project's revision that were begun, by their position."""
    found = connection.execute(
        sa.select(_STEPS).where(_STEPS.c.line == "project", _STEPS.c.number == number)
    ).all()
    return {
        row.position: JournalledStep(title=row.title, is_done=row.state == "done", progress=row.progress)
        for row in found
    }


def note_step(
    connection: sa.Connection,
    number: str,
    position: int,
    title: str,
    now: datetime,
    *,
    is_done: bool = True,
    progress: int | None = None,
) -> None:
    """Note how far a step of a project's revision has come."""
    values = {
        "title": title,
        "state": "done" if is_done else "running",
        "progress": progress,
        "changed_at": now,
    }
    key = (_STEPS.c.line == "project", _STEPS.c.number == number, _STEPS.c.position == position)
    if connection.execute(_STEPS.update().where(*key).values(**values)).rowcount == 0:
        connection.execute(_STEPS.insert().values(line="project", number=number, position=position, **values))
