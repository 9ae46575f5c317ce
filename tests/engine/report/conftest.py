"""Sales of a small shop, whose numbers are known, in a database of each kind."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.engine.report.sales import ORDERS, PROJECT, STAFF, Sales
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture(scope="module")
def sales(databases, dialect, tmp_path_factory) -> Sales:
    """One shop for all tests of a module: they only read."""
    mark = databases.mark()
    clock = FakeClock(datetime(2026, 3, 4, 4, 0, tzinfo=UTC))
    office = open_office(
        PROJECT, databases.make(PROJECT, dialect), tmp_path_factory.mktemp("sales"), clock, STAFF
    )
    customers = {
        name: office.create(None, "customer", {"code": name, "name": f"客户{name}", "province": province})
        for name, province in (("A", "浙江"), ("B", "江苏"), ("C", None))
    }
    products = {name: office.create(None, "product", {"code": name}) for name in ("bolt", "nut")}
    for order in ORDERS:
        lines = [
            {
                "product": products[p],
                "qty": Decimal(q),
                "price": Decimal(x),
                "cost": None if c is None else Decimal(c),
            }
            for p, q, x, c in order.lines
        ]
        values = {
            "customer": customers[order.customer],
            "ordered_at": order.at,
            "status": order.status,
            "seller": office.ids[order.seller],
            "urgent": order.urgent,
        }
        office.create(None, "order", values, {"lines": lines})
    yield Sales(office, customers, products)
    databases.clear(mark)
