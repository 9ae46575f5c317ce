"""Lists, reports and imports in a browser: what changes without leaving the page."""

from io import BytesIO

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on
from tests.browser.test_order_story import enter_order

HEADINGS = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def _sheet(rows: int) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for index in range(rows):
            invoice = str(536365 + index // 2)
            line = [
                invoice,
                f"P{index % 7}",
                "HOLDER",
                1 + index % 5,
                "2010-12-01 08:26:00",
                2.55,
                "17850",
                "France",
            ]
            sheet.write_row(index + 1, 0, line)
    return buffer.getvalue()


def _imported(page: Page, rows: int) -> None:
    page.goto("/imports/online_retail")
    page.locator("main input[type=file]").set_input_files(
        {"name": "orders.xlsx", "mimeType": "application/octet-stream", "buffer": _sheet(rows)}
    )
    expect(page.get_by_text("orders.xlsx")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_role("heading", name="试运行通过")).to_be_visible()
    page.get_by_role("button", name="正式导入").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()


def test_a_file_is_imported_and_found_again(shop: Shop) -> None:
    page = shop.visit("admin")
    _imported(page, 120)
    page.get_by_role("link", name="查看记录").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    expect(page.get_by_text("共 60 条")).to_be_visible()

    page.get_by_role("link", name="下一页").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)

    page.get_by_role("searchbox").fill("17850")
    page.wait_for_url("**q=17850**")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("link", name="清除条件").last.click()
    expect(page.locator("tbody tr")).to_have_count(50)

    page.get_by_role("button", name="状态").click()
    page.get_by_role("checkbox", name="询价").check()
    page.get_by_role("button", name="应用").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="状态: 询价").click()
    page.get_by_role("button", name="清除", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(50)

    page.get_by_role("link", name="合计").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("合计")
    page.locator("tbody tr").first.click(position={"x": 500, "y": 10})
    expect(page.get_by_role("heading", name="动态")).to_be_visible()


def test_filters_open_from_below_on_a_phone(shop: Shop) -> None:
    page = shop.visit("admin", is_phone=True)
    _imported(page, 10)
    page.goto("/forms/order")
    expect(page.get_by_role("link", name="回收站")).to_be_visible()
    page.get_by_role("button", name="下单日期").click()
    panel = page.get_by_role("dialog", name="下单日期")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    panel.get_by_label("下单日期 从").fill("2020-01-01")
    panel.get_by_role("button", name="应用").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()


def test_any_field_becomes_a_filter_and_the_address_says_what_is_asked(shop: Shop) -> None:
    page = shop.visit("admin")
    _imported(page, 20)
    page.goto("/forms/order")
    page.get_by_role("button", name="筛选", exact=True).click()
    page.get_by_role("menuitem", name="合计").click()
    panel = page.get_by_role("dialog", name="合计")
    expect(panel.get_by_label("合计 从")).to_be_focused()
    panel.get_by_label("合计 从").fill("1")
    panel.get_by_label("合计 从").press("Enter")
    page.wait_for_url("**/forms/order?f.total.from=1")
    page.get_by_role("button", name="下单日期").click()
    page.get_by_label("下单日期 最近几天").fill("14")
    page.get_by_role("dialog", name="下单日期").get_by_role("button", name="应用").click()
    page.wait_for_url("**f.ordered_on.during=last_14_days**")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="下单日期: 最近 14 天").press("Enter")
    page.get_by_role("dialog", name="下单日期").get_by_role("button", name="清除").click()
    expect(page.locator("tbody tr")).to_have_count(10)


def test_a_report_is_asked_other_questions(shop: Shop) -> None:
    page = shop.visit("admin")
    _imported(page, 40)
    page.goto("/reports/all_orders")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.locator("label.chip", has_text="状态").click()
    expect(page.locator("table").last.get_by_role("columnheader", name="状态")).to_be_visible()
    page.locator("label.chip", has_text="月").click()
    expect(page.locator("table").last.get_by_role("columnheader", name="月")).not_to_be_visible()
    expect(page.locator("table").last.get_by_role("cell", name="完成")).to_be_visible()
    page.get_by_label("时间").select_option("this_year")
    expect(page.get_by_text("没有数据")).to_be_visible()


def test_a_chart_is_drawn_and_its_numbers_stand_below(shop: Shop) -> None:
    page = shop.visit("admin")
    _imported(page, 40)
    page.goto("/dashboards/overview?period=")
    chart = page.locator("[data-chart]").first
    expect(chart.locator("canvas")).to_be_visible()
    chart.locator("xpath=following-sibling::details/summary").first.click()
    expect(page.get_by_role("cell", name="2010-12").first).to_be_visible()
    page.get_by_label("期间").select_option("this_month")
    expect(page.get_by_text("这段时间还没有数据").first).to_be_visible()


def test_groups_of_filters_are_nested_turned_and_removed_by_keyboard(shop: Shop) -> None:
    page = shop.visit("admin")
    enter_order(shop.visit("zhang"))
    bring_axe(page)
    page.goto("/forms/order?any.1.status=quoted")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    # A group in the group, with a filter of its own.
    group = page.get_by_role("group", name="任一满足")
    group.get_by_role("button", name="筛选", exact=True).press("Enter")
    group.get_by_role("menuitem", name="添加条件组").press("Enter")
    inner = page.get_by_role("group", name="同时满足")
    expect(inner.get_by_role("menu", name="筛选")).to_be_visible()
    inner.get_by_role("menuitem", name="合计").press("Enter")
    page.get_by_label("合计 从").fill("1")
    page.get_by_label("合计 从").press("Enter")
    page.wait_for_url("**any.1.all.1.total.from=1**")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert found_on(page, "groups in groups", within="#filters") == []
    # Turned into its opposite, then removed as a whole; the focus stays among the filters.
    inner.get_by_role("button", name="条件组：同时满足").press("Enter")
    page.get_by_role("menuitem", name="改为“不同时满足”").press("Enter")
    page.wait_for_url("**any.1.notall.1.total.from=1**")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="条件组：任一满足").press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forms/order")
    expect(page.get_by_role("group", name="任一满足")).to_have_count(0)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#filters .is-adder")).to_be_focused()
