"""A shop that imports."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.engine.importing.trading import PROJECT, STAFF, Shop
from tests.support.clock import FakeClock
from tests.support.office import open_office


def opened(database, folder) -> Shop:
    office = open_office(PROJECT, database, folder / "files", FakeClock(), STAFF)
    for code, active in (("C1", True), ("C2", True), ("OLD", False)):
        office.create(None, "customer", {"code": code, "name": f"客户{code}", "active": active})
    for code, price in (("P1", "1.2"), ("P2", "2.5")):
        office.create(None, "product", {"code": code, "name": f"产品{code}", "price": Decimal(price)})
    return Shop(office, folder)


@pytest.fixture
def shop(databases, tmp_path) -> Iterator[Shop]:
    """A fresh shop on SQLite: what a file means does not depend on the database."""
    mark = databases.mark()
    yield opened(databases.make(PROJECT, "sqlite"), tmp_path)
    databases.clear(mark)


@pytest.fixture
def any_shop(make_database, tmp_path) -> Shop:
    """A fresh shop on each database: what is found, compared and written does."""
    return opened(make_database(PROJECT), tmp_path)


@pytest.fixture(scope="module")
def untouched_shop(databases, tmp_path_factory) -> Iterator[Shop]:
    """One shop for all tests that must not change it."""
    mark = databases.mark()
    yield opened(databases.make(PROJECT, "sqlite"), tmp_path_factory.mktemp("shop"))
    databases.clear(mark)
