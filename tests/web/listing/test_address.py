"""The address of a list: whatever it says is read, and what is read is written back the same."""

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, strategies
from starlette.datastructures import QueryParams

from orderkit.catalog import built_in
from orderkit.engine.records import Filter, Group, Operator
from orderkit.model.forms import SortKey
from orderkit.web.listing.address import read_address
from tests.support.projects import example

ORDER = example().form_by_id["order"]
NAMES = strategies.sampled_from(
    [
        "view",
        "q",
        "sort",
        "cursor",
        "f.status",
        "f.customer",
        "f.ordered_on.from",
        "f.ordered_on.to",
        "f.x",
        "",
    ]
)
VALUES = strategies.text(max_size=12) | strategies.sampled_from(
    ["late", "quoted", "7", "2026-03-01", "-total", "total,-number", "nothing"]
)


@given(strategies.lists(strategies.tuples(NAMES, VALUES), max_size=8))
def test_any_address_is_read_and_reading_it_again_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    address = read_address(QueryParams(pairs), ORDER, built_in())
    again = QueryParams(parse_qsl(urlsplit(address.url("/forms/order")).query))
    assert read_address(again, ORDER, built_in()) == address


def test_what_means_something_is_kept_and_the_rest_is_left_out() -> None:
    query = QueryParams(
        "view=late&q= 恒力 &f.status=quoted&f.status=x&f.ordered_on.from=2026/3/1&sort=-total,x"
    )
    address = read_address(query, ORDER, built_in())
    assert (address.view, address.search, address.sort) == (
        "late",
        "恒力",
        (SortKey(field="total", descending=True),),
    )
    assert [(each.field, each.operator) for each in address.filters if isinstance(each, Filter)] == [
        ("status", Operator.ONE_OF),
        ("ordered_on", Operator.AT_LEAST),
    ]


def test_another_page_view_or_order_keeps_what_was_searched() -> None:
    address = read_address(QueryParams("q=a&sort=total&cursor=c"), ORDER, built_in())
    assert address.with_view("open").url("/") == "/?view=open&q=a&sort=total"
    assert address.sorted_by("total").url("/") == "/?q=a&sort=-total"
    assert address.sorted_by("number").url("/") == "/?q=a&sort=number"
    assert address.cleared().url("/") == "/?sort=total"


GROUPED = strategies.sampled_from(
    [
        f"{prefix}{name}"
        for prefix in (
            "f.",
            "any.1.",
            "any.2.",
            "any.7.",
            "all.1.",
            "none.1.",
            "notall.3.",
            "any.1.all.1.",
            "any.1.none.9.",
            "any.1.notall.9.",
            "none.1.any.2.all.4.",
            "any.1.all.1.any.1.all.1.",
        )
        for name in (
            "status",
            "status.not",
            "status.how",
            "total.from",
            "total.to",
            "ordered_on.during",
            "ordered_on.last",
            "salesperson",
            "salesperson.mine",
            "number",
            "number.empty",
            "created_at.during",
            "lines",
            "x.not",
        )
    ]
)
WORDS = strategies.sampled_from(
    [
        "quoted",
        "not",
        "7",
        "me",
        "department",
        "this_month",
        "last_14_days",
        "2026-03",
        "14",
        "all",
        "true",
        "false",
        "' or 1=1 --",
        "100",
    ]
)


@given(
    strategies.lists(strategies.tuples(GROUPED, WORDS), max_size=8),
    strategies.sampled_from([[], [("match", "any")], [("match", "x")]]),
)
def test_filters_and_groups_are_written_in_one_way_only(
    pairs: list[tuple[str, str]], joined: list[tuple[str, str]]
) -> None:
    address = read_address(QueryParams([*pairs, *joined]), ORDER, built_in())
    again = read_address(
        QueryParams(parse_qsl(urlsplit(address.url("/forms/order")).query)), ORDER, built_in()
    )
    assert again == address


@pytest.mark.parametrize(
    ("query", "written"),
    [
        pytest.param("f.status=quoted&f.status.how=not", "f.status.not=quoted", id="none of"),
        pytest.param("f.ordered_on.last=14", "f.ordered_on.during=last_14_days", id="days back"),
        pytest.param(
            "f.ordered_on.last=x&f.ordered_on.during=this_month",
            "f.ordered_on.during=this_month",
            id="a period stays a word",
        ),
        pytest.param("f.ordered_on.during=nonsense", "", id="no period"),
        pytest.param(
            "f.salesperson.mine=me&f.customer.mine=me", "f.salesperson.mine=me", id="a customer is nobody"
        ),
        pytest.param(
            "f.total.from=1&f.number.empty=false",
            "f.number.empty=false&f.total.from=1",
            id="fields that the form does not name",
        ),
        pytest.param(
            "any.3.status=quoted&any.3.total.from=5",
            "any.1.status=quoted&any.1.total.from=5",
            id="groups are counted from one",
        ),
        pytest.param(
            "match=any&all.1.status=quoted&f.total.to=5",
            "match=any&f.total.to=5&all.1.status=quoted",
            id="any of them, or all of a group",
        ),
        pytest.param(
            "any.4.all.7.status=quoted&any.4.all.7.total.from=5&any.4.number.empty=true",
            "any.1.number.empty=true&any.1.all.1.status=quoted&any.1.all.1.total.from=5",
            id="a group in a group",
        ),
        pytest.param(
            "none.1.status=quoted&any.1.all.2.status=done&any.3.notall.1.any.1.status=quoted",
            "any.1.all.1.status=done&none.2.status=quoted&any.3.notall.1.any.1.status=quoted",
            id="opposites stay, and each group joins otherwise than what it stands in",
        ),
        pytest.param(
            "all.1.status=quoted&notall.2.status=done&any.3.status=done&any.3.any.1.total.from=5&any.3.none.2.total.to=9",
            "any.1.status=done",
            id="groups that would be joined otherwise than they say",
        ),
        pytest.param(
            "match=any&any.1.status=quoted&all.2.all.1.status=quoted&notall.3.none.1.status=done",
            "match=any&notall.1.none.1.status=done",
            id="or otherwise than where any filter is enough",
        ),
        pytest.param(
            "any.1.all.1.any.1.all.1.status=quoted&any.1.all.1.any.1.x=1&any.1.all.0.status=quoted&maybe.1.status=quoted",
            "",
            id="too deep, or of no group that there is",
        ),
        pytest.param("f.lines=1&f.total.not=5&any.10.status=quoted&any.0.status=quoted", "", id="nonsense"),
    ],
)
def test_filters_in_the_address(query: str, written: str) -> None:
    address = read_address(QueryParams(query), ORDER, built_in())
    assert unquote(address.url("/")) == (f"/?{written}" if written else "/")


def test_both_bounds_of_a_range_stay_together_where_any_filter_is_enough() -> None:
    query = "match=any&f.total.from=1&f.total.to=2&f.status=quoted&all.1.total.from=5&all.1.status.not=quoted"
    (joined,) = read_address(QueryParams(query), ORDER, built_in()).filters
    assert isinstance(joined, Group)
    assert joined.is_any
    parts = [(each.is_any, len(each.conditions)) for each in joined.conditions if isinstance(each, Group)]
    assert parts == [(False, 2), (False, 2)]


def test_a_group_is_turned_into_its_opposite_and_removed_as_a_whole() -> None:
    query = "f.total.to=9&any.1.status=quoted&any.1.all.1.total.from=5&any.2.status=done"
    address = read_address(QueryParams(query), ORDER, built_in())

    def written(other) -> str:
        return unquote(other.url("/"))

    assert written(address.negated(((1, False),))) == (
        "/?f.total.to=9&none.1.status=quoted&none.1.all.1.total.from=5&any.2.status=done"
    )
    inner = ((1, False), (1, False))
    assert written(address.negated(inner)) == (
        "/?f.total.to=9&any.1.status=quoted&any.1.notall.1.total.from=5&any.2.status=done"
    )
    assert written(address.without(inner)) == "/?f.total.to=9&any.1.status=quoted&any.2.status=done"
    assert written(address.without(((1, False),))) == "/?f.total.to=9&any.2.status=done"
    assert written(address.joined_otherwise()) == (
        "/?match=any&f.total.to=9&all.1.status=quoted&all.1.any.1.total.from=5&all.2.status=done"
    )


def test_conditions_stand_in_groups_as_the_address_says() -> None:
    query = "f.number.empty=false&any.1.status=quoted&any.1.notall.1.total.from=5&any.1.notall.1.status=done"
    own, group = read_address(QueryParams(query), ORDER, built_in()).filters
    assert isinstance(own, Filter)
    assert isinstance(group, Group)
    assert (group.is_any, group.is_negated, len(group.conditions)) == (True, False, 2)
    inner = group.conditions[1]
    assert isinstance(inner, Group)
    assert (inner.is_any, inner.is_negated, len(inner.conditions)) == (False, True, 2)
