"""Ticking records and doing one thing to them: by mouse, keyboard and finger."""

from datetime import date
from decimal import Decimal

from playwright.sync_api import Page, expect

from orderkit.engine import records
from orderkit.engine.access.people import find_person
from orderkit.engine.records import Create, LineChange
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on


def chosen(page: Page) -> list[bool]:
    return [each.is_checked() for each in page.locator("[data-select]").all()]


def enter_orders(shop: Shop, count: int) -> None:
    with shop.runtime.read(SYSTEM, Channel.COMMAND) as unit:
        zhang = find_person(unit, "zhang")
    assert zhang is not None
    line = LineChange(values={"product": 1, "qty": Decimal(2)})
    made = Create(form="order", values={"customer": 1, "need_by": date(2035, 1, 31)}, lines={"lines": [line]})
    with shop.runtime.write(zhang, Channel.COMMAND) as unit:
        records.apply(unit, [made] * count)


def open_list(shop: Shop, *, is_phone: bool = False, orders: int = 6) -> Page:
    """Enter orders and open their list."""
    enter_orders(shop, orders)
    page = shop.visit("zhang", is_phone=is_phone)
    page.goto("/forms/order")
    return page


def test_ranges_are_ticked_and_changed_and_the_list_stays(shop: Shop) -> None:
    page = open_list(shop)
    ticks = page.locator("[data-select]")
    bar = page.get_by_role("group", name="对所选记录的操作")
    expect(bar).not_to_be_visible()
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    assert chosen(page) == [False, True, True, True, True, False]
    expect(bar.get_by_text("已选 4 条")).to_be_visible()
    bar.get_by_role("button", name="修改").click()
    sheet = page.get_by_role("dialog", name="批量修改")
    sheet.get_by_role("checkbox", name="承运商").check()
    sheet.get_by_role("textbox", name="承运商").fill("顺丰")
    sheet.get_by_role("button", name="修改 4 条").dblclick()
    expect(page.get_by_text("已完成 4 条")).to_be_visible()
    page.goto("/forms/order?f.carrier=顺丰")
    expect(page.locator("tbody tr")).to_have_count(4)

    # What was refused says so, record by record.
    page.get_by_role("checkbox", name="选择本页全部").check()
    bar.get_by_role("button", name="修改").click()
    sheet.get_by_role("checkbox", name="交货日期").check()
    sheet.locator("#f-need_by").fill("2000-01-01")
    sheet.get_by_role("button", name="修改 4 条").click()
    expect(page.get_by_role("heading", name="处理完毕")).to_be_visible()
    expect(page.get_by_role("cell", name="交货日期：交货日期不能早于下单日期")).to_have_count(4)
    page.get_by_role("link", name="返回列表").click()
    page.wait_for_url("**/forms/order?f.carrier=**")


def test_the_keyboard_ticks_walks_and_lets_go(shop: Shop) -> None:
    page = open_list(shop)
    page.locator(".row-link").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert chosen(page) == [True, True, True, False, False, False]
    expect(page.locator(".row-link").nth(2)).to_be_focused()
    page.keyboard.press("Shift+ArrowUp")
    assert chosen(page) == [True, True, False, False, False, False]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert chosen(page) == [True, True, False, True, False, False]
    page.keyboard.press("Escape")
    assert chosen(page) == [False] * 6
    page.keyboard.press("Control+a")
    expect(page.get_by_text("已选 6 条")).to_be_visible()
    # In a search the letters are letters.
    page.get_by_role("searchbox").press("x")
    assert page.get_by_role("searchbox").input_value() == "x"


def test_a_finger_chooses_cards(shop: Shop) -> None:
    page = open_list(shop, is_phone=True)
    card = page.locator("tbody tr").nth(1)
    box = card.bounding_box()
    assert box is not None
    held = {"pointerType": "touch", "bubbles": True, "clientX": box["x"] + 200, "clientY": box["y"] + 40}
    target = card.locator("td").nth(3)
    target.dispatch_event("pointerdown", held)
    expect(page.get_by_text("已选 1 条")).to_be_visible()
    target.dispatch_event("pointerup", held)
    target.dispatch_event("click")
    assert chosen(page) == [False, True, False, False, False, False]
    # While choosing, a touch of a card ticks it and opens nothing.
    page.locator("tbody tr").nth(0).locator("td").nth(3).tap()
    expect(page.get_by_text("已选 2 条")).to_be_visible()
    page.locator(".select-mode label").tap()
    expect(page.get_by_text("已选 2 条")).not_to_be_visible()
    page.locator("tbody tr").nth(0).locator("td").nth(3).tap()
    page.wait_for_url("**/forms/order/*")


def test_all_that_match_go_to_the_background(shop: Shop) -> None:
    page = open_list(shop, orders=60)
    page.get_by_role("checkbox", name="选择本页全部").check()
    page.get_by_role("checkbox", name="全部符合条件的").check()
    expect(page.get_by_text("已选全部符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    sheet = page.get_by_role("dialog", name="批量修改")
    expect(sheet.get_by_text("已选 60 条记录")).to_be_visible()
    sheet.get_by_role("checkbox", name="承运商").check()
    sheet.get_by_role("textbox", name="承运商").fill("顺丰")
    sheet.get_by_role("button", name="修改 60 条").click()
    expect(page.get_by_role("heading", name="处理完毕")).to_be_visible()
    expect(page.get_by_role("cell", name="已完成")).to_have_count(60)


def test_what_is_chosen_stays_chosen_over_pages_until_something_is_done_to_it(shop: Shop) -> None:
    page = open_list(shop, orders=60)
    bar = page.get_by_role("group", name="对所选记录的操作")
    page.locator("[data-select]").first.click()
    page.get_by_role("link", name="下一页").click()
    expect(bar.get_by_text("已选 1 条（含其他页 1 条）")).to_be_visible()
    page.locator("[data-select]").nth(2).click()
    page.reload()
    expect(bar.get_by_text("已选 2 条（含其他页 1 条）")).to_be_visible()
    assert chosen(page)[:4] == [False, False, True, False]
    page.get_by_role("link", name="上一页").click()
    expect(page.locator("[data-select]").first).to_be_checked()
    bar.get_by_role("button", name="修改").click()
    sheet = page.get_by_role("dialog", name="批量修改")
    sheet.get_by_role("checkbox", name="承运商").check()
    sheet.get_by_role("textbox", name="承运商").fill("顺丰")
    sheet.get_by_role("button", name="修改 2 条").click()
    expect(page.get_by_text("已完成 2 条")).to_be_visible()
    expect(bar).not_to_be_visible()
    page.reload()
    expect(bar).not_to_be_visible()
    page.locator("[data-select]").first.click()
    page.get_by_role("link", name="下一页").click()
    page.get_by_role("button", name="取消选择").click()
    expect(bar).not_to_be_visible()
    page.get_by_role("link", name="上一页").click()
    expect(page.locator("[data-select]").first).not_to_be_checked()


def test_axe_finds_nothing_while_records_are_ticked_and_values_changed(shop: Shop) -> None:
    page = open_list(shop, orders=2)
    bring_axe(page)
    page.reload()
    page.locator("[data-select]").first.click()
    found = found_on(page, "the list with a tick")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("tbody tr").nth(1).locator('td[data-label="交货日期"]').dblclick()
    expect(page.locator(".cell-form input[type=date]")).to_be_focused()
    found += found_on(page, "a value of the list", within="#list")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1440, "height": 900})
    for name in ("修改", "流转", "删除"):
        page.get_by_role("group", name="对所选记录的操作").get_by_role("button", name=name).click()
        expect(page.locator("dialog#sheet #asked")).to_be_visible()
        found += found_on(page, f"the sheet of {name}", within="dialog#sheet")
        page.keyboard.press("Escape")
    assert found == []


def test_ticks_stay_with_their_records_while_others_come(shop: Shop) -> None:
    page = open_list(shop, orders=2)
    page.locator("[data-select]").nth(1).click()
    enter_orders(shop, 1)
    expect(page.locator("tbody tr")).to_have_count(3)
    ticked = page.locator("tbody tr:has([data-select]:checked)")
    expect(ticked).to_have_attribute("data-id", "1")
    expect(ticked.locator("[data-select]")).to_have_attribute("value", "1")
    expect(page.get_by_text("已选 1 条")).to_be_visible()
