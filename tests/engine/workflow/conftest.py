"""One office for all approvals of a module; each test brings the rules that it is about."""

import pytest
from sqlalchemy import delete

from orderkit.database.schema.system_tables import workflow_step
from tests.engine.workflow.reviewing import LEAD, STAFF, a_project, under
from tests.support.clock import FakeClock
from tests.support.office import open_office


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    base = a_project(LEAD)
    yield open_office(
        base, databases.make(base, dialect), tmp_path_factory.mktemp("office"), FakeClock(), STAFF
    )
    databases.clear(mark)


@pytest.fixture
def office_with(shared):
    """The same people and database under other rules."""

    def made(*steps, **more):
        return under(shared, a_project(*steps, **more))

    yield made
    with shared.act(None) as unit:
        unit.connection.execute(delete(workflow_step))
