"""axe-core finds nothing against WCAG 2.2 AA or its own good practice: every kind of page, both themes, both widths."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_order_story import enter_order

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/",
    "/inbox",
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
    "/forms/customer/bulk/edit?ids=1,2",
    "/forms/order/new",
    "/forms/customer/1/edit",
    "/users/1",
    "/users/3/deactivate",
    "/departments",
    "/admin",
    "/admin/jobs",
    "/admin/workflows",
    "/workflows/order_life/analytics",
    "/workflows/order_life/analytics/records?of=state",
    "/admin/errors",
    "/admin/audit",
    "/admin/sessions",
    "/imports",
    "/imports/online_retail",
    "/forms/order/999",
)
# What a theme changes are colours, and what a width changes is what stands there: two looks ask everything.
COLORS = ["color-contrast"]
LOOKS: tuple[tuple[int, Literal["light", "dark"], list[str]], ...] = (
    (1440, "light", RULES),
    (1440, "dark", COLORS),
    (390, "dark", RULES),
    (390, "light", COLORS),
)
# A colour that still fades from one theme to the other is nobody's fault.
STILL = """
const still = new CSSStyleSheet();
still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
document.adoptedStyleSheets.push(still);
"""
# Each finding is told as its rule, its place and the reason; nothing else is brought over.
LOOK_FOR = """
async ([within, rules]) => {
  const { violations } = await axe.run(within, { runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) =>
    `${id}: ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`));
}
"""


def test_axe_finds_nothing_on_any_page(shop: Shop) -> None:
    page = shop.visit("admin")
    enter_order(page)
    order = page.url.removeprefix(shop.url)
    bring_axe(page)
    found: list[str] = []
    for path in (*PAGES, f"{order}/edit", order):
        page.goto(path)
        shop.settle(page)
        found += found_on(page, path)
    page.locator("details:has(#life) > summary").click()
    expect(page.locator(".flow-picture")).to_be_visible()
    found += found_on(page, "the picture of a life", within="#life")
    page.get_by_role("group", name="操作").get_by_role("button", name="报价", exact=True).click()
    expect(page.locator("dialog#sheet")).to_be_visible()
    found += found_on(page, "the sheet of a step", within="dialog#sheet")
    page.keyboard.press("Escape")
    page.locator("[data-menu-button][aria-label*='账号菜单']").click()
    found += found_on(page, "the menu of a person", within=".menu-panel[role=menu]:not([hidden])")
    assert found == []


def test_axe_finds_nothing_before_sign_in(shop: Shop) -> None:
    page = shop.visit(None)
    bring_axe(page)
    found: list[str] = []
    for path in ("/sign-in", "/link/unknown", "/offline"):
        page.goto(path)
        found += found_on(page, path)
    page.goto("/sign-in")
    page.get_by_label("登录名").fill("nobody")
    page.locator("#password").fill("nothing at all")
    page.locator(".entrance-form button.btn-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += found_on(page, "/sign-in, refused")
    assert found == []


def bring_axe(page: Page) -> None:
    """Put axe into every page from now on; the browser itself does it, so what a page may run stays as it is."""
    page.context.add_init_script(path=AXE)
    page.context.add_init_script(STILL)


def found_on(page: Page, place: str, *, within: str = "html") -> list[str]:
    """Return what axe finds in a part of the page as it stands, in both themes and at both widths."""
    found: list[str] = []
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        told = page.evaluate(LOOK_FOR, [within, rules])
        found += [f"{place}, {width} px, {scheme}: {each}" for each in told]
    return found
