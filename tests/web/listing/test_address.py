"""The address of a list: whatever it says is read, and what is read is written back the same."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, strategies
from starlette.datastructures import QueryParams

from orderkit.catalog import built_in
from orderkit.engine.records import Operator
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
    assert [(each.field, each.operator) for each in address.filters] == [
        ("status", Operator.ONE_OF),
        ("ordered_on", Operator.AT_LEAST),
    ]


def test_another_page_view_or_order_keeps_what_was_searched() -> None:
    address = read_address(QueryParams("q=a&sort=total&cursor=c"), ORDER, built_in())
    assert address.with_view("open").url("/") == "/?view=open&q=a&sort=total"
    assert address.sorted_by("total").url("/") == "/?q=a&sort=-total"
    assert address.sorted_by("number").url("/") == "/?q=a&sort=number"
    assert address.cleared().url("/") == "/?sort=total"
