"""Records that nobody moves on: in approval without a task, in a state whose holder is nobody, with whom was let go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access.people import people_of
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.definitions import definition_of
from orderkit.engine.workflow.people import Circumstances, resolve
from orderkit.engine.workflow.views import TaskState
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import State, Workflow

# Of each state so many records are looked at, those that stand there the longest; finding a holder reads the record.
LOOKED_AT = 200


class Hitch(StrEnum):
    """Why nobody moves a record on."""

    NO_TASK = "no_task"
    NO_HOLDER = "no_holder"
    TASK_OF_NOBODY = "task_of_nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckRecord:
    """A record that nobody moves on, in its state since `since`."""

    workflow: str
    form: str
    record_id: int
    title: str
    state: Label
    since: datetime
    hitch: Hitch


def stuck_records(unit: Unit, *, limit: int) -> tuple[StuckRecord, ...]:
    """Return stuck records of all workflows, the longest first. The caller has checked that all may be seen."""
    found: list[StuckRecord] = []
    for workflow in unit.project.workflows:
        found.extend(_of_workflow(unit, workflow, limit))
    found.sort(key=lambda each: (each.since, each.form, each.record_id))
    return tuple(found[:limit])


def _of_workflow(unit: Unit, workflow: Workflow, limit: int) -> Iterator[StuckRecord]:
    used = sa.select(instances.c.definition_hash, instances.c.state).where(
        instances.c.workflow == workflow.id
    )
    for definition_hash, state_id in unit.connection.execute(used.distinct()).all():
        state = definition_of(unit, workflow, definition_hash).state_by_id.get(state_id)
        if state is None or state.final is not None:
            continue
        stand = (
            instances.c.workflow == workflow.id,
            instances.c.definition_hash == definition_hash,
            instances.c.state == state_id,
        )
        if state.approval is not None:
            yield from _in_approval(unit, workflow, state, stand, limit)
        elif state.holder is not None:
            yield from _held(unit, workflow, state, stand)


def _in_approval(
    unit: Unit, workflow: Workflow, state: State, stand: Sequence[sa.ColumnElement[bool]], limit: int
) -> Iterator[StuckRecord]:
    of_it = sa.select(tasks.c.id).where(
        tasks.c.instance_id == instances.c.id, tasks.c.state == TaskState.OPEN
    )
    yield from _stuck(unit, workflow, state, Hitch.NO_TASK, _oldest(unit, (*stand, ~of_it.exists()), limit))
    # Whoever deactivated them past orderkit did not hand their tasks over.
    active = set(people_of(unit, _assignees(unit, stand)))
    of_nobody = of_it.where(tasks.c.assignee_id.not_in(sorted(active)))
    all_of_nobody = (of_nobody.exists(), ~of_it.where(tasks.c.assignee_id.in_(sorted(active))).exists())
    yield from _stuck(
        unit, workflow, state, Hitch.TASK_OF_NOBODY, _oldest(unit, (*stand, *all_of_nobody), limit)
    )


def _held(
    unit: Unit, workflow: Workflow, state: State, stand: Sequence[sa.ColumnElement[bool]]
) -> Iterator[StuckRecord]:
    assert state.holder is not None
    found = _oldest(unit, stand, LOOKED_AT)
    rows = {each.id: each for each in rows_of(unit).load(workflow.form, [each.record_id for each in found])}
    left = [
        each
        for each in found
        if each.record_id in rows
        and not resolve(
            unit,
            state.holder,
            Circumstances(row=rows[each.record_id], submitter_id=each.submitter_id, holder=state.holder),
        )
    ]
    yield from _stuck(unit, workflow, state, Hitch.NO_HOLDER, left)


def _assignees(unit: Unit, stand: Sequence[sa.ColumnElement[bool]]) -> Sequence[int]:
    found = (
        sa.select(tasks.c.assignee_id)
        .join(instances, instances.c.id == tasks.c.instance_id)
        .where(*stand, tasks.c.state == TaskState.OPEN)
        .distinct()
    )
    return unit.connection.execute(found).scalars().all()


def _oldest(unit: Unit, conditions: Sequence[sa.ColumnElement[bool]], limit: int) -> Sequence[sa.Row[Any]]:
    found: sa.Select[Any] = (
        sa.select(instances.c.record_id, instances.c.entered_at, instances.c.submitter_id)
        .where(*conditions)
        .order_by(instances.c.entered_at, instances.c.id)
        .limit(limit)
    )
    return unit.connection.execute(found).all()


def _stuck(
    unit: Unit, workflow: Workflow, state: State, hitch: Hitch, found: Sequence[sa.Row[Any]]
) -> Iterator[StuckRecord]:
    titles = rows_of(unit).titles(workflow.form, [each.record_id for each in found])
    for each in found:
        if each.record_id in titles:
            yield StuckRecord(
                workflow=workflow.id,
                form=workflow.form,
                record_id=each.record_id,
                title=titles[each.record_id],
                state=state.label,
                since=each.entered_at,
                hitch=hitch,
            )
