"""What a revision does to the index: a form takes its entries along, and changed values are learnt by `migrate`."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.system_tables import search_entry, search_form
from orderkit.engine import records
from orderkit.engine.index.filling import fill, forms_behind
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Create, Query
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from tests.support.projects import project

FIRST = """
form: note
title: "{code}"
fields:
  code: {type: text, required: true}
  size: {type: integer}
"""
RENAMED = FIRST.replace("form: note", "form: memo\nrenamed_from: note")
WIDENED = FIRST.replace("size: {type: integer}", "size: {type: text, convert: text(value)}")
OTHER = "form: other\ntitle: '{code}'\nfields: {code: {type: text}}"


class Line:
    """A database that follows a project from revision to revision."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.runtime: Runtime

    def bring(self, made: Project, *gone: str) -> None:
        write_next_revision(made, built_in(), self.folder, allow_drop=frozenset(gone))
        migrate(self.url, made, built_in(), self.folder, model_hash=model_hash(made))
        database = Database.open(self.url, made, built_in())
        self.runtime = runtime_over(made, database, files_folder=self.folder)

    def found(self, form: str, text: str) -> list[int]:
        with self.runtime.read(SYSTEM, Channel.PAGE) as unit:
            return [row.id for row in records.page(unit, Query(form=form, search=text)).rows]

    def behind(self) -> tuple[str, ...]:
        with self.runtime.database.read() as connection:
            return forms_behind(connection, self.runtime.project)

    def count(self, table: sa.Table) -> int:
        with self.runtime.database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.fixture
def line(database_url, tmp_path) -> Line:
    made = Line(database_url, tmp_path / "migrations")
    made.bring(project(FIRST))
    fill(made.runtime)
    with made.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        records.apply(unit, [Create(form="note", values={"code": "佛山一号", "size": 12})])
    yield made
    made.runtime.database.close()


def again(line: Line, *forms: str, gone: tuple[str, ...] = ()) -> None:
    line.runtime.database.close()
    line.bring(project(*forms), *gone)


def test_a_renamed_form_takes_its_entries_along(line):
    again(line, RENAMED)
    assert line.behind() == ()
    assert line.found("memo", "山一") == line.found("memo", "fsyh") == [1]


def test_a_number_that_became_text_is_found_before_and_after_the_index_learns_it(line):
    again(line, WIDENED)
    assert line.behind() == ("note",)
    assert line.found("note", "12") == [1]
    assert fill(line.runtime) == 1
    assert line.behind() == ()
    assert line.found("note", "12") == [1]


def test_values_changed_by_hand_in_a_revision_are_learnt(line):
    again(line, RENAMED)
    write_next_revision(project(RENAMED, OTHER), built_in(), line.folder)
    script = max((line.folder / "versions").glob("*.py"))
    text = script.read_text(encoding="utf-8")
    added = "def upgrade() -> None:\n    from alembic import op\n    op.execute(\"UPDATE memo SET code = '东莞二号'\")\n"
    script.write_text(
        "from alembic import op\n" + text.replace("def upgrade() -> None:\n", added), encoding="utf-8"
    )
    again(line, RENAMED, OTHER)
    assert "memo" in line.behind()
    assert line.found("memo", "东莞") == [1]
    fill(line.runtime)
    assert line.found("memo", "东莞") == line.found("memo", "dgeh") == [1]


def test_a_form_that_is_gone_leaves_no_entries(line):
    again(line, OTHER, gone=("note",))
    fill(line.runtime)
    assert line.count(search_entry) == 0
    with line.runtime.database.read() as connection:
        assert "note" not in connection.execute(sa.select(search_form.c.form)).scalars().all()
