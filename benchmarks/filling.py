"""Many orders at once, written past the engine: what a long list is measured over."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.shops import Shop

CHUNK = 10_000


def fill_orders(
    opened: Shop, orders: int, varied: Callable[[int], Mapping[str, object]] | None = None
) -> None:
    """Write orders over 2,000 days, and let the database look at what it holds; `varied` says what differs.

    Every second order is the seller's own, and one in three has each state.
    """
    if opened.is_filled:
        return
    table = opened.runtime.database.tables["order"]
    customers, (person, *_) = opened.ids("customer"), opened.ids("user")
    now = opened.runtime.clock.now()
    with opened.runtime.database.write() as connection:
        for start in range(0, orders, CHUNK):
            rows = []
            for number in range(start, min(start + CHUNK, orders)):
                day = date(2020, 1, 1) + timedelta(days=number % 2000)
                total = Decimal(number % 9000) + Decimal("0.50")
                row = {
                    "number": f"B{number:07}",
                    "owner": person,
                    "created_at": now,
                    "created_by": person,
                    "updated_at": now,
                    "updated_by": person,
                    "revision": 1,
                    "customer": customers[number % len(customers)],
                    "ordered_on": day,
                    "need_by": day + timedelta(days=10),
                    "salesperson": opened.seller if number % 2 else None,
                    "total": total,
                    "received": Decimal("0.00"),
                    "balance": total,
                    "status": ("done", "planning", "shipped")[number % 3],
                }
                rows.append(row if varied is None else {**row, **varied(number)})
            connection.execute(sa.insert(table), rows)
    looked_at(opened)
    opened.keep()


def looked_at(opened: Shop) -> None:
    """Let the database look at what it holds, as it does by itself within a minute of so many rows."""
    if opened.dialect == "sqlite":
        with opened.runtime.database.write() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    engine = opened.runtime.database.engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
