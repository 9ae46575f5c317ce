"""Every page in both languages, light and dark, on a phone and a desk: nothing forbidden, nothing cut off, all named."""

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.support.progress import Progress

PAGES = (
    "/",
    "/inbox",
    "/inbox?state=decided",
    "/messages",
    "/messages?unread=1",
    "/forms/order/bin",
    "/account",
    "/dashboards/overview",
    "/reports/sales",
    "/forms/order",
    "/forms/order/board/status",
    "/forms/order/calendar",
    "/forms/order?q=nothing+like+this",
    "/forms/order?f.status.not=quoted&f.ordered_on.during=this_month&any.1.total.from=1&open=f.need_by",
    "/forms/order/new",
    "/forms/customer",
    "/forms/customer/1",
    "/forms/customer/1/edit",
    "/forms/customer/bulk/edit?ids=1,2",
    "/forms/customer/bulk/delete?ids=1,2",
    "/forms/user",
    "/forms/user/1",
    "/forms/department/new",
    "/users/1",
    "/users/3/deactivate",
    "/departments",
    "/imports",
    "/admin",
    "/admin/jobs",
    "/admin/workflows",
    "/workflows/order_life/analytics",
    "/workflows/order_life/analytics/records?of=state",
    "/admin/errors",
    "/admin/audit",
    "/admin/sessions",
    "/imports/online_retail",
    "/forms/order/999",
)
# Each language is looked at on the screen where it has least room: both on both are left to the long proofs.
LOOKS: dict[str, dict[str, Any]] = {
    "desk, Chinese": {},
    "phone, English": {"is_phone": True, "locale": "en"},
}
OTHER_LOOKS: dict[str, dict[str, Any]] = {
    "desk, English": {"locale": "en"},
    "phone, Chinese": {"is_phone": True},
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A colour that still fades from one theme to the other is nobody's fault.
STILL = """
const still = new CSSStyleSheet();
still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
document.adoptedStyleSheets.push(still);
"""
NAMELESS = re.compile(
    r"^\s*- (?:textbox|button|link|combobox|checkbox|switch|searchbox|spinbutton|img)(?: \[[^\]]*\])*:?\s*$"
)
CONTRAST = """
() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const under = (element) => {
    let layers = [];
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (getComputedStyle(at).backgroundColor.startsWith("color")) return null;
      if (getComputedStyle(at).backgroundImage !== "none") return null;
      layers.push([r, g, b, a]);
      if (a === 1) break;
    }
    return layers.reverse().reduce((below, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + (below[i] ?? 255) * (1 - a)), []);
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest(".unseen, [aria-disabled=true], :disabled, .entrance-art, option") || element.tagName === "OPTION") continue;
    const [r, g, b, a = 1] = parse(style.color);
    const below = under(element);
    if (!below || style.color.startsWith("color") || below.length < 3) continue;
    const [one, two] = [light([r, g, b].map((v, i) => v * a + below[i] * (1 - a))), light(below)].sort((x, y) => y - x);
    const ratio = (one + 0.05) / (two + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${element.textContent.trim().slice(0, 30)}`);
  }
  return poor;
}
"""


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_is_whole(shop: Shop, look: dict[str, Any]) -> None:
    assert faults_of_pages(shop, look) == []


@pytest.mark.soak
@pytest.mark.parametrize("look", OTHER_LOOKS.values(), ids=OTHER_LOOKS)
def test_every_page_is_whole_in_the_other_language(
    shop: Shop, look: dict[str, Any], progress: Progress
) -> None:
    assert faults_of_pages(shop, look, lambda: progress.step(of=len(PAGES))) == []


def faults_of_pages(
    shop: Shop, look: dict[str, Any], on_page: Callable[[], None] = lambda: None
) -> list[str]:
    """Return what is wrong with any page, in both themes."""
    page = shop.visit("admin", **look)
    page.context.add_init_script(STILL)
    faults: list[str] = []
    for path in PAGES:
        page.goto(path)
        shop.settle(page)
        faults += [f"{path}: {fault}" for fault in _faults(page)]
        on_page()
    return faults


def test_pages_before_sign_in_are_whole(shop: Shop) -> None:
    for look in (LOOKS | OTHER_LOOKS).values():
        page = shop.visit(None, **look)
        page.context.add_init_script(STILL)
        for path in ("/sign-in", "/link/unknown", "/offline"):
            page.goto(path)
            assert list(_faults(page)) == []


def _faults(page: Page) -> list[str]:
    faults = []
    width, seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > seen:
        faults.append(f"is {width - seen} px wider than the screen")
    named = page.locator("body").aria_snapshot()
    faults += [f"has no name: {line.strip()}" for line in named.splitlines() if NAMELESS.match(line)]
    if page.locator("h1:visible").count() > 1:
        faults.append("has several main headings")
    ids = page.evaluate(
        "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
    )
    faults += [f"has the id {each} twice" for each in ids]
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        faults += [f"is hard to read, {theme}: {each}" for each in page.evaluate(CONTRAST)]
    return faults


def test_the_theme_is_chosen_and_kept(shop: Shop) -> None:
    page = shop.visit("zhang", scheme="light")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="张敏 的账号菜单").click()
    page.get_by_role("menuitemradio", name="深色").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.goto("/forms/order")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="切换浅色、深色").click()
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_the_language_is_switched(shop: Shop) -> None:
    page = shop.visit("zhang")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("张敏")
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    page.goto("/forms/order/new")
    expect(page.get_by_role("button", name="Save")).to_be_visible()


def test_a_page_can_be_used_by_keyboard_alone(shop: Shop) -> None:
    page = shop.visit("zhang")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.get_by_role("button", name="张敏 的账号菜单").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="我的账号")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="张敏 的账号菜单")).to_be_focused()
