"""Values changed in a list: one field each, by the rules of its form, with who was faster told at the cell."""

from tests.web.conftest import enter_order


def cell(order: int, field: str) -> str:
    return f"/forms/order/{order}/cells/{field}"


def test_cells_that_may_be_changed_say_where(as_, order) -> None:
    page = as_("zhang").get("/forms/order")
    by_label = {
        each.attributes["data-label"]: each.attributes
        for each in page.all("td")
        if each.inside("tbody") and "data-label" in each.attributes
    }
    (row,) = (each.attributes["data-href"] for each in page.all("tr") if "data-href" in each.attributes)
    assert f"{row}/cells/{by_label['交货日期']['data-cell']}" == cell(order, "need_by")
    # Computed, numbered, and moved by buttons only.
    assert not {"单号", "合计", "未回款", "状态"} & {
        name for name, found in by_label.items() if "data-cell" in found
    }
    # A role that changes no orders gets none.
    assert "data-cell=" not in as_("sun").get("/forms/product").html


def test_a_value_is_saved_alone(office, as_, order) -> None:
    zhang = as_("zhang")
    path = cell(order, "need_by")
    sent = zhang.get(path).form(path)
    assert sent["need_by"] == [str(office.value("order", order, "need_by"))]
    saved = zhang.htmx(
        path, {**sent, "need_by": "2035-01-31", "carrier": "mass", "status": "done", "total": "1"}
    )
    assert (saved.status, saved.html) == (204, "")
    assert str(office.value("order", order, "need_by")) == "2035-01-31"
    assert (office.value("order", order, "carrier"), office.value("order", order, "status")) == (
        None,
        "inquiry",
    )
    # Without scripts the record is shown.
    assert (
        zhang.post(path, {**zhang.get(path).form(path), "need_by": "2036-01-31"}).path
        == f"/forms/order/{order}"
    )


def test_what_is_wrong_stands_at_the_cell(office, as_, order) -> None:
    zhang = as_("zhang")
    path = cell(order, "need_by")
    sent = zhang.get(path).form(path)
    for text, said in (("soon", ""), ("2000-01-01", "交货日期不能早于下单日期"), ("", "不能为空")):
        page = zhang.htmx(path, {**sent, "need_by": text})
        assert page.status == 422
        assert said in page.one("div", id="f-need_by-problem").text
        assert page.one("div", id="f-need_by-problem").text
    # A rule that stands at another field names it.
    path = cell(order, "ordered_on")
    page = zhang.htmx(path, {**zhang.get(path).form(path), "ordered_on": "2099-01-01"})
    assert page.one("div", id="f-ordered_on-problem").text == "交货日期：交货日期不能早于下单日期"


def test_who_was_faster_is_told_and_nothing_is_overwritten_unseen(office, as_, order) -> None:
    zhang = as_("zhang")
    path = cell(order, "need_by")
    sent = zhang.get(path).form(path)
    office.runtime.clock.advance(minutes=1)
    office.update(None, "order", order, need_by=office.today.replace(year=2031))
    page = zhang.htmx(path, {**sent, "need_by": "2035-01-31"})
    assert page.status == 409
    assert "2031" in page.one("div", cls="cell-clash").text
    assert page.form(path)["need_by"] == ["2035-01-31"]
    assert office.value("order", order, "need_by").year == 2031
    assert zhang.htmx(path, page.form(path)).status == 204
    assert office.value("order", order, "need_by").year == 2035


def test_a_change_of_something_else_does_not_stand_in_the_way(office, as_, order) -> None:
    zhang = as_("zhang")
    path = cell(order, "need_by")
    sent = zhang.get(path).form(path)
    office.runtime.clock.advance(minutes=1)
    office.update("zhang", "order", order, carrier="顺丰")
    assert zhang.htmx(path, {**sent, "need_by": "2035-01-31"}).status == 204
    assert (office.value("order", order, "carrier"), office.value("order", order, "need_by").year) == (
        "顺丰",
        2035,
    )


def test_what_may_not_be_changed_now_is_refused(office, as_, order) -> None:
    other = enter_order(office, by="li")
    zhang = as_("zhang")
    for field in (
        "total",
        "status",
        "lines",
        "id",
        "created_by",
        "number",
        "contract",
        "nothing",
        "lines.qty",
        "__class__",
    ):
        assert zhang.get(cell(order, field)).status == 404, field
        assert zhang.htmx(cell(order, field), {field: "1"}).status == 404, field
    assert zhang.get(cell(other, "need_by")).status == 404
    assert zhang.htmx(cell(other, "need_by"), {"need_by": "2035-01-31"}).status == 404
    assert zhang.get(cell(4711, "need_by")).status == 404
    assert zhang.get("/forms/order.lines/1/cells/qty").status == 404
    # What the form hides, or the state locks, says so.
    assert zhang.get(cell(order, "process")).status == 403
    office.do("zhang", "order", order, "quote")
    page = zhang.get(cell(order, "need_by"), hx_request="true")
    assert (page.status, "现在不能" in page.html) == (403, True)
    assert zhang.htmx(cell(order, "need_by"), {"need_by": "2035-01-31"}).status == 403
    assert office.value("order", order, "need_by").year != 2035
    zhang.csrf = "forged"
    assert zhang.post(cell(order, "need_by"), {"need_by": "2035-01-31"}).status == 403


def test_a_reference_is_picked_for_the_record_that_has_it(as_, order) -> None:
    zhang = as_("zhang")
    part = zhang.get(cell(order, "customer"))
    address = part.one("div", cls="picker").attributes["data-picker"]
    assert address == f"/forms/order/options/customer?record={order}"
    assert zhang.get(f"{address}&q=").all(role="option")
    assert zhang.get("/forms/order/options/customer?record=9999999999999999999999&q=").status == 200
