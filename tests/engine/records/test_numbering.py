"""Numbers of records: no gap, none twice, a block for a batch, whatever fails in between."""

import threading
from datetime import date

import pytest

from orderkit.engine import records
from orderkit.engine.records import Create, LineChange
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Refused


def create(shop, **values):
    lines = {"lines": [LineChange(values={"product": shop.bolt, "qty": 1})]}
    return Create(form="order", values={"customer": shop.customer, **values}, lines=lines)


def numbers(shop):
    with shop.office.look(None) as unit:
        page = records.page(unit, records.Query(form="order", columns=("number",), limit=200))
    return sorted(row.values["number"] for row in page.rows)


def test_a_failure_leaves_no_gap(shop):
    def work():
        with shop.office.act("ann") as unit:
            records.apply(unit, [create(shop)])
            records.apply(unit, [create(shop, customer=None)])

    shop.order("ann")
    with pytest.raises(Refused):
        work()
    shop.order("ann")
    assert numbers(shop) == ["SO20260302-0001", "SO20260302-0002"]


def test_each_prefix_counts_by_itself_and_a_batch_takes_a_block_in_order(shop):
    days = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 2)]
    with shop.office.act("ann") as unit:
        done = records.apply(unit, [create(shop, ordered_on=day) for day in days])
    assert [shop.values("order", each.id, "number")[0] for each in done] == [
        "SO20260302-0001",
        "SO20260303-0001",
        "SO20260302-0002",
        "SO20260302-0003",
    ]


def test_who_reads_a_number_early_gets_it(shop):
    with shop.office.act("ann") as unit:
        (made,) = records.apply(unit, [create(shop)])
        row = rows_of(unit).row("order", made.id)
        assert rows_of(unit).title("order", made.id) == "SO20260302-0001 甲公司"
        assert row.get("number") == "SO20260302-0001"
    assert numbers(shop) == ["SO20260302-0001"]


def test_records_that_came_with_numbers_are_counted_on_from(shop):
    with shop.office.act(None) as unit:
        records.apply(unit, [create(shop, number="SO20260302-0041")], history=True)
    shop.order("ann")
    shop.order("ann")
    assert numbers(shop) == ["SO20260302-0041", "SO20260302-0042", "SO20260302-0043"]


def test_history_is_not_numbered(shop):
    with shop.office.act(None) as unit:
        (made,) = records.apply(unit, [create(shop)], history=True)
    assert shop.values("order", made.id, "number") == (None,)


def test_many_at_once_get_consecutive_numbers(shop):
    failures = []

    def work(login):
        try:
            for _ in range(6):
                shop.order(login)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(login,)) for login in ("ann", "ben", "root", "ann")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert numbers(shop) == [f"SO20260302-{number:04}" for number in range(1, 25)]
