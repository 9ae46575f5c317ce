"""Computed values of other records stay true along references and back, whatever happens to what they hang on."""

import threading
from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Delete, LineChange, Update
from orderkit.model.errors import Refused


def money(*amounts):
    return tuple(Decimal(amount).quantize(Decimal("0.01")) for amount in amounts)


def test_a_receipt_moves_its_orders_and_their_customer(shop):
    first, second = shop.order("ann"), shop.order("ann")
    assert shop.values("customer", shop.customer, "owed") == money(50)

    receipt = shop.receipt({first: 5, second: 10}, confirmed=False)
    assert shop.values("customer", shop.customer, "owed") == money(50)

    shop.office.update(None, "receipt", receipt, confirmed=True)
    assert shop.values("order", first, "received", "balance") == money(5, 20)
    assert shop.values("order", second, "received", "balance") == money(10, 15)
    assert shop.values("customer", shop.customer, "owed") == money(35)

    with shop.office.act(None) as unit:
        rows = {"allocations": [LineChange(values={"order": second, "amount": 1})]}
        records.apply(unit, [Update(form="receipt", id=receipt, lines=rows)])
    assert shop.values("order", first, "received", "balance") == money(0, 25)
    assert shop.values("order", second, "received", "balance") == money(1, 24)

    with shop.office.act(None) as unit:
        records.apply(unit, [Delete(form="receipt", id=receipt)])
    assert shop.values("customer", shop.customer, "owed") == money(50)


def test_a_record_that_moves_away_is_missed_where_it_was(shop):
    other = shop.office.create(None, "customer", {"code": "C2", "name": "乙"})
    order = shop.order("ann")
    shop.office.update("root", "order", order, customer=other)
    assert shop.values("customer", shop.customer, "owed") == money(0)
    assert shop.values("customer", other, "owed") == money(25)


def test_a_line_moves_the_total_of_its_order_and_what_hangs_on_that(shop):
    order = shop.order("ann")
    (line,) = shop.lines(order)
    with shop.office.act("ann") as unit:
        rows = {"lines": [LineChange(id=line["id"], values={"qty": 20})]}
        records.apply(unit, [Update(form="order", id=order, lines=rows)])
    assert shop.values("order", order, "total", "balance") == money(50, 50)
    assert shop.values("customer", shop.customer, "owed") == money(50)


def test_what_is_computed_elsewhere_is_no_change_by_a_person(shop):
    order = shop.order("ann")
    shop.receipt({order: 5})
    assert shop.values("order", order, "revision", "updated_by") == (1, shop.office.ids["ann"])


def test_a_rule_of_a_record_that_follows_is_kept_and_the_record_named(shop):
    order = shop.order("ann")
    with pytest.raises(Refused) as caught:
        shop.receipt({order: 5000})
    (problem,) = caught.value.problems
    assert problem.code == "check_failed"
    assert problem.message["en"] == "Order SO20260302-0001 甲公司: Far too much was received"
    assert shop.values("order", order, "received") == money(0)


def test_two_who_add_to_the_same_sum_take_turns(shop):
    order = shop.order("ann")
    failures = []

    def pay():
        try:
            for _ in range(5):
                shop.receipt({order: 1})
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=pay) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert shop.values("order", order, "received", "balance") == money(15, 10)
    assert shop.values("customer", shop.customer, "owed") == money(10)
