"""Columns in a browser: chosen in the panel, moved by the keyboard and the pointer, made wider, found again elsewhere."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_order_story import enter_order

FIRST = ["单号", "客户", "合计", "未回款", "交货日期", "业务员", "状态"]


def _width(heading: Locator) -> float:
    box = heading.bounding_box()
    assert box is not None
    return box["width"]


def _apply(page: Page) -> None:
    with page.expect_response("**/columns"):
        page.get_by_role("dialog", name="列").get_by_role("button", name="应用").click()


def test_columns_are_chosen_moved_and_sized_and_are_the_same_on_the_next_device(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.goto("/forms/order")
    headings = page.locator("thead th")
    expect(headings).to_have_text(FIRST)
    page.get_by_role("button", name="列", exact=True).click()
    panel = page.get_by_role("dialog", name="列")
    panel.get_by_role("checkbox", name="业务类型").check()
    panel.get_by_role("checkbox", name="未回款").uncheck()
    grip = panel.get_by_role("button", name="移动“合计”")
    grip.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(grip).to_be_focused()
    # The state is taken by its grip and dropped on the customer.
    panel.get_by_role("button", name="移动“状态”").hover()
    page.mouse.down()
    panel.get_by_role("checkbox", name="客户").hover()
    page.mouse.up()
    _apply(page)
    expect(headings).to_have_text(["合计", "单号", "状态", "客户", "交货日期", "业务员", "业务类型"])

    customer = page.locator("th[data-column=customer]")
    before = _width(customer)
    with page.expect_response("**/columns"):
        edge = customer.get_by_role("separator", name="客户 列宽")
        edge.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    assert abs(_width(customer) - before - 32) <= 1
    with page.expect_response("**/columns"):
        box = edge.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 5, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(box["x"] - 35, box["y"] + 10, steps=4)
        page.mouse.up()
    assert abs(_width(customer) - before + 8) <= 3

    phone = shop.visit("zhang", is_phone=True)
    phone.goto("/forms/order")
    labels = (
        phone.locator("tbody tr")
        .first.locator("td")
        .evaluate_all("cells => cells.map((c) => c.dataset.label)")
    )
    assert labels[:3] == ["合计", "单号", "状态"]
    page.reload()
    assert abs(_width(page.locator("th[data-column=customer]")) - before + 8) <= 3
    page.get_by_role("button", name="列", exact=True).click()
    page.get_by_role("button", name="恢复默认列").click()
    expect(headings).to_have_text(FIRST)


def test_a_heading_is_dragged_to_another_place_and_stays_there(shop: Shop) -> None:
    page = shop.visit("zhang")
    enter_order(page)
    page.goto("/forms/order?group=status")
    headings = page.locator("thead th")
    expect(headings).to_have_text(FIRST)
    page.locator(".group-open").first.click()
    expect(page.locator("tr[data-href]")).to_have_count(1)

    def drag(name: str, to: str, *, key: str = "") -> None:
        page.locator(f"th[data-column={name}] .sorter").hover()
        page.mouse.down()
        box = page.locator(f"th[data-column={to}]").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 20, box["y"] + 10, steps=4)
        page.mouse.move(box["x"] + 8, box["y"] + 10)
        expect(page.locator("th.is-before")).to_have_count(1)
        if key:
            page.keyboard.press(key)
        page.mouse.up()

    with page.expect_response("**/columns"):
        drag("status", "total")
    expect(headings).to_have_text(["单号", "客户", "状态", "合计", "未回款", "交货日期", "业务员"])
    # The list takes it on where it stands: it is not sorted, and the group is still open.
    assert page.url.endswith("/forms/order?group=status")
    cells = page.locator("tr[data-href] td")
    expect(cells.nth(2)).to_have_text("询价")
    expect(page.get_by_role("separator")).to_have_count(7)
    # Escape leaves it, a click sorts as before, and the panel knows the order.
    drag("total", "customer", key="Escape")
    expect(page.locator("th.is-before")).to_have_count(0)
    page.get_by_role("button", name="列", exact=True).click()
    choices = page.locator("[data-column-choice] .filter-option")
    expect(choices.nth(2)).to_have_text("状态")
    page.keyboard.press("Escape")
    page.locator("th[data-column=total] .sorter").click()
    page.wait_for_url("**sort=total**")
    page.goto("/forms/order")
    expect(headings.nth(2)).to_have_text("状态")


def test_a_heading_is_taken_along_by_a_finger_that_rests_on_it_first(shop: Shop) -> None:
    enter_order(shop.visit("zhang"))
    page = shop.visit("zhang", is_phone=True)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto("/forms/order")
    headings = page.locator("thead th")
    expect(headings).to_have_text(FIRST)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def middle(name: str) -> tuple[float, float]:
        box = page.locator(f"th[data-column={name}]").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    (x, y), (to, _) = middle("status"), middle("customer")
    # One that moves at once means the list, whose headings stay where they are.
    touch("touchStart", x, y)
    for part in range(1, 6):
        touch("touchMove", x + (to - x) * part / 5, y)
    expect(page.locator("th.is-dragged")).to_have_count(0)
    touch("touchEnd", to, y)
    (x, y), (to, _) = middle("status"), middle("customer")
    touch("touchStart", x, y)
    expect(page.locator("th.is-dragged")).to_have_count(1)
    for part in range(1, 6):
        touch("touchMove", x + (to - 20 - x) * part / 5, y)
    expect(page.locator("th.is-before")).to_have_count(1)
    with page.expect_response("**/columns"):
        touch("touchEnd", to, y)
    expect(headings.nth(1)).to_have_text("状态")
    # It was no tap: the list is not sorted by it.
    assert page.url.endswith("/forms/order")
