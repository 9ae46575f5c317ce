"""Filling in a record in a browser: rows, pasting, pickers, files, what is wrong, what is not yet saved."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop

PASTE = """
([selector, text]) => {
  const input = document.querySelector(selector);
  input.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def form(shop: Shop) -> Page:
    page = shop.visit("zhang")
    page.goto("/forms/order/new")
    return page


def _rows(page: Page) -> list[list[str]]:
    return page.locator("tr[data-row]").evaluate_all(
        "rows => rows.map(r => [...r.querySelectorAll('td[data-field]')].map("
        "c => c.querySelector('output')?.textContent ?? c.querySelector('input:not([type=hidden])').value))"
    )


def test_rows_copied_from_a_sheet_are_pasted(form: Page) -> None:
    block = "LS-M6X20\t304\t10\t45\t5%\nHJ-D50\t\t20\t12.8\t\n不存在的产品\t\t1\t1\t\n"
    form.evaluate(PASTE, ["tr[data-row] [role=combobox]", block])
    expect(form.locator("tr[data-row]")).to_have_count(3)
    expect(form.locator("dd.is-main")).to_have_text("684.50")
    assert [row[0] for row in _rows(form)] == [
        "LS-M6X20 内六角螺栓 M6×20",
        "HJ-D50 重型合页 50mm",
        "不存在的产品",
    ]
    assert [row[-1] for row in _rows(form)] == ["427.50", "256.00", "1.00"]


def test_rows_are_added_walked_duplicated_and_removed(form: Page) -> None:
    form.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50\t\t20\t10\t\n"])
    expect(form.locator("dd.is-main")).to_have_text("200.00")
    form.get_by_role("textbox", name="数量").press("Enter")
    expect(form.locator("tr[data-row]")).to_have_count(2)
    expect(form.get_by_role("textbox", name="数量").nth(1)).to_be_focused()
    form.get_by_role("button", name="行操作").first.click()
    form.get_by_role("menuitem", name="复制这一行").click()
    expect(form.locator("tr[data-row]")).to_have_count(3)
    expect(form.locator("dd.is-main")).to_have_text("400.00")
    form.get_by_role("button", name="删除这一行").first.click()
    expect(form.locator("dd.is-main")).to_have_text("200.00")
    assert form.locator("[data-row-number]").all_inner_texts() == ["1", "2"]


def test_a_price_that_was_typed_is_not_copied_over(form: Page) -> None:
    form.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50"])
    box = form.get_by_role("combobox", name="产品")
    box.fill("HJ-D50")
    expect(form.locator('[role=option][aria-selected="true"]')).to_be_visible()
    box.press("Enter")
    price = form.get_by_role("textbox", name="单价")
    expect(price).to_have_value("12.80")
    price.fill("11")
    form.get_by_role("textbox", name="数量").fill("2")
    expect(form.locator("dd.is-main")).to_have_text("22.00")
    expect(price).to_have_value("11")


def test_fields_show_when_their_condition_holds(form: Page) -> None:
    process = form.get_by_label("特殊工艺")
    expect(process).not_to_be_visible()
    form.get_by_label("业务类型").select_option("custom")
    expect(process).to_be_visible()
    expect(process).to_have_attribute("aria-required", "true")
    form.get_by_label("业务类型").select_option("standard")
    expect(process).not_to_be_visible()


def test_what_is_wrong_is_said_while_one_types_and_when_one_saves(form: Page) -> None:
    need_by = form.get_by_label("交货日期")
    need_by.fill((date.today() - timedelta(days=3)).isoformat())  # noqa: DTZ011
    need_by.blur()
    expect(form.locator("#f-need_by-problem")).to_have_text("交货日期不能早于下单日期")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("alert").first).to_contain_text("还没有保存")
    expect(form.get_by_role("combobox", name="客户")).to_be_focused()
    expect(need_by).to_have_attribute("aria-invalid", "true")


def test_a_picker_is_left_as_it_was_when_nothing_is_chosen(form: Page) -> None:
    seller = form.get_by_role("combobox", name="业务员")
    expect(seller).to_have_value("张敏")
    seller.fill("zzz")
    expect(form.get_by_text("没有匹配的记录")).to_be_visible()
    seller.press("Escape")
    expect(seller).to_have_value("张敏")
    seller.fill("")
    form.get_by_role("heading", level=1).click()
    expect(form.locator("input[name=salesperson]")).to_have_value("")


def test_leaving_with_changes_asks_first(form: Page) -> None:
    form.get_by_label("交货日期").fill("2030-01-01")
    asked: list[str] = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.goto("/inbox")
    assert asked == ["beforeunload"]


def test_a_file_is_sent_when_it_is_chosen(form: Page, tmp_path: Path) -> None:
    form.locator("details.card > summary").click()
    good, bad = tmp_path / "合同.pdf", tmp_path / "坏.pdf"
    good.write_bytes(b"%PDF-1.4\n")
    bad.write_bytes(b"<html>")
    form.locator("#f-contract").set_input_files(bad)
    expect(form.locator("#f-contract-problem")).not_to_be_empty()
    with form.expect_response("**/draft"):
        form.get_by_label("交货日期").fill("2030-01-01")
    expect(form.locator("#f-contract-problem")).not_to_be_empty()
    form.locator("#f-contract").set_input_files(good)
    expect(form.locator(".file-chip-name")).to_have_text("合同.pdf")
    expect(form.locator("#f-contract-problem")).to_be_empty()
    form.get_by_role("button", name="移除文件").click()
    expect(form.locator("input[name=contract]")).to_have_value("")


def test_a_grey_button_says_why_when_it_is_pressed(shop: Shop) -> None:
    seller = shop.visit("zhang")
    seller.goto("/forms/order/new?customer=1&need_by=2030-01-01")
    seller.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50\t\t20\t10\t\n"])
    expect(seller.locator("dd.is-main")).to_have_text("200.00")
    seller.get_by_role("button", name="保存").click()
    expect(seller.get_by_role("heading", level=1)).to_contain_text("SO")
    admin = shop.visit("admin", is_phone=True)
    admin.goto(seller.url)
    grey = admin.locator('button[aria-disabled="true"]').first
    grey.tap(force=True)
    expect(admin.get_by_role("tooltip")).to_contain_text("只能由")


def test_two_at_one_record_see_each_others_changes_and_choose(shop: Shop) -> None:
    first, second = shop.visit("admin"), shop.visit("admin")
    first.goto("/forms/customer/1/edit")
    second.goto("/forms/customer/1/edit")
    second.locator("#f-name").fill("甲公司（新）")
    second.locator("#f-credit_limit").fill("9000")
    second.locator(".actionbar button.btn-primary").click()
    second.wait_for_url("**/forms/customer/1")
    first.locator("#f-name").fill("甲公司")
    first.locator(".actionbar button.btn-primary").click()
    expect(first.locator(".conflict")).to_contain_text("甲公司（新）")
    expect(first.locator("#f-name")).to_have_value("甲公司")
    expect(first.locator("#f-credit_limit")).to_have_value("9,000.00")
    first.locator(".conflict").get_by_label("用对方的").check()
    expect(first.locator("#f-name")).to_have_value("甲公司（新）")
    first.locator(".conflict").get_by_label("用我的").check()
    expect(first.locator("#f-name")).to_have_value("甲公司")
    first.locator(".actionbar button.btn-primary").click()
    first.wait_for_url("**/forms/customer/1")
    expect(first.locator("h1")).to_contain_text("甲公司")


def test_what_was_typed_is_offered_after_a_crash_until_it_is_saved(shop: Shop) -> None:
    page = shop.visit("zhang")
    due = (date.today() + timedelta(days=9)).isoformat()  # noqa: DTZ011 - any day to come
    page.goto("/forms/order/new")
    kept = "() => Object.keys(localStorage).filter(key => key.startsWith('orderkit-kept:')).length"
    page.locator("#f-need_by").fill(due)
    page.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50\t\t20\t10\t\n"])
    expect(page.locator("dd.is-main")).to_have_text("200.00")
    expect(page.locator("form[data-kept-at]")).to_be_visible()
    again = page.context.new_page()
    page.close()
    again.goto("/forms/order/new")
    again.locator("[data-kept-resume]").click()
    expect(again.locator("#f-need_by")).to_have_value(due)
    expect(again.locator("dd.is-main")).to_have_text("200.00")
    expect(again.locator("[data-kept-offer]")).to_be_hidden()
    again.locator("[role=combobox]").first.fill("恒力")
    again.locator("[role=option]").first.click()
    again.locator(".actionbar button.btn-primary").click()
    again.wait_for_url("**/forms/order/1")
    assert again.evaluate(kept) == 0
    again.goto("/forms/order/new")
    expect(again.locator("[data-kept-offer]")).to_be_hidden()
    again.locator("#f-need_by").fill(due)
    expect(again.locator("form[data-kept-at]")).to_be_visible()
    again.goto("/forms/order/new")
    again.locator("[data-menu]:has(form[action='/sign-out']) [data-menu-button]").click()
    again.locator("form[action='/sign-out'] button").click()
    again.wait_for_url("**/sign-in*")
    assert again.evaluate(kept) == 0


def test_rows_are_worked_on_from_the_keyboard_and_all_of_it_can_be_taken_back(form: Page) -> None:
    form.evaluate(
        PASTE,
        ["tr[data-row] [role=combobox]", "HJ-D50\t甲\t1\t10\t\nLS-M6X20\t乙\t2\t10\t\nHJ-D50\t丙\t3\t10\t\n"],
    )
    expect(form.locator("dd.is-main")).to_have_text("60.00")
    quantities = form.get_by_role("textbox", name="数量")
    quantities.first.focus()
    form.keyboard.press("Alt+ArrowDown")
    assert [row[1] for row in _rows(form)] == ["乙", "甲", "丙"]
    form.keyboard.press("Control+Delete")
    expect(form.locator("tr[data-row]")).to_have_count(2)
    form.get_by_role("button", name="撤销").last.click()
    assert [row[1] for row in _rows(form)] == ["乙", "甲", "丙"]
    expect(form.locator("dd.is-main")).to_have_text("60.00")
    quantities.first.focus()
    form.keyboard.press("Shift+ArrowDown")
    form.keyboard.press("Shift+ArrowDown")
    form.keyboard.press("Control+d")
    expect(form.locator("tfoot output").first).to_have_text("6")
    expect(form.locator("dd.is-main")).to_have_text("60.00")
    form.keyboard.press("Delete")
    expect(form.locator("tfoot output").first).to_have_text("0")
    form.get_by_role("button", name="撤销").last.click()
    assert [row[2] for row in _rows(form)] == ["2", "2", "2"]
    quantities.last.focus()
    form.keyboard.press("Insert")
    expect(form.get_by_role("combobox", name="产品").nth(3)).to_be_focused()
    form.keyboard.press("ArrowUp")
    # A sum counts on from the cell that changed.
    for text, total in (("7", "11"), ("12.5", "16.5"), ("", "4"), ("2", "6")):
        quantities.nth(1).fill(text)
        expect(form.locator("tfoot output").first).to_have_text(total)


def test_rows_are_saved_in_the_order_in_which_they_stand(form: Page) -> None:
    form.goto("/forms/order/new?customer=1&need_by=2030-01-01")
    form.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50\t甲\t1\t10\t\nLS-M6X20\t乙\t2\t10\t\n"])
    expect(form.locator("dd.is-main")).to_have_text("30.00")
    form.get_by_role("textbox", name="数量").last.focus()
    form.keyboard.press("Alt+ArrowUp")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("heading", level=1)).to_contain_text("SO")
    shown = form.locator(".lines-read tbody tr")
    expect(shown.first).to_contain_text("乙")
    expect(shown.last).to_contain_text("甲")


def test_a_block_is_copied_and_pasted_as_spreadsheets_write_it(form: Page) -> None:
    block = 'HJ-D50\t"两行\n文字"\t"1,200"\t10\t\n'
    form.evaluate(PASTE, ["tr[data-row] [role=combobox]", block])
    expect(form.locator("dd.is-main")).to_have_text("12,000.00")
    assert [row[1:4] for row in _rows(form)] == [["两行 文字", "1,200", "10"]]
    form.get_by_role("textbox", name="数量").focus()
    for _ in range(3):
        form.keyboard.press("Shift+ArrowRight")
    copied = form.evaluate(
        "() => { const data = new DataTransfer();"
        " document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true }));"
        " return data.getData('text/plain'); }"
    )
    assert copied == "1200\t10\t0%\t12000.00"


def test_rows_are_cards_on_a_phone(shop: Shop) -> None:
    page = shop.visit("zhang", is_phone=True)
    page.goto("/forms/order/new")
    page.evaluate(PASTE, ["tr[data-row] [role=combobox]", "HJ-D50\t\t20\t10\t\nLS-M6X20\t\t2\t10\t\n"])
    card = page.locator("tr[data-row]").last
    expect(card.locator("[data-row-open]")).to_contain_text("LS-M6X20 内六角螺栓 M6×20")
    expect(card.locator("[data-row-open]")).to_contain_text("20.00")
    expect(card.get_by_role("textbox", name="数量")).not_to_be_visible()
    card.locator("[data-row-open]").tap()
    card.get_by_role("textbox", name="数量").fill("3")
    expect(card.locator("[data-row-open]")).to_contain_text("30.00")
