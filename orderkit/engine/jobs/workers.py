"""Which workers run: each writes now and then that it does, and takes its row away when it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from orderkit import __version__
from orderkit.database.schema.system_tables import worker as workers
from orderkit.engine.runtime import Unit

# One that was killed leaves its row; for as long it is shown as silent.
FORGOTTEN_AFTER = timedelta(days=1)
SILENT_AFTER = timedelta(seconds=75)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSeen:
    """One worker. A silent one was killed, or cannot reach the database."""

    name: str
    version: str
    model_hash: str
    started_at: datetime
    seen_at: datetime
    is_silent: bool


def note_worker(connection: Connection, name: str, *, model_hash: str, now: datetime) -> None:
    """Write that a worker runs."""
    connection.execute(delete(workers).where(workers.c.seen_at < now - FORGOTTEN_AFTER))
    if not connection.execute(update(workers).where(workers.c.name == name).values(seen_at=now)).rowcount:
        connection.execute(
            insert(workers).values(
                name=name, version=__version__, model_hash=model_hash, started_at=now, seen_at=now
            )
        )


def forget_worker(connection: Connection, name: str) -> None:
    """Write that a worker has ended."""
    connection.execute(delete(workers).where(workers.c.name == name))


def workers_seen(unit: Unit) -> tuple[WorkerSeen, ...]:
    """Return the workers, the newest first."""
    found = select(workers).order_by(workers.c.started_at.desc(), workers.c.name)
    return tuple(
        WorkerSeen(
            name=row.name,
            version=row.version,
            model_hash=row.model_hash,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_silent=row.seen_at < unit.now - SILENT_AFTER,
        )
        for row in unit.connection.execute(found)
    )
