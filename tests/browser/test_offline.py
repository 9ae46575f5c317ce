"""Without a connection: forms are opened, kept and sent later, never lost, never twice, and for nobody else."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import PASSWORD, Shop
from tests.support.cutting import CuttingProxy

WAITING = "[data-waiting]"
SAVED = re.compile(r"/forms/customer/[0-9]+$")
HELD = """
async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("orderkit-person-"));
  const opened = await new Promise((resolve) => {
    const asked = indexedDB.open("orderkit", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "mark" });
    asked.onsuccess = () => resolve(asked.result);
  });
  const count = await new Promise((resolve) => {
    const asked = opened.transaction("waiting").objectStore("waiting").count();
    asked.onsuccess = () => resolve(asked.result);
  });
  opened.close();
  return [names.length, count];
}
"""

FILES_HELD = """
async () => {
  const opened = await new Promise((resolve) => {
    const asked = indexedDB.open("orderkit-files");
    asked.onsuccess = () => resolve(asked.result);
  });
  const count = await new Promise((resolve) => {
    const asked = opened.transaction("files").objectStore("files").count();
    asked.onsuccess = () => resolve(asked.result);
  });
  opened.close();
  return count;
}
"""
KEPT = """
async (path) => {
  while (!(await caches.match(path))) await new Promise((resolve) => setTimeout(resolve, 100));
}
"""
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def _at_work(shop: Shop, login: str = "zhang", *, url: str = "") -> Page:
    """Sign in and wait until the worker keeps the pages that it is shown."""
    page = shop.visit(login, has_worker=True, url=url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/forms/customer/new")
    expect(page.locator("html:not([data-from-worker])")).to_be_visible()
    return page


def _fill(page: Page, name: str) -> None:
    page.locator("#f-name").fill(name)
    if page.url.endswith("/new"):
        page.locator("#f-code").fill(f"K-{name}")


def _save(page: Page) -> None:
    page.locator(".actionbar button.btn-primary").click()


def _customers(page: Page, name: str) -> int:
    page.goto(f"/forms/customer?q={name}")
    return page.locator("tr[data-href]").count()


def _sign_out(page: Page) -> None:
    page.locator("[data-menu]:has(form[action='/sign-out']) [data-menu-button]").click()
    page.locator("form[action='/sign-out'] button").click()


def test_a_form_is_opened_filled_in_and_kept_without_a_connection_and_sent_later(shop: Shop) -> None:
    page = _at_work(shop)
    page.context.set_offline(True)
    page.goto("/forms/customer/new")
    expect(page.locator("html[data-from-worker]")).to_be_visible()
    expect(page.get_by_text("没有网络。保存的内容会留在这台设备上")).to_be_visible()
    for name in ("离线一号", "离线二号"):
        _fill(page, name)
        _save(page)
        page.wait_for_url("**/offline?kept=*")
        expect(page.get_by_text("已保留在这台设备上")).to_be_visible()
        page.get_by_role("link", name="新建客户").click()
        page.wait_for_url("**/forms/customer/new")
        expect(page.locator("[data-kept-offer]")).to_be_hidden()
    expect(page.locator(WAITING)).to_have_text("2")
    # What is not kept says so, in the place where it would stand.
    page.goto("/forms/order")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络连接")
    page.goto("/forms/customer/new")
    page.context.set_offline(False)
    expect(page.get_by_text("离线保存的 2 份内容已发送")).to_be_visible()
    expect(page.locator(WAITING)).to_be_hidden()
    assert _customers(page, "离线") == 2
    # The first one was sent first.
    hrefs = [
        page.locator(f"tr[data-href]:has-text('离线{each}号')").get_attribute("data-href") for each in "一二"
    ]
    assert hrefs == sorted(hrefs, key=lambda href: int((href or "").rsplit("/", 1)[1]))
    assert page.evaluate(HELD) == [1, 0]


def test_an_answer_that_is_lost_makes_no_second_record(shop: Shop) -> None:
    with CuttingProxy(port=int(shop.url.rsplit(":", 1)[1])) as line:
        page = _at_work(shop, url=line.url)
        _fill(page, "只有一次")
        line.loses = b"POST /forms/customer/new"
        _save(page)
        page.wait_for_url("**/offline?kept=*")
        assert line.lost
        # Tried again while the line is still bad: it arrives again, and again nobody hears of it.
        page.get_by_role("button", name="立即发送").click()
        expect(page.locator(".offline-entry")).to_have_count(1)
        line.loses = b""
        page.reload()
        expect(page.locator(".offline-entry")).to_have_count(0)
        assert _customers(page, "只有一次") == 1


def test_what_is_refused_and_what_clashes_is_put_right_in_its_form(shop: Shop) -> None:
    page = _at_work(shop)
    _fill(page, "原来的名字")
    _save(page)
    page.wait_for_url(SAVED)
    customer = page.url.removeprefix(shop.url)
    page.goto(f"{customer}/edit")
    other = shop.visit("admin")
    other.goto(f"{customer}/edit")
    _fill(other, "别人改的名字")
    _save(other)
    other.wait_for_url(f"**{customer}")
    page.context.set_offline(True)
    _fill(page, "我改的名字")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    page.get_by_role("link", name="新建客户").click()
    page.locator("#f-code").fill("K-空")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    page.context.set_offline(False)
    clash, refused = (
        page.locator(".offline-entry[data-state=clash]"),
        page.locator(".offline-entry[data-state=refused]"),
    )
    expect(clash).to_have_count(1)
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="打开").click()
    expect(page.locator("#f-name[aria-invalid=true]")).to_be_visible()
    _fill(page, "补上的名字")
    _save(page)
    page.wait_for_url(SAVED)
    page.goto("/offline")
    expect(refused).to_have_count(0)
    clash.get_by_role("button", name="打开").click()
    expect(page.locator(".conflict-item")).to_contain_text("别人改的名字")
    expect(page.locator("#f-name")).to_have_value("我改的名字")
    _save(page)
    page.wait_for_url(f"**{customer}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我改的名字")
    expect(page.locator(WAITING)).to_be_hidden()


def test_what_was_put_right_is_forgotten_though_its_page_is_left_at_once(shop: Shop) -> None:
    page = _at_work(shop)
    page.context.set_offline(True)
    page.locator("#f-code").fill("K-无名")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    page.context.set_offline(False)
    refused = page.locator(".offline-entry[data-state=refused]")
    refused.get_by_role("button", name="打开").click()
    expect(page.locator("#f-name[aria-invalid=true]")).to_be_visible()
    # The page of what was saved never gets to its store, as if it was left before.
    page.add_init_script(
        f"if (new RegExp('{SAVED.pattern}').test(location.href)) indexedDB.open = () => ({{}})"
    )
    _fill(page, "补上的名字")
    _save(page)
    page.wait_for_url(SAVED)
    page.goto("/offline")
    expect(page.get_by_text("没有待发送的内容")).to_be_visible()
    expect(refused).to_have_count(0)


def test_signing_out_asks_first_and_then_clears_all_of_it(shop: Shop) -> None:
    page = _at_work(shop)
    page.context.set_offline(True)
    _fill(page, "不会发送")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    held = page.evaluate(HELD)
    assert held == [1, 1]
    # A line that is there, and a server that is not reached: it waits, and the page can be used.
    page.context.set_offline(False)
    page.route("**/session", lambda route: route.abort())
    page.goto("/")
    _sign_out(page)
    expect(page.get_by_role("dialog", name="还有内容没有发送")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate(HELD) == held
    page.locator("form[action='/sign-out'] button").click()
    page.get_by_role("button", name="丢弃并退出").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate(HELD) == [0, 0]
    page.context.set_offline(True)
    page.goto("/forms/customer/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络连接")
    expect(page.locator("[data-offline-forms]")).to_be_hidden()


def test_an_ended_session_keeps_what_waits_for_that_person_alone(shop: Shop) -> None:
    page = _at_work(shop)
    page.context.set_offline(True)
    _fill(page, "张敏的客户")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.get_by_text("登录已过期")).to_be_visible()
    _sign_in(page, "admin")
    # Somebody else: none of it is seen, sent or offered, and the pages kept for the first are gone.
    expect(page.locator(WAITING)).to_be_hidden()
    page.goto("/offline")
    expect(page.locator(".offline-entry")).to_have_count(0)
    expect(page.get_by_role("link", name="新建客户")).to_have_count(0)
    assert _customers(page, "张敏的客户") == 0
    assert page.evaluate(HELD)[1] == 1
    _sign_out(page)
    page.wait_for_url("**/sign-in*")
    assert cookies
    _sign_in(page, "zhang")
    expect(page.get_by_text("离线保存的 1 份内容已发送")).to_be_visible()
    assert _customers(page, "张敏的客户") == 1


def _sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator(".entrance-form button.btn-primary").click()
    page.wait_for_url("**/")


def test_two_tabs_send_each_form_once_and_a_double_press_saves_once(shop: Shop) -> None:
    page = _at_work(shop)
    page.context.set_offline(True)
    for name in ("两页一", "两页二", "两页三"):
        page.goto("/forms/customer/new")
        _fill(page, name)
        _save(page)
        page.wait_for_url("**/offline?kept=*")
    other = page.context.new_page()
    other.goto("/offline")
    expect(other.locator(".offline-entry")).to_have_count(3)
    page.context.set_offline(False)
    expect(page.locator(".offline-entry")).to_have_count(0)
    expect(other.locator(".offline-entry")).to_have_count(0)
    assert _customers(page, "两页") == 3
    page.goto("/forms/customer/new")
    _fill(page, "按了两下")
    page.locator(".actionbar button.btn-primary").dblclick()
    page.wait_for_url(SAVED)
    assert _customers(page, "按了两下") == 1


def _picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": DOT}


def _pictures_of(shop: Shop, name: str) -> list[int | None]:
    """Return the record of each upload of that name; None for one that none has taken."""
    with shop.runtime.read(SYSTEM, Channel.COMMAND) as unit:
        found = unit.connection.execute(
            select(file_table.c.record_id).where(file_table.c.name == name).order_by(file_table.c.id)
        )
        return list(found.scalars())


def test_a_picture_chosen_without_a_connection_goes_with_its_form_and_once(shop: Shop) -> None:
    with CuttingProxy(port=int(shop.url.rsplit(":", 1)[1])) as line:
        page = _at_work(shop, "admin", url=line.url)
        page.goto("/forms/product/new")
        page.context.set_offline(True)
        page.goto("/forms/product/new")
        box = page.locator("#f-photo")
        box.set_input_files({"name": "说明.txt", "mimeType": "text/plain", "buffer": b"?"})
        expect(page.get_by_text("文件类型不对，只接受")).to_be_visible()
        box.set_input_files(_picture("离线照片.png"))
        item = page.locator(".file-item")
        expect(item).to_contain_text("在这台设备上，随表单发送")
        expect(item.locator("img")).to_have_js_property("naturalWidth", 1)
        page.locator("#f-code").fill("P-离线")
        page.locator("#f-name").fill("离线产品")
        _save(page)
        page.wait_for_url("**/offline?kept=*")
        assert page.evaluate(FILES_HELD) == 1
        page.close()
        again = page.context.new_page()
        again.goto("/offline")
        expect(again.locator(".offline-entry")).to_have_count(1)
        # The picture and the form arrive, and nobody hears that the form did: both are sent again.
        line.loses = b"POST /forms/product/new"
        with again.expect_event("requestfailed", lambda sent: sent.url.endswith("/forms/product/new")):
            again.context.set_offline(False)
        assert line.lost
        line.loses = b""
        again.reload()
        expect(again.locator(".offline-entry")).to_have_count(0)
        again.goto("/forms/product?q=离线产品")
        rows = again.locator("tr[data-href]")
        expect(rows).to_have_count(1)
        record = int((rows.get_attribute("data-href") or "").rsplit("/", 1)[1])
        assert _pictures_of(shop, "离线照片.png") == [record]
        # The page before may have been left while it was told of the form: then this one sends it once more.
        for _ in range(100):
            if again.evaluate(FILES_HELD) == 0:
                break
            again.wait_for_timeout(50)
        assert again.evaluate(FILES_HELD) == 0
        again.reload()
        expect(again.locator("tr[data-href]")).to_have_count(1)
        assert _pictures_of(shop, "离线照片.png") == [record]


def test_a_listed_record_is_changed_without_a_connection_with_a_picture(shop: Shop) -> None:
    page = shop.visit("admin", is_phone=True, has_worker=True)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/forms/product")
    record = page.locator("tr[data-href]").first.get_attribute("data-href") or ""
    page.evaluate(KEPT, f"{record}/edit")
    page.context.set_offline(True)
    page.goto(record)
    first = page.locator("[data-offline-record-list] a").first
    expect(first).to_have_attribute("href", f"{record}/edit")
    first.click()
    page.wait_for_url(f"**{record}/edit")
    page.locator("#f-spec").fill("车间里量的")
    page.locator("#f-photo").set_input_files(_picture("车间.png"))
    expect(page.locator(".file-item")).to_contain_text("在这台设备上")
    # Back before it was saved: the picture goes up by itself, and the form is sent as ever.
    page.context.set_offline(False)
    expect(page.locator(".file-item .file-chip-name")).to_have_attribute(
        "href", re.compile("^/files/[0-9]+$")
    )
    _save(page)
    page.wait_for_url(f"**{record}")
    expect(page.locator(".field-value", has_text="车间里量的")).to_be_visible()
    assert _pictures_of(shop, "车间.png") == [int(record.rsplit("/", 1)[1])]
    # A line that takes no files: the form is not sent without its picture, and signing out leaves nothing of both.
    page.goto(f"{record}/edit")
    page.route("**/upload/photo", lambda route: route.abort())
    page.route("**/session", lambda route: route.abort())
    page.locator("[data-item-remove]").click()
    page.locator("#f-photo").set_input_files(_picture("不会发送.png"))
    expect(page.locator(".file-item")).to_contain_text("在这台设备上")
    _save(page)
    page.wait_for_url("**/offline?kept=*")
    expect(page.locator(".offline-entry")).to_have_count(1)
    assert page.evaluate(FILES_HELD) == 2
    page.goto("/")
    _sign_out(page)
    page.get_by_role("button", name="丢弃并退出").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate(HELD) == [0, 0]
    assert page.evaluate(FILES_HELD) == 0


@pytest.mark.parametrize("path", ["/manifest.webmanifest", "/app-icon.svg", "/worker.js"])
def test_a_browser_that_is_not_signed_in_can_install_it(shop: Shop, path: str) -> None:
    page = shop.visit(None, has_worker=True)
    assert page.request.get(path).ok
