"""Groups of a list: every record in one of them, sums that add up to the whole, and no hidden value as a key."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Query
from orderkit.model.errors import Refused
from tests.engine.records.test_paging import make_orders


def by(shop, login, field, *, within=(), **more):
    with shop.office.look(login) as unit:
        found = records.groups(unit, Query(form="order", within=within, **more), field, ["total", "balance"])
        assert not found.is_cut
        return {each.key: each.totals for each in found.groups}


def rows(shop, login, *within):
    with shop.office.look(login) as unit:
        return [row.id for row in records.page(unit, Query(form="order", within=within, limit=100)).rows]


@pytest.mark.parametrize(
    "field", ["kind", "customer", "seller", "need_by", "external", "created_at", "created_by"]
)
def test_every_record_is_in_one_group_and_the_sums_add_up(shop, field):
    ids = make_orders(shop)
    found = by(shop, "root", field)
    with shop.office.look("root") as unit:
        whole = records.totals(unit, Query(form="order"), ["total"])
    assert sum(each.count for each in found.values()) == whole.count == len(ids)
    assert (
        sum((each.sums["total"][0].value for each in found.values()), Decimal(0))
        == whole.sums["total"][0].value
    )
    listed = {key: rows(shop, "root", (field, key)) for key in found}
    assert sorted(each for some in listed.values() for each in some) == sorted(ids)
    assert {key: len(some) for key, some in listed.items()} == {
        key: each.count for key, each in found.items()
    }


def test_a_group_is_parted_by_another_field(shop):
    make_orders(shop)
    sellers = by(shop, "root", "seller")
    for seller, whole in sellers.items():
        months = by(shop, "root", "need_by", within=(("seller", seller),))
        assert set(months) <= {None, "2026-03"}
        assert sum(each.count for each in months.values()) == whole.count
        for month, each in months.items():
            assert len(rows(shop, "root", ("seller", seller), ("need_by", month))) == each.count


def test_what_a_reader_may_not_see_is_no_key_and_in_no_sum(shop):
    make_orders(shop)
    with pytest.raises(Refused):
        by(shop, "ann", "secret")
    assert all("total" not in each.sums for each in by(shop, "kim", "seller").values())
    with pytest.raises(Refused):
        rows(shop, "ann", ("secret", None))


@pytest.mark.parametrize("field", ["total", "lines", "late", "process", "id", "gone"])
def test_what_records_do_not_share_groups_nothing(shop, field):
    with pytest.raises(Refused):
        by(shop, "root", field)
