"""Groups, totals and kept views in a browser: opened and closed by keys and pointer, kept, and clean to axe."""

from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on
from tests.browser.test_order_story import enter_order


def test_a_grouped_list_opens_by_keyboard_and_is_kept_as_a_view(shop: Shop) -> None:
    page = shop.visit("admin")
    enter_order(page)
    bring_axe(page)
    page.goto("/forms/order")
    page.get_by_role("button", name="分组", exact=True).click()
    panel = page.get_by_role("dialog", name="分组")
    panel.get_by_label("先按").select_option("status")
    panel.get_by_label("再按").select_option("customer")
    panel.get_by_role("button", name="应用").click()
    page.wait_for_url("**group=status%2Ccustomer")
    expect(page.locator("tfoot .list-sum").first).to_be_visible()
    outer = page.locator(".group-open").first
    outer.focus()
    page.keyboard.press("Space")
    inner = page.locator(".level-2 .group-open")
    expect(inner).to_have_count(1)
    inner.focus()
    page.keyboard.press("Enter")
    row = page.locator("tr[data-href]")
    expect(row).to_be_visible()
    expect(inner).to_have_attribute("aria-expanded", "true")
    assert found_on(page, "a grouped list") == []
    outer.click()
    expect(row).to_be_hidden()
    expect(inner).to_be_hidden()
    outer.click()
    expect(row).to_be_visible()

    page.get_by_role("button", name="视图", exact=True).click()
    panel = page.get_by_role("dialog", name="视图")
    panel.get_by_label("把当前显示保存为新视图").fill("我的分组")
    assert found_on(page, "the panel of views", within=".views-panel") == []
    panel.get_by_role("button", name="保存视图").click()
    tab = page.get_by_role("link", name="我的分组")
    expect(tab).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="全部", exact=True).click()
    expect(page.locator(".group-open")).to_have_count(0)
    tab.click()
    expect(page.locator(".group-open")).to_have_count(1)
    page.get_by_role("button", name="列", exact=True).click()
    assert found_on(page, "the panel of columns", within=".columns-panel") == []


def test_sums_and_edges_outlive_what_others_do(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.goto("/forms/order")
    total = page.locator("tfoot td[data-label=合计] .list-sum")
    expect(total).to_be_visible()
    before = Decimal(total.inner_text().replace(",", ""))
    edges = page.get_by_role("separator")
    expect(edges).to_have_count(7)
    enter_order(shop.visit("zhang"))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(total).to_have_text(f"{2 * before:,}")
    expect(edges).to_have_count(7)
