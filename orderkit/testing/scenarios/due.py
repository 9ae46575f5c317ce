"""When something next becomes due in a database: a job, or what a routine of the worker would call."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.system_tables import automation as automations
from orderkit.database.schema.system_tables import job as jobs
from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine.jobs import JobState
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.states import TimerState
from orderkit.model.workflow.automations import DateReached, Schedule

# Dates of records stand in no row of their own. A worker looks for them all the time, a story so often.
LOOK_EVERY = timedelta(hours=1)


def next_due(unit: Unit, kinds: list[str]) -> datetime | None:
    """Return when a job of these kinds, a timer or an automation is next due; None when nothing waits."""
    found = [unit.connection.execute(query).scalar_one() for query in _queries(unit, kinds)]
    if any(isinstance(each.trigger, DateReached) for each in unit.project.automations):
        found.append(_next_look(unit.now))
    return min((each for each in found if each is not None), default=None)


def _queries(unit: Unit, kinds: list[str]) -> Iterator[sa.Select[Any]]:
    yield sa.select(sa.func.min(jobs.c.run_at)).where(jobs.c.state == JobState.READY, jobs.c.kind.in_(kinds))
    yield sa.select(sa.func.min(timers.c.due_at)).where(timers.c.state == TimerState.READY)
    scheduled = [each.id for each in unit.project.automations if isinstance(each.trigger, Schedule)]
    if scheduled:
        yield sa.select(sa.func.min(automations.c.due_at)).where(automations.c.id.in_(scheduled))


def _next_look(now: datetime) -> datetime:
    """Return the next full hour after a moment."""
    seconds = int(LOOK_EVERY.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)
