"""Values changed where they stand in a list, by mouse and keyboard."""

from datetime import date

from playwright.sync_api import Page, expect

from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import Shop
from tests.browser.test_bulk import open_list


def cell(page: Page, label: str, row: int = 0):
    return page.locator("tbody tr").nth(row).locator(f'td[data-label="{label}"]')


def change(shop: Shop, record_id: int, **values: object) -> None:
    with shop.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        records.apply(unit, [Update(form="order", id=record_id, values=values)], by_rule=True)


def test_a_double_click_opens_and_keys_save_and_go_on(shop: Shop) -> None:
    page = open_list(shop, orders=3)
    cell(page, "交货日期").dblclick()
    control = page.locator(".cell-form input[type=date]")
    expect(control).to_be_focused()
    control.fill("2036-02-01")
    control.press("Enter")
    expect(cell(page, "交货日期")).to_have_text("2036-02-01")
    # Enter goes on below, Tab beside: there a person is picked.
    expect(cell(page, "交货日期", 1).locator("input[type=date]")).to_be_focused()
    page.keyboard.press("Tab")
    picker = cell(page, "业务员", 1).get_by_role("combobox")
    expect(picker).to_be_focused()
    expect(cell(page, "交货日期", 1)).to_have_text("2035-01-31")
    picker.fill("陈")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".cell-form")).to_have_count(0)
    expect(cell(page, "业务员", 1)).to_be_focused()
    expect(cell(page, "业务员", 1)).to_have_text("张敏")
    # From cell to cell with the arrows; F2 opens.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "交货日期", 2)).to_be_focused()
    page.keyboard.press("F2")
    expect(cell(page, "交货日期", 2).locator("input[type=date]")).to_be_focused()
    # A click elsewhere saves.
    cell(page, "交货日期", 2).locator("input[type=date]").fill("2037-03-01")
    page.get_by_role("heading", name="销售订单").click()
    expect(cell(page, "交货日期", 2)).to_have_text("2037-03-01")
    # One click still opens the record.
    cell(page, "交货日期").click()
    page.wait_for_url("**/forms/order/*")


def test_what_is_wrong_and_who_was_faster_stand_at_the_cell(shop: Shop) -> None:
    page = open_list(shop, orders=1)
    cell(page, "交货日期").dblclick()
    control = page.locator(".cell-form input[type=date]")
    control.fill("2000-01-01")
    control.press("Enter")
    expect(page.get_by_role("alert").get_by_text("交货日期不能早于下单日期")).to_be_visible()
    expect(control).to_be_focused()
    change(shop, 1, need_by=date(2040, 5, 5))
    control.fill("2036-02-01")
    control.press("Enter")
    clash = page.locator(".cell-clash")
    expect(clash.get_by_text("2040-05-05")).to_be_visible()
    clash.get_by_role("button").first.click()
    expect(cell(page, "交货日期")).to_have_text("2040-05-05")
    # What the state does not let be changed says so.
    page.goto("/forms/order/1")
    page.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    page.locator("#sheet button[type=submit]").click()
    expect(page.locator(".page-title-row .pill")).to_have_text("已报价")
    page.goto("/forms/order")
    expect(cell(page, "状态")).to_have_text("已报价")
    cell(page, "交货日期").dblclick()
    expect(page.get_by_text("现在不能在列表中修改")).to_be_visible()


def test_cards_on_a_phone_open_records(shop: Shop) -> None:
    page = open_list(shop, is_phone=True, orders=1)
    cell(page, "交货日期").dblclick()
    page.wait_for_url("**/forms/order/1")
