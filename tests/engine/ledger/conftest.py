"""One office for the ledgers of a module, and a shop of its own for each test."""

import pytest

from tests.engine.ledger.shop import STAFF, Shop, a_shop
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = a_shop()
    yield open_office(
        made, databases.make(made, dialect), tmp_path_factory.mktemp("office"), FakeClock(), STAFF
    )
    databases.clear(mark)


@pytest.fixture
def shop(office):
    return Shop(office)
