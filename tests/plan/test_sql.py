"""The SQL that a plan shows: it can be run, and what it makes is what the model asks for."""

import sqlite3
from contextlib import closing

import pytest

from orderkit.catalog import built_in
from orderkit.database.schema.tables import tables_of
from orderkit.plan.sql import DIALECTS, statements
from tests.plan.plans import planned
from tests.support.projects import example, project

ORDER = "form: order\nfields:\n  name: {type: text}\n  qty: {type: integer}\n"


def test_the_statements_of_a_whole_project_make_its_tables_on_sqlite() -> None:
    found = planned(None, example())
    tables = tables_of(example(), built_in())
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE ok_file (id INTEGER PRIMARY KEY)")
        for statement in statements(found.tables, tables, "sqlite"):
            connection.execute(statement)
        for table in tables.values():
            made = {row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')}
            assert made == {column.name for column in table.columns}


CHANGES = {
    "a new field": (
        ORDER + "  note: {type: text}\n",
        ['ALTER TABLE "order" ADD COLUMN note TEXT;'],
        ['ALTER TABLE "order" ADD COLUMN note TEXT COLLATE "C";'],
    ),
    "a new field with a value": (
        ORDER + "  kind: {type: text, required: true, default: it's}\n",
        [
            'ALTER TABLE "order" ADD COLUMN kind TEXT;',
            "UPDATE \"order\" SET kind = 'it''s';",
            "-- copies order: kind SET NOT NULL",
        ],
        [
            'ALTER TABLE "order" ADD COLUMN kind TEXT COLLATE "C";',
            "UPDATE \"order\" SET kind = 'it''s';",
            'ALTER TABLE "order" ALTER COLUMN kind SET NOT NULL;',
        ],
    ),
    "another name": (
        ORDER.replace("qty: {", "pieces: {renamed_from: qty, "),
        ['ALTER TABLE "order" RENAME COLUMN qty TO pieces;'],
        ['ALTER TABLE "order" RENAME COLUMN qty TO pieces;'],
    ),
    "a unique key": (
        ORDER.replace("name: {type: text", "name: {type: text, unique: true"),
        ['CREATE UNIQUE INDEX order__name_key ON "order" (name);'],
        ['CREATE UNIQUE INDEX order__name_key ON "order" (name);'],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_written_for_both_databases(change: str) -> None:
    text, *expected = CHANGES[change]
    after = project(text)
    found = planned(project(ORDER), after)
    tables = tables_of(after, built_in())
    assert [list(statements(found.tables, tables, each)) for each in DIALECTS] == expected
