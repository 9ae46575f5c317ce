"""One search over all forms: what each person may read, best first."""

import pytest

from orderkit.engine import search
from orderkit.engine.index.filling import fill
from tests.support.trade import Trade, open_trade, trade


@pytest.fixture(params=["filled", "empty"])
def shop(request, make_database, tmp_path, clock) -> Trade:
    """A trade with an index, and one whose index was never filled."""
    made = open_trade(make_database(trade()), tmp_path / "files", clock)
    if request.param == "filled":
        fill(made.office.runtime)
    return made


def hits(shop: Trade, login: str, text: str, limit: int = 20) -> list[tuple[str, str]]:
    with shop.office.look(login) as unit:
        return [(hit.form, hit.title) for hit in search.everywhere(unit, text, limit)]


def test_the_best_title_comes_first_whatever_its_form(shop):
    for name in ("广州贸易二", "新广州贸易", "广州贸易"):
        shop.office.create(None, "customer", {"code": f"K{name}", "name": name})
    shop.office.create(None, "product", {"code": "B广州", "name": "贸易箱"})
    shop.receipt({}, memo="广州贸易")
    assert hits(shop, "root", "广州贸易") == [
        ("customer", "广州贸易"),
        ("receipt", "广州贸易"),
        ("customer", "广州贸易二"),
        ("customer", "新广州贸易"),
    ]
    assert hits(shop, "root", "广州 贸易")[0] == ("product", "B广州 贸易箱")
    assert len(hits(shop, "root", "广州贸易", limit=1)) == 1


def test_everybody_finds_what_they_may_read(shop):
    shop.receipt({}, memo="甲公司")
    shop.order(None, seller=shop.office.ids["ben"])
    found = {login: hits(shop, login, "甲公司") for login in ("root", "ann", "ben", "kim", "guest")}
    order = ("order", "SO20260302-0001 甲公司")
    assert found["root"] == [("customer", "甲公司"), ("receipt", "甲公司"), order]
    assert found["ben"] == [("customer", "甲公司"), order]
    assert found["ann"] == [("customer", "甲公司")]
    assert found["kim"] == [order]
    assert found["guest"] == []


@pytest.mark.parametrize("text", ["", "   ", "没有这个", "%", "x" * 5000])
def test_what_nobody_has_finds_nothing(shop, text):
    assert hits(shop, "root", text) == []


def test_pinyin_finds_once_the_index_is_filled(shop):
    fill(shop.office.runtime)
    assert hits(shop, "root", "jgs") == [("customer", "甲公司")]


def test_what_was_looked_at_before_is_named_as_far_as_it_may_still_be_read(shop):
    shop.receipt({}, memo="甲公司")
    order = shop.order(None, seller=shop.office.ids["ben"])
    wanted = [("order", order), ("customer", 1), ("order", order), ("receipt", 1), ("order", 10**18 - 1)]
    wanted += [("order_line", 1), ("nothing", 1)]
    seen: dict[str, list[str]] = {}
    for login in ("root", "ben", "ann", "guest"):
        with shop.office.look(login) as unit:
            seen[login] = [hit.form for hit in search.recalled(unit, wanted)]
    assert seen == {
        "root": ["order", "customer", "receipt"],
        "ben": ["order", "customer"],
        "ann": ["customer"],
        "guest": [],
    }
