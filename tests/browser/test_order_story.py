"""An order of 60,000 from entry to payment, each step by the person whose it is, in a real browser."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop


def _choose(page: Page, label: str, typed: str) -> None:
    """Pick in a reference: type, and take the first match with the keyboard."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(typed)
    expect(page.locator('[role=option][aria-selected="true"]')).to_be_visible()
    box.press("Enter")


def enter_order(page: Page) -> None:
    """Enter an order of 60,000 from the home page and save it; the page then shows it."""
    page.goto("/")
    page.get_by_role("link", name="新建销售订单").click()
    _choose(page, "客户", "恒力")
    page.get_by_label("交货日期").fill((date.today() + timedelta(days=30)).isoformat())  # noqa: DTZ011
    _choose(page, "产品", "DZ-JG01")
    price = page.get_by_role("textbox", name="单价")
    expect(price).to_have_value("100.00")
    page.get_by_role("textbox", name="数量").fill("600")
    expect(page.locator("dd.is-main")).to_have_text("60,000.00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("杭州恒力机电有限公司")


def _press(page: Page, name: str) -> None:
    page.get_by_role("group", name="操作").get_by_role("button", name=name, exact=True).click()


def _in_sheet(page: Page, name: str, **answers: str) -> None:
    sheet = page.locator("dialog#sheet")
    expect(sheet).to_be_visible()
    for label, answer in answers.items():
        sheet.get_by_label(label).fill(answer)
    sheet.get_by_role("button", name=name).click()
    expect(sheet).not_to_be_visible()


def _state(page: Page) -> str:
    return page.locator(".page-title-row .pill").inner_text()


def _first_number(page: Page) -> str:
    page.goto("/dashboards/overview")
    return page.locator(".kpi-value").first.inner_text()


def test_an_order_of_60000_from_entry_to_payment(shop: Shop) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    url = seller.url
    number = seller.get_by_role("heading", level=1).inner_text().split()[0]
    _press(seller, "报价")
    _in_sheet(seller, "报价")
    expect(seller.locator(".notice-good")).to_contain_text("报价")
    _press(seller, "下单")
    expect(seller.locator(".page-title-row .pill")).to_have_text("审批中")

    lead = shop.visit("li")
    expect(lead.get_by_role("region", name="我的待办").locator(".task")).to_contain_text("60,000.00")
    before = _first_number(lead)
    lead.goto("/inbox")
    lead.get_by_role("button", name=f"批准: {number}").click()
    _in_sheet(lead, "批准", 审批意见="同意，尽快安排")
    expect(lead.get_by_text("没有待办")).to_be_visible()

    director = shop.visit("wang")
    director.goto(url)
    director.get_by_label("审批意见").fill("同意")
    director.get_by_role("button", name="批准").click()
    expect(director.locator(".page-title-row .pill")).to_have_text("待排产")
    after = _first_number(director)
    assert (before, after) == ("¥0.00", "¥60,000.00")

    planner = shop.visit("zhao")
    planner.goto(url)
    assert "60,000" not in planner.content()
    _press(planner, "下达生产")
    planner.locator("dialog#sheet").get_by_role("button", name="下达生产").click()
    expect(planner.locator("#f-plan_start-problem")).not_to_be_empty()
    today = date.today()  # noqa: DTZ011
    _in_sheet(
        planner, "下达生产", 计划开工=today.isoformat(), 计划完工=(today + timedelta(days=9)).isoformat()
    )
    _press(planner, "完工入库")
    expect(planner.locator(".page-title-row .pill")).to_have_text("待发货")

    keeper = shop.visit("qian")
    keeper.goto("/messages")
    expect(keeper.get_by_text(f"请为订单 {number} 备货").first).to_be_visible()
    keeper.goto(url)
    _press(keeper, "发货")
    _in_sheet(keeper, "发货", 承运商="顺丰", 物流单号="SF123456")
    expect(keeper.locator(".page-title-row .pill")).to_have_text("已发货")

    cashier = shop.visit("sun")
    cashier.goto(url)
    cashier.get_by_role("region", name="收款单").get_by_role("link", name="新建").click()
    expect(cashier.get_by_role("combobox", name="客户")).to_have_value("杭州恒力机电有限公司")
    cashier.get_by_role("textbox", name="金额").fill("60000")
    cashier.get_by_role("button", name="保存").click()
    expect(cashier.get_by_role("heading", level=1)).to_contain_text(re.compile("SK"))
    _press(cashier, "确认收款")
    expect(cashier.locator(".page-title-row .pill")).to_have_text("已确认")

    seller.goto(url)
    assert _state(seller) == "完成"
    told = seller.locator("ol.events li").all_inner_texts()
    for step in (
        "新建",
        "报价",
        "下单",
        "直属主管",
        "销售总监",
        "下达生产",
        "完工入库",
        "发货",
        "回款完成",
        "归档",
    ):
        assert any(step in each for each in told), step
    assert any("同意，尽快安排" in each for each in told)


def test_the_same_on_a_phone(shop: Shop) -> None:
    seller = shop.visit("zhang", is_phone=True)
    enter_order(seller)
    assert seller.evaluate("document.documentElement.scrollWidth") <= 390
    bar = seller.locator(".actionbar-page")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] >= 840, "the buttons stay at the thumb"
    _press(seller, "报价")
    _in_sheet(seller, "报价")
    _press(seller, "下单")
    expect(seller.locator(".page-title-row .pill")).to_have_text("审批中")

    lead = shop.visit("li", is_phone=True)
    lead.get_by_role("navigation", name="常用").get_by_role("link", name="待办").click()
    lead.get_by_role("button", name=re.compile("^批准")).click()
    _in_sheet(lead, "批准")
    expect(lead.get_by_text("没有待办")).to_be_visible()
    lead.get_by_role("button", name="菜单").last.click()
    lead.get_by_role("dialog").get_by_role("link", name="销售订单").click()
    expect(lead.locator("td.is-state")).to_have_text("审批中")
    assert lead.evaluate("document.documentElement.scrollWidth") <= 390
