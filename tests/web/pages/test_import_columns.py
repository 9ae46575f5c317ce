"""The step that asks what each column of a file fills: proposed, put right, kept through the import."""

from urllib.parse import urlencode

import pytest

from orderkit.engine.importing.runs import RunState, find_run
from orderkit.engine.importing.transitions import LEASE, claim
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.language.source.directory import read_directory
from orderkit.web.import_choices import choice_fields, read_choices
from tests.support.projects import EXAMPLE, compiled

FILE = "客户编号,客户名,省份,老编号\nK01,晨光五金,浙江,x1\nK02,远航贸易,广东,x2\n"
COLUMNS = ("c0", "c1", "c2", "c3")


def _uploaded(reader, content: str = FILE, name: str = "customer"):
    reader.get(f"/imports/{name}")
    page = reader.post(f"/imports/{name}", files={"file": ("old.csv", content.encode())})
    assert page.status == 200, page.text
    return page


def _choice(page) -> dict[str, str]:
    """Return what the form of the columns would send."""
    (action,) = [
        each.attributes["action"] for each in page.all("form") if each.attributes.get("method") == "get"
    ]
    return {name: values[0] for name, values in page.form(action).items() if values}


def _address(page, **changes: str) -> str:
    return f"{page.path.removesuffix('/columns')}?{urlencode({**_choice(page), **changes})}"


def test_columns_are_proposed_put_right_and_imported(as_, office) -> None:
    reader = as_("root")
    page = _uploaded(reader)
    assert page.path.endswith("/columns")
    sent = _choice(page)
    assert {name: sent.get(name, "") for name in COLUMNS} == {
        "c0": "code",
        "c1": "name",
        "c2": "province",
        "c3": "",
    }
    assert (sent["head"], sent["sheet"]) == ("1", "old.csv")
    assert page.texts("span", "column-sample")[:4] == ["K01", "K02", "晨光五金", "远航贸易"]
    assert page.texts("span", "pill") == ["建议", "建议", "建议", "未对应"]
    assert "1 列不导入" in page.text
    page = reader.get(_address(page, c3="short_name"))
    assert "需要改正的单元格" not in page.text
    kept = page.form(page.path)
    assert (kept["c3"], kept["h3"]) == (["short_name"], ["老编号"])
    send = {name: values[0] for name, values in kept.items() if values}
    page = reader.post(page.path, {**send, "dry_run": "1"})
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get(page.url.split("http://shop.test")[-1])
    assert "试运行通过" in page.text
    (action,) = [
        each.attributes["action"]
        for each in page.all("form")
        if "/files/" in each.attributes.get("action", "")
    ]
    send = {name: values[0] for name, values in page.form(action).items() if values}
    page = reader.post(action, send)
    Worker(office.runtime, job_handlers()).run_once()
    run_id = int(page.path.rsplit("/", 1)[-1])
    assert "导入完成" in reader.get(page.path).text
    with office.look(None) as unit:
        columns = find_run(unit, run_id).options.columns
    assert columns is not None
    assert dict(columns.paths) == {0: "code", 1: "name", 2: "province", 3: "short_name"}
    found = reader.get("/forms/customer?q=K02")
    assert "远航贸易" in found.text


def test_an_import_whose_process_was_killed_says_so(as_, office, clock) -> None:
    reader = as_("root")
    page = _uploaded(reader)
    page = reader.get(_address(page))
    send = {name: values[0] for name, values in page.form(page.path).items() if values}
    page = reader.post(page.path, {**send, "dry_run": "1"})
    run_id = int(page.path.rsplit("/", 1)[-1])
    with office.act(None) as unit:
        claim(unit, run_id, {RunState.WAITING})
    assert "可以离开这个页面" in reader.get(page.path).text
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert "处理它的进程已停" in reader.get(page.path).text
    assert "处理它的进程已停" in reader.get("/imports").text


def test_a_file_like_one_before_goes_straight_to_its_preview(as_, office) -> None:
    reader = as_("root")
    page = reader.get(_address(_uploaded(reader), c3="short_name"))
    reader.post(page.path, {name: values[0] for name, values in page.form(page.path).items() if values})
    again = _uploaded(reader)
    assert not again.path.endswith("/columns")
    assert "K01" in again.text
    (columns,) = [each for each in again.all("a") if each.text == "列与字段"]
    page = reader.get(columns.attributes["href"])
    assert _choice(page)["c3"] == "short_name"
    assert set(page.texts("span", "pill")) == {"已选择"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"c3": "name"}, "由几列填写：B 客户名、D 老编号"),
        ({"c3": "balance"}, "没有可以填写的字段“balance”"),
        ({"c0": "", "c1": "", "c2": ""}, "还没有选择任何列"),
    ],
)
def test_a_choice_that_cannot_be_read_is_told_beside_the_columns(as_, changes, told: str) -> None:
    reader = as_("root")
    page = reader.get(_address(_uploaded(reader), **changes))
    assert page.path.endswith("/columns")
    assert page.status == 422
    assert told in page.one(cls="banner-bad").text
    url = page.path.removesuffix("/columns")
    sent = {**_choice(page), **changes}
    assert reader.post(url, sent).status == 422


def test_what_must_be_filled_and_is_not_is_told(as_) -> None:
    page = _uploaded(as_("root"), "客户名,备注\n晨光,x\n")
    assert "必填而没有列填写：客户编码" in page.one(cls="banner-warn").text


def test_dates_are_asked_about_beside_the_columns(as_) -> None:
    reader = as_("root")
    page = _uploaded(reader, "客户编码,交货日期,多余\nK01,03/04/2027,x\n", "order")
    assert [each.attributes["value"] for each in page.all("option") if each.text == "日/月/年"] == ["dmy"]
    page = reader.get(_address(page, dates="dmy"))
    assert page.form(page.path)["dates"] == ["dmy"]
    assert "2027-04-03" in page.text


def test_keys_of_references_stand_in_a_group_of_their_own(as_) -> None:
    page = _uploaded(as_("root"), "客户编号,交期,产品编号\nK01,2027-04-03,P1\n", "order")
    labels = list(dict.fromkeys(each.attributes["label"] for each in page.all("optgroup")))
    assert labels == ["销售订单", "明细", "销售订单：引用的编码或名称", "明细：引用的编码或名称"]
    assert _choice(page)["c0"] == "customer.code"


def test_the_choice_can_be_had_as_yaml_by_administrators_and_it_compiles(as_) -> None:
    reader = as_("root")
    page = reader.get(_address(_uploaded(reader), c3="short_name"))
    (link,) = [each.attributes["href"] for each in page.all("a") if "下载为 YAML" in each.text]
    got = reader.client.get(link)
    assert got.headers["content-disposition"] == "attachment; filename*=utf-8''customer_import.yaml"
    again = compiled({**dict(read_directory(EXAMPLE)), "imports/customers.yaml": got.content})
    mapping = again.import_by_id["customer_import"]
    assert [(each.field, each.heading) for each in mapping.columns] == [
        ("code", "客户编号"),
        ("name", "客户名"),
        ("province", "省份"),
        ("short_name", "老编号"),
    ]
    assert mapping.match == ("code",)


def test_columns_and_yaml_are_for_who_may_have_them(as_) -> None:
    url = _uploaded(as_("root")).path.removesuffix("/columns")
    assert as_("zhang").get(f"{url}/columns").status == 404
    assert as_("zhang").get(f"{url}/mapping").status == 404


def test_every_form_that_one_may_import_says_so_on_its_list(as_) -> None:
    def links(login: str, form: str) -> list[str]:
        page = as_(login).get(f"/forms/{form}")
        return [
            href
            for each in page.all("a")
            if (href := each.attributes.get("href", "")).startswith("/imports/")
        ]

    assert "/imports/customer" in links("root", "customer")
    assert "/imports/online_retail" in links("root", "order")
    assert "/imports/customer" not in links("zhang", "customer")
    assert "/imports/user" not in links("root", "user")
    assert as_("root").get("/imports/user").status == 404


def test_choices_that_nobody_could_have_made_are_left_out() -> None:
    sent = {
        "head": "2,x,-1,3",
        "c0": "code",
        "c99999999": "name",
        "c1001": "name",
        "cx": "name",
        "c2": "a" * 300,
        "h0": "编码",
        "dates": "ymx",
        "keep_good": "yes",
    }
    options = read_choices(sent)
    assert options.columns is not None
    assert options.columns.header_rows == (2, 3)
    assert dict(options.columns.paths) == {0: "code"}
    assert (options.dates, options.keep_good, options.sheet) == (None, False, None)
    assert read_choices({"c0": "code"}).columns is None
    again = {each.name: each.value for each in choice_fields(options)}
    assert read_choices(again) == options
