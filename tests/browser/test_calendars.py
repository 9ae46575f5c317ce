"""Calendars in a browser: a record is dragged to another day, or put there by its button; what is refused goes back."""

from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_order_story import enter_order


def _day(page: Page, day: date) -> Locator:
    return page.locator(f"[data-day='{day}']")


def _drag(page: Page, before: date, after: date) -> None:
    _day(page, before).locator(".days-link").hover()
    page.mouse.down()
    for _ in range(2):
        _day(page, after).locator(".days-head").hover()
    page.mouse.up()


def test_a_record_is_dragged_to_another_day_and_stays_where_it_may_not_go(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    need_by = date.today() + timedelta(days=30)  # noqa: DTZ011
    page.goto("/forms/order")
    page.get_by_role("link", name="日历（按交货日期）").click()
    page.goto(f"/forms/order/calendar/{need_by}")
    page.reload()
    monday = need_by - timedelta(days=need_by.weekday())
    other = monday if need_by != monday else monday + timedelta(days=1)
    _drag(page, need_by, other)
    expect(page.locator(".notice-good")).to_contain_text(f"已移到 {other}")
    expect(_day(page, other).locator(".days-event")).to_have_count(1)

    assert page.url.endswith(f"/calendar/{need_by}")
    page.get_by_role("button", name="移到另一天").focus()
    page.keyboard.press("Enter")
    sheet = page.locator("dialog#sheet")
    sheet.get_by_label("交货日期").fill((date.today() - timedelta(days=9)).isoformat())  # noqa: DTZ011
    sheet.get_by_role("button", name="移动").click()
    expect(page.locator(".notice-bad")).to_contain_text("交货日期不能早于下单日期")
    sheet.get_by_label("交货日期").fill(need_by.isoformat())
    sheet.get_by_role("button", name="移动").click()
    expect(sheet).not_to_be_visible()
    expect(_day(page, need_by).locator(".days-event")).to_have_count(1)


def test_on_a_phone_the_days_are_an_agenda(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    phone = shop.visit("zhang", is_phone=True)
    need_by = date.today() + timedelta(days=30)  # noqa: DTZ011
    phone.goto(f"/forms/order/calendar/{need_by:%Y-%m}")
    expect(phone.locator(".days-day:visible")).to_have_count(1)
    expect(phone.get_by_role("button", name="移到另一天")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
