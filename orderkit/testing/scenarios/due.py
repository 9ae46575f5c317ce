"""When something next becomes due in a database: a job, or what a routine of the worker would call."""

from datetime import datetime

import sqlalchemy as sa

from orderkit.database.schema.system_tables import job as jobs
from orderkit.database.schema.system_tables import metadata
from orderkit.engine.jobs import JobState
from orderkit.engine.runtime import Unit

# Rows that wait for their moment beside jobs, by the table that they stand in: its state and its time.
_WAITING = {"ok_workflow_timer": ("state", "ready", "due_at")}


def next_due(unit: Unit, kinds: list[str]) -> datetime | None:
    """Return when a job of these kinds, or a timer, is next due; None when nothing waits."""
    queries = [
        sa.select(sa.func.min(jobs.c.run_at)).where(jobs.c.state == JobState.READY, jobs.c.kind.in_(kinds))
    ]
    for name, (state, waiting, moment) in _WAITING.items():
        table = metadata.tables.get(name)
        if table is not None:
            queries.append(sa.select(sa.func.min(table.c[moment])).where(table.c[state] == waiting))
    found = [unit.connection.execute(query).scalar_one() for query in queries]
    return min((each for each in found if each is not None), default=None)
