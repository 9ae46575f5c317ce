"""Lists: what one may see, found and ordered by the address, page by page."""

import json
from io import BytesIO
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from tests.web.conftest import enter_order


def _numbers(page) -> list[str]:
    return [each.text for each in page.all("a", "row-link")]


def test_an_empty_list_says_what_to_do(as_) -> None:
    page = as_("zhang").get("/forms/order")
    assert "还没有销售订单" in page.text
    assert [a.attributes["href"] for a in page.all("a", "btn-primary")] == ["/forms/order/new"] * 2


def test_a_list_shows_columns_states_and_numbers_at_the_right(as_, order) -> None:
    page = as_("zhang").get("/forms/order")
    assert page.texts("th") == ["单号", "客户", "合计", "未回款", "交货日期", "业务员", "状态"]
    cells = {
        each.attributes["data-label"]: each for each in page.all("td") if "data-label" in each.attributes
    }
    assert cells["合计"].text == "60,000.00"
    assert "is-number" in cells["合计"].classes
    (pill,) = [each for each in page.all("span", "pill") if each.inside("td")]
    assert "hue-azure" in pill.classes
    assert page.one("tr", data_href=f"/forms/order/{order}")


def test_fields_that_a_role_hides_are_no_columns(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    office.decide("li")
    office.decide("wang")
    page = as_("zhao").get("/forms/order")
    assert "合计" not in page.texts("th")
    assert "60,000" not in page.html
    assert len(_numbers(page)) == 1


def test_others_records_are_not_listed(as_, office, order) -> None:
    assert len(_numbers(as_("li").get("/forms/order"))) == 1
    assert _numbers(as_("sun").get("/forms/order")) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=恒力", 2),
        ("q=没有这样的", 0),
        ("f.status=inquiry", 1),
        ("f.status=inquiry&f.status=quoted", 2),
        ("f.status=nonsense", 2),
        ("f.customer=1", 2),
        ("f.customer=99", 0),
        ("f.customer=x", 2),
        ("f.ordered_on.from=2026-03-02", 2),
        ("f.ordered_on.to=2026-03-01", 0),
        ("f.ordered_on.from=yesterday", 2),
        ("view=open", 2),
        ("view=unpaid", 0),
        ("view=unknown", 2),
        ("sort=-total", 2),
        ("sort=lines", 2),
        ("f.nothing=1&unknown=2", 2),
        ("f.status.not=quoted", 1),
        ("f.ordered_on.during=today", 2),
        ("f.ordered_on.during=last_month", 0),
        ("f.ordered_on.last=3", 2),
        ("f.salesperson.mine=me", 2),
        ("f.total.from=1000", 1),
        ("f.total.empty=true", 0),
        ("any.1.status=quoted&any.1.total.to=1000", 2),
        ("match=any&f.status=quoted&all.1.total.to=100&all.1.status=inquiry", 1),
        ("f.total.from=1 or 1=1", 2),
        ("f.ordered_on.during=%27;drop table order", 2),
    ],
)
def test_the_address_decides_what_is_listed(as_, office, query: str, count: int) -> None:
    first, _ = enter_order(office), enter_order(office, qty="5")
    office.do("zhang", "order", first, "quote")
    page = as_("zhang").get(f"/forms/order?{query}")
    assert page.status == 200
    assert len(_numbers(page)) == count


def test_a_heading_orders_and_orders_back(as_, office) -> None:
    enter_order(office), enter_order(office, qty="5")
    reader = as_("zhang")
    page = reader.get("/forms/order?sort=total")
    assert _numbers(page) == ["SO20260302-0002", "SO20260302-0001"]
    (heading,) = page.all("th", aria_sort="ascending")
    link = next(e for e in page.all("a", "sorter") if heading in e.ancestors)
    page = reader.get(link.attributes["href"])
    assert _numbers(page) == ["SO20260302-0001", "SO20260302-0002"]


def test_a_cursor_that_fits_nothing_is_refused_kindly(as_, order) -> None:
    page = as_("zhang").get("/forms/order?cursor=nonsense")
    assert page.status == 422
    assert "Traceback" not in page.html


def test_pages_follow_one_another_without_gap_or_repetition(as_, office, monkeypatch) -> None:
    from orderkit.web.pages import record_list

    monkeypatch.setattr(record_list, "PAGE_SIZE", 2)
    for _ in range(5):
        enter_order(office)
    reader, seen, path = as_("zhang"), [], "/forms/order?sort=number"
    for _ in range(3):
        page = reader.get(path)
        seen += _numbers(page)
        links = [e for e in page.all("a", "btn-small") if e.text == "下一页"]
        path = links[0].attributes.get("href", "")
    assert seen == [f"SO20260302-000{n}" for n in range(1, 6)]
    assert path == ""


def test_the_list_is_exported_as_it_stands_under_the_same_rights(as_, office, order) -> None:
    enter_order(office, qty="5")
    answer = as_("zhang").get("/forms/order/export?sort=total").response
    assert "filename*=utf-8''%E9%94%80" in answer.headers["content-disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["单号", "客户", "合计"]
    assert [row[2] for row in rows[1:]] == [500.0, 60000.0]
    assert as_("zhao").get("/forms/order/export").status == 403


def test_a_list_offers_each_kind_of_file_of_what_it_shows_and_of_everything(as_, office, order) -> None:
    enter_order(office, qty="5")
    reader = as_("zhang")
    page = reader.get("/forms/order?f.total.to=1000")
    urls = [e.attributes["href"] for e in page.all("a", "menu-item") if "/export/" in e.attributes["href"]]
    assert len(urls) == 6
    found = {}
    for url in urls:
        answer = reader.get(url).response
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["x-content-type-options"] == "nosniff"
        if "/json" in url:
            found[url.endswith("/all")] = json.loads(answer.content)
        elif "/csv" in url:
            lines = answer.content.decode("utf-8-sig").splitlines()
            assert len(lines) == (3 if url.endswith("/all") else 2)
            assert ("明细.数量" in lines[0]) is url.endswith("/all")
    assert [len(found[each]) for each in (False, True)] == [1, 2]
    assert "lines" not in found[False][0]
    assert [line["qty"] for line in found[True][0]["lines"]] == ["600.000"]
    assert "cost" not in found[True][0]["lines"][0], "what the role hides stays hidden"
    assert not any(
        "/export" in e.attributes.get("href", "") for e in as_("zhao").get("/forms/order").all("a")
    )
    for kind in ("pdf", "xlsx/some"):
        assert reader.get(f"/forms/order/export/{kind}").status == 404
    for url in urls:
        assert as_("zhao").get(url).status == 403


@pytest.mark.parametrize(
    "path", ["/forms/nothing", "/forms/order.lines", "/forms/order/999", "/forms/order/x", "/nowhere"]
)
def test_what_is_not_there_is_not_found(as_, path: str) -> None:
    page = as_("zhang").get(path)
    assert page.status == 404
    assert page.all("a", "btn-primary")


def test_a_form_without_read_is_refused(as_) -> None:
    assert as_("qian").get("/forms/receipt").status == 403


def test_a_filter_that_is_partly_no_id_keeps_the_rest(as_, order) -> None:
    page = as_("zhang").get("/forms/order?f.customer=abc&f.customer=%E2%91%A0&f.customer=1")
    assert page.status == 200


def test_any_field_that_one_may_see_can_become_a_filter(as_, order) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order?f.status=inquiry")
    more = {each.text: each.attributes["href"] for each in page.all("a", "menu-item", role="menuitem")}
    page = reader.get(more["合计"])
    assert page.one("div", role="dialog", aria_label="合计")
    assert {"f.total.from", "f.total.to"} <= {each.attributes.get("name") for each in page.all("input")}
    # What a role hides is offered to nobody who has it, and named by hand it finds nothing.
    page = as_("zhao").get("/forms/order?open=f.total")
    assert not page.all("input", name="f.total.from")
    assert _numbers(as_("zhao").get("/forms/order?f.total.from=0")) == []


def test_what_the_filters_sent_is_written_into_the_address_in_one_way(as_, order) -> None:
    reader = as_("zhang")
    sent = "/forms/order?f.status=quoted&f.status.how=not&f.ordered_on.last=14&f.ordered_on.from="
    answer = reader.client.get(sent, headers={"HX-Request": "true"})
    pushed = answer.headers["hx-push-url"]
    assert pushed == "/forms/order?f.status.not=quoted&f.ordered_on.during=last_14_days"
    opened = reader.client.get("/forms/order?open=f.total", headers={"HX-Request": "true"})
    assert "hx-push-url" not in opened.headers


def test_groups_of_filters_can_be_begun_and_joined_otherwise(as_, order) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order?any.1.status=inquiry&any.1.total.from=1")
    (group,) = page.all("div", "filter-group")
    assert group.attributes["aria-label"] == "任一满足"
    links = {each.text: each.attributes["href"] for each in page.all("a", "menu-item", role="menuitem")}
    assert len(reader.get(links["添加条件组"]).all("div", "filter-group")) == 2
    page = reader.get(links["满足任一条件即可"])
    assert page.one("input", name="match").attributes["value"] == "any"
    assert [each.attributes["aria-label"] for each in page.all("div", "filter-group")] == ["同时满足"]


@pytest.mark.parametrize("path", ["/forms/order", "/forms/order/board/status", "/forms/order/calendar"])
def test_a_group_that_would_stand_too_deep_is_not_begun(as_, order, path: str) -> None:
    reader = as_("zhang")
    for depth, shown in ((3, 3), (4, 0), (2000, 0)):
        page = reader.get(f"{path}?open={'any.1.' * depth}")
        assert page.status == 200
        assert len(page.all("div", "filter-group")) == shown


def _links(page, group: str) -> dict[str, str]:
    """Return what may be done from the menus that belong to a group of filters alone."""
    (menu,) = page.all("div", data_filters=group)
    return {
        each.text: each.attributes["href"] for each in page.all("a", "menu-item") if menu in each.ancestors
    }


def _groups_of_filters(page) -> list[tuple[int, str]]:
    """Return how deep each group stands, and how it is joined."""
    return [
        (sum("filter-group" in a.classes for a in each.ancestors), each.attributes["aria-label"])
        for each in page.all("div", "filter-group")
    ]


def test_groups_stand_in_groups_are_turned_and_removed_as_a_whole(as_, order) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order?any.1.status=quoted")
    assert _numbers(page) == []
    # A group in the group asks for all, opens at once, and has a group of its own in turn, but no deeper.
    page = reader.get(_links(page, "any.1.")["添加条件组"])
    assert _groups_of_filters(page) == [(0, "任一满足"), (1, "同时满足")]
    page = reader.get(_links(page, "any.1.all.1.")["添加条件组"])
    assert _groups_of_filters(page) == [(0, "任一满足"), (1, "同时满足"), (2, "任一满足")]
    assert "添加条件组" not in _links(page, "any.1.all.1.any.1.")
    assert page.one("input", name="any.1.status", checked="").attributes["value"] == "quoted"

    page = reader.get("/forms/order?any.1.status=quoted&any.1.all.1.status=inquiry&any.1.all.1.total.from=5")
    assert len(_numbers(page)) == 1
    menus = [each for each in page.all("div", role="menu") if "data-filters-menu" in each.attributes]
    turns, removes = [
        [e.attributes["href"] for m in menus for e in page.all("a", "menu-item") if m in e.ancestors][at::2]
        for at in (0, 1)
    ]
    turned = reader.get(turns[1])
    assert _groups_of_filters(turned) == [(0, "任一满足"), (1, "不同时满足")]
    assert _numbers(turned) == []
    assert _groups_of_filters(reader.get(removes[1])) == [(0, "任一满足")]
    assert _groups_of_filters(reader.get(removes[0])) == []
    opposite = reader.get(turns[0])
    assert _groups_of_filters(opposite) == [(0, "都不满足"), (1, "同时满足")]
    assert _numbers(opposite) == []
    assert len(_numbers(reader.get("/forms/order?none.1.status=quoted"))) == 1


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"any.1.all.{a}.any.{b}.status=inquiry" for a in range(1, 10) for b in range(1, 10)),
        ".".join(["any.1"] * 400) + ".status=inquiry",
        "any.1.all.1.=&any.1.=&none.9.all.9.any.9.total.from=x",
        "open=any.1.all.1.any.1.all.1.total",
        "open=any.1.all.1.any.1.",
        "open=" + "none.9." * 50,
        "any.1.status=inquiry&open=none.1.&open=any.1.",
    ],
)
def test_however_groups_are_nested_the_list_stands_or_says_why_not(as_, order, query: str) -> None:
    page = as_("zhang").get(f"/forms/order?{query}")
    assert page.status in {200, 422}
    assert page.status == 200 or "筛选条件太多" in page.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_whatever_a_filter_holds_is_shown_as_text(as_, order, text: str) -> None:
    page = as_("zhang").get(f"/forms/order?f.number={quote(text)}&open={quote(text)}")
    assert page.status == 200
    assert page.one("input", name="f.number").attributes["value"] == text
    assert text not in page.html or "<" not in text


DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "path",
    [
        f"/forms/order/{DIGITS}",
        f"/forms/order/{'9' * 19}",
        f"/tasks/{DIGITS}/approve",
        f"/files/{DIGITS}",
        f"/imports/runs/{DIGITS}",
        f"/users/{DIGITS}",
    ],
)
def test_an_id_that_no_database_holds_is_not_found(as_, path: str) -> None:
    assert as_("root").get(path).status == 404


@pytest.mark.parametrize("before", [DIGITS, "9" * 30, "٣", "-1", "x"])
@pytest.mark.parametrize("path", ["/inbox", "/messages"])
def test_a_list_goes_on_from_an_id_and_from_nothing_else(as_, path: str, before: str) -> None:
    assert as_("root").get(f"{path}?before={before}").status == 200
