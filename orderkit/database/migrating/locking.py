"""One migration at a time: whoever comes second waits until the first is done.

On SQLite the write lock of the file does it, for as long as the one transaction lasts. On PostgreSQL it is an
advisory lock of a session of its own. That session asks again and again instead of waiting in the server:
a session that waits there holds a snapshot, for which an index built concurrently would wait in turn.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from orderkit.database.connections.sqlite import WRITES
from orderkit.database.migrating.refusals import lock_not_obtained
from orderkit.database.operations.sql import execute, quoted, text

# Any number will do, as long as nobody else on the server uses it: the letters "okmi".
_KEY = f"{0x6F6B6D69}, hashtext(current_schema())"
_PAUSE_SECONDS = 0.1
_LOCK_STATES = frozenset({"55P03", "40P01"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for others.

    Args:
        turn_seconds: for another migration to end.
        upkeep_seconds: for a vacuum of the table, or an index that is built on it; nobody waits behind us then.
        lock_seconds: for the lock that a step needs; whoever comes after us waits as long, so it is short.
        tries: how often to ask for that lock.
        pause_seconds: between two tries.
    """

    turn_seconds: float = 600
    upkeep_seconds: float = 30
    lock_seconds: float = 0.8
    tries: int = 75
    pause_seconds: float = 2


@contextmanager
def sqlite_turn(engine: sa.Engine, patience: Patience) -> Iterator[sa.Connection]:
    """Yield a connection in one immediate transaction. Foreign keys are off: copying tables must not cascade."""
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute(f"PRAGMA busy_timeout = {int(patience.turn_seconds * 1000)}")
        with connection.begin():
            yield connection


@contextmanager
def postgresql_turn(engine: sa.Engine, patience: Patience) -> Iterator[sa.Connection]:
    """Hold the lock while the block runs, and yield the connection that holds it."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        ends = time.monotonic() + patience.turn_seconds
        while not execute(connection, f"SELECT pg_try_advisory_lock({_KEY})").scalar():
            if time.monotonic() > ends:
                raise lock_not_obtained("migrations", _migrating(connection), "")
            time.sleep(_PAUSE_SECONDS)
        try:
            yield connection
        finally:
            # A session that was lost has no lock either.
            if not connection.invalidated:
                _unlock(connection)


def _unlock(connection: sa.Connection) -> None:
    try:
        execute(connection, f"SELECT pg_advisory_unlock({_KEY})")
    except DBAPIError:
        connection.invalidate()


def patiently(action: Callable[[], None], patience: Patience, refuse: Callable[[], Exception]) -> None:
    """Do what needs a lock, again where it was not to be had; at last raise what `refuse` gives."""
    for attempt in range(patience.tries):
        try:
            action()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _LOCK_STATES:
                raise
            if attempt == patience.tries - 1:
                raise refuse() from error
            time.sleep(patience.pause_seconds)
        else:
            return


def await_upkeep(connection: sa.Connection, table: str, patience: Patience) -> None:
    """Wait until nobody vacuums the table; people go on reading and writing it.

    The server makes its own vacuum give way after a second. A step that asked for its strong lock at once
    would spend that second with every reader and writer of the table behind it.
    """
    execute(connection, f"SET LOCAL lock_timeout = {int(patience.upkeep_seconds * 1000)}")
    execute(connection, f"LOCK TABLE {quoted(table)} IN SHARE UPDATE EXCLUSIVE MODE")
    execute(connection, f"SET LOCAL lock_timeout = {int(patience.lock_seconds * 1000)}")


def holders(connection: sa.Connection, tables: tuple[str, ...]) -> tuple[str, ...]:
    """Return who holds locks on the tables, in words; empty when PostgreSQL does not say."""
    if not tables:
        return ()
    listed = ", ".join(f"to_regclass({text(quoted(table))})" for table in tables)
    return _sessions(connection, f"held.relation IN ({listed})")


def _migrating(connection: sa.Connection) -> tuple[str, ...]:
    return _sessions(connection, f"held.locktype = 'advisory' AND held.classid = {0x6F6B6D69}")


def _sessions(connection: sa.Connection, condition: str) -> tuple[str, ...]:
    rows = execute(
        connection,
        "SELECT DISTINCT other.pid, other.usename, other.application_name, other.state, "
        "to_char(other.xact_start, 'HH24:MI:SS') AS since FROM pg_locks AS held "
        f"JOIN pg_stat_activity AS other ON other.pid = held.pid WHERE held.granted AND {condition} "
        "AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND other.pid <> pg_backend_pid() ORDER BY other.pid",
    ).all()
    return tuple(
        f"process {row.pid} ({row.usename}, {row.application_name or '–'}, {row.state}"
        f"{f', since {row.since}' if row.since else ''})"
        for row in rows
    )
