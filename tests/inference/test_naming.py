"""Ids of headings: English words, Chinese ones that are known, pinyin for the rest."""

import pytest

from orderkit.inference.naming import english, field_id, form_id
from tests.support.pinyin_syllables import TARGET, table


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("customerNumber", "customer_number"),
        ("MSRP", "msrp"),
        ("CustomerID", "customer_id"),
        ("客户名称", "customer_name"),
        ("单价（元）", "price"),
        ("客户 ID", "customer_id"),
        ("绿色通道", "lvsetongdao"),
        ("Größe", "grosse"),
        ("2026", "field_2026"),
        ("?!", "field"),
        ("菢 0", "field_0"),
        ("then", "then_2"),
        ("owner", "owner_2"),
        ("x" * 60, "x" * 37),
    ],
)
def test_the_id_of_a_field(heading: str, wanted: str) -> None:
    assert field_id(heading, ()) == wanted


def test_an_id_is_given_once() -> None:
    assert field_id("数量", {"qty", "qty_2"}) == "qty_3"


def test_a_reference_is_called_like_what_it_refers_to() -> None:
    assert field_id("customerNumber", (), is_reference=True) == "customer"
    assert field_id("客户编号", {"customer"}, is_reference=True) == "customer_no"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("orders", "order"),
        ("categories", "category"),
        ("status", "status"),
        ("订单", "order"),
        ("users", "user_2"),
        ("tasks", "task"),
    ],
)
def test_the_id_of_a_form(name: str, wanted: str) -> None:
    assert form_id(name, ()) == wanted


def test_a_label_is_english_too_where_every_word_is_known() -> None:
    assert english("客户名称") == "Customer name"
    assert english("邮寄方式") is None
    assert english("Name") is None


def test_the_table_of_syllables_is_as_it_is_made() -> None:
    assert TARGET.read_text("utf-8") == table()
