"""What a posting moves, where it takes its keys from, and what refuses it."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Delete
from orderkit.model.errors import Conflict, Denied, Refused


def test_placing_reserves_and_shipping_uses_up_what_was_reserved(shop):
    shop.open(10)
    shop.grant(100)
    order = shop.order(4)
    shop.do(order, "place")
    assert shop.numbers() == (Decimal("10.000"), Decimal("4.000"))
    shop.do(order, "ship")
    assert shop.numbers() == (Decimal("6.000"), Decimal("0.000"))


def test_more_than_there_is_is_refused_with_what_is_short_and_where(shop):
    shop.open(3)
    shop.grant(100)
    order = shop.order(1, 4)
    with pytest.raises(Refused) as refused:
        shop.do(order, "place")
    (problem,) = refused.value.problems
    assert (
        problem.message["zh"] == "库存（产品 轴、仓库 主仓）：可用会变成 -2，低于 0，差 2（明细第 1、2 行）"
    )
    assert problem.message["en"] == (
        "Stock (Product 轴, Place 主仓): Available would be -2, less than 0; 2 short (rows 1, 2)"
    )
    assert shop.numbers() == (Decimal("3.000"), Decimal("0.000"))
    assert shop.office.value("order", order, "status") == "draft"


def test_a_limit_is_a_measure_that_postings_raise(shop):
    shop.open(100)
    shop.grant(5)
    with pytest.raises(Refused, match="Open would be 6, more than Limit 5; 1 short"):
        shop.do(shop.order(6), "place")
    shop.grant(1)
    shop.do(shop.order(6), "place")
    assert shop.numbers("credit") == (Decimal("6.000"), Decimal("6.000"))


def test_a_part_that_is_shipped_uses_up_a_part_and_never_more_than_is_open(shop):
    shop.open(10)
    shop.grant(100)
    order = shop.order({"product": shop.product, "qty": Decimal(5), "now": Decimal(3)})
    shop.do(order, "place")
    shop.do(order, "part")
    assert shop.numbers() == (Decimal("7.000"), Decimal("2.000"))
    shop.do(order, "part")
    assert shop.numbers() == (Decimal("4.000"), Decimal("0.000"))


def test_a_row_that_the_condition_leaves_out_posts_nothing(shop):
    shop.open(10)
    shop.grant(100)
    service = shop.office.create(None, "product", {"name": "安装", "stocked": False})
    order = shop.order({"product": service, "qty": Decimal(3)}, 2)
    shop.do(order, "place")
    assert shop.numbers() == (Decimal("10.000"), Decimal("2.000"))
    assert shop.numbers(product=service) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("row", "values", "what"),
    [
        ({"qty": Decimal(1)}, {}, "posting into Stock needs Product"),
        ({"qty": None}, {}, "the amount .qty. to post into Stock is empty"),
        ({"qty": Decimal(1)}, {"ship_from": None}, "posting into Stock needs Place"),
    ],
)
def test_a_posting_without_a_key_or_an_amount_says_what_to_fill_in(shop, row, values, what):
    given = row if "Product" in what else {"product": shop.product, **row}
    order = shop.order(given, **values)
    with pytest.raises(Refused, match=what):
        shop.do(order, "ask")


def test_an_entry_says_who_posted_it_for_which_record_row_and_transition(shop):
    shop.open(10, reason="盘点")
    order = shop.order(4)
    shop.do(order, "ask", login="bob")
    opening, reserved = (each for each in shop.entries() if each.product == shop.product)
    assert (opening.posting, opening.person, opening.reason, opening.form) == ("opening", None, "盘点", None)
    assert (reserved.posting, reserved.person) == ("reserve", shop.office.ids["bob"])
    assert (reserved.form, reserved.record_id, reserved.row_form) == ("order", order, "order.lines")
    assert (reserved.workflow, reserved.transition, reserved.visit) == ("life", "ask", 2)
    assert (reserved.on_hand, reserved.reserved) == (Decimal(0), Decimal(4))


def test_only_whom_a_posting_names_may_post_it_by_hand(shop):
    shop.open(1, login="root")
    with pytest.raises(Denied, match="you may not post “Opening” into “Stock” by hand"):
        shop.open(1, login="ann")


def test_what_was_left_below_zero_is_opened_with_a_reason_and_can_only_rise(shop):
    with pytest.raises(Refused, match="less than 0"):
        shop.open(-5)
    shop.open(-5, reason="旧系统结转")
    with pytest.raises(Refused, match="less than 0"):
        shop.open(-1, reason="再来一次")
    shop.open(3)
    assert shop.numbers() == (Decimal("-2.000"), Decimal("0.000"))
    shop.grant(100)
    with pytest.raises(Refused, match="Available would be -3"):
        shop.do(shop.order(1), "place")
    shop.open(4)
    shop.do(shop.order(2), "place")
    assert shop.numbers() == (Decimal("2.000"), Decimal("2.000"))


def test_a_record_that_was_posted_about_cannot_be_deleted(shop):
    shop.open(1)
    with pytest.raises(Conflict), shop.office.act(None) as unit:
        records.apply(unit, [Delete(form="product", id=shop.product)])
