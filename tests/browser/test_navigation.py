"""The sidebar folds and stays so; the home page knows what was looked at."""

from playwright.sync_api import expect

from tests.browser.conftest import Shop


def test_the_sidebar_folds_to_its_icons_and_stays_so(shop: Shop) -> None:
    page = shop.visit("zhang")
    sidebar = page.locator("aside.sidebar")
    fold = sidebar.get_by_role("button", name="收起菜单")
    before = sidebar.bounding_box()
    fold.click()
    expect(fold).to_have_attribute("aria-pressed", "true")
    page.goto("/forms/order")
    after = sidebar.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] < before["width"] / 3
    # Whoever listens still hears the names.
    expect(sidebar.get_by_role("link", name="客户")).to_be_visible()
    fold.click()
    expect(fold).to_have_attribute("aria-pressed", "false")


def test_home_shows_what_was_looked_at_in_this_browser(shop: Shop) -> None:
    page = shop.visit("li")
    page.goto("/forms/customer/1")
    name = page.get_by_role("heading", level=1).inner_text()
    page.goto("/")
    expect(page.get_by_role("region", name="最近查看").get_by_role("link")).to_contain_text([name])
