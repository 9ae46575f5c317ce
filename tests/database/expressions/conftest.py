"""The small world in a real database, once for each dialect."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.database.database import Database
from orderkit.database.expressions import SqlScope, TableRow, compile_value
from orderkit.database.expressions.scope import Joins
from orderkit.model.expressions import Expression
from tests.support import world
from tests.support.databases import Databases


@pytest.fixture(scope="session")
def world_database(databases: Databases, dialect: str) -> Iterator[Database]:
    """A database that holds the records of the world."""
    database = databases.make(world.project(), dialect)
    with database.write() as connection:
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON" if dialect == "sqlite" else "SELECT 1"))
        later: list[tuple[str, int, dict[str, Any]]] = []
        for form in ("user", "department", "customer", "order", "order.lines"):
            table = database.tables[form]
            for key, values in world.tables()[form].items():
                stored = {name: value for name, value in values.items() if name in table.c}
                # A user of a department that is not there yet is told of it afterwards.
                if form == "user":
                    later.append((form, key, {"department": stored.pop("department")}))
                connection.execute(sa.insert(table).values(stored))
        for form, key, values in later:
            table = database.tables[form]
            connection.execute(sa.update(table).where(table.c.id == key).values(values))
    return database


@pytest.fixture
def in_sql(world_database: Database, dialect: str) -> Callable[..., dict[int, Any]]:
    """Evaluates an expression on every record of a form, in one query."""

    def answers(expression: Expression, form: str = "order", *, joins: bool = True) -> dict[int, Any]:
        table = world_database.tables[form].alias()
        found = Joins() if joins else None
        scope = SqlScope(
            project=world.project(),
            tables=world_database.tables,
            dialect=dialect,
            constants=world.store().environment(),
            rows={"record": TableRow(form, table, found)},
        )
        value = compile_value(expression, scope)
        source = table if found is None else found.added_to(table)
        query = sa.select(table.c.id, value.label("answer")).select_from(source)
        with world_database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    return answers


def in_python(expression: Expression, form: str = "order") -> dict[int, Any]:
    """Evaluate an expression on every record of a form."""
    store = world.store()
    found = {}
    for key in store.tables[form]:
        value = world.evaluate(expression, store.environment(store.row(form, key)))
        found[key] = getattr(value, "id", value)
    return found
