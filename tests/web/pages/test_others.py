"""Home, dashboards, reports, imports, messages, accounts and users."""

import json
from io import BytesIO

import pytest
import xlsxwriter

from orderkit.database.schema.system_tables import identity, import_run
from orderkit.engine import messages
from orderkit.engine.accounts import find_person, find_session
from orderkit.engine.importing.runs import RunState
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.web.request.cookies import SESSION


def _to_production(office, order: int) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    office.decide("li")
    office.decide("wang")


def test_home_greets_and_shows_what_waits(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    page = as_("li").get("/")
    assert page.one("h1").text == "上午好，李强".replace("上午", "早上")
    assert "有 1 项待您审批" in page.text
    assert "60,000.00" in page.text
    assert page.one("section", id="panel").attributes["hx-get"] == "/dashboards/overview/panel"
    assert as_("zhao").get("/").all("section", id="panel") == []


def test_the_dashboard_moves_with_the_orders(as_, office, order) -> None:
    reader = as_("li")
    before = reader.get("/dashboards/overview").texts("div", "kpi-value")
    _to_production(office, order)
    page = as_("li").get("/dashboards/overview")
    assert before[:2] == ["¥0.00", "0"]
    assert page.texts("div", "kpi-value")[:2] == ["¥60,000.00", "1"]
    charts = [json.loads(each.attributes["data-chart"]) for each in page.all("div", "chart")]
    assert {chart["kind"] for chart in charts} == {"line", "bar", "pie"}
    assert any("60,000.00" in row for row in page.texts("details", "chart-data"))


@pytest.mark.parametrize("period", ["last_month", "2026-03", "", "nonsense"])
def test_a_filter_of_a_dashboard_is_taken_from_the_address(as_, period: str) -> None:
    page = as_("li").get(f"/dashboards/overview?period={period}")
    assert page.status == 200
    assert bool(page.all(cls="banner-warn")) is (period == "nonsense")


def test_who_may_not_see_a_dashboard_is_told_so(as_) -> None:
    assert as_("zhao").get("/dashboards/overview").status == 403
    assert as_("zhao").get("/dashboards/nothing").status == 404
    assert as_("zhao").get("/reports/sales").status == 403


def test_a_report_answers_what_the_address_asks(as_, office, order) -> None:
    _to_production(office, order)
    reader = as_("li")
    page = reader.get("/reports/sales")
    assert page.texts("th")[-2:] == ["销售额", "订单数"]
    assert "2026-03" in page.text
    page = reader.get(
        "/reports/sales?by=customer&measures=revenue&measures=margin&sort=-revenue&time=this_year"
    )
    assert page.texts("td")[-2:] == ["60,000.00", "38.0%"]
    assert [e.attributes["value"] for e in page.all("input", name="by") if "checked" in e.attributes] == [
        "customer"
    ]
    page = reader.get("/reports/sales?by=nothing&measures=alsonothing&time=never&sort=x")
    assert page.status == 200
    assert page.all(cls="banner-bad")


def test_messages_are_counted_followed_and_then_read(as_, office, order) -> None:
    _to_production(office, order)
    office.work()
    reader = as_("qian")
    assert reader.get("/").one("a", "tool-bell").text == "1"
    page = reader.get("/messages?unread=1")
    assert "请为订单" in page.text
    assert page.one("article", "is-new")
    link = page.one("a", href=f"/messages/{_only_message(office, 'qian')}")
    page = reader.get(link.attributes["href"])
    assert page.path == f"/forms/order/{order}"
    assert reader.get("/").one("a", "tool-bell").text == ""
    assert "没有未读消息" in reader.get("/messages?unread=1").text
    assert "请为订单" in reader.get("/messages").text


def test_messages_are_read_at_a_button_and_those_of_others_are_left_alone(as_, office, order) -> None:
    _to_production(office, order)
    office.work()
    message = _only_message(office, "qian")
    other = as_("sun")
    other.get("/")
    assert other.get(f"/messages/{message}").status == 404
    for sent in ({"message": str(message)}, {"up_to": str(message)}, {"message": "x"}, {"up_to": "-1"}, {}):
        assert other.post("/messages/read", sent).status == 200
    reader = as_("qian")
    page = reader.get("/messages")
    assert page.all("article", "is-new")
    assert page.form("/messages/read")["up_to"] == [str(message)]
    assert reader.post("/messages/read", {"up_to": str(message - 1)}).all("article", "is-new")
    assert not reader.post("/messages/read", {"up_to": str(message)}).all("article", "is-new")


def _only_message(office, login: str) -> int:
    with office.look(login) as unit:
        (found,) = messages.inbox(unit)
    return found.id


def _sheet(rows: list[list[object]]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("订单")
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return buffer.getvalue()


HEADINGS = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
GOOD = [HEADINGS, ["536365", "85123A", "HOLDER", 6, "2010-12-01 08:26:00", 2.55, "17850", "United Kingdom"]]
BAD = [HEADINGS, ["536365", "85123A", "HOLDER", "six", "2010-12-01 08:26:00", "?", "17850", "United Kingdom"]]


def _upload(reader, rows) -> str:
    reader.get("/imports/online_retail")
    page = reader.post("/imports/online_retail", files={"file": ("orders.xlsx", _sheet(rows))})
    assert page.status == 200, page.text
    return page.path


def test_an_import_is_looked_at_tried_and_made(as_, office) -> None:
    reader = as_("root")
    path = _upload(reader, GOOD)
    page = reader.get(path)
    assert "InvoiceNo" in page.text
    assert "外部单号" in page.text
    assert "新增" in page.text
    page = reader.post(path, {"dry_run": "1"})
    assert page.all("progress")
    assert page.one(id="run").attributes["hx-trigger"] == "every 1s"
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get(page.url.split("http://shop.test")[-1])
    assert "试运行通过" in page.text
    assert not page.one(id="run").attributes.get("hx-trigger")
    assert "还没有销售订单" in reader.get("/forms/order").text
    page = reader.post(path, {})
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get(page.url.split("http://shop.test")[-1])
    assert "导入完成" in page.text
    assert "536365" in reader.get("/forms/order/1").text


def test_bad_cells_are_named_with_their_place_and_nothing_is_written(as_, office) -> None:
    reader = as_("root")
    path = _upload(reader, BAD)
    assert "D2" in reader.get(path).text
    page = reader.post(path, {})
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get(page.url.split("http://shop.test")[-1])
    assert "没有导入" in page.text
    assert "订单!D2" in page.text
    assert "订单!F2" in page.text
    assert "还没有销售订单" in reader.get("/forms/order").text


def test_a_text_table_is_called_as_its_file_and_its_dates_are_asked_about(as_, office) -> None:
    reader = as_("root")
    reader.get("/imports/online_retail")
    line = "536365,85123A,HOLDER,6,01/02/2011,2.55,17850,United Kingdom"
    content = f"{','.join(HEADINGS)}\n{line}\n".encode()
    page = reader.post("/imports/online_retail", files={"file": ("old.csv", content)})
    assert "工作表 old.csv" in page.text
    (day_first,) = [each.attributes["href"] for each in page.all("a") if "日/月/年" in each.text]
    page = reader.get(day_first)
    assert "需要改正的单元格" not in page.text
    page = reader.post(page.path.split("?")[0], {"dates": "dmy"})
    Worker(office.runtime, job_handlers()).run_once()
    assert "导入完成" in reader.get(page.url.split("http://shop.test")[-1]).text
    assert "2011-02-01" in reader.get("/forms/order/1").text


def test_good_rows_are_imported_alone_the_bad_ones_come_back_and_all_is_taken_back(as_, office) -> None:
    reader = as_("root")
    path = _upload(reader, [*GOOD, ["536366", *BAD[1][1:]]])
    page = reader.post(path, {"dry_run": "1"})
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get(page.url.split("http://shop.test")[-1])
    assert any("导入没有问题的行" in each for each in page.texts("button"))
    (link,) = [each.attributes["href"] for each in page.all("a") if "下载被拒绝的行" in each.text]
    assert reader.client.get(link).content[:2] == b"PK"
    assert as_("sun").get(link).status == 404
    reader = as_("root")
    reader.get(path)
    page = reader.post(path, {"keep_good": "1"})
    Worker(office.runtime, job_handlers()).run_once()
    run = page.url.split("http://shop.test")[-1]
    page = reader.get(run)
    assert "没有问题的行已导入" in page.text
    assert "536365" in reader.get("/forms/order/1").text
    reader.get(run)
    page = reader.post(f"{run.split('?')[0]}/reverse", {})
    assert "正在撤销" in page.text
    Worker(office.runtime, job_handlers()).run_once()
    assert "已撤销" in reader.get(run).text
    assert reader.get("/forms/order/1").status == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"not a workbook"), ("x.exe", b"MZ"), ("x.csv", b""), ("x.pdf", b"%PDF-1.4")],
)
def test_a_file_that_is_no_sheet_is_refused_with_words(as_, name: str, content: bytes) -> None:
    reader = as_("root")
    reader.get("/imports/online_retail")
    page = reader.post("/imports/online_retail", files={"file": (name, content)})
    assert page.status == 422
    assert page.one(cls="banner-bad").text


def test_a_workbook_with_a_password_is_told_as_such(as_) -> None:
    reader = as_("root")
    reader.get("/imports/online_retail")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    page = reader.post("/imports/online_retail", files={"file": ("x.xlsx", content)})
    assert page.status == 422
    assert page.one(cls="banner-bad").text == "这个文件有打开密码；请打开它，去掉密码后另存，再上传"


@pytest.mark.parametrize("state", list(RunState))
def test_every_state_of_an_import_is_told_with_what_may_be_done(as_, office, state: RunState) -> None:
    reader = as_("root")
    page = reader.post(_upload(reader, GOOD), {})
    Worker(office.runtime, job_handlers()).run_once()
    with office.act(None) as unit:
        unit.connection.execute(import_run.update().values(state=state))
    page = reader.get(page.url.split("http://shop.test")[-1].split("?")[0])
    assert f"imports.state_{state.value}" not in page.text
    assert f"imports.note_{state.value}" not in page.text
    actions = {each.attributes.get("action", "").rpartition("/")[2] for each in page.all("form")}
    assert ("stop" in actions) is (state in {RunState.WAITING, RunState.RUNNING, RunState.STOPPING})
    ends = {RunState.DONE, RunState.CANCELLED, RunState.FAILED, RunState.REVERSAL_FAILED}
    assert ("reverse" in actions) is (state in ends)


def test_without_a_file_one_is_asked_to_choose(as_) -> None:
    reader = as_("root")
    reader.get("/imports/online_retail")
    assert "请先选择文件" in reader.post("/imports/online_retail", {}).text


def test_an_upload_of_somebody_else_cannot_be_imported(as_) -> None:
    path = _upload(as_("root"), GOOD)
    assert as_("sun").get(path).status == 404


def test_a_template_can_be_had_by_who_may_import(as_, client) -> None:
    reader = as_("root")
    page = reader.get("/imports/customer")
    (link,) = [each for each in page.all("a") if "下载模板" in each.text]
    got = reader.client.get(link.attributes["href"])
    assert (got.status_code, got.content[:4]) == (200, b"PK\x03\x04")
    assert "attachment" in got.headers["content-disposition"]
    assert as_("zhang").get("/imports/customer/template").status == 403


def test_imports_are_for_who_may_import(as_) -> None:
    assert as_("zhang").get("/imports/online_retail").status == 403
    assert as_("root").get("/imports/nothing").status == 404
    assert "没有可用的导入" in as_("zhang").get("/imports").text


def test_the_navigation_shows_where_one_may_go(as_) -> None:
    def links(login: str) -> set[str]:
        return {a.attributes["href"] for a in as_(login).get("/inbox").all("a", "navigation-link")}

    assert "/forms/receipt" not in links("zhao")
    assert "/forms/order" in links("zhao")
    assert {"/forms/user", "/imports"} <= links("root")
    assert "/forms/user" not in links("zhang")


def test_a_user_is_made_given_roles_and_let_go(as_, office) -> None:
    reader = as_("root")
    page = reader.post("/forms/user/new", {"login": "neu", "name": "新人", "active": "true"})
    assert "新人" in page.one("h1").text
    user_url = page.one("a", href=f"/users/{page.path.rsplit('/', 1)[1]}").attributes["href"]
    page = reader.post(f"{user_url}/roles", {"roles": ["sales", "finance"]})
    assert [e.attributes["value"] for e in page.all("input", name="roles") if "checked" in e.attributes] == [
        "finance",
        "sales",
    ]
    page = reader.post(f"{user_url}/link")
    assert page.one("code").text.startswith("http://shop.test/link/")
    reader.post(f"{user_url}/deactivate")
    with office.look(None) as unit:
        assert find_person(unit, "neu") is None


def test_single_sign_on_is_unlinked_on_the_account(as_, office) -> None:
    li = office.ids["li"]
    reader = as_("root")
    assert not reader.get(f"/users/{li}").all("form", action=f"/users/{li}/unlink")
    with office.act(None) as unit:
        row = {"issuer": "https://id.example.com", "subject": "s", "user_id": li, "created_at": unit.now}
        unit.connection.execute(identity.insert().values(row))
    assert as_("zhang").post(f"/users/{li}/unlink").status == 403
    reader = as_("root")
    assert reader.get(f"/users/{li}").one("form", action=f"/users/{li}/unlink")
    page = reader.post(f"/users/{li}/unlink")
    assert "已解除单点登录" in page.html
    assert not page.all("form", action=f"/users/{li}/unlink")


def test_who_leaves_hands_over_tasks_and_records(as_, office, order: int) -> None:
    office.do("zhang", "order", order, "quote")
    zhang, wang = office.ids["zhang"], office.ids["wang"]
    reader = as_("root")
    page = reader.get(f"/users/{zhang}/deactivate")
    sent = page.form(f"/users/{zhang}/deactivate")
    # The manager is proposed, and all that is held.
    assert sent["successor"] == [str(office.ids["li"])]
    assert "order.salesperson" in sent["holdings"]
    url = next(
        a.attributes["href"] for a in page.all("a", "small") if "/forms/order?" in a.attributes["href"]
    )
    assert reader.get(url).status == 200
    # What is wrong is said where it is chosen, and the choice stays.
    wrong = reader.post(f"/users/{zhang}/deactivate", {"successor": "", "holdings": ["order.salesperson"]})
    assert (wrong.status, wrong.one("div", "banner-bad").text) == (422, "移交记录要选接手人")
    assert wrong.form(f"/users/{zhang}/deactivate")["holdings"] == ["order.salesperson"]
    page = reader.post(
        f"/users/{zhang}/deactivate", {"successor": str(wang), "holdings": ["order.salesperson"]}
    )
    assert "移交了 0 个待办、1 条记录" in page.html
    assert office.value("order", order, "salesperson") == wang
    assert "离职" not in as_("wang").get(f"/forms/order/{order}").one("h1").text
    page = as_("root").post(f"/users/{zhang}/reactivate")
    assert "账号已恢复" in page.html
    assert office.person("zhang").roles == {"sales"}


def test_the_last_administrator_cannot_be_demoted(as_, office) -> None:
    page = as_("root").post(f"/users/{office.ids['root']}/roles", {"roles": ["sales"]})
    assert page.status == 422
    assert "管理员" in page.text


@pytest.mark.parametrize("path", ["/roles", "/link", "/deactivate", "/reactivate"])
def test_accounts_of_others_are_for_administrators(as_, office, path: str) -> None:
    reader = as_("zhang")
    assert reader.get(f"/users/{office.ids['li']}").status == 403
    assert reader.post(f"/users/{office.ids['li']}{path}", {"roles": "admin"}).status == 403


def test_a_token_is_shown_once_works_and_can_be_revoked(as_, client) -> None:
    reader = as_("zhang")
    page = reader.post("/account/tokens", {"label": "脚本"})
    token = page.one("code").text
    assert token not in reader.get("/account").html
    assert "脚本" in reader.get("/account").text
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/order", headers=headers).status_code == 200
    revoke = next(f for f in page.all("form") if f.attributes["action"].endswith("/revoke"))
    reader.post(revoke.attributes["action"])
    assert client.get("/api/v1/order", headers=headers).status_code == 401


def test_the_password_is_changed_with_the_current_one_only(as_, office) -> None:
    from orderkit.engine.accounts import set_password
    from orderkit.engine.runtime import SYSTEM, Channel

    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        set_password(unit, office.ids["zhang"], "the first password")
    reader = as_("zhang")
    new = {"password": "the second password", "password_again": "the second password"}
    page = reader.post("/account/password", {"current": "wrong", **new})
    assert page.status == 403
    assert "当前密码不对" in page.text
    before = reader.client.cookies[SESSION]
    page = reader.post("/account/password", {"current": "the first password", **new})
    assert "密码已修改" in page.one(cls="notice").text
    assert reader.get("/inbox").path == "/inbox"
    # It goes on under another id; whoever knew the one before is out.
    assert reader.client.cookies[SESSION] != before
    assert find_session(office.runtime, before) is None


def test_departments_stand_below_each_other_with_heads_and_people(as_, office) -> None:
    root = as_("root")
    company = office.create("root", "department", {"name": "总公司", "head": office.ids["li"]})
    east = office.create("root", "department", {"name": "华东区", "parent": company})
    office.update("root", "user", office.ids["zhang"], department=east)
    page = root.get("/departments")
    names = page.texts("a", "tree-name")
    lines = {
        name: " ".join(each.text.split()) for name, each in zip(names, page.all(cls="tree-line"), strict=True)
    }
    assert names.index("华东区") == names.index("总公司") + 1
    assert "没有负责人 1 人" in lines["华东区"]
    assert "没有负责人" not in lines["总公司"]
    assert "0 人" in lines["总公司"]
    assert page.one("summary", **{"aria-label": "总公司 的下级部门"}).inside("details")
    assert root.get("/").all("a", href="/departments")


def test_the_departments_are_closed_to_who_may_not_read_them(as_) -> None:
    refused = as_("zhang").get("/departments")
    assert refused.status == 403
    assert not refused.all(cls="tree")
    assert 'href="/departments"' not in as_("zhang").get("/").html
