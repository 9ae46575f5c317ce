"""Sums of lists: exact, over what the reader sees in clear alone, each currency apart, given up in time."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Amount, Create, Filter, Operator, Query
from orderkit.model.errors import Denied
from tests.support.office import Staff, open_office
from tests.support.projects import project

OFFER = """
form: offer
label: {zh: 报价, en: Offer}
title: "{name}"
fields:
  name:     {type: text, label: {zh: 名称, en: Name}}
  currency: {type: text, label: {zh: 币种, en: Currency}}
  mine:     {type: boolean, label: {zh: 我的, en: Mine}}
  amount:   {type: money, currency: =currency, label: {zh: 金额, en: Amount}}
  cost:     {type: money, label: {zh: 成本, en: Cost}}
  pieces:   {type: integer, label: {zh: 件数, en: Pieces}}
  rate:     {type: percent, label: {zh: 比率, en: Rate}}
  twice:    {type: integer, label: {zh: 两倍, en: Twice}, virtual: "pieces * 2"}
"""
ROLES = (
    "role: seller\nlabel: {zh: 销售, en: Seller}\nforms:\n  offer: {read: true, hide: [cost]}\n",
    "role: keeper\nlabel: {zh: 保管, en: Keeper}\nforms:\n  offer: {read: true, hide: [currency], mask: [cost]}\n",
    "role: costs\nlabel: {zh: 成本, en: Costs}\nforms:\n  offer: {read: mine}\n",
)
STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("seller",)),
    Staff(login="ben", roles=("keeper",)),
    Staff(login="eve", roles=("seller", "costs")),
    Staff(login="guest"),
)
FIELDS = ("name", "amount", "cost", "pieces", "rate", "twice", "id", "gone")


@pytest.fixture
def office(make_database, tmp_path, clock):
    made = open_office(project(OFFER, *ROLES), make_database(project(OFFER, *ROLES)), tmp_path, clock, STAFF)
    rows = [
        ("CNY", True, "0.10", "1.00", 1),
        ("CNY", False, "0.20", "2.00", 2),
        ("USD", False, "5", "4.00", None),
    ]
    with made.act(None) as unit:
        values = [
            {"name": f"O{i}", "currency": c, "mine": m, "amount": Decimal(a), "cost": Decimal(k), "pieces": p}
            for i, (c, m, a, k, p) in enumerate(rows)
        ]
        records.apply(unit, [Create(form="offer", values=each) for each in values])
    return made


def totals(office, login, **more):
    with office.look(login) as unit:
        return records.totals(unit, Query(form="offer", **more), FIELDS)


def test_sums_are_exact_and_each_currency_stands_apart(office):
    found = totals(office, "root")
    assert found.count == 3
    assert found.sums == {
        "amount": (Amount(Decimal("0.30"), "CNY"), Amount(Decimal("5.00"), "USD")),
        "cost": (Amount(Decimal("7.00")),),
        "pieces": (Amount(Decimal(3)),),
        "twice": (Amount(Decimal(6)),),
    }


def test_sums_are_those_of_the_filtered_list(office):
    wanted = (Filter(field="currency", operator=Operator.EQUAL, values=("USD",)),)
    found = totals(office, "root", filters=wanted)
    assert (found.count, found.sums["cost"], found.sums["pieces"]) == (
        1,
        (Amount(Decimal("4.00")),),
        (Amount(Decimal(0)),),
    )
    nothing = totals(office, "root", search="nothing like it")
    assert (nothing.count, nothing.sums.get("amount", ())) == (0, ())


def test_what_is_hidden_or_masked_is_in_no_sum(office):
    assert "cost" not in totals(office, "ann").sums
    keeper = totals(office, "ben").sums
    assert "cost" not in keeper
    # Amounts whose currency the reader may not see are not added up as if they had none.
    assert "amount" not in keeper
    # Another role shows the cost of one record: that one alone is summed.
    assert totals(office, "eve").sums["cost"] == (Amount(Decimal("1.00")),)
    with pytest.raises(Denied):
        totals(office, "guest")


def test_sums_that_take_too_long_are_none(office, monkeypatch):
    from orderkit.engine.records.reading import summing

    def endless(*_):
        from sqlalchemy import text

        return [
            text(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0"
            )
        ]

    monkeypatch.setattr(summing, "conditions_of", endless)
    with office.look("root") as unit:
        assert records.totals(unit, Query(form="offer"), FIELDS, seconds=0.05) is None
        assert unit.connection.exec_driver_sql("SELECT 1").scalar_one() == 1
