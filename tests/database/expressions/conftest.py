"""The small world in a real database, once for each dialect."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.database.connections.database import Database
from orderkit.database.expressions import SqlScope, TableRow, compile_value
from orderkit.database.expressions.scope import Joins
from orderkit.model.expressions.evaluation import Environment
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Json
from orderkit.model.values.json_texts import read_json
from tests.support import world
from tests.support.databases import Databases
from tests.support.node import BrowserEvaluator, page_of_tables
from tests.support.world import MemoryRow, MemoryStore, Table


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

    def answers(
        expression: Expression,
        form: str = "order",
        *,
        joins: bool = True,
        more: Mapping[str, Table] | None = None,
        constants: Environment | None = None,
        only: int | None = None,
        without: Collection[int] = (),
    ) -> dict[int, Any]:
        table = world_database.tables[form].alias()
        found = Joins() if joins else None
        scope = SqlScope(
            project=world.project(),
            tables=world_database.tables,
            dialect=dialect,
            constants=constants or world.store().environment(),
            rows={"record": TableRow(form, table, found)},
        )
        value = compile_value(expression, scope)
        source = table if found is None else found.added_to(table)
        query = sa.select(table.c.id, value.label("answer")).select_from(source)
        if only is not None:
            query = query.where(table.c.id == only)
        if without:
            query = query.where(table.c.id.not_in(without))
        if not more:
            with world_database.read() as connection:
                return {row[0]: _read(row[1], expression) for row in connection.execute(query)}
        with suppress(_UndoneError), world_database.write() as connection:
            for name, records in more.items():
                for values in records.values():
                    connection.execute(sa.insert(world_database.tables[name]).values(values))
            found_rows = {row[0]: _read(row[1], expression) for row in connection.execute(query)}
            raise _UndoneError
        return found_rows

    return answers


def _read(answer: Any, expression: Expression) -> Any:
    """Return an answer as Python has it: outside data comes from a database as text."""
    return read_json(answer) if isinstance(expression.type, Json) and answer is not None else answer


class _UndoneError(Exception):
    """Takes back the records that one question needed."""


def page_of_world(store: MemoryStore) -> dict[str, Any]:
    """Return a page that holds every record of a world, virtual fields evaluated."""
    forms = world.project().form_by_id
    tables: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for form, table in store.tables.items():
        virtual = [each.id for each in forms[form].fields if each.virtual is not None]
        records = {key: MemoryRow(store, form, key) for key in table}
        tables[form] = {
            key: {**table[key], **{name: record.get(name) for name in virtual}}
            for key, record in records.items()
        }
        collections = [each.id for each in forms[form].collections]
        rows[form] = {
            key: {name: [row.id for row in record.rows(name)] for name in collections}
            for key, record in records.items()
        }
    return page_of_tables(tables, rows, store.environment(), {"me": {"form": "user", "id": 1}})


@pytest.fixture(scope="session")
def in_browser(browser_evaluator: BrowserEvaluator) -> Callable[..., dict[int, Any]]:
    """Evaluates an expression on every record of a form, refusals among the answers."""
    known: dict[int, Any] = {}

    def answers(
        expression: Expression, form: str = "order", store: MemoryStore | None = None
    ) -> dict[int, Any]:
        store = store or STORE
        if id(store) not in known:
            known.clear()
            known[id(store)] = store
            browser_evaluator.keep(page_of_world(store))
        return browser_evaluator.on_each(expression, form, list(store.tables[form]))

    return answers


STORE = world.store()


def in_python(
    expression: Expression, form: str = "order", store: MemoryStore = STORE, *, only: int | None = None
) -> dict[int, Any]:
    """Evaluate an expression on every record of a form, or on one."""
    found = {}
    for key in store.tables[form] if only is None else [only]:
        value = world.evaluate(expression, store.environment(store.row(form, key)))
        found[key] = getattr(value, "id", value)
    return found
