"""Where a record stands in each of its lives: the state, since when, with whom, and the way it came."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event, workflow_step, workflow_task
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.instances import Instance, instance_of
from orderkit.engine.workflow.locating import names_of, visible_row, workflows_of
from orderkit.engine.workflow.people import resolve
from orderkit.engine.workflow.views import TaskState
from orderkit.engine.workflow.wording import listed, named, who_is
from orderkit.model.labels import Label
from orderkit.model.people import HasRole, NamedPerson, Who
from orderkit.model.workflow.workflows import State, Workflow

_FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a record stands in one workflow, by the definition that it follows.

    `held_by` says who has to act, as words; None in a final state. `steps` are the steps of the approval
    that are open now, `passed` those of this visit that are over. `ways` are the ways that it went.
    """

    workflow: Workflow
    state: State
    since: datetime
    held_by: Label | None
    visited: AbstractSet[str]
    ways: AbstractSet[tuple[str, str]]
    steps: AbstractSet[str]
    passed: AbstractSet[str]


def standings(unit: Unit, form_id: str, record_id: int) -> tuple[Standing, ...]:
    """Return how a record stands in each of its workflows. Raises NotFound where it may not be seen."""
    row = visible_row(unit, form_id, record_id)
    return tuple(
        _standing(unit, instance_of(unit, workflow, row), row) for workflow in workflows_of(unit, form_id)
    )


def _standing(unit: Unit, instance: Instance, row: RecordRow) -> Standing:
    moves = unit.connection.execute(
        select(workflow_event.c.source, workflow_event.c.target)
        .where(workflow_event.c.instance_id == instance.id, workflow_event.c.target.is_not(None))
        .order_by(workflow_event.c.id)
    ).all()
    steps, passed, assignees = _deciding(unit, instance)
    return Standing(
        workflow=instance.definition,
        state=instance.resting_in,
        since=instance.entered_at,
        held_by=_held_by(unit, instance, row, assignees),
        visited=frozenset({each for move in moves for each in move if each is not None}),
        ways=frozenset((move.source, move.target) for move in moves if move.source is not None),
        steps=steps,
        passed=passed,
    )


def _deciding(unit: Unit, instance: Instance) -> tuple[frozenset[str], frozenset[str], list[int]]:
    """Return the steps of this visit that are open, those that are over, and whose turn it is."""
    if instance.resting_in.approval is None:
        return frozenset(), frozenset(), []
    found = unit.connection.execute(
        select(workflow_step.c.step, workflow_task.c.state, workflow_task.c.assignee_id)
        .join(workflow_task, workflow_task.c.step_id == workflow_step.c.id)
        .where(workflow_step.c.instance_id == instance.id, workflow_step.c.visit == instance.visit)
        .order_by(workflow_step.c.position, workflow_task.c.id)
    ).all()
    open_ = [each for each in found if each.state == TaskState.OPEN]
    steps = frozenset(each.step for each in open_)
    waiting = frozenset(each.step for each in found if each.state == TaskState.WAITING)
    passed = frozenset(each.step for each in found) - steps - waiting
    return steps, passed, [each.assignee_id for each in open_]


def _held_by(unit: Unit, instance: Instance, row: RecordRow, assignees: Iterable[int]) -> Label | None:
    state = instance.resting_in
    if state.final is not None:
        return None
    deciding = dict.fromkeys(assignees)
    if deciding:
        return _names(unit, deciding)
    if state.holder is None:
        return None
    if _is_somebody(state.holder):
        found = [each.user_id for each in resolve(unit, state.holder, circumstances_of(instance, row))]
        if 0 < len(found) <= _FEW:
            return _names(unit, found)
    return who_is(unit.project, state.holder)


def _is_somebody(who: Who) -> bool:
    """Return whether a holder is a few people rather than everybody of a kind."""
    return not isinstance(who, HasRole) and who != NamedPerson("everyone")


def _names(unit: Unit, ids: Iterable[int]) -> Label:
    wanted = tuple(ids)
    names = names_of(unit, set(wanted))
    return listed(named(names[each]) for each in wanted if each in names)
