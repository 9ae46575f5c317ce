"""Where scenarios are played: an SQLite file each, copied from one that has the tables and the seeds of the project."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.sqlite import WRITES
from orderkit.database.connections.urls import database_url
from orderkit.database.connections.violations import Violations
from orderkit.database.schema import system_tables
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import FILE_TABLE, Tables, tables_of
from orderkit.engine.importing import seeds
from orderkit.engine.jobs import Handler
from orderkit.engine.opening import job_handlers, routines, runtime_over
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.testing.scenarios.coverage import Weighed
from orderkit.testing.scenarios.outside import calling_nobody, no_secret
from orderkit.testing.scenarios.passing import Passing, StoryClock, beginning
from orderkit.testing.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A stage that is set for one story: nothing has happened on it but the seeds."""

    stage: Stage
    passing: Passing
    weighed: Weighed


@dataclass(kw_only=True)
class Theatre:
    """The stages of a project, in a folder that is thrown away. What follows from the model is reckoned once."""

    project: Project
    catalog: Catalog
    folder: Path

    @cached_property
    def _tables(self) -> Tables:
        return tables_of(self.project, self.catalog)

    @cached_property
    def _metadata(self) -> sa.MetaData:
        return metadata_of(self._tables)

    @cached_property
    def _hash(self) -> str:
        return model_hash(self.project)

    @cached_property
    def _handlers(self) -> dict[str, Handler]:
        return dict(job_handlers())

    @property
    def template(self) -> Path:
        """The file that every stage is a copy of."""
        return self.folder / "template.db"

    def furnish(self) -> None:
        """Make the template. Raises Refused when the seeds do not fit the rules of the project."""
        engine = open_engine(database_url(f"sqlite:///{self.template}"), may_create=True)
        _hurry(engine)
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            system_tables.metadata.create_all(connection)
            tables = [table for name, table in self._metadata.tables.items() if name != FILE_TABLE]
            self._metadata.create_all(connection, tables)
        engine.dispose()
        database = self._database(self.template)
        runtime = self._runtime(database, StoryClock(beginning(self.project)))
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            seeds.apply(unit)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    @contextmanager
    def opened(self, name: str) -> Iterator[Play]:
        """Yield a stage of its own, and take it away again."""
        file = self.folder / f"{name}.db"
        shutil.copyfile(self.template, file)
        clock = StoryClock(beginning(self.project))
        database = self._database(file)
        try:
            weighed = Weighed(self.project)
            runtime = self._runtime(database, clock, weighed)
            passing = Passing(
                runtime=runtime, clock=clock, handlers=self._handlers, routines=routines(runtime)
            )
            yield Play(stage=Stage(runtime), passing=passing, weighed=weighed)
        finally:
            database.close()
            for each in self.folder.glob(f"{name}.db*"):
                each.unlink(missing_ok=True)

    def _database(self, file: Path) -> Database:
        engine = open_engine(database_url(f"sqlite:///{file}"), threads=2)
        _hurry(engine)
        named = {table.form: self._metadata.tables[table.name] for table in self._tables.values()}
        return Database(engine, named, Violations(self.project, self._tables))

    def _runtime(self, database: Database, clock: StoryClock, weighed: Weighed | None = None) -> Runtime:
        runtime = runtime_over(
            self.project,
            database,
            files_folder=self.folder / "files",
            model_hash=self._hash,
            environment=no_secret,
            clock=clock,
            catalog=calling_nobody(self.catalog, self.project),
        )
        if weighed is None:
            return runtime
        return replace(runtime, hooks=replace(runtime.hooks, weighed=weighed))


def _hurry(engine: sa.Engine) -> None:
    """Write without waiting for the disk: what is lost with the machine was to be thrown away."""

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    engine.dispose()
