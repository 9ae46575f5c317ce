"""One record: entering, changing, pressing, deciding — by forms alone, as a browser without scripts would."""

import json

import pytest
from sqlalchemy import update

from orderkit.engine import records
from orderkit.engine.records import LineChange, Update
from orderkit.engine.runtime import SYSTEM, Channel
from tests.web.conftest import enter_order

NEW = {"lines.rows": "1", "lines": "n0:", "touched": "", "drafted": ""}


def _filled(**more: str) -> dict[str, object]:
    return {
        **NEW,
        "customer": "1",
        "need_by": "2026-03-20",
        "ordered_on": "2026-03-02",
        "lines.n0.product": "5",
        "lines.n0.qty": "600",
        "lines.n0.price": "100",
        "lines.n0.discount": "0%",
        **more,
    }


def test_an_order_is_entered_and_shown(as_) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order/new")
    assert page.form("/forms/order/new")["ordered_on"] == ["2026-03-02"]
    assert page.form("/forms/order/new")["salesperson"] == ["3"]
    page = reader.post("/forms/order/new", _filled())
    assert page.one("h1").text == "SO20260302-0001 杭州恒力机电有限公司"
    assert "60,000.00" in page.texts("dd", "is-main")
    assert "已新建" in page.one(cls="notice").text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(as_, office) -> None:
    reader = as_("zhang")
    page = reader.post(
        "/forms/order/new",
        _filled(need_by="2026-02-01", **{"lines.n0.qty": "many", "lines.n0.price": "1,5x"}),
    )
    assert page.status == 422
    assert page.one("input", name="lines.n0.qty").attributes == {
        **page.one("input", name="lines.n0.qty").attributes,
        "value": "many",
        "aria-invalid": "true",
    }
    assert page.one(id="f-lines-n0-qty-problem").text
    assert page.one(id="f-lines-n0-price-problem").text
    page = reader.post("/forms/order/new", _filled(need_by="2026-02-01", **{"lines.n0.qty": "-1"}))
    assert page.one(id="f-need_by-problem").text == "交货日期不能早于下单日期"
    assert page.one(id="f-lines-n0-qty-problem").text == "数量必须大于 0"
    assert page.one("input", name="need_by").attributes["value"] == "2026-02-01"
    assert "还没有销售订单" in reader.get("/forms/order").text


def test_a_row_that_nobody_typed_into_is_not_sent_on(as_) -> None:
    reader = as_("zhang")
    sent = _filled(
        lines=["n0:", "n1:"],
        drafted="1",
        touched="customer need_by lines.n0.product lines.n0.qty lines.n0.price",
    )
    page = reader.post("/forms/order/new", {**sent, "lines.n1.discount": "0%", "lines.n1.product": ""})
    assert page.status == 200
    assert len(page.all("tr")) == 2


@pytest.mark.parametrize("rows", [["n0"], ["n0:x"], ["../:"], ["n0:", "n0:"]])
def test_rows_that_no_page_of_ours_made_are_refused(as_, rows: list[str]) -> None:
    assert as_("zhang").post("/forms/order/new", _filled(lines=rows)).status == 400


def test_fields_one_may_not_write_cannot_be_smuggled_in(as_, office) -> None:
    reader = as_("zhang")
    assert reader.post("/forms/order/new", _filled(**{"lines.n0.cost": "0.01"})).status in {403, 422}
    reader.post("/forms/order/new", _filled(status="done", number="SO1", total="1"))
    assert office.value("order", 1, "status") == "inquiry"
    assert office.value("order", 1, "number") == "SO20260302-0001"
    assert str(office.value("order", 1, "total")) == "60000.00"


def test_two_who_change_at_once_do_not_overwrite_each_other(as_, office, order) -> None:
    reader = as_("zhang")
    sent = reader.get(f"/forms/order/{order}/edit").form(f"/forms/order/{order}")
    office.update("zhang", "order", order, note="by another")
    page = reader.post(f"/forms/order/{order}", {**sent, "note": "mine"})
    assert page.status == 409
    assert "mine" in page.one("textarea", name="note").texts
    assert office.value("order", order, "note") == "by another"


def test_the_second_sees_what_the_first_changed_and_chooses(as_, office, order, clock) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    clock.advance(minutes=1)
    office.update("root", "order", order, note="theirs", external_no="PO-7")
    typed = {**sent, "note": "mine", "touched": "note", "drafted": "1"}
    page = reader.post(path, typed)
    assert page.texts("ins") == ["theirs", "PO-7"]
    assert "管理员" in page.one(cls="conflict").text
    assert page.texts("label", "form-check")[:2] == ["用我的: mine", "用对方的: theirs"]
    assert page.one("input", name="external_no").attributes["value"] == "PO-7"
    again = page.form(path)
    # The buttons stand above the form that they belong to.
    assert reader.post(path, {**again, "choose.note": "mine"}).status == 200
    assert [office.value("order", order, each) for each in ("note", "external_no")] == ["mine", "PO-7"]


def test_taking_what_the_first_saved_leaves_it_as_it_is(as_, office, order) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    office.update("root", "order", order, note="theirs")
    typed = {**sent, "note": "mine", "carrier": "", "touched": "note", "drafted": "1"}
    again = reader.post(path, typed).form(path)
    reader.post(path, {**again, "choose.note": "theirs"})
    assert office.value("order", order, "note") == "theirs"


def test_taking_the_product_of_a_row_that_the_first_saved_fills_in_which_it_is(
    as_, office, order, clock
) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    clock.advance(minutes=1)
    with office.look("root") as unit:
        row = records.get(unit, "order", order).lines["lines"][0]
    theirs, mine = [each for each in (1, 2, 3) if each != row.values["product"]][:2]
    with office.act("root") as unit:
        line = LineChange(id=row.id, values={"product": theirs})
        records.apply(unit, [Update(form="order", id=order, lines={"lines": [line]})])
    typed = {**sent, "lines.r0.product": str(mine), "touched": "lines.r0.product", "drafted": "1"}
    page = reader.post(path, typed)
    assert page.status == 409
    choice = page.one(cls="conflict-choice", data_clash="lines.r0.product").attributes
    assert choice["data-text"] == str(theirs)
    assert choice["data-shown"] == page.texts("ins")[0]


def test_rows_that_came_meanwhile_stay_and_rows_that_are_gone_come_back_where_typed_into(
    as_, office, order
) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    line = LineChange(values={"product": 1, "qty": 2, "price": 45})
    with office.act("root") as unit:
        records.apply(unit, [Update(form="order", id=order, lines={"lines": [line]})])
    typed = {**sent, "lines.r0.qty": "7", "touched": "lines.r0.qty", "drafted": "1"}
    page = reader.post(path, typed)
    assert page.status == 409
    again = page.form(path)
    assert [each.partition(":")[2] for each in again["lines"]] == ["", "2"]
    reader.post(path, again)
    page = reader.get(path)
    assert sorted(c.text for c in page.all("td", data_label="数量")) == ["2", "7"]


def test_a_record_is_changed_row_by_row(as_, office, order) -> None:
    reader = as_("zhang")
    sent = reader.get(f"/forms/order/{order}/edit").form(f"/forms/order/{order}")
    assert sent["lines"] == ["r0:1"]
    assert sent["lines.r0.qty"] == ["600"]
    page = reader.post(
        f"/forms/order/{order}",
        {
            **sent,
            "lines.r0.qty": "10",
            "lines": ["x:", "r0:1"],
            "lines.x.product": "1",
            "lines.x.qty": "2",
            "lines.x.price": "45",
        },
    )
    assert page.texts("dd", "is-main") == ["1,090.00"]
    assert [c.text for c in page.all("td", data_label="金额")] == ["90.00", "1,000.00"]


def test_a_draft_says_what_would_be_saved_by_the_pages_own_names(as_) -> None:
    reader = as_("zhang")
    sent = _filled(
        kind="custom",
        touched="kind lines.n0.qty",
        drafted="1",
        **{"lines.n0.price": "", "lines.n0.discount": "x"},
    )
    answer = reader.post("/forms/order/draft", sent, accept="application/json").response
    draft = json.loads(answer.content)
    assert draft["values"]["lines.n0.price"] == {"text": "100.00", "shown": "100.00", "value": "100.0000"}
    assert draft["values"]["lines.n0.product"]["shown"] == "DZ-JG01 激光切割支架（按图）"
    assert draft["states"]["process"] == {"visible": True, "required": True, "readonly": False}
    assert "lines.n0.discount" in draft["problems"]
    assert "cost" not in answer.text
    assert "/forms/order/1" not in answer.text


def test_a_record_is_copied_into_a_new_one(as_, order) -> None:
    sent = as_("zhang").get(f"/forms/order/new?copy={order}").form("/forms/order/new")
    assert sent["customer"] == ["1"]
    assert sent["lines.c0.qty"] == ["600"]
    assert sent["lines"] == ["c0:"]


def test_the_address_may_fill_in_fields(as_, order) -> None:
    address = "/forms/receipt/new?order=1&amount=abc"
    assert as_("sun").get(address).form("/forms/receipt/new")["order"] == [""]
    sent = as_("root").get(address).form("/forms/receipt/new")
    assert sent["order"] == ["1"]
    assert sent["amount"] == [""]


def test_who_may_not_create_or_change_is_told_so(as_, order) -> None:
    assert as_("wang").get("/forms/order/new").status == 403
    assert as_("wang").get(f"/forms/order/{order}/edit").status == 403
    assert as_("wang").post("/forms/order/new", _filled()).status == 403
    assert as_("zhang").get("/forms/user/1").status in {403, 404}


def test_a_picker_offers_what_its_rule_lets_in(as_, office) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order/options/customer?q=博远")
    assert page.texts("div", "picker-option") == ["苏州博远装备有限公司"]
    assert "没有匹配" in reader.get("/forms/order/options/customer?q=zzz").html
    office.update(None, "customer", 2, active=False)
    assert reader.get("/forms/order/options/customer?q=博远").texts("div", "picker-option") == []
    assert reader.get("/forms/order/options/total").status == 404


def test_buttons_are_those_of_the_state_the_grey_ones_say_why(as_, order) -> None:
    page = as_("zhang").get(f"/forms/order/{order}")
    assert (
        page.one("button", "btn-primary", hx_get=f"/forms/order/{order}/do/order_life/quote").text == "报价"
    )
    page = as_("root").get(f"/forms/order/{order}")
    grey = page.one("button", aria_disabled="true")
    assert grey.text.startswith("报价")
    assert "销售" in grey.attributes["data-why"]


def test_the_life_of_an_order_by_its_buttons(as_, office, order) -> None:
    url = f"/forms/order/{order}"
    reader = as_("zhang")
    dialog = reader.get(f"{url}/do/order_life/quote")
    sent = dialog.form(f"{url}/do/order_life/quote")
    assert (
        reader.htmx(
            f"{url}/do/order_life/quote", {**sent, "quote_valid_until": "2026-03-10"}
        ).response.headers["hx-redirect"]
        == url
    )
    page = reader.get(url)
    assert "“报价”已完成" in page.one(cls="notice").text
    assert page.one("li", aria_current="step").text == "已报价"
    reader.htmx(
        f"{url}/do/order_life/place", {"revision": page.form(f"{url}/do/order_life/place")["revision"]}
    )
    assert "审批中" in reader.get(url).text
    assert office.tasks("li") == {"li": 1}


def test_a_press_that_is_refused_says_why_and_changes_nothing(as_, office, clock, order) -> None:
    office.do("zhang", "order", order, "quote")
    clock.advance(days=40)
    page = as_("zhang").htmx(f"/forms/order/{order}/do/order_life/place")
    assert page.status == 422
    assert page.response.headers["hx-retarget"] == "#notices"
    assert "交货日期已过" in page.one(cls="notice").text
    assert office.value("order", order, "status") == "quoted"


def test_what_a_button_asks_for_is_asked_again_until_it_is_right(as_, office, order) -> None:
    reader, url = as_("zhang"), f"/forms/order/{order}/do/order_life/cancel"
    page = reader.htmx(url, {"reason": ""})
    assert page.status == 422
    assert page.one(id="f-reason-problem").text
    page = reader.htmx(url.replace("cancel", "quote"), {"quote_valid_until": "soon"})
    assert page.status == 422
    assert page.one("input", name="quote_valid_until").attributes["value"] == "soon"
    assert reader.htmx(url, {"reason": "客户取消"}).status == 204
    assert "客户取消" in reader.get(f"/forms/order/{order}").text


def test_a_button_that_is_gone_says_so(as_, order) -> None:
    page = as_("zhang").htmx(f"/forms/order/{order}/do/order_life/ship")
    assert page.status == 404
    assert "不可用" in page.one(cls="notice").text


def test_an_approver_decides_on_the_record(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    reader = as_("li")
    page = reader.get(f"/forms/order/{order}")
    assert "待您审批" in page.one("section", "decide").text
    approve = page.one("button", "btn-good").attributes["hx-post"]
    seen = page.one("input", name="seen").attributes["value"]
    refused = reader.htmx(approve.replace("approve", "reject"), {"seen": seen})
    assert refused.status == 422
    assert refused.one(cls="notice")
    assert (
        reader.htmx(approve, {"seen": seen, "comment": "同意"}).response.headers["hx-redirect"]
        == f"/forms/order/{order}"
    )
    assert not reader.get(f"/forms/order/{order}").all("section", "decide")
    assert reader.htmx(approve, {"seen": seen}).status in {204, 403, 409}
    assert office.tasks("wang") == {"wang": 1}


def test_the_inbox_shows_what_helps_to_decide(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    reader = as_("li")
    page = reader.get("/inbox")
    assert "60,000.00" in page.one(cls="task").text
    assert "张敏" in page.one(cls="task").text
    dialog = reader.get(page.one("button", "btn-good").attributes["hx-get"])
    action = dialog.one("form").attributes["action"]
    reader.htmx(action, dialog.form(action))
    assert "没有待办" in reader.get("/inbox").text
    assert "已批准" in reader.get("/inbox?state=decided").text


def test_a_task_of_another_cannot_be_decided(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    page = as_("zhang").htmx("/tasks/1/approve")
    assert page.status in {403, 404}
    assert office.tasks("li") == {"li": 1}
    assert as_("li").get("/tasks/1/dance").status == 404


def test_the_submitter_takes_an_order_back(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    assert as_("zhang").htmx(f"/forms/order/{order}/withdraw").status == 204
    assert office.value("order", order, "status") == "quoted"


def test_the_timeline_tells_who_did_what(as_, office, order) -> None:
    office.update("zhang", "order", order, note="小心轻放")
    page = as_("zhang").get(f"/forms/order/{order}")
    items = page.texts("li", "event-item")
    assert "张敏" in items[0]
    assert "小心轻放" in items[0]
    assert len(items) == 2


def test_a_record_is_deleted_after_being_asked(as_, order) -> None:
    reader = as_("zhang")
    dialog = reader.get(f"/forms/order/{order}/delete")
    action = f"/forms/order/{order}/delete"
    assert reader.htmx(action, dialog.form(action)).response.headers["hx-redirect"] == "/forms/order"
    assert reader.get(f"/forms/order/{order}").status == 404


def test_related_records_stand_on_the_page(as_, office, order) -> None:
    page = as_("zhang").get("/forms/customer/1")
    assert "SO20260302-0001" in page.text
    assert "/forms/order/new?customer=1" in [a.attributes["href"] for a in page.all("a", "btn-small")]


def test_an_attachment_is_taken_and_given_out_to_who_may_see_it(as_, office, order) -> None:
    reader, pdf = as_("zhang"), b"%PDF-1.4\n%content\n"
    page = reader.post(
        "/forms/order/upload/contract", files={"file": ("合同.pdf", pdf)}, accept="application/json"
    )
    stored = page.response.json()
    assert stored["name"] == "合同.pdf"
    sent = reader.get(f"/forms/order/{order}/edit").form(f"/forms/order/{order}")
    page = reader.post(f"/forms/order/{order}", {**sent, "contract": str(stored["id"])})
    assert "合同.pdf" in page.text
    answer = reader.get(f"/files/{stored['id']}").response
    assert answer.content == pdf
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert as_("sun").get(f"/files/{stored['id']}").status == 404


def test_an_upload_of_the_wrong_kind_is_refused_with_words(as_) -> None:
    page = as_("zhang").post(
        "/forms/order/upload/contract", files={"file": ("evil.pdf", b"<script>")}, accept="application/json"
    )
    assert page.status == 422
    assert page.response.json()["detail"]
    assert (
        as_("zhang").post("/forms/order/upload/contract", {"file": "text"}, accept="application/json").status
        == 400
    )


def test_a_session_that_has_ended_sends_htmx_to_sign_in(nobody) -> None:
    nobody.get("/sign-in")
    page = nobody.get(
        "/inbox", follow=False, hx_request="true", hx_current_url="http://shop.test/forms/order?q=1"
    )
    assert page.response.headers["hx-redirect"] == "/sign-in?next=%2Fforms%2Forder%3Fq%3D1"


def test_values_of_people_are_never_markup(as_, office) -> None:
    evil = '<script>alert(1)</script>" onmouseover="x'
    made = office.create("zhang", "customer", {"code": "X1", "name": evil})
    page = as_("zhang").get(f"/forms/customer/{made}")
    assert page.one("h1").text == evil
    assert "<script>alert" not in page.html
    enter_order(office)
    assert "<script>alert" not in as_("zhang").get("/forms/order/options/customer?q=alert").html


def test_what_a_browser_kept_is_shown_again_and_nothing_of_it_is_saved(as_, office, order) -> None:
    reader = as_("zhang")
    page = reader.post("/forms/order/new/resume", _filled(**{"lines.n0.qty": "many"}))
    assert page.status == 200
    assert page.one("input", name="lines.n0.qty").attributes["value"] == "many"
    assert reader.post(f"/forms/order/{order}/resume", {"note": "kept", "revision": "1"}).status == 200
    assert office.value("order", order, "note") is None
    assert reader.post("/forms/order/99/resume", {"note": "kept"}).status == 404
    assert as_("qian").post("/forms/order/new/resume", _filled()).status == 403


def test_only_a_plain_mark_is_carried_over_to_the_page_after_saving(as_) -> None:
    reader = as_("zhang")
    assert (
        reader.post("/forms/order/new", _filled(kept="123")).one(cls="notice").attributes["data-saved"]
        == "123"
    )
    page = reader.post("/forms/order/new", _filled(kept='"><b>'))
    assert "data-saved" not in page.one(cls="notice").attributes


def test_mistakes_are_listed_at_the_head_each_with_a_way_to_its_field(as_) -> None:
    page = as_("zhang").post("/forms/order/new", _filled(need_by="2026-02-01", **{"lines.n0.qty": "-1"}))
    links = {
        each.text: each.attributes["href"]
        for each in page.all("a")
        if "data-reveals-field" in each.attributes
    }
    assert links == {"交货日期": "#f-need_by", "明细第 1 行 · 数量": "#f-lines-n0-qty"}
    assert all(page.one(id=each.removeprefix("#")) for each in links.values())


def test_pasted_texts_mean_the_one_record_that_is_seen_or_none(as_) -> None:
    address = "/forms/order/options/customer/meant"
    asked = {"meant": ["customer 博远", "customer 有限公司", "customer zzz"]}
    answer = json.loads(as_("zhang").post(address, asked).html)["meant"]
    assert answer[0] is not None
    assert "博远" in answer[0]["title"]
    assert answer[1:] == [None, None]
    assert as_("zhang").post("/forms/order/options/total/meant", asked).status == 404


def test_a_form_that_is_sent_again_is_saved_once(as_) -> None:
    reader = as_("zhang")
    mark = reader.get("/forms/order/new").form("/forms/order/new")["kept"][0]
    first = reader.post("/forms/order/new", _filled(kept=mark))
    again = reader.post("/forms/order/new", _filled(kept=mark))
    assert (again.path, again.status) == (first.path, 200)
    assert "已新建" in again.one(cls="notice").text
    # What was refused may be put right and sent under the same mark.
    other = reader.post("/forms/order/new", _filled(kept="5", **{"lines.n0.qty": "0"}))
    assert (other.status, other.form("/forms/order/new")["kept"]) == (422, ["5"])
    assert reader.post("/forms/order/new", _filled(kept="5")).path != first.path


def test_an_edit_that_is_sent_again_is_no_conflict_with_itself(as_, order, office) -> None:
    reader = as_("zhang")
    sent = {
        "note": "one",
        "revision": reader.get(f"/forms/order/{order}/edit").form(f"/forms/order/{order}")["revision"][0],
    }
    for _ in range(2):
        assert reader.post(f"/forms/order/{order}", {**sent, "kept": "7"}).path == f"/forms/order/{order}"
    with office.look("zhang") as unit:
        assert [entry.verb for entry in records.history(unit, "order", order)].count("updated") == 1
    assert reader.post(f"/forms/order/{order}", {**sent, "kept": "8"}).status == 409


def test_a_saved_form_that_is_typed_on_says_so_and_saves_as_another(as_) -> None:
    reader = as_("zhang")
    first = reader.post("/forms/order/new", _filled(kept="5"))
    page = reader.post("/forms/order/new", _filled(kept="5", note="more"))
    assert page.status == 409
    assert "已经保存过一次" in page.one(cls="banner-bad").text
    mark = page.form("/forms/order/new")["kept"][0]
    assert mark not in {"", "5"}
    assert reader.post("/forms/order/new", _filled(kept=mark, note="more")).path != first.path


def test_marks_of_two_people_do_not_meet(as_) -> None:
    first = as_("zhang").post("/forms/order/new", _filled(kept="5"))
    assert as_("root").post("/forms/order/new", _filled(kept="5")).path != first.path


def test_an_edit_that_the_state_forbids_names_the_state_and_whose_turn_it_is(as_, office, order) -> None:
    table = office.runtime.database.tables["order"]
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        unit.connection.execute(update(table).where(table.c.id == order).values(status="ready"))
    page = as_("root").get(f"/forms/order/{order}/edit")
    assert page.status == 403
    assert "状态为“待发货”时，你不能修改；现在由仓库处理" in page.text
