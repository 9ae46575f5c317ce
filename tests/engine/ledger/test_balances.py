"""Balances in expressions, and the database that keeps their bounds whoever writes."""

from decimal import Decimal

import pytest

from orderkit.database.expressions import SqlScope, TableRow, compile_condition, compile_value
from orderkit.engine import ledger
from orderkit.engine.rows import environment_of
from orderkit.model.errors import Conflict, Refused


def of_order(shop, field, order):
    """Return a virtual field as a query gives it."""
    with shop.office.look(None) as unit:
        database = unit.runtime.database
        table = database.tables["order"]
        scope = SqlScope(
            project=unit.project,
            tables=database.tables,
            dialect=database.dialect,
            constants=environment_of(unit),
            rows={"record": TableRow("order", table)},
        )
        virtual = unit.project.form_by_id["order"].by_id[field].virtual
        value = compile_value(virtual, scope)
        return unit.connection.execute(
            table.select().with_only_columns(value).where(table.c.id == order)
        ).scalar_one()


def test_a_balance_is_the_same_in_memory_and_in_a_query(shop):
    shop.open(10)
    other = shop.office.create(None, "product", {"name": "板"})
    shop.open(Decimal("2.5"), product=other)
    order = shop.order(1)
    assert shop.office.value("order", order, "free") == Decimal("12.500")
    assert of_order(shop, "free", order) == Decimal("12.500")


def test_nothing_posted_is_zero(shop):
    order = shop.order(1)
    assert shop.office.value("order", order, "free") == Decimal(0)
    assert of_order(shop, "free", order) == Decimal(0)


def test_a_guard_over_a_balance_holds_as_soon_as_there_is_something(shop):
    order = shop.order(1)
    with pytest.raises(Refused, match="没有库存"):
        shop.do(order, "check")
    shop.open(1)
    assert shop.do(order, "check").state == "placed"


def test_what_a_unit_posted_itself_counts_for_what_it_reads(shop):
    with shop.office.act(None) as unit:
        ledger.post_by_hand(
            unit, "stock.opening", {"product": shop.product, "place": shop.place}, {"qty": Decimal(3)}
        )
        found = unit.runtime.hooks.balances(unit)
        virtual = unit.project.form_by_id["order"].by_id["free"].virtual
        order = type(
            "Order",
            (),
            {"form": "order", "id": 1, "get": lambda _, name: shop.place if name == "ship_from" else None},
        )()
        assert found.balance(virtual, environment_of(unit, order)) == Decimal(3)


@pytest.mark.parametrize(
    "change", [{"on_hand": Decimal(-1)}, {"reserved": Decimal(11)}, {"reserved": Decimal(-1)}]
)
def test_the_database_itself_refuses_what_goes_beyond_a_bound(shop, change):
    shop.open(10)
    database = shop.office.runtime.database
    table = database.tables["stock"]
    with pytest.raises(Conflict, match="used up"), database.write() as connection:
        connection.execute(table.update().where(table.c.product == shop.product).values(**change))
    assert shop.numbers() == (Decimal(10), Decimal(0))


def test_every_row_of_balances_is_the_sum_of_its_entries(shop):
    shop.open(10)
    shop.grant(100)
    order = shop.order({"product": shop.product, "qty": Decimal(5), "now": Decimal(2)})
    for transition in ("place", "part", "back", "place", "ship"):
        shop.do(order, transition)
    for name in ("stock", "credit"):
        assert summed(shop, name) == balances(shop, name)


def summed(shop, name):
    of = shop.office.runtime.project.ledger_by_id[name]
    found: dict[tuple, list] = {}
    for entry in shop.entries(name):
        sums = found.setdefault(
            tuple(getattr(entry, key.id) for key in of.keys), [Decimal(0)] * len(of.measures)
        )
        for place, measure in enumerate(of.measures):
            sums[place] += getattr(entry, measure.id)
    return {keys: sums for keys, sums in found.items() if any(sums)}


def balances(shop, name):
    of = shop.office.runtime.project.ledger_by_id[name]
    rows = {
        tuple(row[key.id] for key in of.keys): [row[measure.id] for measure in of.measures]
        for row in shop.rows(name)
    }
    return {keys: numbers for keys, numbers in rows.items() if any(numbers)}


def test_a_condition_over_a_balance_of_each_row_is_found_by_a_query(shop):
    shop.open(10)
    full, bare = shop.order(1), shop.order(1, ship_from=shop.office.create(None, "place", {"name": "空"}))
    with shop.office.look(None) as unit:
        database = unit.runtime.database
        table = database.tables["order"]
        scope = SqlScope(
            project=unit.project,
            tables=database.tables,
            dialect=database.dialect,
            constants=environment_of(unit),
            rows={"record": TableRow("order", table)},
        )
        guard = unit.project.workflow_by_id["life"].transition_by_id["check"].guard[0].that
        query = table.select().with_only_columns(table.c.id).where(compile_condition(guard, scope))
        found = set(unit.connection.execute(query).scalars())
    assert full in found
    assert bare not in found
