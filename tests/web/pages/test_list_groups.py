"""A grouped list: heads with counts and sums, opened a group at a time, page by page, one level within another."""

import pytest

from tests.web.conftest import enter_order


def _groups(page) -> dict[str, str]:
    """Return where each group opens, by its name and count."""
    return {each.text: each.attributes["hx-get"] for each in page.all("a", "group-open")}


@pytest.fixture
def three(office, order) -> None:
    office.do("zhang", "order", order, "quote")
    enter_order(office, qty="5"), enter_order(office, qty="7")


def test_a_list_is_grouped_with_counts_and_sums_and_opened(as_, three) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order?group=status&sort=total")
    assert list(_groups(page)) == ["询价2", "已报价1"]
    assert not page.all("a", "row-link")
    heads = page.all("tr", "rows-group-head")
    assert "1,200.00" in heads[0].text
    opened = reader.get(_groups(page)["询价2"])
    assert [each.text for each in opened.all("a", "row-link")] == ["SO20260302-0002", "SO20260302-0003"]
    assert not opened.all("html")
    # Without scripts a group is a list of its own.
    alone = page.all("a", "group-open")[1].attributes["href"]
    assert len(reader.get(alone).all("a", "row-link")) == 1


def test_a_group_is_grouped_again_and_its_way_stays(as_, three) -> None:
    reader = as_("zhang")
    page = reader.get("/forms/order?group=ordered_on&group=status")
    (month,) = _groups(page).values()
    inner = reader.get(month)
    assert list(_groups(inner)) == ["询价2", "已报价1"]
    assert len(reader.get(_groups(inner)["询价2"]).all("a", "row-link")) == 2
    assert {each.attributes["data-within"] for each in inner.all("tbody")} == {
        page.all("tbody", "rows-group")[0].attributes["data-group"]
    }


def test_a_large_group_is_walked_page_by_page(as_, three, monkeypatch) -> None:
    from orderkit.web.pages import list_group

    monkeypatch.setattr(list_group, "PAGE_SIZE", 1)
    reader = as_("zhang")
    first = reader.get(_groups(reader.get("/forms/order?group=status&sort=number"))["询价2"])
    (more,) = first.all("a", "btn-small")
    second = reader.get(more.attributes["href"])
    numbers = [each.text for page in (first, second) for each in page.all("a", "row-link")]
    assert numbers == ["SO20260302-0002", "SO20260302-0003"]
    assert not second.all("a", "btn-small")


def test_nobody_groups_by_what_they_may_not_see(as_, office, three) -> None:
    office.do("zhang", "order", 1, "place")
    office.decide("li")
    office.decide("wang")
    planner = as_("zhao")
    page = planner.get("/forms/order?group=status")
    assert list(_groups(page)) == ["待排产1"]
    assert "60,000" not in page.html
    choices = {each.attributes["value"] for each in page.all("option")}
    assert "total" not in choices
    assert planner.get("/forms/order?group=total,nothing,lines").all("a", "row-link")


@pytest.mark.parametrize("way", ["", "in==x&in==y&in==z", "in==nonsense"])
def test_a_way_that_leads_nowhere_is_no_fault(as_, three, way: str) -> None:
    assert as_("zhang").get(f"/forms/order/group?group=customer&{way}").status in {200, 404}


def test_grouping_that_takes_too_long_leaves_the_list(as_, three, monkeypatch) -> None:
    from orderkit.web.listing import groups

    monkeypatch.setattr(groups.records, "groups", lambda *_: None)
    page = as_("zhang").get("/forms/order?group=status")
    assert "来不及分组" in page.text
    assert len(page.all("a", "row-link")) == 3
