"""Making a backup: the database in one state while people work on, then the attachments that its rows name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

import orderkit
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import explained
from orderkit.database.migrating.stamp import read_stamp
from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.runtime import FileStore
from orderkit.upkeep.backup import postgresql, sqlite
from orderkit.upkeep.backup.archive import DATABASE, FILES, Progress, digest_of, new_archive
from orderkit.upkeep.backup.manifest import Manifest
from orderkit.upkeep.backup.measuring import measured

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copied:
    """A copy of the database, and a connection that sees exactly what is in it."""

    path: Path
    connection: sa.Connection
    schema: str | None


def back_up(
    url: sa.URL,
    files: FileStore,
    target: Path,
    *,
    now: datetime,
    environment: Mapping[str, str],
    progress: Progress,
) -> Manifest:
    """Write a backup of a database and its attachments to `target`, and return what is in it.

    An attachment that its rows name and the store does not have is noted, not fatal: a backup of what is
    left is worth the more then.

    Raises: BackupRefused, DatabaseUnusable.
    """
    with new_archive(target) as (writer, folder), _copied(url, folder, environment, progress) as copied:
        stamp = read_stamp(copied.connection)
        tables = measured(copied.connection, progress)
        digest, size = digest_of(copied.path), copied.path.stat().st_size
        writer.add(DATABASE, copied.path)
        with suppress(PermissionError):  # Windows keeps it until the connection is closed
            copied.path.unlink()
        scratch, missing, kept = folder / "file", [], 0
        wanted = _count_files(copied.connection) if file_table.name in tables else 0
        for number, name in enumerate(_digests(copied.connection) if wanted else (), 1):
            try:
                files.fetch(name, scratch)
            except FileNotFoundError:
                missing.append(name)
            else:
                writer.add(f"{FILES}{name[:2]}/{name[2:]}", scratch)
                kept += 1
            progress(number, wanted)
        manifest = Manifest(
            orderkit=orderkit.__version__,
            made_at=now,
            dialect=url.get_backend_name(),
            schema=copied.schema,
            project=stamp.project,
            model_hash=stamp.model_hash,
            system_revision=stamp.system_revision,
            project_revision=stamp.project_revision,
            database_digest=digest,
            database_size=size,
            tables=tables,
            files=kept,
            missing_files=tuple(missing),
        )
        writer.close_with(manifest)
    return manifest


@contextmanager
def _copied(
    url: sa.URL, folder: Path, environment: Mapping[str, str], progress: Progress
) -> Iterator[_Copied]:
    path = folder / DATABASE
    engine = open_engine(url)
    try:
        if url.get_backend_name() == "sqlite":
            sqlite.copy_database(Path(url.database or ""), path, progress)
            copy = sa.create_engine(sa.URL.create("sqlite+pysqlite", database=str(path)))
            with copy.connect() as connection:
                yield _Copied(path=path, connection=connection, schema=None)
            copy.dispose()
            return
        held = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with explained(url, is_reading=True), held.connect() as connection:
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            progress(0, 0)
            postgresql.dump(url, schema=schema, snapshot=snapshot, target=path, environment=environment)
            yield _Copied(path=path, connection=connection, schema=schema)
    finally:
        engine.dispose()


def _count_files(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.count(sa.distinct(file_table.c.digest)))).scalar_one()


def _digests(connection: sa.Connection) -> Iterator[str]:
    found = sa.select(file_table.c.digest).distinct().order_by(file_table.c.digest)
    yield from connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(found).scalars()
