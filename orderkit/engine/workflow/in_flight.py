"""Running records of a workflow with `in_flight: migrate`, after its definition has changed.

`orderkit migrate` calls `bring_forward` once the tables are there. A record whose state is gone moves to
the one that `migrate` names, also one that is older than its workflow and begins its life by that; an
approval whose steps are gone begins again; everything else goes on where it is. Nothing is done twice,
so that it may be stopped at any time and called again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.definitions.states import MIGRATE, migrating, problems_of_states
from orderkit.database.definitions.unborn import unborn, unborn_ids
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.places import place_of
from orderkit.engine.workflow.approvals.step_rows import STEP_OPEN, close, rows_in, supersede
from orderkit.engine.workflow.clocks.entering import entered
from orderkit.engine.workflow.clocks.following import follow_definition
from orderkit.engine.workflow.definitions import newest_hash, pin
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import (
    Instance,
    advance_instance,
    end_instances,
    find_instance,
    start_instances,
)
from orderkit.engine.workflow.transitions.moving import enter, movements_of
from orderkit.model.errors import Refused
from orderkit.model.workflow.workflows import Workflow

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
    """Let every record of workflows that migrate follow the newest definition; each batch is a transaction.

    Raises:
        Refused: records came to stand in a state that is gone, and nothing says where they go.
    """
    result = BroughtForward()
    for workflow in migrating(runtime.project):
        total, done = _count(runtime, workflow), 0
        for find, bring in ((_behind, _bring), (_unborn, _begin)):
            last: int | None = 0 if total else None
            while last is not None:
                with runtime.write(SYSTEM, Channel.COMMAND) as unit:
                    found = find(unit, workflow, last, batch)
                    result = sum((bring(unit, workflow, record) for _, record in found), result)
                done += len(found)
                on_progress(done, total)
                last = found[-1][0] if len(found) == batch else None
    return result


def _count(runtime: Runtime, workflow: Workflow) -> int:
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        found = sa.select(sa.func.count()).where(*_is_behind(unit, workflow))
        older = unborn(unit.connection, workflow, in_gone_states=True)
        return unit.connection.execute(found).scalar_one() + sum(older.values())


def _behind(unit: Unit, workflow: Workflow, last: int, batch: int) -> Sequence[tuple[int, int]]:
    """Return instances after an id that do not follow the newest definition yet, with their records."""
    found = (
        sa.select(instances.c.id, instances.c.record_id)
        .where(instances.c.id > last, *_is_behind(unit, workflow))
        .order_by(instances.c.id)
        .limit(batch)
    )
    return [(row.id, row.record_id) for row in unit.connection.execute(found)]


def _unborn(unit: Unit, workflow: Workflow, last: int, batch: int) -> Sequence[tuple[int, int]]:
    """Return records after an id that stand in a state that is gone, and whose life has not begun."""
    return [(each, each) for each in unborn_ids(unit.connection, workflow, limit=batch, after=last)]


def _is_behind(unit: Unit, workflow: Workflow) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        instances.c.workflow == workflow.id,
        instances.c.definition_hash != newest_hash(unit.runtime, workflow),
    )


def _bring(unit: Unit, workflow: Workflow, record_id: int) -> BroughtForward:
    system = unit.acting_as(SYSTEM)
    instance = find_instance(system, workflow, record_id, lock=True)
    if instance is None:
        return BroughtForward()
    row = rows_of(unit).row(workflow.form, record_id)
    if row is None:
        # Its record was deleted past orderkit, by hand or by another program; there is nothing left to move.
        end_instances(unit, workflow.form, [record_id])
        return BroughtForward()
    unit.connection.execute(
        sa.update(instances)
        .where(instances.c.id == instance.id)
        .values(definition_hash=pin(system, workflow))
    )
    if instance.state not in workflow.state_by_id:
        _move(system, instance, row)
        return BroughtForward(moved=1)
    if _has_lost_its_step(system, instance):
        supersede(system, instance)
        write_event(system, instance, "rebuild")
        enter(system, instance, row)
        follow_definition(system, instance, row)
        return BroughtForward(restarted=1)
    follow_definition(system, instance, row)
    return BroughtForward(followed=1)


def _begin(unit: Unit, workflow: Workflow, record_id: int) -> BroughtForward:
    """Begin the life of a record with its way out of a state that is gone."""
    system = unit.acting_as(SYSTEM)
    row = rows_of(unit).row(workflow.form, record_id)
    if row is None:
        return BroughtForward()
    (begun,) = start_instances(system, workflow, [row])
    _move(system, begun, row)
    return BroughtForward(moved=1)


def _move(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Move a record out of a state that is gone: no guard, no action, and nobody outside is told."""
    target = instance.definition.migrate.get(instance.state)
    if target is None:
        # It came there after `migrate` had looked, by a program that still ran.
        raise Refused(problems_of_states(unit.connection, unit.project))
    close(unit, instance, MIGRATE)
    with movements_of(unit).of(instance):
        moved = advance_instance(unit, instance, target, submitter_id=instance.submitter_id)
        values = {instance.definition.state_field: target}
        records.apply(unit, [Update(form=row.form, id=row.id, values=values)], by_rule=True)
        entered(unit, moved, row)
        write_event(unit, moved, MIGRATE, source=instance.state)
    enter(unit, moved, row)


def _has_lost_its_step(unit: Unit, instance: Instance) -> bool:
    """Return whether a step is open that the approval of the state does not have any more."""
    is_open = sa.select(steps.c.approval, steps.c.step, steps.c.loop_rows).where(
        steps.c.instance_id == instance.id,
        steps.c.visit == instance.visit,
        steps.c.state == STEP_OPEN,
    )
    approval = approval_of(instance)
    return any(
        approval is None
        or row.approval != approval.id
        or place_of(approval.steps, row.step, rows_in(row.loop_rows)) is None
        for row in unit.connection.execute(is_open)
    )
