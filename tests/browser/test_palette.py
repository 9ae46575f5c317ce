"""The command palette from the keyboard: to a page, to a record, to a button of the record on the page."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Shop


def test_everything_is_reached_from_the_keyboard(shop: Shop) -> None:
    page = shop.visit("zhang")
    dialog = page.get_by_role("dialog", name="命令面板")
    # The filters behind it are comboboxes too.
    box = dialog.get_by_role("combobox")
    active = dialog.locator("[role=option][aria-selected=true]")

    # A page by its pinyin; Escape leaves, and the focus is where it was.
    page.get_by_role("button", name="搜索或跳转").focus()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("kh")
    expect(active).to_have_text(re.compile("^客户"))
    expect(box).to_have_attribute("aria-activedescendant", "palette-option-0")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(page.get_by_role("button", name="搜索或跳转")).to_be_focused()

    # A record by a part of its name, with Enter before the answer has come.
    page.keyboard.press("Control+k")
    page.keyboard.type("博远装备有限")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forms/customer/*")
    record = page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("苏州博远装备有限公司")

    # A form that is filled in from here, and back to what was seen lately.
    page.keyboard.press("Control+k")
    page.keyboard.type("新建销售订单")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forms/order/new")
    page.keyboard.press("Control+k")
    recent = dialog.get_by_role("group", name="最近看过").get_by_role("option")
    expect(recent).to_have_count(1)
    # Enter alone does nothing; the first arrow goes to the first entry.
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(record)

    # Nothing found is said; what is kept is no title, and is gone after signing out.
    page.keyboard.press("Control+k")
    page.keyboard.type("没有这样的东西")
    expect(dialog.get_by_role("status")).to_have_text("没有找到相符的内容")
    page.keyboard.press("Escape")
    kept = "Object.entries(localStorage).filter(([key]) => key.startsWith('orderkit-recent:')).map(([, each]) => each)"
    assert page.evaluate(kept) == [f'["customer/{record.rsplit("/", 1)[-1]}"]']
    page.get_by_role("button", name="的账号菜单").click()
    page.get_by_role("menuitem", name="退出登录").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(kept) == []


def test_a_button_of_the_record_opens_its_usual_sheet(shop: Shop) -> None:
    page = shop.visit("admin")
    page.goto("/forms/customer/2")
    page.keyboard.press("Control+k")
    page.keyboard.type("删除")
    page.keyboard.press("Enter")
    sheet = page.locator("#sheet")
    expect(sheet).to_be_visible()
    expect(page.locator("#palette")).not_to_be_visible()
    # An open sheet is answered first.
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
