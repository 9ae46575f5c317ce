"""One office with people, whose requests are gone before each test."""

import pytest
from sqlalchemy import delete

from orderkit.database.schema import system_tables
from tests.engine.workflow.analytics.requests import MONDAY, PROJECT, STAFF, Desk
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    clock = FakeClock()
    office = open_office(
        PROJECT, databases.make(PROJECT, dialect), tmp_path_factory.mktemp("office"), clock, STAFF
    )
    yield Desk(office, clock)
    databases.clear(mark)


@pytest.fixture
def desk(shared):
    with shared.office.act(None) as unit:
        for table in (
            system_tables.workflow_task,
            system_tables.workflow_step,
            system_tables.workflow_event,
            system_tables.workflow_instance,
            unit.runtime.database.tables["request"],
        ):
            unit.connection.execute(delete(table))
    shared.clock.set(MONDAY)
    return shared
