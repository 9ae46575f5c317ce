"""News in a browser: what somebody else does shows by itself, and nobody loses their place or their words."""

from playwright.sync_api import BrowserContext, Page, Response, expect

from orderkit.engine import records
from orderkit.engine.access.people import find_person
from orderkit.engine.records import Update
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import Shop
from tests.browser.test_order_story import enter_order


def _is_stream(response: Response) -> bool:
    return "/live" in response.url


def watch(page: Page, path: str) -> None:
    """Open a page and wait until news reach it."""
    with page.expect_event("response", _is_stream):
        page.goto(path)


def test_what_somebody_else_does_shows_on_lists_boards_and_records(shop: Shop) -> None:
    seller, lead = shop.visit("zhang"), shop.visit("li")
    watch(lead, "/forms/order")
    enter_order(seller)
    expect(lead.locator("tbody tr")).to_have_count(1)
    watch(lead, "/forms/order/board/status")
    seller.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    seller.locator("dialog#sheet").get_by_role("button", name="报价", exact=True).click()
    expect(lead.locator("[data-board-column=quoted] .board-card")).to_have_count(1)
    watch(lead, seller.url)
    expect(lead.locator(".navigation .count").first).not_to_be_attached()
    lead.get_by_label("评论").or_(lead.locator("#content")).first.focus()
    seller.get_by_role("group", name="操作").get_by_role("button", name="下单", exact=True).click()
    expect(lead.locator(".page-title-row .pill")).to_have_text("审批中")
    expect(lead.locator(".navigation .count").first).to_have_text("1")


def test_a_form_being_filled_in_is_told_and_never_overwritten(shop: Shop) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    other = shop.visit("admin")
    watch(other, f"{seller.url}/edit")
    other.get_by_label("承运商").fill("顺丰")
    seller.goto(f"{seller.url}/edit")
    seller.get_by_label("物流单号").fill("SF1")
    seller.get_by_role("button", name="保存").click()
    expect(other.locator("[data-changed]")).to_contain_text("张敏修改了这条记录")
    expect(other.get_by_label("承运商")).to_have_value("顺丰")


def test_a_comment_that_is_begun_stays_whole_when_news_come(shop: Shop) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    address = seller.url
    watch(seller, address)
    said = seller.get_by_role("textbox", name="写评论")
    said.press_sequentially("请 @wx")
    seller.get_by_role("option", name="王雪").click()
    said.press_sequentially("和 @lq")
    offered = seller.get_by_role("option", name="李强")
    expect(offered).to_be_visible()
    other = shop.visit("admin")
    other.goto(f"{address}/edit")
    other.get_by_label("承运商").fill("顺丰")
    other.get_by_role("button", name="保存").click()
    expect(seller.locator("dl.fields").get_by_text("顺丰")).to_be_visible()
    expect(offered).to_be_visible()
    expect(seller.locator("input[name=chosen]")).to_have_count(1)


def test_the_tabs_of_a_browser_share_one_stream(shop: Shop) -> None:
    first = shop.visit("li")
    watch(first, "/forms/order")
    context: BrowserContext = first.context
    # A tab that is hidden hands the stream to another after a while; each having its own would be seven.
    streams: list[str] = []
    context.on("request", lambda request: streams.append(request.url) if "/live" in request.url else None)
    tabs = [context.new_page() for _ in range(7)]
    for tab in tabs:
        tab.goto("/forms/order")
    seller = shop.visit("zhang")
    enter_order(seller)
    for tab in (first, *tabs):
        expect(tab.locator("tbody tr")).to_have_count(1)
    assert len(streams) < len(tabs) / 2, streams
    assert len(first.evaluate("async () => (await navigator.locks.query()).held")) == 1


def give(shop: Shop, record: int, login: str) -> None:
    """Make a record that of another salesperson."""
    with shop.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        person = find_person(unit, login)
        assert person is not None
        change = Update(form="order", id=record, values={"salesperson": person.id})
        records.apply(unit, [change], by_rule=True)


def test_a_record_that_leaves_ones_sight_says_so_quietly_and_its_form_keeps_what_was_typed(
    shop: Shop,
) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    address = seller.url
    seller.goto("/forms/order")
    form = shop.visit("zhang")
    watch(form, f"{address}/edit")
    form.get_by_label("承运商").fill("顺丰")
    # Of two tabs of one browser one holds the stream, and follows for the other.
    watch(seller, "/forms/order")
    second = seller.context.new_page()
    second.goto(address)
    seller.bring_to_front()
    record = int(address.rsplit("/", 1)[1])
    gone = second.locator("[data-gone]")
    expect(gone).to_be_hidden()
    give(shop, record, "admin")
    expect(gone).to_be_visible()
    expect(gone).to_contain_text("这条记录已不可用")
    expect(second.locator("#record")).to_have_attribute("inert", "")
    expect(form.locator("[data-gone]")).to_contain_text("可以先复制出来")
    expect(form.get_by_label("承运商")).to_have_value("顺丰")
    # It comes back, and so does the page.
    give(shop, record, "zhang")
    second.bring_to_front()
    expect(gone).to_be_hidden()
    gone_link = second.locator("[data-gone] a")
    assert gone_link.get_attribute("href") == "/forms/order"
