"""What people see of automations: what sets each off, when it ran last and runs next, and what of it failed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from orderkit.database.schema.system_tables import automation as automations
from orderkit.database.schema.system_tables import job as jobs
from orderkit.engine.automation.runs import AUTOMATION_JOB
from orderkit.engine.jobs import JobState
from orderkit.engine.runtime import Unit
from orderkit.model.workflow.automations import Automation, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationSeen:
    """One automation. `next_at` is known of schedules alone; `dead` are runs that failed for good."""

    automation: Automation
    last_at: datetime | None
    next_at: datetime | None
    waiting: int
    dead: int


def automations_seen(unit: Unit) -> tuple[AutomationSeen, ...]:
    """Return the automations of the project, by id."""
    last: dict[str, datetime] = {}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    query = (
        select(
            jobs.c.queue, jobs.c.state, func.count().label("count"), func.max(jobs.c.created_at).label("last")
        )
        .where(jobs.c.kind == AUTOMATION_JOB)
        .group_by(jobs.c.queue, jobs.c.state)
    )
    for row in unit.connection.execute(query):
        counts[row.queue, row.state] = row[2]
        last[row.queue] = max(row.last, last.get(row.queue, row.last))
    noted = {row.id: row for row in unit.connection.execute(select(automations))}
    found = []
    for each in unit.project.automations:
        kept = noted.get(each.id)
        is_timed = isinstance(each.trigger, Schedule)
        found.append(
            AutomationSeen(
                automation=each,
                last_at=last.get(each.id) or (None if kept is None else kept.fired_at),
                next_at=kept.due_at if kept is not None and is_timed else None,
                waiting=counts[each.id, JobState.READY] + counts[each.id, JobState.RUNNING],
                dead=counts[each.id, JobState.DEAD],
            )
        )
    return tuple(found)
