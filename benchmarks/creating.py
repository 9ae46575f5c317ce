"""Creating an order with 5 lines through the API, against a bare endpoint that writes the same rows.

What one order writes is found out by looking: every row of every table that is there afterwards and
was not before. The bare endpoint writes copies of exactly these, with Core, in one transaction.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.calling import Caller
from benchmarks.measuring import Measured, compared
from benchmarks.shops import DIALECTS, Shop, order, shop
from orderkit.database.schema import system_tables

Rows = list[tuple[sa.Table, list[dict[str, Any]]]]

# How the copies of an order's rows know the order they belong to.
_POINTERS = ("order", "record_id")


def measure() -> Iterator[Measured]:
    """Yield the comparison on both databases."""
    for dialect in DIALECTS:
        with shop(dialect) as opened:
            yield _measured(opened)


def _measured(opened: Shop) -> Measured:
    body = order(opened.ids("customer")[0], opened.ids("product"))

    def create() -> None:
        opened.caller.call("POST", "/api/v1/order", body)

    written = rows_of_one(opened, create)
    counts = ", ".join(f"{len(rows)} {table.name}" for table, rows in written)
    with Caller(bare_app(opened, written)) as bare:
        return compared(
            f"create an order with 5 lines: {opened.dialect}",
            ("API", create),
            ("bare endpoint", lambda: bare.call("POST", "/order", body)),
            seconds=10,
            note=f"rows each: {counts}",
        )


def rows_of_one(opened: Shop, create: Callable[[], object]) -> Rows:
    """Return the rows that one call writes, by table; what the others point at comes first."""
    create()  # the first also writes what is written once: the workflow's definition, a counter
    # The search index and the marks of forms are ours alone: nobody would write them by hand.
    extra = (system_tables.search_entry, system_tables.search_form, system_tables.idempotency)
    own = [table for table in system_tables.metadata.sorted_tables if table not in extra]
    tables = [*opened.runtime.database.tables.values(), *own]
    with opened.runtime.database.read() as connection:
        before = {table: _keys(connection, table) for table in tables}
    create()
    found: Rows = []
    with opened.runtime.database.read() as connection:
        for table in tables:
            new = _keys(connection, table) - before[table]
            if new:
                keys = list(table.primary_key.columns)
                rows = connection.execute(sa.select(table).where(sa.tuple_(*keys).in_(list(new))))
                found.append((table, [dict(row) for row in rows.mappings()]))
    first = ["order", system_tables.workflow_instance.name]  # what the others point at
    return sorted(found, key=lambda pair: first.index(pair[0].name) if pair[0].name in first else len(first))


def _keys(connection: sa.Connection, table: sa.Table) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(sa.select(*table.primary_key.columns))}


def bare_app(opened: Shop, written: Rows) -> Starlette:
    """Return an app whose one endpoint writes copies of the rows of one order."""
    (head, (first,)), *rest = written
    counter = system_tables.counter
    counted = sa.update(counter).values(value=counter.c.value + 1).returning(counter.c.value)

    def write(body: bytes) -> bytes:
        json.loads(body)
        with opened.runtime.database.write() as connection:
            number = connection.execute(counted).scalars().all()[0]
            values = {name: value for name, value in first.items() if name != "id"}
            created = connection.execute(
                sa.insert(head).values({**values, "number": f"BARE{number}"}).returning(head.c.id)
            ).scalar_one()
            instance: int | None = None
            for table, rows in rest:
                copies = [
                    {
                        name: created if name in _POINTERS and value == first["id"] else value
                        for name, value in row.items()
                        if name != "id"
                    }
                    for row in rows
                ]
                if "instance_id" in table.c:
                    copies = [{**copy, "instance_id": instance} for copy in copies]
                if table is system_tables.workflow_instance:
                    instance = connection.execute(
                        sa.insert(table).values(copies[0]).returning(table.c.id)
                    ).scalar_one()
                else:
                    connection.execute(sa.insert(table), copies)
        return json.dumps({"id": created}).encode()

    async def create(request: Request) -> Response:
        return Response(await run_in_threadpool(write, await request.body()), media_type="application/json")

    return Starlette(routes=[Route("/order", create, methods=["POST"])])
