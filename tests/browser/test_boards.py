"""Boards in a browser: a card that is dragged, or sent from its menu, takes the way that is open to it, or none."""

from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_live import watch
from tests.browser.test_order_story import enter_order


def _column(page: Page, name: str) -> Locator:
    return page.locator("section.board-column").filter(has=page.get_by_role("heading", name=name, exact=True))


def _card(page: Page, column: str) -> Locator:
    return _column(page, column).locator(".board-card")


def _drag(page: Page, before: str, after: str) -> None:
    """Drag the card, waiting in between until the board has said where it may go."""
    card, column = _card(page, before), _column(page, after)
    card.locator(".board-lead").hover()
    page.mouse.down()
    column.hover()
    expect(page.locator(".board-column.is-closed").first).to_be_attached()
    column.hover()
    page.mouse.up()


def test_a_card_is_dragged_through_its_life_as_far_as_it_may_go(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.goto("/forms/order")
    page.get_by_role("link", name="看板（按状态）").click()
    expect(_card(page, "询价")).to_have_count(1)

    _drag(page, "询价", "生产中")
    expect(page.locator(".notice-bad")).to_contain_text("「询价」不能直接移到「生产中」")
    expect(_card(page, "询价")).to_have_count(1)

    _drag(page, "询价", "已报价")
    sheet = page.locator("dialog#sheet")
    sheet.get_by_role("button", name="报价", exact=True).click()
    expect(sheet).not_to_be_visible()
    expect(_card(page, "已报价")).to_have_count(1)
    expect(_card(page, "询价")).to_have_count(0)

    _drag(page, "已报价", "审批中")
    expect(_card(page, "审批中")).to_have_count(1)
    expect(_card(page, "已报价")).to_have_count(0)
    _drag(page, "审批中", "待排产")
    expect(page.locator(".notice-bad").last).to_contain_text("由审批人决定去向")

    lead = shop.visit("li")
    lead.goto("/forms/order/board/status")
    _drag(lead, "审批中", "已报价")
    sheet = lead.locator("dialog#sheet")
    sheet.get_by_role("textbox", name="审批意见").fill("价格再谈")
    sheet.get_by_role("button", name="退回", exact=True).click()
    expect(sheet).not_to_be_visible()
    expect(_card(lead, "已报价")).to_have_count(1)
    expect(_card(page, "已报价")).to_have_count(1)


def test_a_card_is_moved_from_the_keyboard_and_from_a_phone(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.goto("/forms/order/board/status?f.status=inquiry&f.status=quoted")
    expect(page.locator(".board-column")).to_have_count(2)
    mover = page.get_by_role("button", name="移动 SO")
    mover.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="已报价 报价")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mover).to_be_focused()

    phone = shop.visit("zhang", is_phone=True)
    phone.goto("/forms/order/board/status")
    phone.get_by_role("button", name="移动 SO").tap()
    phone.get_by_role("menuitem", name="已取消 取消").tap()
    sheet = phone.locator("dialog#sheet")
    sheet.get_by_role("button", name="取消", exact=True).last.tap()
    expect(sheet).to_contain_text("请填写取消原因")
    sheet.get_by_role("textbox", name="取消原因").fill("客户不要了")
    sheet.get_by_role("button", name="取消", exact=True).last.tap()
    expect(sheet).not_to_be_visible()
    expect(_card(phone, "已取消")).to_have_count(1)


def test_sums_of_columns_follow_what_others_do_and_the_bin_is_reached_on_a_phone(shop: Shop) -> None:
    seller, lead = shop.visit("zhang"), shop.visit("li")
    enter_order(seller)
    watch(lead, "/forms/order/board/status")
    sum_ = lead.locator("[data-board-column=inquiry] .board-sum").first.locator("dd")
    expect(sum_).to_be_visible()
    before = Decimal(sum_.inner_text().replace(",", ""))
    enter_order(seller)
    expect(sum_).to_have_text(f"{2 * before:,}")
    phone = shop.visit("admin", is_phone=True)
    for path in ("/forms/order/board/status", "/forms/order/calendar"):
        phone.goto(path)
        phone.get_by_role("link", name="回收站").click()
        phone.wait_for_url("**/forms/order/bin")
