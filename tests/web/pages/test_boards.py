"""Boards: what stands in which column, for whom, and where a card may go, with the reason where it may not."""

import pytest
from sqlalchemy import event, select

from tests.web.conftest import enter_order

BOARD = "/forms/order/board/status"


def _columns(page) -> dict[str, str]:
    """Return the columns of a board: their labels and counts."""
    return dict(zip(page.texts("span", "board-label"), page.texts("span", "board-count"), strict=True))


def _cards(page, value: str) -> list[str]:
    (column,) = page.all("section", data_board_column=value)
    return [each.text for each in page.all("a", "board-name") if column in each.ancestors]


def _moves(page) -> dict[str, str]:
    """Return where a card may go, and of every other column why not."""
    found = {each.attributes["data-target"]: "" for each in page.all("button", "menu-item")}
    return found | {
        e.attributes["data-refused"]: e.attributes["data-reason"] for e in page.all("div", "board-refused")
    }


def test_records_stand_under_their_states_in_the_order_of_the_workflow(as_, office) -> None:
    first, _ = enter_order(office), enter_order(office, qty="5")
    office.do("zhang", "order", first, "quote")
    page = as_("zhang").get(BOARD)
    assert list(_columns(page).items())[:3] == [("询价", "1"), ("已报价", "1"), ("审批中", "0")]
    assert _cards(page, "quoted") == ["SO20260302-0001"]
    assert "60,000.00" in page.text


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("f.total.to=1000", {"询价": "1", "已报价": "0"}),
        ("f.status=quoted", {"已报价": "1"}),
        ("f.status.not=quoted", {"询价": "1", "审批中": "0"}),
        ("q=0002", {"询价": "1", "已报价": "0"}),
        ("view=late", {}),
        ("show.quoted=60&show.inquiry=-1&show.nothing=60", {"询价": "1", "已报价": "1"}),
    ],
)
def test_the_filters_of_the_list_hold_on_the_board(as_, office, query: str, columns: dict[str, str]) -> None:
    first, _ = enter_order(office), enter_order(office, qty="5")
    office.do("zhang", "order", first, "quote")
    page = as_("zhang").get(f"{BOARD}?{query}")
    assert dict(list(_columns(page).items())[: len(columns)]) == columns
    assert bool(_columns(page)) is bool(columns)


def test_a_column_shows_more_when_asked_and_leads_to_the_table_in_the_end(as_, office, monkeypatch) -> None:
    from orderkit.web.boards import columns

    monkeypatch.setattr(columns, "SHOWN", (1, 2))
    for _ in range(3):
        enter_order(office)
    reader, seen, path = as_("zhang"), [], BOARD
    for _ in range(2):
        page = reader.get(path)
        seen.append(len(_cards(page, "inquiry")))
        (link,) = page.all("a", "board-more")
        path = link.attributes["href"]
    assert seen == [1, 2]
    assert path == "/forms/order?f.status=inquiry"


def test_all_columns_are_counted_by_one_question(as_, office) -> None:
    first, _ = enter_order(office), enter_order(office)
    office.do("zhang", "order", first, "quote")
    reader, asked = as_("zhang"), []
    engine = office.runtime.database.engine

    def noted(_connection, _cursor, statement: str, *_rest) -> None:
        if "count(*)" in statement and '"order"' in statement and "LIMIT" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", noted)
    try:
        counts = _columns(reader.get(BOARD))
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    assert (len(counts), counts["询价"], counts["已报价"]) == (10, "1", "1")
    assert len(asked) == 1


def test_a_board_shows_no_more_than_the_list(as_, office, order) -> None:
    assert _columns(as_("sun").get(BOARD)) == {}
    assert as_("sun").get(f"/forms/order/{order}/moves/status").status == 404
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    office.decide("li")
    office.decide("wang")
    page = as_("zhao").get(BOARD)
    assert _cards(page, "planning") == ["SO20260302-0001"]
    assert "60,000" not in page.html


def test_what_no_board_is_by_is_no_board(as_, order) -> None:
    reader = as_("root")
    assert [reader.get(f"/forms/order/board/{field}").status for field in ("kind", "total", "x")] == [404] * 3
    assert reader.post(f"/forms/order/{order}/moves/total", {"to": "1"}).status == 404


def test_a_card_may_go_where_a_button_leads_and_says_why_not_elsewhere(as_, office, order) -> None:
    moves = _moves(as_("zhang").get(f"/forms/order/{order}/moves/status"))
    assert [to for to, why in moves.items() if not why] == ["quoted", "cancelled"]
    assert moves["producing"] == "「询价」不能直接移到「生产中」"
    assert "只能由" in _moves(as_("li").get(f"/forms/order/{order}/moves/status"))["quoted"]


def test_a_state_is_not_moved_by_an_edit(as_, office, order) -> None:
    answer = as_("root").post(f"/forms/order/{order}/moves/status", {"to": "done"})
    assert answer.status in {403, 422}
    assert office.value("order", order, "status") == "inquiry"


def _ways(page) -> dict[tuple[str, str], str]:
    """Return where each way of a card leads, by its column and what stands on it."""
    return {
        (each.attributes["data-target"], each.text.split("…")[0]): each.attributes["hx-get"]
        for each in page.all("button", "menu-item")
        if "data-asks" in each.attributes
    }


def test_a_card_in_approval_goes_where_its_approvers_decide(as_, office, order) -> None:
    moves = f"/forms/order/{order}/moves/status"
    for step in ("quote", "place"):
        office.do("zhang", "order", order, step)
    page = as_("zhang").get(moves)
    assert set(_ways(page)) == {("quoted", "已报价撤回")}
    refused = _moves(page)
    assert refused["planning"] == refused["cancelled"] == "审批中，由审批人决定去向：待李强处理"
    assert refused["shipped"] == "「审批中」不能直接移到「已发货」"

    lead = as_("li")
    ways = _ways(lead.get(moves))
    assert set(ways) == {("planning", "待排产批准"), ("cancelled", "已取消驳回"), ("quoted", "已报价退回")}
    approve = ways["planning", "待排产批准"]
    assert lead.get(approve).all("input", name="stays")
    seen = lead.get(approve).all("input", name="seen")[0].attributes["value"]
    answer = lead.htmx(approve.split("?")[0], {"seen": seen, "stays": "1"})
    assert answer.status == 200
    assert "已批准，还待其他审批人处理" in answer.text
    assert not _ways(lead.get(moves))

    director = as_("wang")
    send_back = _ways(director.get(moves))["quoted", "已报价退回"].split("?")[0]
    assert director.htmx(send_back, {"stays": "1"}).status == 422
    assert office.value("order", order, "status") == "review"
    answer = director.htmx(send_back, {"stays": "1", "comment": "价格再谈"})
    assert "已退回" in answer.text
    assert "还待" not in answer.text
    assert office.value("order", order, "status") == "quoted"


def _customer(office) -> tuple[int, int]:
    table = office.runtime.database.tables["customer"]
    with office.look(None) as unit:
        return tuple(unit.connection.execute(select(table.c.id, table.c.revision).limit(1)).one())


def test_a_card_of_a_choice_is_moved_by_an_edit_under_its_rules(as_, office) -> None:
    (record_id, revision) = _customer(office)
    path = f"/forms/customer/{record_id}/moves/kind"
    reader = as_("root")
    assert _moves(reader.get(path)) == {"": "", "trader": "", "person": ""}
    assert reader.htmx(path, {"to": "nonsense"}).status == 422
    assert reader.htmx(path, {"to": "trader", "revision": revision}).status == 200
    assert office.value("customer", record_id, "kind") == "trader"
    assert reader.htmx(path, {"to": "person", "revision": revision}).status == 409
    assert office.value("customer", record_id, "kind") == "trader"
    assert reader.htmx(path, {"to": ""}).status == 200
    assert "未填" in _columns(reader.get("/forms/customer/board/kind"))


def test_who_may_only_read_moves_nothing(as_, office) -> None:
    (record_id, _) = _customer(office)
    path = f"/forms/customer/{record_id}/moves/kind"
    reader = as_("qian")
    assert set(_moves(reader.get(path)).values()) == {"您不能修改「客户类型」"}
    assert reader.htmx(path, {"to": "trader"}).status == 403


def _sums(reader, path: str) -> dict[str, str]:
    """Return what the board at a path shows under the heads of its columns, by their labels, once they have come."""
    page = reader.get(path)
    places = {}
    for each in page.all("dl", "board-sums"):
        (column,) = [a for a in each.ancestors if a.tag == "section"]
        (label,) = [e.text for e in page.all("span", "board-label") if column in e.ancestors]
        places[each.attributes["id"]] = label
    (awaited,) = page.all("div", id="board-sums")
    found = reader.get(awaited.attributes["hx-get"])
    assert not found.all("html")
    # Nothing comes for which there is no place, and nothing is left waiting.
    assert {each.attributes["id"] for each in found.all("dl")} == set(places)
    return {places[each.attributes["id"]]: each.text for each in found.all("dl") if each.text}


def test_columns_have_the_sums_that_the_list_has_in_its_foot(as_, office, order) -> None:
    enter_order(office, qty="5"), enter_order(office, qty="0.055")
    office.do("zhang", "order", order, "quote")
    reader = as_("zhang")
    assert _sums(reader, BOARD) == {
        "已报价": "合计60,000.00未回款60,000.00",
        "询价": "合计505.50未回款505.50",
    }
    assert _sums(reader, f"{BOARD}?f.total.to=100&show.inquiry=60") == {"询价": "合计5.50未回款5.50"}
    assert _sums(reader, f"{BOARD}?f.status=quoted") == {"已报价": "合计60,000.00未回款60,000.00"}
    # The columns of the list that are summed are the reader's own.
    reader.post("/forms/order/columns", {"column": ["number", "total"]})
    assert _sums(reader, BOARD)["询价"] == "合计505.50"
    reader.post("/forms/order/columns", {"column": ["number", "customer"]})
    assert not reader.get(BOARD).all("dl", "board-sums")


def test_sums_of_columns_tell_nobody_what_they_may_not_see(as_, office, order) -> None:
    for step in ("quote", "place"):
        office.do("zhang", "order", order, step)
    office.decide("li")
    office.decide("wang")
    assert "60,000" in _sums(as_("li"), BOARD)["待排产"]
    assert "60,000" not in as_("zhao").get(f"{BOARD}/totals").html
    assert as_("sun").get(f"{BOARD}/totals").status == as_("sun").get(BOARD).status
    assert as_("root").get("/forms/order/board/kind/totals").status == 404


def test_sums_of_columns_that_take_too_long_are_said_to(as_, order, monkeypatch) -> None:
    from orderkit.web.boards import sums

    monkeypatch.setattr(sums.records, "groups", lambda *_: None)
    page = as_("zhang").get(f"{BOARD}/totals")
    assert page.status == 200
    assert "来不及合计" in page.html
    assert not page.all("dl")


def test_on_a_phone_the_bin_stands_above_every_layout(as_, order) -> None:
    for path in ("/forms/order", BOARD, "/forms/order/calendar"):
        (link,) = as_("root").get(path).all("a", "only-narrow", href="/forms/order/bin")
        assert link.attributes["aria-label"] == "回收站"
        assert not as_("zhao").get(path).all("a", href="/forms/order/bin")
