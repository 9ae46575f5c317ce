"""The foot of a list: asked for apart from the list, over all of its pages, and under the reader's own rights."""

from orderkit.web.pages import list_totals
from tests.web.conftest import enter_order


def _sums(page) -> dict[str, str]:
    return {
        each.attributes["data-label"]: each.text for each in page.all("td") if "is-number" in each.classes
    }


def test_the_foot_sums_up_every_page_of_the_filtered_list(as_, office, order, monkeypatch) -> None:
    from orderkit.web.pages import record_list

    monkeypatch.setattr(record_list, "PAGE_SIZE", 1)
    enter_order(office, qty="5"), enter_order(office, qty="0.055")
    reader = as_("zhang")
    page = reader.get("/forms/order?f.total.to=1000&sort=total")
    (foot,) = page.all("tfoot")
    found = reader.get(foot.attributes["hx-get"])
    assert _sums(found) == {"合计": "505.50", "未回款": "505.50"}
    assert found.one("span", id="list-count").text == "共 2 条"
    assert not found.all("html")


def test_nobody_sees_sums_of_what_they_may_not_see(as_, office, order) -> None:
    for step in ("quote", "place"):
        office.do("zhang", "order", order, step)
    office.decide("li")
    office.decide("wang")
    assert _sums(as_("li").get("/forms/order/totals")) == {"合计": "60,000.00", "未回款": "60,000.00"}
    planner = as_("zhao").get("/forms/order/totals")
    assert "60,000" not in planner.html
    assert not as_("zhao").get("/forms/order").all("tfoot")
    assert as_("qian").get("/forms/receipt/totals").status == 403


def test_sums_that_take_too_long_are_said_to(as_, order, monkeypatch) -> None:
    monkeypatch.setattr(list_totals.records, "totals", lambda *_: None)
    page = as_("zhang").get("/forms/order/totals")
    assert page.status == 200
    assert "来不及合计" in page.html


def test_a_list_without_numbers_asks_for_nothing(as_, order) -> None:
    reader = as_("zhang")
    reader.post("/forms/order/columns", {"column": ["number", "customer"]})
    assert not reader.get("/forms/order").all("tfoot")


def test_a_long_list_does_not_wait_to_be_counted_where_its_sums_count_it(
    as_, office, order, monkeypatch
) -> None:
    from orderkit.web.pages import record_list

    monkeypatch.setattr(record_list, "PAGE_SIZE", 1)
    monkeypatch.setattr(record_list, "QUICKLY_COUNTED", 2)
    enter_order(office, qty="5"), enter_order(office, qty="0.055")
    reader = as_("zhang")
    page = reader.get("/forms/order")
    assert page.one("span", id="list-count").text == "共 2+ 条"
    (foot,) = page.all("tfoot")
    assert reader.get(foot.attributes["hx-get"]).one("span", id="list-count").text == "共 3 条"
    # Without sums nothing else would count it.
    reader.post("/forms/order/columns", {"column": ["number", "customer"]})
    assert reader.get("/forms/order").one("span", id="list-count").text == "共 3 条"
