"""Running records of a workflow with `in_flight: migrate`, after its definition has changed.

`orderkit migrate` calls `bring_forward` once the tables are there. A record whose state is gone moves to
the one that `migrate` names; an approval whose steps are gone begins again; everything else goes on
where it is. Nothing is done twice, so that it may be stopped at any time and called again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.definitions.states import MIGRATE, migrating
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.engine.workflow.approvals import approvals
from orderkit.engine.workflow.definitions import newest_hash, pin
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, advance_instance, find_instance
from orderkit.engine.workflow.transitions.moving import enter, movements_of
from orderkit.model.workflow.workflows import Workflow, all_steps

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtForward:
    """How many records moved to another state, began their approval again, or just follow the newest definition."""

    moved: int = 0
    restarted: int = 0
    followed: int = 0

    def __add__(self, other: "BroughtForward") -> "BroughtForward":
        """Return both together."""
        return BroughtForward(
            moved=self.moved + other.moved,
            restarted=self.restarted + other.restarted,
            followed=self.followed + other.followed,
        )


def bring_forward(
    runtime: Runtime,
    on_progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 - a port nobody listens to
    *,
    batch: int = BATCH,
) -> BroughtForward:
    """Let every record of workflows that migrate follow the newest definition; each batch is a transaction."""
    result = BroughtForward()
    for workflow in migrating(runtime.project):
        total, done = _count(runtime, workflow), 0
        while total:
            with runtime.write(SYSTEM, Channel.COMMAND) as unit:
                ids = _behind(unit, workflow, batch)
                result = sum((_bring(unit, workflow, each) for each in ids), result)
            done += len(ids)
            on_progress(done, total)
            if len(ids) < batch:
                break
    return result


def _count(runtime: Runtime, workflow: Workflow) -> int:
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        found = sa.select(sa.func.count()).where(*_is_behind(unit, workflow))
        return unit.connection.execute(found).scalar_one()


def _behind(unit: Unit, workflow: Workflow, batch: int) -> Sequence[int]:
    """Return records that do not follow the newest definition yet, oldest first."""
    found = (
        sa.select(instances.c.record_id)
        .where(*_is_behind(unit, workflow))
        .order_by(instances.c.id)
        .limit(batch)
    )
    return unit.connection.execute(found).scalars().all()


def _is_behind(unit: Unit, workflow: Workflow) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        instances.c.workflow == workflow.id,
        instances.c.definition_hash != newest_hash(unit.runtime, workflow),
    )


def _bring(unit: Unit, workflow: Workflow, record_id: int) -> BroughtForward:
    system = unit.acting_as(SYSTEM)
    instance = find_instance(system, workflow, record_id, lock=True)
    row = rows_of(unit).row(workflow.form, record_id)
    if instance is None or row is None:
        return BroughtForward()
    unit.connection.execute(
        sa.update(instances)
        .where(instances.c.id == instance.id)
        .values(definition_hash=pin(system, workflow))
    )
    if instance.state not in workflow.state_by_id:
        _move(system, instance, row, workflow.migrate[instance.state])
        return BroughtForward(moved=1)
    if _has_lost_its_step(system, instance):
        approvals.close(system, instance, "superseded")
        write_event(system, instance, "rebuild")
        enter(system, instance, row)
        return BroughtForward(restarted=1)
    return BroughtForward(followed=1)


def _move(unit: Unit, instance: Instance, row: RecordRow, target: str) -> None:
    """Move a record out of a state that is gone: no guard, no action, and nobody outside is told."""
    approvals.close(unit, instance, MIGRATE)
    with movements_of(unit).of(instance):
        moved = advance_instance(unit, instance, target, submitter_id=instance.submitter_id)
        values = {instance.definition.state_field: target}
        records.apply(unit, [Update(form=row.form, id=row.id, values=values)], by_rule=True)
        write_event(unit, moved, MIGRATE, source=instance.state)
    enter(unit, moved, row)


def _has_lost_its_step(unit: Unit, instance: Instance) -> bool:
    """Return whether a step is open that the approval of the state does not have any more."""
    is_open = sa.select(steps.c.approval, steps.c.step).where(
        steps.c.instance_id == instance.id,
        steps.c.visit == instance.visit,
        steps.c.state == approvals.STEP_OPEN,
    )
    known: Mapping[str | None, frozenset[str]] = {
        each.id: frozenset(step.id for step in all_steps(each.steps))
        for each in instance.definition.approvals
    }
    here = instance.resting_in.approval
    return any(
        row.approval != here or row.step not in known.get(here, frozenset())
        for row in unit.connection.execute(is_open)
    )
