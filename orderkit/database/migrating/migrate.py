"""Brings a database to the state of a project: orderkit's own tables first, then the project's.

Everything happens in one transaction under a lock, so a failure leaves the database as it was, and two
that migrate at once wait for each other. Revisions are written by `revisions`, never here.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError, ProgrammingError

from orderkit.catalog import Catalog
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable, explained
from orderkit.database.connections.sqlite import WRITES
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.stamp import (
    PROJECT_VERSION_TABLE,
    SYSTEM_REVISIONS,
    SYSTEM_VERSION_TABLE,
    Stamp,
    read_stamp,
    refuse_other_project,
    write_stamp,
)
from orderkit.database.revisions.history import head_of
from orderkit.database.schema.tables import tables_of
from orderkit.model.labels import label
from orderkit.model.project import Project

# Any number will do, as long as nobody else on the server uses it: the letters "okmi".
_POSTGRESQL_LOCK = 0x6F6B6D69
_LOCK_WAIT_SECONDS = 600

# Alembic keeps the running migration in globals of the process.
_ALEMBIC = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A revision that was run."""

    line: Literal["system", "project"]
    revision: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What was done. `steps` is empty when the database was there already."""

    url: sa.URL
    steps: tuple[Step, ...]


def migrate(
    url: str,
    project: Project,
    catalog: Catalog,
    migrations: Path,
    *,
    model_hash: str,
    folder: Path | None = None,
    on_step: Callable[[Step], None] = lambda step: None,  # noqa: ARG005 - a port that nobody listens to
) -> Migrated:
    """Bring the database of `url` to the last revision; make it first if it is a SQLite file.

    Args:
        url: as people write it; a relative SQLite path counts from `folder`.
        project: the model that belongs to the revisions.
        catalog: where its field types come from.
        migrations: the folder that holds `versions/`.
        model_hash: of the model, noted in the database.
        folder: the project or artifact.
        on_step: called after each revision, before the commit.

    Raises:
        DatabaseUnusable: it cannot be reached, is another project's, is ahead, or its data does not fit.
    """
    head_of(migrations)
    engine = open_engine(database_url(url, folder=folder), may_create=True)
    steps: list[Step] = []

    def note(step: Step) -> None:
        steps.append(step)
        on_step(step)

    try:
        with explained(engine.url), _ALEMBIC, _locked(engine) as connection:
            stamp = read_stamp(connection)
            refuse_other_project(stamp, project)
            _refuse_ahead(stamp, migrations)
            if stamp.system_revision is None:
                _refuse_foreign_tables(connection, project, catalog)
            _run(connection, SYSTEM_REVISIONS, SYSTEM_VERSION_TABLE, "system", note)
            _run(connection, migrations, PROJECT_VERSION_TABLE, "project", note)
            _check_references(connection)
            write_stamp(connection, project, model_hash)
    finally:
        engine.dispose()
    return Migrated(url=engine.url, steps=tuple(steps))


@contextmanager
def _locked(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection in one transaction, alone. SQLite's foreign keys are off: copying tables must not cascade."""
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        if engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_WAIT_SECONDS}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
                connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
            yield connection


def _run(
    connection: sa.Connection,
    folder: Path,
    version_table: str,
    line: Literal["system", "project"],
    on_step: Callable[[Step], None],
) -> None:
    """Run the revisions of one line that the database does not have yet."""
    versions = folder / "versions"
    if not versions.is_dir():
        return
    scripts = ScriptDirectory(str(folder), version_locations=[str(versions)])

    def upgrade(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic's own command does

    def applied(*, step: Any, **_: Any) -> None:
        on_step(Step(line=line, revision=step.up_revision_id, title=step.up_revision.doc))

    with EnvironmentContext(Config(), scripts, fn=upgrade, destination_rev="head") as environment:
        environment.configure(
            connection=connection,
            version_table=version_table,
            transactional_ddl=True,
            on_version_apply=applied,  # type: ignore[arg-type] # alembic calls it by keywords
        )
        try:
            environment.run_migrations()
        except IntegrityError as error:
            raise _data_does_not_fit(error) from error
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) != "42P07":
                raise
            raise _data_does_not_fit(error) from error


def _check_references(connection: sa.Connection) -> None:
    """Refuse rows that refer to nothing; SQLite did not look while tables were copied."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseUnusable(
            "data",
            label(
                zh=f"表 {broken[0]} 的第 {broken[1]} 行引用了 {broken[2]} 中不存在的记录；未做任何更改，请先改正数据",
                en=f"row {broken[1]} of {broken[0]} refers to a record of {broken[2]} that does not exist; "
                "nothing was changed, correct the data first",
            ),
        )


def _refuse_ahead(stamp: Stamp, migrations: Path) -> None:
    for have, need in (
        (stamp.system_revision, head_of(SYSTEM_REVISIONS)),
        (stamp.project_revision, head_of(migrations)),
    ):
        if have is not None and (need is None or have > need):
            raise DatabaseUnusable(
                "ahead",
                label(
                    zh=f"数据库已在版本 {have}，比这次构建的 {need or '0000'} 新：请部署更新的构建，或恢复备份",
                    en=f"the database is at {have}, ahead of {need or '0000'} in this build: "
                    "deploy a newer build, or restore a backup",
                ),
            )


def _refuse_foreign_tables(connection: sa.Connection, project: Project, catalog: Catalog) -> None:
    taken = sorted(set(sa.inspect(connection).get_table_names()) & tables_of(project, catalog).keys())
    if taken:
        raise DatabaseUnusable(
            "not_empty",
            label(
                zh=f"这个数据库里已有不是 orderkit 建的表（{', '.join(taken)}）：请使用一个空数据库",
                en=f"this database holds tables that orderkit did not make ({', '.join(taken)}): use an empty one",
            ),
        )


def _data_does_not_fit(error: IntegrityError | ProgrammingError) -> DatabaseUnusable:
    text = " ".join(str(error.orig).split())
    return DatabaseUnusable(
        "data",
        label(
            zh=f"已有数据不符合新的结构（{text}）；未做任何更改。请先改正数据，再运行 `orderkit migrate`",
            en=f"data that exists does not fit the new structure ({text}); nothing was changed. "
            "Correct the data, then run `orderkit migrate` again",
        ),
    )
