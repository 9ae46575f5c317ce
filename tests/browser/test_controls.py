"""The controls of all field types in a record: filled in, saved, shown, and filled in again."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

from orderkit.model.project import Project
from tests.browser.conftest import ADMIN, Shop, served
from tests.browser.test_accessibility import bring_axe, found_on
from tests.browser.test_forms import PASTE
from tests.support.databases import Databases
from tests.support.projects import project
from tests.support.shades import shade

TAG = """\
form: tag
title: "{name}"
fields: {name: {type: text, required: true, unique: true}}
"""
THING = """\
form: thing
title: "{code}"
fields:
  code: {type: text, required: true}
  papers: {type: files, accept: [pdf, image], max_size: 1MB, label: 文件}
  photos: {type: images, label: 照片}
  paper: {type: file, label: 合同}
  tags: {type: refs, to: tag, label: 标签}
  watchers: {type: users, label: 关注人}
  signed: {type: signature, label: 签收}
  code13: {type: barcode, symbology: ean13, label: 条码}
  tag: {type: ref, to: tag, label: 主标签}
  place: {type: address, label: 地址}
  hue: {type: color, label: 颜色}
  span: {type: duration, label: 工时}
  spot: {type: location, label: 位置}
  data: {type: json, label: 数据}
  note: {type: richtext, label: 说明}
  is_open: {type: boolean, label: 放开}
  late: {type: images, readonly_if: not is_open, label: 补照}
  late_tags: {type: refs, to: tag, readonly_if: not is_open, label: 补标签}
  late_place: {type: address, readonly_if: not is_open, label: 补地址}
  late_note: {type: richtext, readonly_if: not is_open, label: 补说明}
  many: {type: integer, compute: count(parts), label: 行数}
  parts:
    type: lines
    label: 明细
    fields:
      name: {type: text, label: 名称}
      pictures: {type: images, label: 图}
      tags: {type: refs, to: tag, label: 行标签}
"""
TAGS = """\
seed: tags
for: tag
match: [name]
rows: [{name: 急件}, {name: 样品}, {name: 出口}]
"""


SAVE = ".actionbar button.btn-primary"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090775"
    "3de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture(scope="session")
def things() -> Project:
    return project(TAG, THING, TAGS)


@pytest.fixture
def gallery(databases: Databases, browser: Browser, tmp_path: Path, things: Project) -> Iterator[Shop]:
    yield from served(databases, browser, tmp_path, project=things, people=ADMIN)


@pytest.fixture
def form(gallery: Shop) -> Page:
    page = gallery.visit("admin")
    page.goto("/forms/thing/new")
    page.locator("#f-code").fill("T1")
    return page


BRING = """
([selector, kind, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0))], name, { type: "image/png" }));
  const init = { bubbles: true, cancelable: true };
  document.querySelector(selector).dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, ...init })
    : new DragEvent(kind, { dataTransfer: data, ...init }));
}
"""


PASTE_HTML = """
(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


def _bring(page: Page, selector: str, kind: str, name: str) -> None:
    page.evaluate(BRING, [selector, kind, name, base64.b64encode(PNG).decode()])


def _picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


def _names(page: Page, field: str) -> list[str]:
    return page.locator(f'[data-field="{field}"] .file-chip-name').all_inner_texts()


def test_several_files_are_sent_put_in_order_refused_and_removed(form: Page) -> None:
    papers = form.locator("#f-papers")
    too_large = {"name": "大.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n" + b"0" * 1_100_000}
    wrong_kind = {"name": "坏.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    papers.set_input_files([_picture("一.png"), too_large, wrong_kind, _picture("二.png")])
    expect(form.locator("#f-papers-problem")).to_contain_text("大.pdf: 文件太大，最大 1.0 MB")
    expect(form.locator("#f-papers-problem")).to_contain_text("坏.pdf: ")
    expect(form.locator(".file-item.is-sending")).to_have_count(0)
    assert _names(form, "papers") == ["一.png", "二.png"]
    expect(form.locator('[data-field="papers"] .file-look img').first).to_be_visible()
    form.get_by_role("button", name="移动 一.png").press("ArrowRight")
    assert _names(form, "papers") == ["二.png", "一.png"]
    expect(form.get_by_role("button", name="移动 一.png")).to_be_focused()
    papers.set_input_files(_picture("三.png"))
    expect(form.locator("#f-papers-problem")).to_be_empty()
    first = form.get_by_role("button", name="移动 二.png").bounding_box()
    assert first is not None
    form.get_by_role("button", name="移动 三.png").hover()
    form.mouse.down()
    form.mouse.move(first["x"] + 4, first["y"] + 4)
    form.mouse.up()
    assert _names(form, "papers") == ["三.png", "二.png", "一.png"]
    form.locator('[data-field="papers"] [data-item-remove]').nth(1).click()
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    assert form.locator(".card .file-chip-name").all_inner_texts() == ["三.png", "一.png"]
    form.goto("/forms/thing/1/edit")
    assert _names(form, "papers") == ["三.png", "一.png"]


def test_files_come_by_drop_and_paste_into_rows_too(form: Page) -> None:
    _bring(form, '[data-field="photos"] .files', "drop", "落.png")
    _bring(form, "#f-photos", "paste", "贴.png")
    row = "tr[data-row] td[data-field$=pictures]"
    _bring(form, f"{row} .files", "drop", "行.png")
    expect(form.locator(".file-item:not(.is-sending)")).to_have_count(3)
    expect(form.locator('[data-field="many"] output')).to_have_text("1")
    form.locator("h1").dispatch_event("dragover")
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    expect(form.locator(".card a.picture")).to_have_count(3)
    form.locator(".card a.picture").first.press("Enter")
    viewer = form.get_by_role("dialog", name="图片")
    expect(viewer.locator("[data-viewer-place]")).to_have_text("1 / 3")
    form.keyboard.press("ArrowLeft")
    expect(viewer.locator("[data-viewer-name]")).to_have_text("行.png")
    form.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(form.locator(".card a.picture").first).to_be_focused()


def _pick(field: Locator, text: str) -> None:
    box = field.get_by_role("combobox")
    box.fill(text)
    expect(field.locator('[role=option][aria-selected="true"]')).to_be_visible()
    box.press("Enter")


def test_several_records_are_chips_with_an_order(form: Page) -> None:
    tags = form.locator('[data-field="tags"]')
    for text in ("急件", "样品", "出口"):
        _pick(tags, text)
    _pick(tags, "样品")
    assert tags.locator(".token-name").all_inner_texts() == ["急件", "样品", "出口"]
    tags.get_by_text("出口").press("ArrowLeft")
    assert tags.locator(".token-name").all_inner_texts() == ["急件", "出口", "样品"]
    tags.get_by_text("急件").press("Delete")
    tags.get_by_role("combobox").press("Backspace")
    assert tags.locator(".token-name").all_inner_texts() == ["出口"]
    form.evaluate(PASTE, ["td[data-field$=tags] [role=combobox]", "样品、急件"])
    row = form.locator("td[data-field$=tags]")
    expect(row.locator(".token-name")).to_have_text(["样品", "急件"])
    _pick(form.locator('[data-field="watchers"]'), "管理员")
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    expect(form.locator("dl.fields")).to_contain_text("出口")
    expect(form.locator(".lines-read")).to_contain_text("样品、急件")
    form.goto("/forms/thing/1/edit")
    assert form.locator('[data-field="tags"] .token-name').all_inner_texts() == ["出口"]


def test_a_signature_is_drawn_taken_back_and_typed(form: Page) -> None:
    field = form.locator('[data-field="signed"]')
    field.get_by_role("button", name="签名", exact=True).press("Enter")
    sheet = form.get_by_role("dialog", name="签收")
    done = sheet.get_by_role("button", name="完成")
    expect(done).to_be_disabled()
    paper = sheet.locator("canvas").bounding_box()
    assert paper is not None
    for start in (40, 90):
        form.mouse.move(paper["x"] + start, paper["y"] + 60)
        form.mouse.down()
        form.mouse.move(paper["x"] + start + 80, paper["y"] + 140, steps=5)
        form.mouse.up()
    sheet.get_by_role("button", name="撤销一笔").click()
    expect(done).to_be_enabled()
    sheet.get_by_role("button", name="撤销一笔").click()
    expect(done).to_be_disabled()
    form.mouse.move(paper["x"] + 40, paper["y"] + 60)
    form.mouse.down()
    form.mouse.move(paper["x"] + 200, paper["y"] + 120, steps=5)
    form.mouse.up()
    done.click()
    expect(sheet).to_be_hidden()
    expect(field.locator("img")).to_be_visible()
    drawn = field.locator("input[type=hidden]").input_value()
    field.get_by_role("button", name="重签").press("Enter")
    sheet.get_by_label("输入姓名").press_sequentially("张敏")
    form.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    expect(field.locator("input[type=hidden]")).not_to_have_value(drawn)
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    picture = form.locator(".card a.picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 60


def _ean(digits: str) -> str:
    """Return the bars of an EAN-13: one letter a module."""
    odd = [
        "0001101",
        "0011001",
        "0010011",
        "0111101",
        "0100011",
        "0110001",
        "0101111",
        "0111011",
        "0110111",
        "0001011",
    ]
    right = [code.translate(str.maketrans("01", "10")) for code in odd]
    even = [code[::-1] for code in right]
    parity = [
        "000000",
        "001011",
        "001101",
        "001110",
        "010011",
        "011001",
        "011100",
        "010101",
        "010110",
        "011010",
    ][int(digits[0])]
    first = "".join(
        (even if kind == "1" else odd)[int(each)] for kind, each in zip(parity, digits[1:7], strict=True)
    )
    return f"101{first}01010{''.join(right[int(each)] for each in digits[7:])}101"


# A camera that looks at the bars: what getUserMedia gives, drawn instead of filmed.
CAMERA = """
(bars) => {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const context = canvas.getContext("2d");
  const draw = () => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = "#000";
    [...bars].forEach((bar, at) => bar === "1" && context.fillRect(130 + at * 4, 60, 4, 240));
  };
  draw();
  window.setInterval(draw, 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}
"""


def test_a_code_is_read_by_the_camera_and_by_a_scanner_that_types(form: Page) -> None:
    field = form.locator('[data-field="code13"]')
    box = form.locator("#f-code13")
    form.evaluate(CAMERA, _ean("6901234567892"))
    field.get_by_role("button", name="扫码").press("Enter")
    expect(box).to_have_value("6901234567892")
    expect(form.get_by_role("dialog", name="扫码")).to_be_hidden()
    expect(box).to_be_focused()
    form.keyboard.press("Control+a")
    form.keyboard.type("4006381333931")
    form.keyboard.press("Enter")
    expect(box).not_to_be_focused()
    tag = form.locator('[data-field="tag"]').get_by_role("combobox")
    tag.focus()
    form.keyboard.type("样品")
    form.keyboard.press("Enter")
    expect(form.locator("input[name=tag]")).to_have_value("2")
    assert form.url.endswith("/forms/thing/new")
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    expect(form.locator("dl.fields")).to_contain_text("4006381333931")


def test_without_a_camera_a_picture_is_read(form: Page) -> None:
    form.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    form.get_by_role("button", name="扫码").click()
    sheet = form.get_by_role("dialog", name="扫码")
    expect(sheet.get_by_role("status")).to_contain_text("没有使用摄像头的权限")
    sheet.locator("input[type=file]").set_input_files(_picture("空白.png"))
    expect(sheet.get_by_role("status")).to_contain_text("没有读到条码")
    form.keyboard.press("Escape")
    expect(form.locator("#f-code13")).to_be_focused()


def test_an_address_is_searched_walked_through_and_pasted(form: Page) -> None:
    field, sent = form.locator('[data-field="place"]'), form.locator("input[name=place]")
    region = field.get_by_role("combobox")
    region.fill("南京玄武")
    expect(field.locator('[role=option][aria-selected="true"]')).to_have_text("江苏省 / 南京市 / 玄武区")
    region.press("Enter")
    expect(field.get_by_label("街道")).to_be_focused()
    form.keyboard.type("中山路1号")
    expect(sent).to_have_value("江苏省 / 南京市 / 玄武区 / 中山路1号")
    region.fill("")
    options = field.get_by_role("option")
    expect(options.first).to_have_text("北京市")
    options.get_by_text("上海市").click()
    options.get_by_text("浦东新区").click()
    expect(sent).to_have_value("上海市 / 上海市 / 浦东新区 / 中山路1号")
    form.evaluate(PASTE, ["[data-field=place] [role=combobox]", "深圳南山区科技园路 8 号 3 楼"])
    expect(sent).to_have_value("广东省 / 深圳市 / 南山区 / 科技园路 8 号 3 楼")
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    expect(form.locator("dl.fields")).to_contain_text("广东省深圳市南山区科技园路 8 号 3 楼")
    form.goto("/forms/thing/1/edit")
    expect(region).to_have_value("广东省 / 深圳市 / 南山区")


def test_a_place_is_where_the_device_is_once_that_is_allowed(form: Page) -> None:
    field = form.locator('[data-field="spot"]')
    button = field.get_by_role("button", name="使用当前位置")
    form.context.grant_permissions(["geolocation"])
    form.context.set_geolocation({"latitude": 31.2304, "longitude": 121.4737, "accuracy": 12})
    button.press("Enter")
    expect(form.locator("#f-spot")).to_have_value("31.2304,121.4737")
    expect(field.get_by_role("status")).to_have_text("误差约 12 米")


def test_what_is_wrong_with_json_is_said_with_its_place(form: Page) -> None:
    area, problem = form.locator("#f-data"), form.locator("#f-data-problem")
    area.press_sequentially('{"a": 1,\n "a": 2}')
    expect(problem).to_have_text("同一个键写了两次：第 2 行第 2 列")
    area.fill('{"a": [1, 2}')
    expect(problem).to_contain_text("第 1 行第 12 列")
    expect(form.get_by_role("button", name="整理")).to_be_disabled()
    area.fill('{"a":[1,2]}')
    expect(problem).to_be_empty()
    form.get_by_role("button", name="整理").click()
    expect(area).to_have_value('{\n  "a": [\n    1,\n    2\n  ]\n}')


def test_formatted_text_is_written_with_the_keyboard_and_pasted_clean(form: Page) -> None:
    editor = form.get_by_role("textbox", name="说明", exact=True)
    editor.focus()
    form.keyboard.type("很")
    form.keyboard.press("Control+b")
    form.keyboard.type("重要")
    form.keyboard.press("Alt+F10")
    expect(form.get_by_role("button", name="粗体")).to_be_focused()
    expect(form.get_by_role("button", name="粗体")).to_have_attribute("aria-pressed", "true")
    for _ in range(4):
        form.keyboard.press("ArrowRight")
    form.keyboard.press("Enter")
    expect(editor.locator("h2")).to_have_text("很重要")
    form.keyboard.press("End")
    form.keyboard.press("Enter")
    hostile = '<div onclick="x()" style="color:red">粘贴<script>alert(1)</script> <a href="javascript:x">坏</a> <a href="https://example.com/a">好</a></div>'
    form.evaluate(PASTE_HTML, hostile)
    expect(editor).to_contain_text("粘贴")
    assert editor.locator("[onclick], script, [style], a[href^=javascript]").count() == 0
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    shown = form.locator(".field-value .rich-text")
    expect(shown.locator("h2")).to_have_text("很重要")
    assert shown.inner_html().count("<script") == shown.inner_html().count("javascript:") == 0
    expect(shown.locator('a[href="https://example.com/a"]')).to_have_text("好")


# What is typed into each field, and what the record then shows; files come by the dialog that a key opens.
TYPED = {
    "place": ("青岛市南", "Enter", "山东省青岛市市南区"),
    "hue": ("#1A7F37", "Tab", "#1a7f37"),
    "span": ("90min", "Tab", "1小时30分钟"),
    "spot": ("31.2304, 121.4737", "Tab", "31.2304,121.4737"),
    "data": ('{"a": 1}', "Tab", '{"a":1}'),
    "note": ("写给客户", "Tab", "写给客户"),
    "code13": ("6901234567892", "Enter", "6901234567892"),
}


def test_every_control_is_filled_from_the_keyboard_saved_and_shown(form: Page) -> None:
    for name, (text, key, _) in TYPED.items():
        field = form.locator(f'[data-field="{name}"]')
        target = field.locator("[role=combobox], [role=textbox], textarea, input")
        target.locator("visible=true").first.focus()
        form.keyboard.type(text)
        if name == "place":
            expect(field.locator('[role=option][aria-selected="true"]')).to_be_visible()
        form.keyboard.press(key)
    for name in ("papers", "photos", "paper"):
        with form.expect_file_chooser() as chosen:
            form.locator(f"#f-{name}").press(" ")
        chosen.value.set_files(_picture(f"{name}.png"))
        expect(form.locator(f'[data-field="{name}"] .file-item:not(.is-sending)')).to_have_count(1)
    _pick(form.locator('[data-field="tags"]'), "急件")
    _pick(form.locator('[data-field="watchers"]'), "管理员")
    form.get_by_role("button", name="签名", exact=True).press("Enter")
    form.get_by_role("dialog").get_by_label("输入姓名").focus()
    form.keyboard.type("张敏")
    form.keyboard.press("Enter")
    expect(form.locator('[data-field="signed"] img')).to_be_visible()
    form.locator(SAVE).press("Enter")
    form.wait_for_url("**/forms/thing/1")
    shown = form.locator("dl.fields")
    for _, _, text in TYPED.values():
        expect(shown).to_contain_text(text)
    expect(shown).to_contain_text("急件")
    expect(shown.locator("a.picture")).to_have_count(2)
    form.goto("/forms/thing/1/edit")
    expect(form.locator("#f-span")).to_have_value("1h30min")


def test_axe_finds_nothing_at_any_control(form: Page) -> None:
    bring_axe(form)
    form.reload()
    form.locator("#f-code").fill("T1")
    form.locator("#f-papers").set_input_files([_picture("一.png"), _picture("二.png")])
    _pick(form.locator('[data-field="tags"]'), "急件")
    expect(form.get_by_role("textbox", name="说明", exact=True)).to_be_visible()
    assert found_on(form, "the form") == []
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    assert found_on(form, "the record") == []


def test_a_rule_locks_and_unlocks_controls_while_one_types(form: Page) -> None:
    drop, region = form.locator('[data-field="late"] .file-drop').first, form.get_by_label("补地址：省市区")
    tags = form.locator('[data-field="late_tags"]')
    note = form.get_by_role("textbox", name="补说明")
    expect(drop).to_be_hidden()
    expect(tags.get_by_role("combobox")).to_be_hidden()
    expect(region).not_to_be_editable()
    expect(note).to_have_attribute("contenteditable", "false")
    form.get_by_label("放开").check()
    expect(drop).to_be_visible()
    form.locator("#f-late").set_input_files(_picture("补.png"))
    expect(form.locator('[data-field="late"] .file-item:not(.is-sending)')).to_have_count(1)
    _pick(tags, "急件")
    region.fill("昆山")
    region.press("Enter")
    note.focus()
    form.keyboard.type("后来")
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    for text in ("急件", "江苏省苏州市昆山市", "后来"):
        expect(form.locator("dl.fields")).to_contain_text(text)
    form.goto("/forms/thing/1/edit")
    form.get_by_label("放开").uncheck()
    expect(form.locator('[data-field="late"] [data-item-remove]')).to_be_hidden()
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    expect(form.locator("dl.fields")).to_contain_text("急件")
    expect(form.locator(".card a.picture")).to_have_count(1)


def test_enter_chooses_a_place_whose_name_is_still_on_its_way(form: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    form.route("**/regions.*.json", hold)
    region = form.get_by_label("地址：省市区", exact=True)
    with form.expect_request("**/regions.*.json"):
        region.fill("昆山")
    region.press("Enter")
    expect(region).to_be_focused()
    held[0].continue_()
    expect(region).to_have_value("江苏省 / 苏州市 / 昆山市")
    expect(form).to_have_url(re.compile("/forms/thing/new$"))


def test_a_row_that_was_added_or_copied_has_its_own_files(form: Page) -> None:
    pictures = "td[data-field$=pictures]"
    form.locator(f"{pictures} input[type=file]").first.set_input_files(
        [_picture("一.png"), _picture("二.png")]
    )
    expect(form.locator(f"{pictures} .file-item:not(.is-sending)")).to_have_count(2)
    _pick(form.locator("td[data-field$=tags]"), "出口")
    form.get_by_role("textbox", name="名称").first.press("Control+Shift+Enter")
    second = form.locator("tr[data-row]").nth(1)
    expect(second.locator(".token-name")).to_have_text(["出口"])
    expect(second.locator(".file-item")).to_have_count(0)
    second.locator("input[type=file]").first.set_input_files(_picture("三.png"))
    expect(second.locator(".file-item:not(.is-sending)")).to_have_count(1)
    form.locator(SAVE).click()
    form.wait_for_url("**/forms/thing/1")
    rows = form.locator(".lines-read tbody tr")
    expect(rows.nth(0).locator("a.picture")).to_have_count(2)
    expect(rows.nth(1).locator("a.picture")).to_have_count(1)
    expect(rows.nth(1)).to_contain_text("出口")


@pytest.fixture
def painted(databases: Databases, browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    catalog = shade.shaded()
    project = shade.shaded_project(catalog)
    yield from served(databases, browser, tmp_path, project=project, people=ADMIN, catalog=catalog)


def test_a_control_of_a_plugin_works_like_our_own_and_where_its_script_fails_its_input_does(
    painted: Shop,
) -> None:
    page = painted.visit("admin")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto("/forms/lid/new")
    painted.settle(page)
    assert not [each for each in loaded if "field-" in each]
    page.goto("/forms/tin/new")
    painted.settle(page)
    page.locator('[data-field="outer"] [data-darker]').click(click_count=2)
    expect(page.locator("#f-outer")).to_have_value("G2")
    # A row that comes later has it too, and a whole block is pasted through it.
    page.evaluate(PASTE, ["tr[data-row] [data-field$=hue] input:not([type=hidden])", "g3\tx\nG4\ty\n"])
    rows = page.locator("tr[data-row] [data-field$=hue] input:not([type=hidden])")
    expect(rows.nth(0)).to_have_value("G3")
    expect(rows.nth(1)).to_have_value("G4")
    page.locator("tr[data-row] [data-darker]").nth(1).click()
    expect(rows.nth(1)).to_have_value("G5")
    page.locator("#f-name").fill("closed")
    expect(page.locator("#f-inner")).to_have_attribute("readonly", "")
    page.locator('[data-field="inner"] [data-darker]').click()
    expect(page.locator("#f-inner")).to_have_value("")
    page.locator(SAVE).click()
    page.wait_for_url(re.compile(r"/forms/tin/\d+$"))
    assert [each for each in loaded if "field-shade" in each], "it came once for all of them"
    assert len({each for each in loaded if "field-" in each}) == 1
    page.route("**/field-shade.*", lambda route: route.fulfill(status=500))
    page.goto("/forms/tin/new")
    painted.settle(page)
    page.locator("#f-name").fill("bare")
    page.locator("#f-outer").fill("g7")
    page.locator(SAVE).click()
    page.wait_for_url(re.compile(r"/forms/tin/\d+$"))
    expect(page.locator("#content")).to_contain_text("G7")
    assert any("shade" in each for each in painted.complaints)
    painted.complaints.clear()
