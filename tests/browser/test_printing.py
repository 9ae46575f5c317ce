"""The preview of documents in a real browser: its frame is sandboxed, and only there does it have a size."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on
from tests.browser.test_bulk import open_list


def sheets(page: Page) -> int:
    """Return how many documents the preview shows, once it is there."""
    frame = page.frame_locator("iframe[name=sheet]")
    expect(frame.locator("body")).to_contain_text("报价单")
    return frame.locator("h1").count()


def test_orders_are_previewed_together_from_the_list_and_one_alone_on_a_phone(shop: Shop) -> None:
    page = open_list(shop, orders=3)
    bring_axe(page)
    page.locator("[data-select]").nth(0).click()
    page.locator("[data-select]").nth(1).click()
    page.get_by_role("group", name="对所选记录的操作").get_by_role("button", name="报价单").click()
    page.wait_for_url("**/forms/order/print/quotation?**")
    assert sheets(page) == 2
    found = found_on(page, "the preview of two orders")

    phone = shop.visit("zhang", is_phone=True)
    bring_axe(phone)
    phone.goto("/forms/order/1")
    phone.get_by_role("button", name="更多").click()
    phone.get_by_role("menuitem", name="报价单").click()
    phone.wait_for_url("**/forms/order/print/quotation?**")
    assert sheets(phone) == 1
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = phone.locator("iframe[name=sheet]").bounding_box()
    assert box is not None
    assert box["width"] <= 390
    assert box["height"] > 100
    assert found + found_on(phone, "the preview of one order") == []
    # That axe is not let into the sandboxed frame is what the sandbox is for.
    shop.complaints[:] = [each for each in shop.complaints if "the document's frame is sandboxed" not in each]
