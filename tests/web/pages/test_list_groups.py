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

    monkeypatch.setattr(groups.records, "groups", lambda *_, **__: None)
    page = as_("zhang").get("/forms/order?group=status")
    assert "来不及分组" in page.text
    assert len(page.all("a", "row-link")) == 3


def _names(page) -> dict[str, str]:
    """Return what each group is called on the page, by its label and count."""
    return {
        each.text: next(a.attributes["data-group"] for a in each.ancestors if "data-group" in a.attributes)
        for each in page.all("a", "group-open")
    }


def test_groups_that_are_open_come_with_the_list_when_it_is_asked_for_anew(as_, office, three) -> None:
    reader = as_("zhang")
    grouped = "/forms/order?group=status&sort=number"
    page = reader.get(grouped)
    assert page.one("div", id="list").attributes["data-live"] == "order"
    inquiry = _names(page)["询价2"]
    enter_order(office, qty="9")
    again = reader.get(f"{grouped}&opened={inquiry}.2")
    assert list(_groups(again)) == ["询价3", "已报价1"]
    shown = again.all("a", "row-link")
    assert [each.text for each in shown] == ["SO20260302-0002", "SO20260302-0003", "SO20260302-0004"]
    assert {a.attributes["data-group"] for each in shown for a in each.ancestors if a.tag == "tbody"} == {
        inquiry
    }
    opener = again.all("a", "group-open")[0]
    assert (opener.attributes["aria-expanded"], opener.attributes["data-loaded"]) == ("true", "true")


def test_groups_within_groups_come_with_it_as_far_as_the_outer_ones_are_open(as_, three) -> None:
    reader = as_("zhang")
    grouped = "/forms/order?group=ordered_on&group=status"
    outer = next(iter(_names(reader.get(grouped)).values()))
    inner = _names(reader.get(f"{grouped}&opened={outer}"))["询价2"]
    both = reader.get(f"{grouped}&opened={outer}&opened={inner}.1")
    assert len(both.all("a", "row-link")) == 2
    assert not reader.get(f"{grouped}&opened={inner}.1").all("a", "row-link")


def test_all_groups_that_are_open_have_the_time_of_one_answer_together(as_, three, monkeypatch) -> None:
    from orderkit.web.listing import groups

    reader = as_("zhang")
    grouped = "/forms/order?group=status,ordered_on"
    opened = "".join(f"&opened={name}" for name in _names(reader.get(grouped)).values())
    now, given = 0.0, []
    work_out = groups.records.groups

    def slowly(*args, seconds: float):
        nonlocal now
        given.append(seconds)
        now += 1.5
        return work_out(*args)

    monkeypatch.setattr(groups, "monotonic", lambda: now)
    monkeypatch.setattr(groups.records, "groups", slowly)
    page = reader.get(grouped + opened)
    assert given == [2.0, 0.5]
    assert [each.attributes["aria-expanded"] for each in page.all("a", "group-open")] == [
        "true",
        "false",
        "false",
    ]


def test_nothing_is_worked_out_of_a_group_whose_outer_one_is_closed(as_, three, monkeypatch) -> None:
    from orderkit.web.pages import record_list

    reader = as_("zhang")
    grouped = "/forms/order?group=ordered_on&group=status"
    outer = next(iter(_names(reader.get(grouped)).values()))
    inner = _names(reader.get(f"{grouped}&opened={outer}"))["询价2"]
    read = []
    page_of = record_list.records.page
    monkeypatch.setattr(record_list.records, "page", lambda *args: read.append(args) or page_of(*args))
    assert reader.get(f"{grouped}&opened={inner}.1").status == 200
    assert not read
    assert len(reader.get(f"{grouped}&opened={outer}&opened={inner}.1").all("a", "row-link")) == 2
    assert read


def test_of_an_open_group_as_many_pages_come_as_were_shown_and_the_rest_when_asked_for(
    as_, three, monkeypatch
) -> None:
    from orderkit.web.pages import record_list

    monkeypatch.setattr(record_list, "PAGE_SIZE", 1)
    reader = as_("zhang")
    grouped = "/forms/order?group=status&sort=number"
    inquiry = _names(reader.get(grouped))["询价2"]
    assert len(reader.get(f"{grouped}&opened={inquiry}.2").all("a", "row-link")) == 2
    page = reader.get(f"{grouped}&opened={inquiry}.1")
    assert len(page.all("a", "row-link")) == 1
    (more,) = page.all("a", "btn-small", hx_swap="outerHTML")
    assert [e.text for e in reader.get(more.attributes["href"]).all("a", "row-link")] == ["SO20260302-0003"]
    monkeypatch.setattr(record_list, "MOST_ROWS", 1)
    assert len(reader.get(f"{grouped}&opened={inquiry}.500").all("a", "row-link")) == 1


@pytest.mark.parametrize(
    "opened",
    [
        "",
        "x",
        "0",
        "zz.1",
        "ff",
        "3d",
        "3d6e6f7468696e67.5",
        "-",
        "0-0-0-0-0",
        "3d.99999999999999999999",
        "%00",
    ],
)
def test_whatever_is_said_to_be_open_the_list_stands(as_, three, opened: str) -> None:
    for by in ("status", "customer", "ordered_on", "ordered_on,status"):
        page = as_("zhang").get(f"/forms/order?group={by}&opened={opened}")
        assert page.status == 200
        assert not page.all("a", "row-link")
