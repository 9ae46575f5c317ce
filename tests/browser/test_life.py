"""The picture of a record's life: fetched when it is opened, true after somebody else has moved the record, no wider than a phone."""

from playwright.sync_api import expect

from tests.browser.conftest import Shop
from tests.browser.test_live import watch
from tests.browser.test_order_story import enter_order


def test_an_opened_picture_follows_the_record(shop: Shop) -> None:
    seller, lead = shop.visit("zhang"), shop.visit("li")
    enter_order(seller)
    watch(lead, seller.url)
    expect(lead.locator(".flow-picture")).to_have_count(0)
    lead.locator("details:has(#life) > summary").click()
    now = lead.locator("#life .flow-node.is-now")
    expect(now).to_contain_text("询价")
    seller.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    seller.locator("dialog#sheet").get_by_role("button", name="报价", exact=True).click()
    expect(now).to_contain_text("已报价")
    expect(lead.locator("#life .flow-way.is-walked")).to_have_count(2)


def test_a_picture_fits_a_phone(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("details:has(#life) > summary").click()
    expect(page.locator(".flow-picture")).to_be_visible()
    box = page.locator(".flow-picture").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    clipped = page.evaluate(
        """() => [...document.querySelectorAll(".flow-node.is-state")].flatMap((each) => {
          const shape = each.querySelector(".flow-shape").getBBox();
          return [...each.querySelectorAll(".flow-text")].filter((text) => {
            const { x, width } = text.getBBox();
            return x < shape.x || x + width > shape.x + shape.width;
          }).map((text) => text.textContent);
        })"""
    )
    assert clipped == []
