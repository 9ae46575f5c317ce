"""One thing done to many records of a list: chosen, asked, done record by record, told record by record."""

import pytest
from sqlalchemy import func, select

from orderkit.database.schema.system_tables import bulk_run, job
from orderkit.engine.bulk import MOST_RECORDS, BulkHandler
from orderkit.engine.jobs import Worker
from tests.support.office import Office
from tests.web.conftest import enter_order
from tests.web.reader import Page, Reader

EDIT = "/forms/order/bulk/edit"
MOVE = "/forms/order/bulk/move"
DELETE = "/forms/order/bulk/delete"


def asked(reader: Reader, path: str, *ids: int, more: str = "") -> dict[str, object]:
    """Open a question about records and return what its form would send."""
    page = reader.get(f"{path}?ids={','.join(map(str, ids))}{more}")
    assert page.status == 200, page.text
    return dict(page.form(path))


def told(page: Page) -> dict[str, str]:
    """Return what became of each record, by its title, with the reason."""
    cells = [each.text for each in page.elements if each.tag == "td"]
    rows = [cells[at : at + 3] for at in range(0, len(cells), 3)]
    return {
        title.split(" ")[0].rsplit("-", 1)[-1]: f"{outcome} {reason}".strip()
        for title, outcome, reason in rows
    }


@pytest.fixture
def orders(office: Office) -> list[int]:
    return [enter_order(office, qty="6") for _ in range(3)]


def test_a_list_offers_what_may_be_done_to_several(as_, orders) -> None:
    page = as_("zhang").get("/forms/order?q=SO")
    ticks = page.all("input", name="ids", form="selection")
    assert sorted(int(each.attributes["value"]) for each in ticks) == orders
    bar = [each for each in page.elements if each.tag == "button" and "formaction" in each.attributes]
    assert [each.attributes["formaction"] for each in bar][:2] == [EDIT, MOVE]
    assert DELETE in [each.attributes["formaction"] for each in bar]
    assert page.one("input", type="hidden", name="list").attributes["value"] == "q=SO"
    # Somebody who may only read gets nothing to tick.
    assert not as_("sun").get("/forms/product").all("input", name="ids")


def test_a_value_that_is_only_ever_copied_is_not_asked_for_though_it_is_sent(as_, orders) -> None:
    edit = "/forms/receipt/bulk/edit"
    refused = as_("root").post(edit, {"ids": "1", "set": ["customer"], "customer": "1"})
    assert refused.status == 422
    assert "请勾选要修改的字段" in refused.text


def test_fields_are_given_to_all_and_the_list_comes_back_as_it_was(office, as_, orders) -> None:
    zhang = as_("zhang")
    sent = asked(zhang, EDIT, *orders, more="&list=q%3DSO")
    done = zhang.post(
        EDIT, {**sent, "set": ["kind", "carrier"], "kind": "repair", "carrier": "顺丰", "note": "not ticked"}
    )
    assert (done.status, done.url.partition("?")[2]) == (200, "q=SO")
    assert "已完成 3 条" in done.html
    assert [office.value("order", each, "carrier") for each in orders] == ["顺丰"] * 3
    assert [office.value("order", each, "note") for each in orders] == [None] * 3


def test_what_is_ticked_and_empty_is_emptied_and_what_is_so_already_is_said(office, as_, orders) -> None:
    office.update("zhang", "order", orders[0], carrier="中通")
    zhang = as_("zhang")
    sent = asked(zhang, EDIT, *orders[:2])
    done = zhang.post(EDIT, {**sent, "set": "carrier", "carrier": ""})
    assert "已完成 1 条，1 条原本如此" in done.html
    assert office.value("order", orders[0], "carrier") is None


def test_one_record_is_refused_with_the_reason_and_the_others_are_done(office, as_, orders) -> None:
    other = enter_order(office, by="li")
    zhang = as_("zhang")
    sent = asked(zhang, EDIT, *orders, other)
    page = zhang.post(EDIT, {**sent, "set": "need_by", "need_by": "2000-01-01"})
    assert page.path.startswith("/bulk/")
    results = told(page)
    assert results["0001"] == "未通过 交货日期：交货日期不能早于下单日期"
    assert results["#4"] == "未通过 不存在、已被删除，或没有查看权限"
    sent = asked(zhang, EDIT, *orders, other)
    page = zhang.post(EDIT, {**sent, "set": "carrier", "carrier": "顺丰"})
    assert [each.split(" ")[0] for each in told(page).values()] == ["未通过", "已完成", "已完成", "已完成"]
    assert office.value("order", other, "carrier") is None


def test_nothing_ticked_and_what_cannot_be_read_are_said_before_anything_is_done(office, as_, orders) -> None:
    zhang = as_("zhang")
    sent = asked(zhang, EDIT, *orders)
    page = zhang.post(EDIT, sent)
    assert (page.status, "请勾选要修改的字段" in page.text) == (422, True)
    page = zhang.post(EDIT, {**sent, "set": "need_by", "need_by": "soon"})
    assert page.status == 422
    assert page.one("div", id="f-need_by-problem").text
    assert page.one("input", name="set", value="need_by").attributes["checked"] == ""
    with office.look(None) as unit:
        assert unit.connection.execute(select(func.count()).select_from(bulk_run)).scalar_one() == 0


def test_a_transition_is_pressed_on_those_that_allow_it(office, as_, orders) -> None:
    office.do("zhang", "order", orders[0], "quote")
    zhang = as_("zhang")
    page = zhang.get(f"{MOVE}?ids={','.join(map(str, orders))}")
    choices = {each.text: each.attributes["href"] for each in page.all("a", cls="move-choice")}
    assert next(iter(choices)).startswith("取消")
    quote = next(text for text in choices if text.startswith("报价"))
    assert quote == "报价所选 3 条中 2 条可以"
    form = zhang.get(choices[quote]).form(MOVE)
    page = zhang.post(MOVE, {**form, "quote_valid_until": "2030-01-01", "comment": "一起报价"})
    assert told(page) == {"0001": "未通过 当前状态没有这个操作", "0002": "已完成", "0003": "已完成"}
    assert [office.value("order", each, "status") for each in orders] == ["quoted"] * 3
    assert [str(office.value("order", each, "quote_valid_until")) for each in orders[1:]] == [
        "2030-01-01"
    ] * 2
    with office.look("zhang") as unit:
        from orderkit.engine import workflow

        assert [e.comment for e in workflow.timeline(unit, "order", orders[1])][-1] == "一起报价"


def test_what_a_transition_demands_is_asked_once(office, as_, orders) -> None:
    zhang = as_("zhang")
    form = zhang.get(f"{MOVE}?ids={orders[0]},{orders[1]}&to=do.order_life.cancel").form(MOVE)
    page = zhang.post(MOVE, form)
    assert (page.status, page.one("div", id="f-reason-problem").text) == (422, "必填")
    done = zhang.post(MOVE, {**form, "reason": "客户取消"})
    assert "已完成 2 条" in done.html
    assert office.value("order", orders[0], "status") == "cancelled"


def test_records_are_deleted_where_the_rules_let_them(office, as_, orders) -> None:
    office.do("zhang", "order", orders[0], "quote")
    zhang = as_("zhang")
    page = zhang.post(DELETE, asked(zhang, DELETE, *orders[:2]))
    results = told(page)
    assert results["0002"] == "已完成"
    assert results["0001"].startswith("未通过")
    assert not page.all("a", href=f"/forms/order/{orders[1]}")
    assert office.value("order", orders[0], "status") == "quoted"


def test_the_same_press_twice_is_one_run_and_another_under_its_name_is_refused(office, as_, orders) -> None:
    zhang = as_("zhang")
    sent = {**asked(zhang, EDIT, *orders), "set": "carrier", "carrier": "顺丰"}
    zhang.post(EDIT, sent)
    office.update("zhang", "order", orders[0], carrier="中通")
    again = zhang.post(EDIT, sent)
    assert again.status == 200
    assert office.value("order", orders[0], "carrier") == "中通"
    other = zhang.post(EDIT, {**sent, "carrier": "圆通"})
    assert (other.status, "已经提交过一次" in other.html) == (409, True)


def test_all_that_match_are_settled_when_it_is_asked(office, as_, orders) -> None:
    office.update("zhang", "order", orders[2], carrier="圆通")
    zhang = as_("zhang")
    page = zhang.get(f"{EDIT}?all=1&ids={orders[0]}&list=f.carrier.empty%3Dtrue")
    assert "已选 2 条记录" in page.text
    sent = page.form(EDIT)
    later = enter_order(office, qty="6")
    zhang.post(EDIT, {**sent, "set": "carrier", "carrier": "顺丰"})
    assert [office.value("order", each, "carrier") for each in (*orders, later)] == [
        "顺丰",
        "顺丰",
        "圆通",
        None,
    ]


def many(office: Office, count: int) -> list[int]:
    return [enter_order(office, qty="1") for _ in range(count)]


def test_many_records_are_done_in_the_background_and_can_be_stopped(office, as_) -> None:
    orders = many(office, 22)
    zhang = as_("zhang")
    page = zhang.post(EDIT, {**asked(zhang, EDIT, *orders), "set": "carrier", "carrier": "顺丰"})
    assert "等待开始" in page.text
    assert page.one("div", id="run").attributes["hx-get"] == page.path
    stopped = zhang.post(f"{page.path}/stop")
    assert "正在停止" in stopped.text
    Worker(office.runtime, {"bulk": BulkHandler()}).run_once()
    ended = zhang.get(page.path)
    assert "已停止" in ended.text
    assert office.value("order", orders[0], "carrier") is None
    page = zhang.post(EDIT, {**asked(zhang, EDIT, *orders), "set": "carrier", "carrier": "顺丰"})
    Worker(office.runtime, {"bulk": BulkHandler()}).run_once()
    assert zhang.get(page.path).one("h1").text == "批量修改：承运商"
    assert {office.value("order", each, "carrier") for each in orders} == {"顺丰"}


# Attack.


def test_what_one_may_not_see_is_not_told_and_not_touched(office, as_, orders) -> None:
    hidden = enter_order(office, by="li")
    zhang = as_("zhang")
    page = zhang.post(DELETE, asked(zhang, DELETE, hidden, 4711, orders[0]))
    cells = [each.text for each in page.elements if each.tag == "td"]
    assert f"#{hidden}" in cells
    assert cells[cells.index(f"#{hidden}") + 1 :][:2] == cells[cells.index("#4711") + 1 :][:2]
    assert office.value("order", hidden, "status") == "inquiry"


def test_forged_requests_do_nothing(office, as_, orders) -> None:
    zhang = as_("zhang")
    some = f"{orders[0]},{orders[1]}"
    for path in (
        f"{EDIT}?ids=",
        f"{EDIT}?ids=1%3Bdrop",
        f"{EDIT}?ids=-1",
        f"{EDIT}?ids={'9' * 40}",
        f"{EDIT}?ids={','.join(map(str, range(1, 10_001)))}",
        f"/forms/nothing/bulk/edit?ids={some}",
        f"/forms/order.lines/bulk/edit?ids={some}",
        f"{MOVE}?ids={some}&to=do.order_life.release",
        f"{MOVE}?ids={some}&to=do.order_life.settle",
        f"{MOVE}?ids={some}&to=do.receipt_life.confirm",
        f"{MOVE}?ids={some}&to=withdraw.order_life.withdraw",
        f"/forms/order/bulk/make/user?ids={some}",
    ):
        assert zhang.get(path).status in {403, 404, 422}, path
    for data in (
        {"status": "done", "set": "status"},
        {"total": "1", "set": "total"},
        {"created_by": "1", "set": "created_by"},
        {"id": "9", "set": "id"},
    ):
        assert zhang.post(EDIT, {"ids": some, **data}).status == 422
    for to in ("do.order_life.settle", "do.order_life.release", "x", ""):
        assert zhang.post(MOVE, {"ids": some, "to": to}).status == 404
    assert (
        zhang.post(
            EDIT, {"ids": ",".join(map(str, range(1, 10_001))), "set": "carrier", "carrier": "x"}
        ).status
        == 422
    )
    assert MOST_RECORDS == 1_000
    assert [office.value("order", each, "status") for each in orders] == ["inquiry"] * 3
    with office.look(None) as unit:
        assert (
            unit.connection.execute(
                select(func.count()).select_from(job).where(job.c.kind == "bulk")
            ).scalar_one()
            == 0
        )


def test_a_run_is_nobody_elses(office, as_, orders) -> None:
    zhang = as_("zhang")
    many(office, 1)
    page = zhang.post(DELETE, asked(zhang, DELETE, orders[0], 4711))
    assert page.path == "/bulk/1"
    li = as_("li")
    assert li.get("/bulk/1").status == 404
    assert li.post("/bulk/1/stop").status == 404
    assert li.get("/bulk/4711").status == 404


def test_a_page_needs_the_token_of_its_session(as_, orders) -> None:
    zhang = as_("zhang")
    zhang.csrf = "forged"
    assert zhang.post(DELETE, {"ids": str(orders[0])}).status == 403


def test_a_list_that_is_sent_along_leads_nowhere_else(as_, orders) -> None:
    zhang = as_("zhang")
    sent = asked(zhang, EDIT, *orders, more="&list=//evil.example/%3Fq=x%0d%0aSet-Cookie:a")
    done = zhang.post(EDIT, {**sent, "set": "carrier", "carrier": "x"})
    assert done.path == "/forms/order"
    assert "evil" not in done.url.partition("?")[0]
