"""An office whose clock a test moves on. It begins on a Monday at 09:00; work is 09:00 to 12:00 and 13:00 to 18:00."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from orderkit.database.schema.system_tables import (
    inbox_message,
    job,
    workflow_clock,
    workflow_event,
    workflow_instance,
    workflow_timer,
)
from orderkit.engine import workflow
from tests.engine.workflow.clocks.asking import a_project_in_time
from tests.engine.workflow.reviewing import STAFF, under
from tests.support.clock import FakeClock
from tests.support.office import open_office

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    base = a_project_in_time()
    yield open_office(
        base, databases.make(base, dialect), tmp_path_factory.mktemp("office"), FakeClock(), STAFF
    )
    databases.clear(mark)


@pytest.fixture
def office_in(shared):
    """The same people and database under other deadlines, and nothing under way."""
    shared.runtime.clock.set(MONDAY)

    def made(**parts):
        return under(shared, a_project_in_time(**parts))

    yield made
    with shared.act(None) as unit:
        for table in (workflow_instance, workflow_event, job, inbox_message):
            unit.connection.execute(delete(table))


@pytest.fixture
def at():
    """Let the clock of an office show a time, and its worker do what is due."""

    def moved(office, text):
        office.runtime.clock.set(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI))
        return office.work()

    return moved


@pytest.fixture
def timers():
    """The timers of an office as `name state MM-DD HH:MM`, in the order in which they are due."""

    def found(office, *, kind=None):
        with office.look(None) as unit:
            rows = unit.connection.execute(
                select(workflow_timer).order_by(workflow_timer.c.due_at, workflow_timer.c.id)
            ).all()
        return [
            f"{row.kind if row.kind != 'timer' else row.name} {row.state} {shown(row.due_at)}"
            for row in rows
            if kind in {None, row.kind}
        ]

    return found


@pytest.fixture
def clocks():
    """The clocks of an office as `name state MM-DD HH:MM`, in the order in which they began."""

    def found(office):
        with office.look(None) as unit:
            rows = unit.connection.execute(select(workflow_clock).order_by(workflow_clock.c.id)).all()
        return [
            f"{row.step or row.name} {row.state} {'-' if row.due_at is None else shown(row.due_at)}"
            for row in rows
        ]

    return found


@pytest.fixture
def told():
    """What has come into somebody's inbox, newest first, as its subjects."""

    def found(office, login):
        with office.look(None) as unit:
            rows = unit.connection.execute(
                select(inbox_message.c.subject)
                .where(inbox_message.c.user_id == office.ids[login])
                .order_by(inbox_message.c.id.desc())
            )
            return list(rows.scalars())

    return found


def shown(moment):
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.fixture
def due():
    """When the open task of somebody is due."""

    def found(office, login):
        with office.look(login) as unit:
            (task,) = workflow.tasks(unit)
        return None if task.due_at is None else shown(task.due_at)

    return found
