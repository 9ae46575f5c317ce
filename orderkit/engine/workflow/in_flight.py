"""Running records of a workflow with `in_flight: migrate`, after its definition has changed.

`orderkit migrate` calls `bring_forward` once the tables are there. A record whose state is gone moves to
the one that `migrate` names; an approval whose steps are gone begins again; everything else goes on
where it is. Nothing is done twice, so that it may be stopped at any time and called again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.definitions.stored import FIRST_SHOWN
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.engine.workflow.approvals import approvals
from orderkit.engine.workflow.definitions import MIGRATE, newest_hash, pin
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, advance_instance, find_instance
from orderkit.engine.workflow.transitions.moving import enter, movements_of
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Workflow, all_steps

BATCH = 200

STATE_WITHOUT_SUCCESSOR = Code(
    "OK6401",
    "state-without-successor",
    ERROR,
    since="0.1",
    explain="""
    A workflow whose running records follow the newest definition (`in_flight: migrate`) has lost a state
    in which records stand, and does not say where they go. Nothing was changed. Write
    `migrate: {old_state: new_state}` into the workflow, build, and migrate again; or move those records on
    with the program as it was.
    """,
    zh="""流程写了 `in_flight: migrate`（运行中的单据跟随最新定义），但删除了还有单据停留的状态，又没有说明它们去哪里。未做任何更改。
    请在流程里写 `migrate: {旧状态: 新状态}`，重新构建并迁移；或先用原来的程序把这些单据流转走。""",
)


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


def problems_of_states(connection: sa.Connection, project: Project) -> tuple[Problem, ...]:
    """Return the states that are gone, in which records stand, and that no `migrate` leads out of."""
    found: list[Problem] = []
    for workflow in _migrating(project):
        standing = connection.execute(
            sa.select(instances.c.state, sa.func.count())
            .where(instances.c.workflow == workflow.id)
            .group_by(instances.c.state)
            .order_by(instances.c.state)
        ).all()
        found += [
            _stranded(connection, workflow, state, count)
            for state, count in standing
            if state not in workflow.state_by_id and state not in workflow.migrate
        ]
    return tuple(found)


def bring_forward(
    runtime: Runtime,
    on_progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 - a port nobody listens to
    *,
    batch: int = BATCH,
) -> BroughtForward:
    """Let every record of workflows that migrate follow the newest definition; each batch is a transaction."""
    result = BroughtForward()
    for workflow in _migrating(runtime.project):
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


def _migrating(project: Project) -> Sequence[Workflow]:
    return [each for each in project.workflows if each.in_flight == MIGRATE]


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


def _stranded(connection: sa.Connection, workflow: Workflow, state: str, count: int) -> Problem:
    first = connection.execute(
        sa.select(instances.c.record_id)
        .where(instances.c.workflow == workflow.id, instances.c.state == state)
        .order_by(instances.c.record_id)
        .limit(FIRST_SHOWN)
    ).scalars()
    ids = ", ".join(map(str, first))
    names = ", ".join(each.id for each in workflow.states)
    return Problem(
        path=f"{workflow.id}.{state}",
        code="state_without_successor",
        known_as=STATE_WITHOUT_SUCCESSOR,
        message=label(
            zh=f"流程“{text_of(workflow.label, 'zh')}”已没有状态 `{state}`，"
            f"但 {workflow.form} 还有 {count} 张单据停在那里（编号 {ids}）",
            en=f"the workflow `{workflow.id}` has no state `{state}` any more, "
            f"but {count} records of {workflow.form} stand in it (ids {ids})",
        ),
        help=label(
            zh=f"在 workflow `{workflow.id}` 写 `migrate: {{{state}: …}}`，目标可以是：{names}",
            en=f"write `migrate: {{{state}: …}}` into the workflow `{workflow.id}`; the target is one of {names}",
        ),
    )
