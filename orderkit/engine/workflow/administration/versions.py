"""Running records by the definition that they follow: which one, since when, how many."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_definition as definitions
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.definitions import definition_of, newest_hash
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningVersion:
    """A definition with the records that follow it: those under way, and those at their end.

    `since` is when the first record followed it; None for the one in force while none does.
    """

    workflow: str
    label: Label
    definition_hash: str
    is_newest: bool
    since: datetime | None
    running: int
    ended: int


def running_versions(unit: Unit) -> tuple[RunningVersion, ...]:
    """Return the definitions that are followed or in force, of each workflow the newest first."""
    counted = sa.select(
        instances.c.workflow, instances.c.definition_hash, instances.c.state, sa.func.count()
    ).group_by(instances.c.workflow, instances.c.definition_hash, instances.c.state)
    made = unit.connection.execute(sa.select(definitions.c.hash, definitions.c.created_at))
    known: dict[str, datetime] = {each.hash: each.created_at for each in made}
    found: dict[tuple[str, str], list[int]] = {
        (each.id, newest_hash(unit.runtime, each)): [0, 0] for each in unit.project.workflows
    }
    for workflow_id, definition_hash, state, count in unit.connection.execute(counted):
        workflow = unit.project.workflow_by_id.get(workflow_id)
        if workflow is None:
            continue
        here = definition_of(unit, workflow, definition_hash).state_by_id.get(state)
        is_over = here is not None and here.final is not None
        found.setdefault((workflow_id, definition_hash), [0, 0])[is_over] += count
    versions = [
        RunningVersion(
            workflow=workflow_id,
            label=unit.project.workflow_by_id[workflow_id].label,
            definition_hash=definition_hash,
            is_newest=definition_hash == newest_hash(unit.runtime, unit.project.workflow_by_id[workflow_id]),
            since=known.get(definition_hash),
            running=running,
            ended=ended,
        )
        for (workflow_id, definition_hash), (running, ended) in found.items()
    ]
    return tuple(
        sorted(
            versions,
            key=lambda each: (
                each.workflow,
                not each.is_newest,
                0.0 if each.since is None else -each.since.timestamp(),
            ),
        )
    )
