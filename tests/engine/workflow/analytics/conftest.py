"""One office with people, whose requests are gone before each test."""

import pytest

from tests.engine.workflow.analytics.requests import PROJECT, STAFF, Desk
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    clock = FakeClock()
    folder = tmp_path_factory.mktemp("office")
    yield Desk(open_office(PROJECT, databases.make(PROJECT, dialect), folder, clock, STAFF), clock)
    databases.clear(mark)


@pytest.fixture
def desk(shared):
    shared.clear()
    return shared
