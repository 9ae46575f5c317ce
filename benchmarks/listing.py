"""The first page of a list of 100,000 orders through the API, against the bare query behind an endpoint."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.calling import Caller
from benchmarks.filling import fill_orders
from benchmarks.measuring import Measured, compared
from benchmarks.shops import DIALECTS, Shop, shop
from orderkit.engine import records
from orderkit.engine.accounts import find_person
from orderkit.engine.runtime import SYSTEM, Channel, Person

ORDERS = 100_000
FIELDS = "number,customer,total,balance,need_by,salesperson,status"


def measure() -> Iterator[Measured]:
    """Yield the comparison on both databases, as a salesperson who may see half of the orders."""
    for dialect in DIALECTS:
        with shop(dialect) as opened:
            fill_orders(opened, ORDERS)
            yield from _measured(opened)


def _measured(opened: Shop) -> Iterator[Measured]:
    path = f"/api/v1/order?fields={FIELDS}"
    with Caller(_bare_app(opened)) as bare:
        yield compared(
            f"first page of {ORDERS:,} orders: {opened.dialect}",
            ("API", lambda: opened.caller.call("GET", path)),
            ("bare endpoint", lambda: bare.call("GET", "/order")),
            seconds=8,
            note="50 rows with the titles of customer and salesperson, row rules applied",
        )
    seller = _seller(opened)
    yield compared(
        f"first page of {ORDERS:,} orders, engine only: {opened.dialect}",
        ("engine.records.page", lambda: _page(opened, seller)),
        ("bare query", lambda: _bare_rows(opened)),
        seconds=8,
    )


def _page(opened: Shop, person: Person) -> None:
    with opened.runtime.read(person, Channel.API) as unit:
        query = records.Query(form="order", columns=tuple(FIELDS.split(",")))
        assert len(records.page(unit, query).rows) == 50


def _seller(opened: Shop) -> Person:
    with opened.runtime.read(SYSTEM, Channel.API) as unit:
        found = find_person(unit, "seller")
    assert found is not None
    return found


def _bare_rows(opened: Shop) -> list[dict[str, object]]:
    tables = opened.runtime.database.tables
    order, customer, user = tables["order"], tables["customer"], tables["user"]
    columns = [order.c.id, *(order.c[name] for name in FIELDS.split(","))]
    query = (
        sa.select(*columns, customer.c.name.label("customer_name"), user.c.name.label("person_name"))
        .join(customer, customer.c.id == order.c.customer)
        .join(user, user.c.id == order.c.salesperson, isouter=True)
        .where(order.c.salesperson == opened.seller)
        .order_by(order.c.ordered_on.desc(), order.c.id.desc())
        .limit(51)
    )
    with opened.runtime.database.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _bare_app(opened: Shop) -> Starlette:
    async def first_page(_: Request) -> Response:
        rows = await run_in_threadpool(_bare_rows, opened)
        return Response(json.dumps(rows, default=str).encode(), media_type="application/json")

    return Starlette(routes=[Route("/order", first_page)])
