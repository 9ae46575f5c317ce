"""Groups, totals and kept views in a browser: opened and closed by keys and pointer, kept, and clean to axe."""

from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on
from tests.browser.test_live import watch
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


def test_what_others_do_shows_in_an_open_group_and_nobody_loses_their_place(shop: Shop) -> None:
    seller, lead = shop.visit("zhang"), shop.visit("li")
    for _ in range(3):
        enter_order(seller)
    watch(lead, "/forms/order?group=status&sort=number")
    lead.locator(".group-open").first.click()
    rows = lead.locator("tr[data-href]")
    expect(rows).to_have_count(3)
    lead.locator("[data-select]").nth(1).check()
    link = lead.locator(".row-link").nth(2)
    link.focus()
    lead.mouse.wheel(0, 40)
    at = lead.evaluate("window.scrollY")

    # 询价 has one more, of which the reader sees number and row; what is ticked, has the focus and is scrolled to stays.
    enter_order(seller)
    expect(rows).to_have_count(4)
    expect(lead.locator(".group-count").first).to_have_text("4")
    expect(lead.locator(".group-open").first).to_have_attribute("aria-expanded", "true")
    expect(lead.locator("[data-select]:checked")).to_have_count(1)
    expect(link).to_be_focused()
    assert lead.evaluate("window.scrollY") == at

    # A record goes to a group that is closed, which comes, and is opened; the first is closed by then.
    seller.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    seller.locator("dialog#sheet").get_by_role("button", name="报价", exact=True).click()
    expect(lead.locator(".group-open")).to_have_count(2)
    expect(rows).to_have_count(3)
    lead.locator(".group-open").first.click()
    expect(rows.first).to_be_hidden()
    enter_order(seller)
    expect(lead.locator(".group-count").first).to_have_text("4")
    expect(rows).to_have_count(0)
    lead.locator(".group-open").first.click()
    expect(rows).to_have_count(4)
    expect(rows.first).to_be_visible()


def test_a_value_being_typed_in_an_open_group_stays_and_its_row_is_drawn_there(shop: Shop) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    admin = shop.visit("admin")
    watch(admin, "/forms/order?group=status")
    admin.locator(".group-open").first.click()
    cell = admin.locator("tr[data-id] td[data-label=交货日期]")
    cell.dblclick()
    typed = cell.locator("input[type=date]")
    typed.fill("2036-02-01")
    enter_order(seller)
    expect(typed).to_have_value("2036-02-01")
    expect(typed).to_be_focused()
    typed.press("Enter")
    expect(admin.locator("tr[data-href]")).to_have_count(2)
    expect(cell.filter(has_text="2036-02-01")).to_have_count(1)
    expect(admin.locator("tr.is-left")).to_have_count(0)
