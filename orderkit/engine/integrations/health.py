"""How the calls of each connection went: its last success, its last failure, and how many failed in a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import insert, select, update

from orderkit.database.schema.system_tables import connection_health as health
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import OrderkitError

log = structlog.get_logger(__name__)

_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is known of a connection. `failures` are those since the last success."""

    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    error: str = ""


UNKNOWN = Health()


def note_success(runtime: Runtime, connection: str) -> None:
    """Note that a call went well."""
    now = runtime.clock.now()
    _note(runtime, connection, {"succeeded_at": now, "failures": 0}, {"succeeded_at": now, "failures": 0})


def note_failure(runtime: Runtime, connection: str, error: str) -> None:
    """Note that a call failed; `error` is redacted by now."""
    seen = {"failed_at": runtime.clock.now(), "error": error[:_LONGEST_ERROR]}
    _note(runtime, connection, {**seen, "failures": health.c.failures + 1}, {**seen, "failures": 1})


def health_of_connections(unit: Unit) -> Mapping[str, Health]:
    """Return the health of the connections that were ever called."""
    return {
        row.connection: Health(
            succeeded_at=row.succeeded_at,
            failed_at=row.failed_at,
            failures=row.failures,
            error=row.error or "",
        )
        for row in unit.connection.execute(select(health))
    }


def _note(
    runtime: Runtime, connection: str, changed: Mapping[str, object], fresh: Mapping[str, object]
) -> None:
    """Write a row. The call itself is over, so that what cannot be noted must not repeat it."""
    try:
        with runtime.database.write() as database:
            is_it = health.c.connection == connection
            if not database.execute(update(health).where(is_it).values(**changed)).rowcount:
                database.execute(insert(health).values(connection=connection, **fresh))
    except OrderkitError:
        log.warning("health_not_noted", action="integrations.health", connection=connection)
