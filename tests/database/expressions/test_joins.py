"""Paths through references: joined once where the query takes joins, looked up where it does not."""

import sqlalchemy as sa

from orderkit.database.connections.database import Database
from orderkit.database.expressions import SqlScope, TableRow, compile_condition, compile_value
from orderkit.database.expressions.scope import Joins
from tests.support import world


def scope_on(database: Database, dialect: str, table: sa.FromClause, joins: Joins | None) -> SqlScope:
    return SqlScope(
        project=world.project(),
        tables=database.tables,
        dialect=dialect,
        constants=world.store().environment(),
        rows={"record": TableRow("order", table, joins)},
    )


def test_one_path_is_one_join_however_often_it_is_used(world_database: Database, dialect: str) -> None:
    table, joins = world_database.tables["order"].alias(), Joins()
    scope = scope_on(world_database, dialect, table, joins)
    columns = [compile_value(world.expression(text), scope) for text in ("customer.name", "customer.level")]
    wanted = compile_condition(world.expression("customer.active and original.customer.active"), scope)
    statement = str(sa.select(*columns).select_from(joins.added_to(table)).where(wanted))
    assert statement.count("LEFT OUTER JOIN") == 3
    assert statement.count("SELECT") == 1


def test_a_condition_alone_needs_nothing_of_the_query_around_it(
    world_database: Database, dialect: str
) -> None:
    table = world_database.tables["order"].alias()
    scope = scope_on(world_database, dialect, table, None)
    condition = compile_condition(world.expression("customer.active and original.customer.active"), scope)
    with world_database.read() as connection:
        found = (
            connection.execute(sa.select(table.c.id).where(condition).order_by(table.c.id)).scalars().all()
        )
    assert found == [2, 5]


def test_what_hangs_on_no_row_is_a_parameter(world_database: Database, dialect: str) -> None:
    table = world_database.tables["order"].alias()
    scope = scope_on(world_database, dialect, table, None)
    condition = compile_condition(
        world.expression("seller == me and need_by < add_days(today(), 7) and total > 50 * 1000"), scope
    )
    statement = str(condition)
    assert "SELECT" not in statement
    assert "*" not in statement


def test_a_wide_number_can_be_ordered_by(world_database: Database, dialect: str) -> None:
    table = world_database.tables["order"].alias()
    scope = scope_on(world_database, dialect, table, None)
    value = compile_value(world.expression("fine * price"), scope)
    query = sa.select(value).where(value.is_not(None)).order_by(value)
    with world_database.read() as connection:
        found = list(connection.execute(query).scalars())
    assert found == sorted(found)
    assert len(found) == 5
