"""Many take the last pieces at once: as many get them as there are, and no posting is lost."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from multiprocessing import get_context

import pytest

from tests.engine.ledger.racing import place, place_all
from tests.engine.ledger.shop import STAFF, Shop, a_shop
from tests.engine.ledger.test_balances import balances, summed
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture
def own_shop(databases, dialect, tmp_path):
    mark = databases.mark()
    made = a_shop()
    office = open_office(
        made, databases.make(made, dialect, threads=8), tmp_path / "files", FakeClock(), STAFF
    )
    yield Shop(office)
    databases.clear(mark)


def test_rule_18_many_threads_take_the_last_pieces_and_each_piece_once(own_shop):
    own_shop.open(10)
    own_shop.grant(1000)
    orders = [own_shop.order(1) for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda order: place(own_shop.office.runtime, order), orders))
    assert sum(won) == 10
    assert own_shop.numbers() == (Decimal(10), Decimal(10))
    assert own_shop.numbers("credit") == (Decimal(10), Decimal(1000))
    reserved = [each for each in own_shop.entries() if each.posting == "reserve"]
    assert len(reserved) == 10


def test_orders_over_the_same_products_in_opposite_order_never_wait_for_each_other_in_a_ring(own_shop):
    other = own_shop.office.create(None, "product", {"name": "板"})
    own_shop.open(1000)
    own_shop.open(1000, product=other)
    own_shop.grant(1000)
    one, two = (
        {"product": own_shop.product, "qty": Decimal(1)},
        {"product": other, "qty": Decimal(1)},
    )
    orders = [own_shop.order(*((one, two) if place % 2 else (two, one))) for place in range(24)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda order: place(own_shop.office.runtime, order), orders))
    assert all(won)
    assert own_shop.numbers() == (Decimal(1000), Decimal(24))
    assert own_shop.numbers(product=other) == (Decimal(1000), Decimal(24))


def test_the_first_postings_under_a_key_make_one_row_of_balances(own_shop):
    own_shop.grant(1000)
    orders = [own_shop.order({"product": own_shop.product, "qty": Decimal(0)}) for _ in range(8)]
    customer = own_shop.office.create(None, "customer", {"name": "乙"})
    for each in orders:
        own_shop.office.update(None, "order", each, by_rule=True, customer=customer)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda order: place(own_shop.office.runtime, order), orders))
    assert len([row for row in own_shop.rows("credit") if row["customer"] == customer]) <= 1


def test_rule_18_several_processes_take_the_last_pieces_and_each_piece_once(own_shop, tmp_path):
    own_shop.open(7)
    own_shop.grant(1000)
    orders = [own_shop.order(1) for _ in range(16)]
    engine = own_shop.office.runtime.database.engine
    url = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(place_all, url, str(tmp_path), orders[start::4]) for start in range(4)]
        won = sum(each.result() for each in parts)
    assert won == 7
    assert own_shop.numbers() == (Decimal(7), Decimal(7))


@pytest.mark.soak
def test_threads_and_processes_sell_a_stock_out_again_and_again(own_shop, tmp_path, progress):
    own_shop.grant(1_000_000)
    engine = own_shop.office.runtime.database.engine
    url = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    sold = Decimal(0)
    with (
        ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes,
        ThreadPoolExecutor(8) as threads,
    ):
        for _ in range(20):
            own_shop.open(30)
            orders = [own_shop.order(1) for _ in range(64)]
            far = [processes.submit(place_all, url, str(tmp_path), orders[start:48:4]) for start in range(4)]
            near = [threads.submit(place, own_shop.office.runtime, order) for order in orders[48:]]
            won = sum(int(each.result()) for each in (*far, *near))
            assert won == 30
            sold += won
            progress.step(of=20)
            assert own_shop.numbers() == (sold, sold)
    assert summed(own_shop, "stock") == balances(own_shop, "stock")


def test_a_guard_over_a_balance_without_a_bound_holds_at_the_commit(own_shop):
    # Nothing but the lock of the guard keeps them apart: `pool` has no `never`.
    orders = [own_shop.order(1) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda order: place(own_shop.office.runtime, order, "take"), orders))
    assert sum(won) == 5
    (row,) = own_shop.rows("pool")
    assert row["used"] == Decimal(5)
