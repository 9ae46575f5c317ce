"""Does to the audit what orderkit never does: the triggers are taken away first, as one who owns the database can."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from orderkit.database.schema.system_tables import KEEP_AUDIT, RELEASE_AUDIT


@contextmanager
def tampering(connection: Connection) -> Iterator[None]:
    """Let statements within change entries and seals."""
    for statement in RELEASE_AUDIT[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    yield
    for statement in KEEP_AUDIT[connection.dialect.name]:
        connection.exec_driver_sql(statement)
