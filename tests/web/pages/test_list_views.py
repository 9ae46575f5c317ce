"""Kept views on the page of a list: tabs of their own, changed in a panel, and telling nobody more than they may see."""

import pytest

from orderkit.engine import lists
from orderkit.engine.lists import Arrangement, ColumnWidth
from tests.web.conftest import enter_order


def _tabs(page) -> dict[str, str]:
    return {each.text: each.attributes["href"] for each in page.all("a", "tab")}


def _current(page) -> list[str]:
    return [each.text for each in page.all("a", "tab", aria_current="true")]


def _keep(reader, name: str, query: str, **more: str):
    return reader.post("/forms/order/views", {"do": "new", "name": name, "query": query, **more})


def test_what_shows_is_kept_under_a_name_and_opened_by_it(as_, office, order) -> None:
    enter_order(office, qty="5")
    reader = as_("zhang")
    reader.post("/forms/order/columns", {"column": ["number", "total"]})
    page = _keep(reader, "大单", "f.total.from=1000&sort=-total&view=open&cursor=x")
    assert _current(page) == ["大单"]
    reader.post("/forms/order/columns", {"reset": "1"})
    page = reader.get(_tabs(reader.get("/forms/order"))["大单"])
    assert page.texts("th") == ["单号", "合计"]
    assert len(page.all("a", "row-link")) == 1
    assert "f.total.from=1000" in page.url
    assert "cursor" not in page.url
    # What is narrowed further is a change of it, until it is updated; a tab leaves it behind altogether.
    page = reader.get(page.url + "&f.kind=standard")
    assert page.one("button", aria_label="视图有改动")
    assert _tabs(page)["全部"] == "/forms/order?saved=0"
    number = page.all("input", name="id")[0].attributes["value"]
    page = reader.post(
        "/forms/order/views", {"do": "replace", "id": number, "query": "f.kind=standard&saved=" + number}
    )
    assert page.url.endswith("f.kind=standard")
    page = reader.post("/forms/order/views", {"do": "rename", "id": number, "name": "标准单"})
    assert "标准单" in _tabs(page)
    page = reader.post("/forms/order/views", {"do": "delete", "id": number})
    assert "标准单" not in _tabs(page)


def test_a_list_opens_with_the_view_that_somebody_chose(as_, order) -> None:
    reader = as_("zhang")
    _keep(reader, "返修", "f.kind=repair")
    number = _tabs(reader.get("/forms/order"))["返修"].split("saved=")[1].split("&")[0]
    reader.post("/forms/order/views", {"do": "default", "default": number})
    page = reader.get("/forms/order")
    assert _current(page) == ["返修"]
    page = reader.get(_tabs(page)["全部"])
    assert _current(page) == ["全部"]
    assert len(page.all("a", "row-link")) == 1
    reader.post("/forms/order/views", {"do": "default", "default": "late"})
    assert _current(reader.get("/forms/order")) == ["逾期未交"]
    reader.post("/forms/order/views", {"do": "default", "default": ""})
    assert _current(reader.get("/forms/order")) == ["全部"]


def test_a_shared_view_leaves_out_what_its_reader_may_not_see(as_, office, order) -> None:
    for step in ("quote", "place"):
        office.do("zhang", "order", order, step)
    office.decide("li")
    office.decide("wang")
    _keep(as_("root"), "盈利", "f.total.from=99999999&f.kind=standard&sort=-total", shared="1")
    planner = as_("zhao")
    tabs = _tabs(planner.get("/forms/order"))
    page = planner.get(next(url for name, url in tabs.items() if name.startswith("盈利")))
    assert page.status == 200
    # The amount it is about is neither applied nor told, in words, address or columns.
    assert "99999999" not in page.html
    assert "total" not in page.html
    assert len(page.all("a", "row-link")) == 1
    assert "有 2 个条件没有生效" in page.text
    assert as_("root").get(_tabs(as_("root").get("/forms/order"))["盈利"]).all("a", "row-link") == []


def test_a_view_whose_field_is_gone_does_without_it(as_, office, order) -> None:
    with office.act("zhang") as unit:
        form = unit.project.form_by_id["order"]
        arrangement = Arrangement(columns=(ColumnWidth("gone"), ColumnWidth("number")))
        query = "f.gone.from=1&any.1.also.not=2&f.kind=standard&sort=gone&view=gone"
        lists.keep_view(unit, form, "旧", query, arrangement, is_shared=False)
    page = as_("zhang").get(_tabs(as_("zhang").get("/forms/order"))["旧"])
    assert page.texts("th") == ["单号"]
    assert len(page.all("a", "row-link")) == 1
    assert "有 4 个条件没有生效" in page.text


def test_sharing_is_offered_to_those_who_may_and_refused_to_others(as_, order) -> None:
    assert as_("zhang").get("/forms/order").all("input", name="shared")
    assert not as_("zhao").get("/forms/order").all("input", name="shared")
    assert _keep(as_("zhao"), "共享", "", shared="1").status == 403


@pytest.mark.parametrize(("name", "said"), [("", "起个名字"), ("x" * 61, "最多 60"), ("<b>大单</b>", "")])
def test_a_name_that_will_not_do_is_said_on_the_list_as_it_was(as_, order, name: str, said: str) -> None:
    page = _keep(as_("zhang"), name, "f.kind=standard")
    assert "f.kind=standard" in page.url
    assert said in page.one("div", id="notices").text
    assert "<b>大单" not in page.html


def test_a_view_that_is_gone_leaves_its_address_working(as_, order) -> None:
    page = as_("zhang").get("/forms/order?saved=12345&f.kind=standard")
    assert page.status == 200
    assert len(page.all("a", "row-link")) == 1
    assert as_("zhang").post("/forms/order/views", {"do": "delete", "id": "12345"}).status == 404
    assert as_("zhang").post("/forms/order/views", {"do": "nonsense"}).status == 404
