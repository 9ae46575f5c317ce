"""What workflows say in every write: which fields a state leaves open, and what follows from a change.

This is the `LifeCycle` of `engine.hooks`; `opening` puts it into the runtime.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.hooks import UNLIMITED, Happening, StateRights, WriteKind, Written
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.approvals import Review, step_of
from orderkit.engine.workflow.events import write_starts
from orderkit.engine.workflow.instances import (
    Instance,
    advance_instance,
    end_instances,
    instance_of,
    lock_instance,
    standing_of,
    start_instances,
)
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.transitions.moving import end_approval, enter, movements_of, settle
from orderkit.engine.workflow.views import TaskState
from orderkit.model.exchange.integrations import EventKind
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.forms import Form
from orderkit.model.workflow.workflows import Approval, State, Workflow


class WorkflowLifeCycle:
    """The workflows of the model in force."""

    def rights(self, unit: Unit, form: Form, record: RowLike) -> StateRights:
        """Return what the record's states and open tasks let this person write and see."""
        assert isinstance(record, RecordRow)
        found = UNLIMITED
        for workflow in unit.project.workflows_by_form.get(form.id, ()):
            definition, state = standing_of(unit, workflow, record)
            found = _both(found, _state_rights(unit, workflow, definition, state, record))
        return found

    def written(self, unit: Unit, records: Sequence[Written]) -> None:
        """Begin, follow and end the lives of written records."""
        by_form: dict[str, list[Written]] = defaultdict(list)
        for each in records:
            by_form[each.form].append(each)
        for form_id, some in by_form.items():
            for workflow in unit.project.workflows_by_form.get(form_id, ()):
                _begin(unit, workflow, [each for each in some if each.kind is WriteKind.CREATED])
                for each in some:
                    if each.kind in {WriteKind.UPDATED, WriteKind.COMPUTED}:
                        _follow(unit, workflow, each)
            gone = [each.id for each in some if each.kind is WriteKind.DELETED]
            if gone and form_id in unit.project.workflows_by_form:
                end_instances(unit, form_id, gone)


def _begin(unit: Unit, workflow: Workflow, created: Sequence[Written]) -> None:
    """Start lives. What arrives as history just is in its state: no steps, no events, no notices."""
    rows = [_row(unit, each) for each in created]
    if not rows:
        return
    instances = start_instances(unit, workflow, rows)
    fresh = [
        (instance, row)
        for instance, row, each in zip(instances, rows, created, strict=True)
        if not each.is_history
    ]
    if not fresh:
        return
    write_starts(unit, [instance for instance, _ in fresh])
    unit.runtime.hooks.events.happened(unit, [_entered(instance, row) for instance, row in fresh])
    for instance, row in fresh:
        enter(unit, instance, row)


def _follow(unit: Unit, workflow: Workflow, written: Written) -> None:
    """Let a change have its consequences, unless it is part of a move, which looks after that itself."""
    if movements_of(unit).is_under_way(workflow.id, written.id):
        return
    row = _row(unit, written)
    if workflow.state_field in written.changed:
        _adopt(unit, workflow, row)
        return
    definition, state = standing_of(unit, workflow, row)
    approval = None if state.approval is None else definition.approval_by_id[state.approval]
    may_move = any(each.auto and state.id in each.sources for each in definition.transitions)
    is_protected = approval is not None and approval.reapprove and _touches(approval, written.changed)
    if not may_move and not is_protected:
        return
    instance = lock_instance(unit, workflow, row)
    if approval is not None and is_protected:
        _review_again(unit, instance, row, approval)
    elif may_move:
        settle(unit, instance, row)


def _adopt(unit: Unit, workflow: Workflow, row: RecordRow) -> None:
    """Take over a state that was written from outside, as a history import does for records it knows."""
    instance = lock_instance(unit, workflow, row)
    state = row.get(workflow.state_field)
    if isinstance(state, str) and state in instance.definition.state_by_id and state != instance.state:
        advance_instance(unit, instance, state, submitter_id=instance.submitter_id)


def _review_again(unit: Unit, instance: Instance, row: RecordRow, approval: Approval) -> None:
    review = Review(unit, instance, row, approval)
    if review.has_changed():
        ended = review.restart()
        if ended is not None:
            end_approval(unit.acting_as(SYSTEM), instance, row, ended)


def _state_rights(
    unit: Unit, workflow: Workflow, definition: Workflow, state: State, row: RecordRow
) -> StateRights:
    limit: frozenset[str] | None = None if state.id == definition.initial else frozenset()
    granted: frozenset[str] = frozenset()
    if state.edit is not None:
        limit = frozenset()
        for grant in state.edit:
            if grant.who is None:
                limit |= frozenset(grant.fields)
            else:
                instance = instance_of(unit, workflow, row)
                if includes(unit, grant.who, circumstances_of(instance, row), unit.person):
                    granted |= frozenset(grant.fields)
    shown: frozenset[str] = frozenset()
    if state.approval is not None:
        fields = _task_fields(unit, definition.approval_by_id[state.approval], row)
        granted |= {path for path, right in fields.items() if right == "edit"}
        shown = frozenset(fields)
    return StateRights(limit=None if limit is None else limit | granted, granted=granted, shown=shown)


class _OpenSteps(dict[tuple[str, int], frozenset[tuple[str, str]]]):
    """Approval and step of this person's open tasks, by record."""


def _task_fields(unit: Unit, approval: Approval, row: RecordRow) -> Mapping[str, str]:
    """Return the fields that open tasks of this person add: path to `edit` or `read`."""
    mine = unit.keep(_OpenSteps, lambda: _open_steps(unit))
    found: dict[str, str] = {}
    for approval_id, step_id in mine.get((row.form, row.id), ()):
        if approval_id == approval.id:
            found.update(step_of(approval, step_id).fields)
    return found


def _open_steps(unit: Unit) -> _OpenSteps:
    found = (
        select(tasks.c.form, tasks.c.record_id, steps.c.approval, steps.c.step)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(tasks.c.assignee_id == unit.person.id, tasks.c.state == TaskState.OPEN)
    )
    by_record = _OpenSteps()
    for form, record_id, approval, step in unit.connection.execute(found):
        by_record[form, record_id] = by_record.get((form, record_id), frozenset()) | {(approval, step)}
    return by_record


def _both(first: StateRights, second: StateRights) -> StateRights:
    """Return the rights under two workflows at once: limits narrow each other, grants add up."""
    limits = [each.limit for each in (first, second) if each.limit is not None]
    granted = first.granted | second.granted
    limit = frozenset.intersection(*limits) | granted if limits else None
    return StateRights(limit=limit, granted=granted, shown=first.shown | second.shown)


def _touches(approval: Approval, changed: Iterable[str]) -> bool:
    protected = {path.partition(".")[0] for path in approval.protects}
    return any(path.partition(".")[0] in protected for path in changed)


def _entered(instance: Instance, row: RecordRow) -> Happening:
    return Happening(
        kind=EventKind.ENTERED,
        form=instance.form,
        record_id=instance.record_id,
        row=row,
        workflow=instance.workflow,
        subject=instance.state,
    )


def _row(unit: Unit, written: Written) -> RecordRow:
    row = rows_of(unit).row(written.form, written.id)
    assert row is not None, "a written record is in hand"
    return row
