"""Lists over HTTP: filters, order, paging that stays put, and every wrong parameter named."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.api.shop import Caller, order, paths


@pytest.fixture
def orders(clerk: Caller, customer: int) -> list[int]:
    made = []
    for number in range(1, 8):
        body = order(
            customer,
            ("bolt", str(number), "100"),
            ordered_on=f"2026-01-{number:02}",
            placed_at=f"2026-01-{number:02}T08:00:00+08:00",
            carrier="SF" if number % 2 else None,
            kind="custom" if number > 5 else "standard",
        )
        made.append(clerk.post("/order", body)["id"])
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("kind=custom", [6, 7]),
        ("kind=custom&kind=standard", [1, 2, 3, 4, 5, 6, 7]),
        ("kind.in=custom,standard&total.from=600", [6, 7]),
        ("total=300", [3]),
        ("total.from=200&total.to=400", [2, 3, 4]),
        ("ordered_on.from=2026-01-03&ordered_on.to=2026-01-04", [3, 4]),
        ("placed_at.from=2026-01-06", [6, 7]),
        ("placed_at.to=2026-01-02", [1, 2]),
        ("carrier.empty=true", [2, 4, 6]),
        ("carrier.empty=false", [1, 3, 5, 7]),
        ("carrier=", [2, 4, 6]),
        ("kind.not=custom", [1, 2, 3, 4, 5]),
        ("carrier.not=SF", [2, 4, 6]),
        ("ordered_on.during=2026-01-01..2026-01-02", [1, 2]),
        ("ordered_on.during=2026-01", [1, 2, 3, 4, 5, 6, 7]),
        ("person.mine=me&total.to=200", [1, 2]),
        ("q=%20", [1, 2, 3, 4, 5, 6, 7]),
        ("carrier.contains=S", [1, 3, 5, 7]),
        ("person=me&total.to=100", [1]),
        ("status=confirmed", []),
        ("view=big", []),
        ("sort=-total&limit=2", [7, 6]),
        ("sort=kind,-number", [7, 6, 5, 4, 3, 2, 1]),
        ("q=SO0003", [3]),
        ("any.1.total=100&any.1.total.from=700", [1, 7]),
        ("any.1.total.to=100&any.1.kind=custom", [1, 6, 7]),
        ("any.1.total.to=100&any.1.all.1.kind=custom&any.1.all.1.total.from=700", [1, 7]),
        ("none.1.kind=custom&none.1.carrier=SF", [2, 4]),
        ("notall.1.kind=custom&notall.1.carrier=SF", [1, 2, 3, 4, 5, 6]),
        ("none.1.carrier.empty=false", [2, 4, 6]),
        ("total.from=200&any.1.total.to=300&any.1.none.1.total.to=600&any.2.carrier=SF", [3, 7]),
        ("all.1.any.1.total=100&all.1.any.2.carrier=SF", [1]),
    ],
)
def test_filters_and_order(clerk: Caller, orders: list[int], query: str, expected: list[int]) -> None:
    found = clerk.get(f"/order?{query}")["items"]
    assert [orders.index(item["id"]) + 1 for item in found] == expected


def test_pages_follow_one_another_forwards_and_backwards(clerk: Caller, orders: list[int]) -> None:
    seen, address = [], "/order?limit=3&sort=-ordered_on"
    while address:
        answer = clerk.call("GET", address)
        page = answer.json()
        seen.append([item["id"] for item in page["items"]])
        link = answer.links.get("next", {}).get("url", "")
        assert parse_qs(urlsplit(link).query).get("cursor", [None])[0] == page["next_cursor"]
        address = link.removeprefix("/api/v1")
    assert seen == [orders[:3:-1], orders[3:0:-1], orders[:1]]
    back = clerk.get(f"/order?limit=3&sort=-ordered_on&cursor={page['previous_cursor']}")
    assert [item["id"] for item in back["items"]] == orders[3:0:-1]


def test_a_record_that_comes_meanwhile_moves_no_page(clerk: Caller, customer: int, orders: list[int]) -> None:
    first = clerk.get("/order?limit=3&sort=-ordered_on")
    clerk.post("/order", order(customer, ordered_on="2026-01-31"))
    second = clerk.get(f"/order?limit=3&sort=-ordered_on&cursor={first['next_cursor']}")
    assert [item["id"] for item in second["items"]] == orders[3:0:-1]


def test_only_the_fields_asked_for_and_lines_only_when_asked(clerk: Caller, orders: list[int]) -> None:
    (item,) = clerk.get("/order?fields=number,total&limit=1")["items"]
    assert item.keys() == {"id", "number", "total", "_title"}
    (item,) = clerk.get("/order?fields=number,lines&limit=1")["items"]
    assert [row["goods"] for row in item["lines"]] == ["bolt"]
    assert "lines" not in clerk.get("/order?limit=1")["items"][0]


def test_counting(clerk: Caller, orders: list[int]) -> None:
    assert clerk.get("/order?count=true&kind=custom")["count"] == {"value": 2, "is_exact": True}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("custmer=1", {"custmer": "unknown_field"}),
        ("total.above=1", {"total.above": "unknown_operator"}),
        ("total=much", {"total": "wrong_type"}),
        ("ordered_on.from=yesterday", {"ordered_on": "wrong_type"}),
        ("lines=1", {"lines": "unknown_field"}),
        ("total.from=", {"total.from": "required"}),
        ("kind.in=custom,", {"kind.in": "required"}),
        ("sort=custmer", {"sort": "unknown_field"}),
        ("fields=number,totl", {"fields": "unknown_field"}),
        ("limit=0", {"limit": "out_of_range"}),
        ("limit=many", {"limit": "out_of_range"}),
        ("limit=201", {"limit": "out_of_range"}),
        ("view=small", {"view": "unknown_view"}),
        ("count=yes", {"count": "wrong_type"}),
        ("carrier.empty=maybe", {"carrier.empty": "wrong_type"}),
        ("any.1.custmer=1", {"any.1.custmer": "unknown_field"}),
        ("any.1.all.2.total=much", {"any.1.all.2.total": "wrong_type"}),
        ("none.1.carrier.empty=maybe", {"none.1.carrier.empty": "wrong_type"}),
        ("any.1.total.from=", {"any.1.total.from": "required"}),
        ("any.1.total.above=1", {"any.1.total.above": "unknown_operator"}),
        ("any.0.kind=custom", {"any.0.kind": "unknown_field"}),
        ("any.1.q=x", {"any.1.q": "unknown_field"}),
        ("any.1.all.1.any.1.all.1.kind=custom", {"any.1.all.1.any.1.all.1.kind": "too_deep"}),
        (".".join(["any.1"] * 300) + ".kind=custom", {(".".join(["any.1"] * 300))[:60]: "too_deep"}),
        (
            "custmer=1&limit=0&sort=x",
            {"custmer": "unknown_field", "limit": "out_of_range", "sort": "unknown_field"},
        ),
    ],
)
def test_wrong_parameters_are_named(clerk: Caller, query: str, expected: dict[str, str]) -> None:
    assert paths(clerk.refused(400, "GET", f"/order?{query}")) == expected


def test_groups_are_bounded_and_tell_nothing_hidden(clerk: Caller, admin: Caller, orders: list[int]) -> None:
    many = "&".join(
        f"any.{a}.all.{b}.any.{c}.total=1" for a in range(1, 10) for b in range(1, 10) for c in (1, 2)
    )
    problem = clerk.refused(422, "GET", f"/order?{many}")
    assert "100" in problem["detail"]
    admin.call("PATCH", f"/order/{orders[0]}", {"secret": "5"})
    for value in ("5", "6"):
        assert clerk.get(f"/order?any.1.secret={value}&any.1.number=nothing")["items"] == []
        assert len(clerk.get(f"/order?none.1.secret={value}")["items"]) == len(orders)


def test_a_cursor_of_another_order_or_of_nobody_is_refused(clerk: Caller, orders: list[int]) -> None:
    cursor = clerk.get("/order?limit=3&sort=-total")["next_cursor"]
    clerk.refused(422, "GET", f"/order?limit=3&sort=number&cursor={cursor}")
    clerk.refused(422, "GET", "/order?cursor=nonsense")
