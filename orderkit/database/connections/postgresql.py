"""How orderkit connects to PostgreSQL: psycopg 3, UTC, READ COMMITTED for writers.

Readers get one snapshot (REPEATABLE READ, READ ONLY), which costs no further round trip. Needs no
extension and no superuser.
"""

import psycopg
import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

LOCK_TIMEOUT_SECONDS = 30
CONNECT_TIMEOUT_SECONDS = 10
SNAPSHOT_OPTIONS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def engine(url: sa.URL, *, threads: int) -> sa.Engine:
    """Return an engine with a connection for each of `threads`, and one more for each in a rush."""
    made = sa.create_engine(
        url,
        pool_size=threads,
        max_overflow=threads,
        # What people entered does not belong in the text of an exception, which ends up in a log.
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "application_name": "orderkit"},
    )

    @sa.event.listens_for(made, "connect")
    def prepare(connection: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
        was_autocommit = connection.autocommit
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        connection.autocommit = was_autocommit

    return made
