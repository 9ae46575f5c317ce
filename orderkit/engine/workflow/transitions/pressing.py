"""Pressing a button: one transaction that checks who may, what is needed and what must hold, then moves."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals import approvals
from orderkit.engine.workflow.approvals.approvals import EndingName, approval_of
from orderkit.engine.workflow.approvals.protecting import problems_of_answers
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import (
    locked_row,
    locked_transition,
    moved_by_another,
    require_acting,
    visible_row,
    workflows_of,
)
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.transitions.asks import read_answers
from orderkit.engine.workflow.transitions.awaited import problems_of_entry
from orderkit.engine.workflow.transitions.conditions import guard_problems, lock_inputs, missing_problems
from orderkit.engine.workflow.transitions.moving import end_approval, press
from orderkit.engine.workflow.views import Done
from orderkit.engine.workflow.wording import of_both, who_is
from orderkit.model.errors import Conflict, Denied, Refused, Stale
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Approval, Transition

WITHDRAW = "withdraw"
FIRST_DECISION = "first_decision"
NEVER = "never"


def do(  # noqa: PLR0917 - the words of a press, in the order in which people say them
    unit: Unit,
    form_id: str,
    record_id: int,
    transition: str,
    values: Mapping[str, object] | None = None,
    comment: str | None = None,
    *,
    expected_revision: int | None = None,
    workflow: str | None = None,
) -> Done:
    """Press `transition`; `values` are what its `ask` asks for, as values of their field types.

    The same click twice gives the first result. `workflow` is needed only where two workflows of a
    form share a transition id.
    Raises: NotFound, Denied, Refused (problems at fields), Stale (revision), Conflict (moved by another).
    """
    visible_row(unit, form_id, record_id)
    row = locked_row(unit, form_id, record_id)
    instance, found = locked_transition(unit, row, transition, workflow)
    if _is_repeated(unit, instance, found, expected_revision):
        return _done(row, instance, transition, is_repeated=True)
    if not includes(unit, found.by, circumstances_of(instance, row), unit.person):
        raise Denied(not_yours(unit, found))
    require_acting(unit, form_id)
    if instance.state not in found.sources:
        raise moved_by_another(unit, instance)
    if expected_revision is not None and row.get("revision") != expected_revision:
        raise Stale
    answers = read_answers(unit, found, values or {}, row.values)
    problems = answers.problems + missing_problems(unit.project, row, found)
    if not problems:
        lock_inputs(unit, row, found)
        problems = guard_problems(unit, instance, row, found, answers=answers.fields)
    problems = problems or problems_of_answers(unit, instance, row, found, answers.fields)
    problems = problems or problems_of_entry(instance.definition, found.target)
    if problems:
        raise Refused(problems)
    moved = press(unit, instance, row, found, replace(answers, comment=comment))
    return _done(row, moved, transition)


def withdraw(
    unit: Unit, form_id: str, record_id: int, comment: str | None = None, *, workflow: str | None = None
) -> Done:
    """Take a record back from its approval, as its submitter, while that is still allowed.

    Raises: NotFound, Denied (somebody else submitted it), Conflict (decided already, or not in approval).
    """
    visible_row(unit, form_id, record_id)
    require_acting(unit, form_id)
    row = locked_row(unit, form_id, record_id)
    for each in workflows_of(unit, form_id, workflow):
        instance = lock_instance(unit, each, row)
        approval = approval_of(instance)
        if approval is None or approval.withdrawn is None:
            continue
        why = why_no_withdrawal(unit, instance, approval)
        if why is not None:
            raise Denied(why) if unit.person.id != instance.submitter_id else Conflict(why)
        moved = end_approval(unit, instance, row, EndingName.WITHDRAWN, comment)
        return _done(row, moved, WITHDRAW)
    raise Conflict(label(zh="单据不在可撤回的审批中", en="this is not in an approval that can be withdrawn"))


def not_yours(unit: Unit, transition: Transition) -> Label:
    """Return who may press a transition, for somebody who may not."""
    return of_both("只能由{who}操作", "only {who} may do this", who=who_is(unit.project, transition.by))


def why_no_withdrawal(unit: Unit, instance: Instance, approval: Approval) -> Label | None:
    """Return why this person cannot withdraw now; None when they can."""
    if unit.person.id != instance.submitter_id:
        return label(zh="只能由提交人撤回", en="only who submitted it may withdraw it")
    until = approval.withdrawn.until if approval.withdrawn is not None else NEVER
    if until == NEVER:
        return label(zh="此审批不允许撤回", en="this approval cannot be withdrawn")
    if until == FIRST_DECISION and approvals.is_decided(unit, instance):
        return label(
            zh="已有人审批，不能再撤回", en="somebody has decided already, so it cannot be withdrawn"
        )
    return None


def _done(row: RecordRow, instance: Instance, transition: str, *, is_repeated: bool = False) -> Done:
    revision = row.get("revision")
    assert isinstance(revision, int)
    return Done(
        form=row.form,
        record_id=row.id,
        workflow=instance.workflow,
        transition=transition,
        state=instance.state,
        revision=revision,
        is_repeated=is_repeated,
    )


def _is_repeated(
    unit: Unit, instance: Instance, transition: Transition, expected_revision: int | None
) -> bool:
    """Return whether this very click was made before: same person, same transition, same revision seen."""
    last = unit.connection.execute(
        select(workflow_event.c.actor_id, workflow_event.c.transition, workflow_event.c.data)
        .where(workflow_event.c.instance_id == instance.id, workflow_event.c.actor_id.is_not(None))
        .order_by(workflow_event.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or (last.actor_id, last.transition) != (unit.person.id, transition.id):
        return False
    if expected_revision is not None:
        return bool(last.data.get("revision") == expected_revision)
    return instance.state not in transition.sources
