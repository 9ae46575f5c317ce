"""Whether revisions that people edited still lead to their models: the line is run on an empty database in memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from orderkit.catalog import Catalog
from orderkit.database.expressions import register_functions
from orderkit.database.migrating.locking import Patience
from orderkit.database.migrating.running import Runner, Sizes
from orderkit.database.migrating.scripts import scripts_of
from orderkit.database.revisions.broken import edited_misses_model
from orderkit.database.revisions.history import snapshot_of
from orderkit.database.revisions.scripts import Script
from orderkit.database.schema import system_tables
from orderkit.database.schema.drift import drift
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label


def verify_edited(folder: Path, line: Sequence[Script], catalog: Catalog) -> None:
    """Run the whole line in memory if one of it was edited, and compare what it makes with the last snapshot.

    Raises:
        BrokenHistory: an edited revision does not lead to its model any more, or fails.
    """
    edited = [script.path for script in line if script.is_edited]
    if not edited:
        return
    snapshot = snapshot_of(folder, line[-1])
    try:
        with empty_database() as (engine, connection):
            runner = runner_on(engine, connection, timezone=snapshot.project(catalog).timezone)
            _run(folder, line, runner)
            differing = [each.words for each in drift(connection, snapshot.tables)]
    except OrderkitError as error:
        raise edited_misses_model(edited, error.explain) from error
    except DBAPIError as error:
        raise edited_misses_model(edited, label(zh=str(error.orig), en=str(error.orig))) from error
    if differing:
        raise edited_misses_model(edited, _joined(differing))


def runner_on(engine: sa.Engine, connection: sa.Connection, *, timezone: str) -> Runner:
    """Return what runs revisions in the transaction of the connection, as `migrate` does."""
    return Runner(
        engine=engine,
        turn=connection,
        now=datetime.now(UTC),
        timezone=timezone,
        sizes=Sizes(),
        patience=Patience(),
        on_progress=lambda _progress: None,
        should_stop=lambda: False,
    )


def _run(folder: Path, line: Sequence[Script], runner: Runner) -> None:
    kept = {script.number for script in line}
    previous: str | None = None
    for number, script in scripts_of(folder).items():
        if number in kept:
            runner.run("project", script, previous)
            previous = number


@contextmanager
def empty_database() -> Iterator[tuple[sa.Engine, sa.Connection]]:
    """Yield a database in memory that has orderkit's own tables, in one transaction."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    sa.event.listen(engine, "connect", _prepare)
    try:
        with engine.begin() as connection:
            system_tables.metadata.create_all(connection)
            yield engine, connection
    finally:
        engine.dispose()


def _prepare(connection: sqlite3.Connection, _entry: Any) -> None:
    register_functions(connection)


def _joined(words: Sequence[Label]) -> Label:
    return label(zh="；".join(each["zh"] for each in words), en="; ".join(each["en"] for each in words))
