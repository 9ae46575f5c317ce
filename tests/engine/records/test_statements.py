"""How many statements a write and a page cost: few, and no more for many records than for a few."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from orderkit.engine import records
from orderkit.engine.records import Create, LineChange, Query
from orderkit.engine.runtime import Channel


@contextmanager
def counted(shop):
    statements = []
    engine = shop.office.runtime.database.engine

    def note(connection, cursor, statement, *rest):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def create(shop, number_of_lines, index=0):
    rows = [LineChange(values={"product": product, "qty": 1}) for product in (shop.bolt, shop.nut)]
    return Create(
        form="order",
        values={"customer": shop.customer, "external": f"X{index}"},
        lines={"lines": (rows * number_of_lines)[:number_of_lines]},
    )


def made(shop, changes):
    person = shop.office.person("ann")
    with counted(shop) as statements, shop.office.runtime.write(person, Channel.PAGE) as unit:
        records.apply(unit, changes)
    return statements


def test_an_order_with_five_lines_costs_few_statements(shop):
    statements = made(shop, [create(shop, 5)])
    assert len(statements) <= 16, "\n".join(statements)


def test_a_hundred_orders_cost_no_more_statements_than_one(shop):
    one = made(shop, [create(shop, 5)])
    hundred = made(shop, [create(shop, 5, index) for index in range(1, 101)])
    assert len(hundred) <= len(one), "\n".join(hundred)


@pytest.mark.parametrize("limit", [10, 100])
def test_a_page_costs_the_same_statements_however_long(shop, limit):
    made(shop, [create(shop, 2, index) for index in range(100)])
    person = shop.office.person("ann")
    with counted(shop) as statements, shop.office.runtime.read(person, Channel.PAGE) as unit:
        page = records.page(unit, Query(form="order", limit=limit))
    assert len(page.rows) == limit
    assert len(statements) <= 3, "\n".join(statements)
