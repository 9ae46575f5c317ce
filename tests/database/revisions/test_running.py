"""What `build` writes is run: between any two models, with rows, it makes the tables that the next one asks for."""

from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from hypothesis import assume, given, settings

from orderkit.catalog import built_in
from orderkit.database.migrating.scripts import scripts_of
from orderkit.database.revisions.history import last_snapshot, line_of
from orderkit.database.revisions.verifying import empty_database, runner_on
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.drift import drift
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from tests.database.changes.strategies import models_of, pairs, paths_of
from tests.database.changes.test_laws import between


def built(folder: Path, old: Project, new: Project) -> None:
    write_next_revision(old, built_in(), folder)
    found = between(old, new)
    in_vain = {each.path for each in found.problems}
    try:
        write_next_revision(new, built_in(), folder, allow_drop=paths_of(old) & {*found.retires} - in_vain)
    except Refused:
        assume(False)


@settings(max_examples=40, deadline=None)
@given(pairs())
def test_a_line_that_is_run_forward_and_back_makes_the_tables_of_its_models(pair):
    models = models_of(pair)
    old, new = models
    with TemporaryDirectory() as folder:
        path = Path(folder)
        built(path, old, new)
        assume(len(line_of(path)) == 2)
        first, second = scripts_of(path).values()
        before, after = between(old, new).before, last_snapshot(path)
        assert after is not None
        with empty_database() as (engine, connection):
            runner = runner_on(engine, connection, timezone=new.timezone)
            runner.run("project", first, None)
            _sow(connection)
            runner.run("project", second, "0001")
            assert [dict(each.words) for each in drift(connection, after.tables)] == []
            runner.run("project", second, "0001", is_undoing=True)
            assert [dict(each.words) for each in drift(connection, before)] == []
            assert connection.exec_driver_sql("SELECT count(*) FROM customer").scalar() == 1


def _sow(connection: sa.Connection) -> None:
    """Give the one form that every model has a row."""
    connection.exec_driver_sql(
        "INSERT INTO customer (id, created_at, updated_at, revision, code, name) "
        "VALUES (1, '2025-01-01 00:00:00', '2025-01-01 00:00:00', 1, 'C1', 'Acme')"
    )
