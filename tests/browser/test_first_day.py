"""A new user's first day in ten pictures: the tutorial is walked through, and its pictures are made here.

Each step is a section of `docs/tutorial/first-day.md` and of its Chinese sister; the words in **bold** there must
stand on the screen when the picture is taken, so that neither text nor picture grows old unseen.
The same holds of `docs/tutorial/tour.md`, which shows the main pages on a desk and a phone, light and dark.
`pytest tests/browser/test_first_day.py --update-golden` takes the pictures anew.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orderkit.cli.commands.demo import read_story
from orderkit.engine.index.filling import fill
from orderkit.testing.playing import play
from orderkit.testing.story import Story
from tests.browser.conftest import Shop, served
from tests.support.databases import Databases
from tests.support.projects import EXAMPLE

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"
_PICTURE = re.compile(r"!\[[^\]]+\]\([a-z-]+/([a-z0-9-]+)\.png\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


class Guide:
    """The sections of a text, in both languages, by the name of their picture."""

    def __init__(self, name: str, is_updated: bool) -> None:
        self.is_updated = is_updated
        self.folder = TUTORIAL / name
        self.taken: list[str] = []
        self.words: dict[str, list[str]] = {}
        for text in (f"{name}.md", f"{name}.zh-CN.md"):
            for section in (TUTORIAL / text).read_text("utf-8").split("\n## ")[1:]:
                for picture in _PICTURE.findall(section):
                    self.words.setdefault(picture, []).extend(_BOLD.findall(section))

    def picture(self, page: Page, name: str) -> None:
        """Check what the tutorial says of this moment, and take the picture if asked to."""
        for word in self.words[name]:
            shown = page.get_by_text(word).or_(page.get_by_label(word)).or_(page.get_by_placeholder(word))
            expect(shown.filter(visible=True).first, f"{name}: {word}").to_be_visible()
        self.taken.append(name)
        if self.is_updated:
            self.folder.mkdir(exist_ok=True)
            page.screenshot(path=self.folder / f"{name}.png", animations="disabled", caret="hide")
        assert (self.folder / f"{name}.png").is_file(), "taken anew with --update-golden"


@pytest.fixture
def firm(databases: Databases, browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    """The example with the people and orders of its demo."""
    for shop in served(databases, browser, tmp_path, people=Story()):
        story = read_story(EXAMPLE / "demo")
        play(shop.runtime, story.model_copy(update={"imports": []}), EXAMPLE)
        fill(shop.runtime)
        yield shop


def _choose(page: Page, label: str, typed: str) -> None:
    box = page.get_by_role("combobox", name=label).last
    box.click()
    box.fill(typed)
    expect(page.locator('[role=option][aria-selected="true"]')).to_be_visible()
    box.press("Enter")


def test_the_first_day(firm: Shop, update_golden: bool) -> None:
    guide = Guide("first-day", update_golden)
    page = firm.visit(None)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/sign-in")
    page.get_by_label("登录名").fill("zhang")
    page.locator("#password").fill("orderkit-demo")
    guide.picture(page, "1-sign-in")
    page.locator(".entrance-form button.btn-primary").click()
    page.wait_for_url("**/")
    expect(page.locator(".kpi-value").first).to_be_visible()
    firm.settle(page)
    guide.picture(page, "2-home")

    page.goto("/forms/order/new")
    _choose(page, "客户", "hl")
    page.get_by_label("交货日期").fill((date.today() + timedelta(days=30)).isoformat())  # noqa: DTZ011
    _choose(page, "产品", "DZ-JG01")
    page.get_by_role("textbox", name="数量").first.fill("600")
    expect(page.locator("dd.is-main")).to_have_text("60,000.00")
    guide.picture(page, "3-new-order")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("杭州恒力机电有限公司")
    address = page.url
    guide.picture(page, "4-order")

    page.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    page.locator("dialog#sheet").get_by_role("button", name="报价").click()
    page.get_by_role("group", name="操作").get_by_role("button", name="下单", exact=True).click()
    expect(page.locator(".page-title-row .pill")).to_have_text("审批中")

    lead = firm.visit("li", is_phone=True)
    lead.goto("/inbox")
    number = page.get_by_role("heading", level=1).inner_text().split()[0]
    lead.get_by_role("button", name=f"批准: {number}").click()
    expect(lead.locator("dialog#sheet")).to_be_visible()
    lead.locator("dialog#sheet").get_by_label("审批意见").fill("同意，注意交期")
    guide.picture(lead, "5-approve-on-a-phone")
    lead.locator("dialog#sheet").get_by_role("button", name="批准").click()
    expect(lead.locator("dialog#sheet")).not_to_be_visible()

    page.goto("/forms/order?q=hl")
    guide.picture(page, "6-find")
    boss = firm.visit("wang")
    boss.set_viewport_size({"width": 1280, "height": 800})
    boss.goto("/forms/order/board/status")
    guide.picture(boss, "7-board")

    page.goto(address)
    page.get_by_label("写评论").fill("请王总尽快审批，客户在等")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("客户在等").filter(visible=True).first).to_be_visible()
    page.get_by_text("客户在等").filter(visible=True).first.scroll_into_view_if_needed()
    guide.picture(page, "8-talk")

    page.keyboard.press("Control+k")
    page.locator("dialog[open] input").fill("销售")
    expect(page.locator("dialog[open] [role=option]").filter(visible=True).first).to_be_visible()
    guide.picture(page, "9-jump")

    boss.goto("/dashboards/overview")
    expect(boss.locator(".kpi-value").first).to_be_visible()
    firm.settle(boss)
    guide.picture(boss, "10-numbers")

    assert guide.taken == list(guide.words), "the tutorial's pictures, in its order"
    assert len(guide.taken) == 10


def test_the_main_pages_are_as_the_tour_shows_them(firm: Shop, update_golden: bool) -> None:
    guide = Guide("tour", update_golden)
    light, dark = firm.visit("wang"), firm.visit("wang", scheme="dark")
    for desk in (light, dark):
        desk.set_viewport_size({"width": 1280, "height": 800})
    light.goto("/forms/order?f.status.not=done")
    expect(light.locator("tfoot.list-sums:not(.is-awaited)")).to_be_visible()
    guide.picture(light, "1-list")
    dark.goto("/forms/order/board/status")
    guide.picture(dark, "2-board")
    light.goto("/forms/order/calendar")
    guide.picture(light, "3-calendar")
    dark.goto("/forms/order")
    dark.locator("tbody tr[data-href]").first.locator("a").first.click()
    expect(dark.get_by_role("region", name="明细")).to_be_visible()
    guide.picture(dark, "4-record")
    seller = firm.visit("zhang")
    seller.set_viewport_size({"width": 1280, "height": 800})
    seller.goto("/forms/order/new")
    _choose(seller, "客户", "hl")
    for row, (product, quantity) in enumerate((("DZ-JG01", "600"), ("LS-M8X30", "75"))):
        if row:
            seller.get_by_role("button", name="添加一行").click()
        _choose(seller, "产品", product)
        seller.get_by_role("textbox", name="数量").nth(row).fill(quantity)
        expect(seller.get_by_role("textbox", name="单价").nth(row)).not_to_have_value("")
    seller.get_by_role("heading", name="明细").scroll_into_view_if_needed()
    guide.picture(seller, "5-rows")
    phone = firm.visit("wang", is_phone=True)
    phone.goto("/forms/order")
    guide.picture(phone, "6-list-on-a-phone")
    night = firm.visit("wang", is_phone=True, scheme="dark", locale="en")
    night.goto("/inbox")
    guide.picture(night, "7-tasks-on-a-phone")
    assert guide.taken == list(guide.words), "the tour's pictures, in its order"
