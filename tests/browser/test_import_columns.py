"""Columns of a file that no form knows: looked at and put right on a phone and at a desk, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on

ROWS = (
    "客户编号,客户名,联系手机,省份,老编号,信用额度(元)\n"
    "K01,晨光五金,13800000001,浙江,X-1,5000\n"
    "K02,远航贸易,13800000002,广东,X-2,8000\n"
)


def _upload(page: Page) -> None:
    page.goto("/imports/customer")
    page.locator("main input[type=file]").set_input_files(
        {"name": "客户.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("“客户编号”填入")).to_be_visible()


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_columns_are_put_right_and_imported(shop: Shop, is_phone: bool) -> None:
    page = shop.visit("admin", is_phone=is_phone)
    _upload(page)
    expect(page.get_by_label("“客户编号”填入")).to_have_value("code")
    expect(page.get_by_label("“客户名”填入")).to_have_value("name")
    old = page.get_by_label("“老编号”填入")
    expect(old).to_have_value("")
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
    old.focus()
    old.select_option("short_name")
    page.get_by_role("button", name="下一步：预览").press("Enter")
    expect(page.get_by_text("X-2")).to_be_visible()
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_role("heading", name="试运行通过")).to_be_visible()
    page.get_by_role("button", name="正式导入").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    page.goto("/forms/customer?q=K02")
    expect(page.get_by_text("远航贸易").first).to_be_visible()
    page.get_by_role("link", name="K02").first.click()
    expect(page.get_by_text("X-2").first).to_be_visible()


def test_axe_finds_nothing_on_the_columns(shop: Shop) -> None:
    page = shop.visit("admin")
    bring_axe(page)
    _upload(page)
    assert found_on(page, "columns") == []
