"""The database of an opened project: connections for reading and for writing, and its tables.

Nothing else in orderkit makes an engine. Making and bringing forward a database is in `migrate`.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from orderkit.catalog import Catalog
from orderkit.database.connections import postgresql, sqlite
from orderkit.database.connections.failures import DatabaseBusy, explained
from orderkit.database.connections.urls import database_url
from orderkit.database.connections.violations import Violations
from orderkit.database.expressions import register_functions
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import tables_of
from orderkit.model.project import Project

DEFAULT_THREADS = 10


class Database:
    """An open database. One for the process; its connections may be used by any thread, one at a time."""

    def __init__(self, engine: sa.Engine, tables: Mapping[str, sa.Table], violations: Violations) -> None:
        self.engine = engine
        self.tables = tables
        self._violations = violations
        self.dialect: Literal["sqlite", "postgresql"] = (
            "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        )
        self._reading = engine.execution_options(
            **{} if self.dialect == "sqlite" else postgresql.SNAPSHOT_OPTIONS
        )
        self._writing: AbstractContextManager[None] = _Turn() if self.dialect == "sqlite" else nullcontext()

    @classmethod
    def open(
        cls,
        url: str,
        project: Project,
        catalog: Catalog,
        *,
        threads: int = DEFAULT_THREADS,
        folder: Path | None = None,
    ) -> "Database":
        """Open an existing database; `threads` is how many may use it at once.

        Raises:
            DatabaseUnusable: it is missing, cannot be reached, or lies on a network disk.
        """
        tables = tables_of(project, catalog)
        metadata = metadata_of(tables)
        engine = open_engine(database_url(url, folder=folder), threads=threads)
        return cls(
            engine,
            {table.form: metadata.tables[table.name] for table in tables.values()},
            Violations(project, tables),
        )

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Yield a connection that sees one snapshot, waits for no writer and cannot write."""
        with explained(self.engine.url, is_reading=True), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Yield a connection whose changes are kept if the block ends well, and undone if it raises.

        Raises:
            DatabaseBusy: another writer held what we need for too long, or both waited for each other.
            Conflict: a unique key was taken, or a reference broken, by somebody who was faster.
        """
        writing = self.engine.execution_options(**{sqlite.WRITES: True})
        try:
            with self._writing, explained(self.engine.url), writing.begin() as connection:
                yield connection
        except IntegrityError as error:
            conflict = self._violations.conflict(error)
            if conflict is None:
                raise
            raise conflict from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_engine(url: sa.URL, *, threads: int = 1, may_create: bool = False) -> sa.Engine:
    """Return an engine on `url` that has been connected to once, so that what is wrong shows now."""
    if url.get_backend_name() == "sqlite":
        engine = sqlite.engine(
            url, threads=threads, may_create=may_create, register_functions=register_functions
        )
    else:
        engine = postgresql.engine(url, threads=threads)
    try:
        with explained(url), engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except BaseException:
        engine.dispose()
        raise
    return engine


class _Turn(AbstractContextManager[None]):
    """Lets the writers of this process wait in line, where SQLite alone would let them poll."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        assert self._holder != threading.get_ident(), (
            "a unit of work is open for writing in this thread already"
        )
        if not self._lock.acquire(timeout=sqlite.BUSY_TIMEOUT_SECONDS):
            raise DatabaseBusy
        self._holder = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._holder = None
        self._lock.release()
