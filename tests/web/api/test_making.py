"""Making, splitting and merging over the API: the same rules, and once for each idempotency key."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from orderkit.web.api import routes
from orderkit.web.middleware.locales import Locales
from orderkit.web.middleware.request_ids import RequestIds
from orderkit.web.server.threads import Threads
from tests.support.deliveries import Yard, numbers, open_yard, shipping
from tests.web.api.shop import Caller, caller


@pytest.fixture
def yard(make_database, tmp_path, clock) -> Yard:
    return open_yard(make_database(shipping()), tmp_path / "files", clock)


@pytest.fixture
def client(yard: Yard) -> Iterator[TestClient]:
    runtime = yard.office.runtime
    locales = Middleware(Locales, locales=runtime.project.locales, main=runtime.project.locale)
    app = Starlette(routes=routes(runtime, Threads(4)), middleware=[Middleware(RequestIds), locales])
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def keeper(client: TestClient, yard: Yard) -> Caller:
    """Somebody of the warehouse."""
    return caller(client, yard.office.runtime, "keeper", "warehouse")


def test_what_is_open_is_told_and_made(keeper, yard):
    order = yard.order(10, 4)
    first, second = yard.row_ids(order)
    found = keeper.get(f"/order/make/delivery?ids={order}")
    assert found["groups"][0]["lines"][0] == {
        "id": first,
        "source": order,
        "quantities": {"qty": {"open": "10.00", "most": "11.00", "preset": "10.00"}},
    }
    made = keeper.post("/order/make/delivery", {"ids": [order], "lines": [{"id": second, "qty": "1.5"}]})
    (delivery,) = made["items"]
    assert [row["qty"] for row in delivery["lines"]] == ["1.50"]
    assert "hidden_note" not in delivery
    assert yard.quantities("order", order, "open_qty") == numbers(10, "2.5")


def test_everything_open_is_made_where_no_lines_are_named(keeper, yard):
    order = yard.order(10, 4)
    (delivery,) = keeper.post("/order/make/delivery", {"ids": [order]})["items"]
    assert [row["qty"] for row in delivery["lines"]] == ["10.00", "4.00"]


def test_more_than_is_left_is_refused_at_its_line(keeper, yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    body = {"ids": [order], "lines": [{"id": row, "qty": 50}]}
    document = keeper.refused(422, "POST", "/order/make/delivery", body)
    assert [(each["path"], each["code"]) for each in document["errors"]] == [
        (f"rows.{row}.qty", "over_limit")
    ]


def test_the_target_keeps_to_the_limit_when_it_is_written_by_itself(keeper, yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    body = {"customer": yard.customer, "lines": [{"order_line": row, "qty": "20"}]}
    document = keeper.refused(422, "POST", "/delivery", body)
    assert [(each["path"], each["code"]) for each in document["errors"]] == [("lines.0.qty", "over_limit")]


def test_one_key_makes_once(keeper, yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    body = {"ids": [order], "lines": [{"id": row, "qty": "2"}]}
    first = keeper.post("/order/make/delivery", body, Idempotency_Key="k1")
    assert keeper.post("/order/make/delivery", body, Idempotency_Key="k1") == first
    assert yard.quantities("order", order, "open_qty") == numbers(8)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": "1"},
        {"ids": [True]},
        {"ids": [1], "lines": {}},
        {"ids": [1], "lines": [{}]},
        {"ids": [1], "lines": [{"id": 1}, {"id": 1}]},
        {"ids": [1], "lines": [{"id": 1, "cost": "0"}]},
        {"ids": [1], "lines": [{"id": 1, "qty": "many"}]},
        {"ids": [1], "values": {"customer": 2}},
        {"ids": []},
        {"ids": [1] * 3 + list(range(1, 300))},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(keeper, yard, body):
    yard.order(10)
    keeper.refused(422, "POST", "/order/make/delivery", body)


def test_nothing_is_made_of_what_is_not_theirs(keeper, client, yard):
    hidden = yard.order(10, ready=False)
    for ids in ([hidden], [10**30], [-1], [0]):
        keeper.refused(404, "POST", "/order/make/delivery", {"ids": ids})
    keeper.refused(404, "GET", "/order/make/delivery?ids=1;drop")
    keeper.refused(404, "POST", "/order/make/claimz", {"ids": [hidden]})
    seller = caller(client, yard.office.runtime, "seller", "sales")
    seller.refused(403, "POST", "/order/make/delivery", {"ids": [yard.order(1)]})


def test_splitting_and_merging(client, yard):
    root = caller(client, yard.office.runtime, "chief", "admin")
    order = yard.order(10, 4)
    first, _ = yard.row_ids(order)
    part = root.post(f"/order/{order}/split", {"lines": [{"id": first, "qty": "3"}]})
    assert [row["qty"] for row in part["lines"]] == ["3.00"]
    root.refused(412, "POST", f"/order/{order}/split", {"lines": [{"id": first}]}, If_Match='"1"')
    whole = root.post("/order/merge", {"ids": [order, part["id"]]})
    assert (whole["id"], [row["qty"] for row in whole["lines"]]) == (order, ["10.00", "4.00"])
    root.refused(404, "GET", f"/order/{part['id']}")


def test_who_may_not_change_orders_splits_and_merges_none(keeper, yard):
    order, other = yard.order(10, 4), yard.order(1)
    (first, _) = yard.row_ids(order)
    keeper.refused(403, "POST", f"/order/{order}/split", {"lines": [{"id": first}]})
    keeper.refused(403, "POST", "/order/merge", {"ids": [order, other]})
    keeper.refused(404, "POST", f"/delivery/{order}/split", {"lines": [{"id": first}]})


def test_the_description_names_what_can_be_made(keeper):
    paths = keeper.get("/openapi.json")["paths"]
    rows = paths["/api/v1/order/make/delivery"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert set(rows["properties"]["lines"]["items"]["properties"]) == {"id", "qty"}
    assert {"/api/v1/order/{id}/split", "/api/v1/order/merge"} <= paths.keys()
