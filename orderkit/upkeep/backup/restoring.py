"""Bringing a backup back: read through first, then into an empty place, then compared row sum by row sum."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import explained
from orderkit.database.schema.system_tables import FORGET_GUARDS
from orderkit.engine.files.folder import Folder
from orderkit.engine.files.store import path_of
from orderkit.engine.runtime import FileStore
from orderkit.model.errors import placed
from orderkit.model.labels import Label, label
from orderkit.upkeep.backup import postgresql, sqlite
from orderkit.upkeep.backup.archive import DATABASE, OnFile, Progress, read_through
from orderkit.upkeep.backup.manifest import Manifest, TableSum
from orderkit.upkeep.backup.measuring import measured, names_of_tables
from orderkit.upkeep.backup.refusals import DIFFERS, DOES_NOT_FIT, NOT_EMPTY, BackupRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a backup goes: a database, and a store of attachments."""

    url: sa.URL
    files: FileStore
    environment: Mapping[str, str]

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return Path(self.url.database or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in a place already, and would be lost."""

    tables: Mapping[str, int] = field(default_factory=dict)
    has_files: bool = False
    words: Label

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return not self.tables and not self.has_files


def standing(place: Place) -> Standing:
    """Return what is in a place: rows by table, and whether there are attachments. Raises DatabaseUnusable."""
    tables: dict[str, int] = {}
    if not place.is_sqlite or place.path.exists():
        engine = open_engine(place.url)
        try:
            with explained(place.url, is_reading=True), engine.connect() as connection:
                quote = connection.dialect.identifier_preparer.quote
                for name in names_of_tables(connection):
                    counted = connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}")  # noqa: S608 - quoted
                    tables[name] = counted.scalar_one()
        finally:
            engine.dispose()
    has_files = any(islice(place.files.digests(), 1))
    return Standing(
        tables=tables, has_files=has_files, words=_standing_words(place, tables, has_files=has_files)
    )


def restore(
    archive: Path,
    place: Place,
    *,
    project: str | None = None,
    replace: bool = False,
    on_replace: Callable[[Label], None] = lambda words: None,  # noqa: ARG005 - nobody listens
    progress: Progress,
) -> Manifest:
    """Bring a backup into an empty place, and return what was in it.

    Args:
        archive: as `back_up` wrote it.
        place: where it goes.
        project: whose data it must be, where that is known.
        replace: whether what stands there gives way.
        on_replace: told what is lost by that, once the archive is known to be whole and to fit.
        progress: told how much of the archive is read.

    Raises: BackupRefused, DatabaseUnusable. What stood there before is untouched then, unless `replace` and
    PostgreSQL gave up in the middle.
    """
    manifest = read_through(archive, progress=progress)
    _refuse_misfit(manifest, place, project)
    found = standing(place)
    if not found.is_empty and not replace:
        raise BackupRefused(NOT_EMPTY, found.words)
    if not found.is_empty:
        on_replace(found.words)
    if isinstance(place.files, Folder):
        folder = place.files.folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".orderkit-restore-", dir=folder.parent) as name:
            fresh = Path(name) / "files"
            fresh.mkdir()
            _bring(archive, manifest, place, _into_folder(fresh), progress, replace=not found.is_empty)
            if folder.exists():
                folder.rename(Path(name) / "old")
            fresh.rename(folder)
    else:
        with tempfile.TemporaryDirectory(prefix="orderkit-restore-") as name:
            into = _into_store(place.files, Path(name) / "file")
            _bring(archive, manifest, place, into, progress, replace=not found.is_empty)
    return manifest


def _bring(
    archive: Path, manifest: Manifest, place: Place, on_file: OnFile, progress: Progress, *, replace: bool
) -> None:
    """Restore the database: a file beside its place, moved there once it was compared; a server's in one transaction."""
    beside = place.path.parent if place.is_sqlite else None
    if beside is not None:
        beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".orderkit-restore-", dir=beside) as name:
        copy = Path(name) / DATABASE
        read_through(archive, on_database=_Write(copy), on_file=on_file, progress=progress)
        if place.is_sqlite:
            _compare(manifest, sa.URL.create("sqlite+pysqlite", database=str(copy)))
            sqlite.remove_database(place.path)
            copy.replace(place.path)
            return
        _make_room(place.url, replace=replace)
        postgresql.restore(
            place.url, schema=manifest.schema or "public", source=copy, environment=place.environment
        )
        _compare(manifest, place.url)


def _compare(manifest: Manifest, url: sa.URL) -> None:
    """Refuse a database whose tables do not have the rows that were backed up."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            found = measured(connection)
    finally:
        engine.dispose()
    nothing = TableSum(rows=0, checksum="")
    for name in sorted(manifest.tables.keys() | found.keys()):
        before, after = manifest.tables.get(name, nothing), found.get(name, nothing)
        if before != after:
            raise BackupRefused(
                DIFFERS,
                label(
                    zh=f"恢复后的表 {name} 与备份不同（{after.rows} 行，备份时 {before.rows} 行）",
                    en=f"the restored table {name} is not what was backed up ({after.rows} rows, {before.rows} then)",
                ),
            )


def _refuse_misfit(manifest: Manifest, place: Place, project: str | None) -> None:
    dialect = place.url.get_backend_name()
    if manifest.dialect != dialect:
        raise _misfit(
            zh=f"归档里是 {manifest.dialect} 数据库，目标是 {dialect}",
            en=f"the archive holds a {manifest.dialect} database, the target is {dialect}",
        )
    if project is not None and manifest.project is not None and manifest.project != project:
        raise _misfit(
            zh=f"归档属于项目 {manifest.project}，不是 {project}",
            en=f"the archive belongs to the project {manifest.project}, not to {project}",
        )
    if place.is_sqlite:
        return
    engine = open_engine(place.url)
    with engine.connect() as connection:
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    engine.dispose()
    if schema != manifest.schema:
        raise _misfit(
            zh=f"归档来自模式（schema）{manifest.schema}，目标是 {schema}：请先建好同名模式并设置 search_path",
            en=f"the archive is of the schema {manifest.schema}, the target is {schema}: "
            "make that schema and name it in search_path",
        )


def _misfit(*, zh: str, en: str) -> BackupRefused:
    return BackupRefused(DOES_NOT_FIT, label(zh=zh, en=en))


def _make_room(url: sa.URL, *, replace: bool) -> None:
    """Remove what would be in the way: the tables that give way, and what is left of some that went before."""
    engine = open_engine(url)
    with explained(url), engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        names = [quote(name) for name in names_of_tables(connection)] if replace else []
        if names:
            connection.exec_driver_sql(f"DROP TABLE {', '.join(names)} CASCADE")
        # What guards the audit stays behind when its tables go, and stands in the backup as well.
        for statement in FORGET_GUARDS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    engine.dispose()


@dataclass(frozen=True, slots=True)
class _Write:
    """Writes what it is given to a file."""

    path: Path

    def __call__(self, source: IO[bytes]) -> None:
        with placed(self.path), self.path.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)


def _into_folder(folder: Path) -> OnFile:
    def write(digest: str, source: IO[bytes]) -> None:
        path = path_of(folder, digest)
        path.parent.mkdir(exist_ok=True)
        _Write(path)(source)

    return write


def _into_store(store: FileStore, scratch: Path) -> OnFile:
    def put(digest: str, source: IO[bytes]) -> None:
        _Write(scratch)(source)
        store.put(digest, scratch)

    return put


def _standing_words(place: Place, tables: Mapping[str, int], *, has_files: bool) -> Label:
    zh, en = [], []
    if tables:
        rows = sum(tables.values())
        largest = ", ".join(sorted(tables, key=lambda name: (-tables[name], name))[:3])
        zh.append(f"数据库里有 {len(tables)} 个表、{rows} 行（{largest} 等）")
        en.append(f"the database has {len(tables)} tables with {rows} rows ({largest}, …)")
    if has_files:
        zh.append(f"{place.files.place} 里有附件")
        en.append(f"there are attachments in {place.files.place}")
    return label(
        zh=f"要恢复到的地方不是空的：{'；'.join(zh)}。请换一个空的地方；用 --force 会失去这些内容",
        en=f"the place is not empty: {'; '.join(en)}. Name an empty one; with --force this is lost",
    )
