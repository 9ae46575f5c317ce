"""What workflows say in every write: which fields a state leaves open, and what follows from a change.

This is the `LifeCycle` of `engine.hooks`; `opening` puts it into the runtime.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access import APPROVED, covers
from orderkit.engine.hooks import UNLIMITED, Happening, StateRights, WriteKind, Written
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.approvals import Review
from orderkit.engine.workflow.approvals.protecting import (
    given_in,
    locked_paths,
    protecting,
    stands,
    touched,
)
from orderkit.engine.workflow.approvals.step_rows import step_of
from orderkit.engine.workflow.approvals.substituting import is_concerned
from orderkit.engine.workflow.clocks.entering import entered
from orderkit.engine.workflow.clocks.following import follow_record, goes_by_dates
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.doing import sub_flows
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
from orderkit.engine.workflow.transitions.moving import Move, end_approval, enter, move, movements_of, settle
from orderkit.engine.workflow.views import TaskState
from orderkit.model.errors import Problem, Refused
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
                _take_up(unit, workflow, [each for each in some if each.kind is WriteKind.RESTORED])
                for each in some:
                    if each.kind in {WriteKind.UPDATED, WriteKind.COMPUTED}:
                        _follow(unit, workflow, each)
            gone = [each.id for each in some if each.kind is WriteKind.DELETED]
            if gone and form_id in unit.project.workflows_by_form:
                end_instances(unit, form_id, gone)
                sub_flows.note_gone(unit, form_id, gone)


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
        entered(unit, instance, row)
        enter(unit, instance, row)


def _take_up(unit: Unit, workflow: Workflow, restored: Sequence[Written]) -> None:
    """Let restored records live on in the state they have. An approval that was open is asked anew."""
    rows = [_row(unit, each) for each in restored]
    if not rows:
        return
    lives = {each.id: each.lives[workflow.id] for each in restored if workflow.id in each.lives}
    for instance, row in zip(start_instances(unit, workflow, rows, lives), rows, strict=True):
        entered(unit, instance, row)
        if instance.resting_in.approval is not None:
            enter(unit, instance, row)


def _follow(unit: Unit, workflow: Workflow, written: Written) -> None:
    """Let a change have its consequences. A move looks after them itself, but what is approved holds in it too."""
    is_moving = movements_of(unit).is_under_way(workflow.id, written.id)
    row = _row(unit, written)
    if workflow.state_field in written.changed:
        if not is_moving:
            _adopt(unit, workflow, row)
        return
    definition, state = standing_of(unit, workflow, row)
    if goes_by_dates(definition):
        follow_record(unit, workflow, row)
    if not written.is_history:
        for approval in protecting(unit, definition, state.id):
            if _is_asked_again(unit, workflow, approval, row, written.changed, is_moving=is_moving):
                return
    if not is_moving and any(each.auto and state.id in each.sources for each in definition.transitions):
        settle(unit, lock_instance(unit, workflow, row), row)


def _adopt(unit: Unit, workflow: Workflow, row: RecordRow) -> None:
    """Take over a state that was written from outside, as a history import does for records it knows."""
    instance = lock_instance(unit, workflow, row)
    state = row.get(workflow.state_field)
    if isinstance(state, str) and state in instance.definition.state_by_id and state != instance.state:
        advance_instance(unit, instance, state, submitter_id=instance.submitter_id)


def _is_asked_again(
    unit: Unit,
    workflow: Workflow,
    approval: Approval,
    row: RecordRow,
    changed: Collection[str],
    *,
    is_moving: bool,
) -> bool:
    """Refuse a change of what is approved, or ask for the approval again; return whether it is asked."""
    paths = touched(unit, row.shape, approval, changed)
    if not paths:
        return False
    instance = lock_instance(unit, workflow, row)
    if approval.reapprove and not is_moving:
        return _review_again(unit, instance, row, approval)
    if stands(unit, instance, approval):
        refused = _not_granted(unit, approval, row, paths)
        if refused:
            raise Refused([Problem(path=path, code="approved", message=APPROVED) for path in refused])
    return False


def _not_granted(unit: Unit, approval: Approval, row: RecordRow, paths: Sequence[str]) -> Sequence[str]:
    """Return the paths that no open task lets this person change, be it through what is computed from them."""
    granted = frozenset(path for path, right in _task_fields(unit, approval, row).items() if right == "edit")
    fields = row.shape.by_id
    return [
        path
        for path in paths
        if not covers(granted, path) and not (granted and path in fields and fields[path].is_derived)
    ]


def _review_again(unit: Unit, instance: Instance, row: RecordRow, approval: Approval) -> bool:
    """Begin an approval again, or lead the record back into one that was given; return whether there was any."""
    system = unit.acting_as(SYSTEM)
    if instance.resting_in.approval != approval.id:
        state = given_in(unit, instance, approval)
        if state is not None:
            move(system, instance, row, Move(verb="reapprove", target=state, place=""))
        return state is not None
    review = Review(unit, instance, row, approval)
    if review.has_changed():
        ended = review.restart()
        if ended is None:
            follow_tasks(unit, instance, row)
        else:
            end_approval(system, instance, row, ended)
    return True


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
    locked = _locked_paths(unit, workflow, definition, state, row)
    if state.approval is not None:
        fields = _task_fields(unit, definition.approval_by_id[state.approval], row)
        opened = frozenset(path for path, right in fields.items() if right == "edit")
        granted |= opened
        locked -= opened
        shown = frozenset(fields)
    return StateRights(
        limit=None if limit is None else limit | granted, granted=granted, shown=shown, locked=locked
    )


def _locked_paths(
    unit: Unit, workflow: Workflow, definition: Workflow, state: State, row: RecordRow
) -> frozenset[str]:
    is_open = state.id == definition.initial if state.edit is None else bool(state.edit)
    if not is_open or not protecting(unit, definition, state.id):
        return frozenset()
    return locked_paths(unit, instance_of(unit, workflow, row))


class _OpenSteps(dict[tuple[str, int], frozenset[tuple[str, str]]]):
    """Approval and step of one person's open tasks, by record."""


class _OpenStepsOf(dict[int | None, _OpenSteps]):
    """The same by person: a unit may look with the eyes of another."""


def _task_fields(unit: Unit, approval: Approval, row: RecordRow) -> Mapping[str, str]:
    """Return the fields that open tasks of this person add: path to `edit` or `read`."""
    known = unit.keep(_OpenStepsOf, _OpenStepsOf)
    mine = known.get(unit.person.id)
    if mine is None:
        mine = known[unit.person.id] = _open_steps(unit)
    found: dict[str, str] = {}
    for approval_id, step_id in mine.get((row.form, row.id), ()):
        if approval_id == approval.id:
            found.update(step_of(approval, step_id).fields)
    return found


def _open_steps(unit: Unit) -> _OpenSteps:
    found = (
        select(tasks.c.form, tasks.c.record_id, steps.c.approval, steps.c.step)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(is_concerned(unit), tasks.c.state == TaskState.OPEN, tasks.c.kind.is_(None))
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
    return StateRights(
        limit=limit,
        granted=granted,
        shown=first.shown | second.shown,
        locked=first.locked | second.locked,
    )


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
