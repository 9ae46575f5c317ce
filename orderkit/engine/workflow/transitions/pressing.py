"""Pressing a button: one transaction that checks who may, what is needed and what must hold, then moves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.choosing import (
    SUBMITTER,
    missing_choices,
    problems_of_choice,
    steps_to_choose_for,
)
from orderkit.engine.workflow.approvals.protecting import problems_of_answers
from orderkit.engine.workflow.approvals.resuming import choose_resume
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.locating import (
    locked_row,
    locked_transition,
    moved_by_another,
    require_acting,
    visible_row,
)
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.transitions.asks import read_answers
from orderkit.engine.workflow.transitions.conditions import (
    guard_problems,
    lock_balances_read,
    lock_inputs,
    missing_problems,
)
from orderkit.engine.workflow.transitions.moving import press
from orderkit.engine.workflow.transitions.standing_verbs import why_unclaimed
from orderkit.engine.workflow.transitions.taking_back import done
from orderkit.engine.workflow.views import Done
from orderkit.engine.workflow.wording import of_both, who_is
from orderkit.model.errors import Denied, Problem, Refused, Stale
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Approval, Step, Transition


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
    approvers: Mapping[str, Sequence[int]] | None = None,
    resume: str | None = None,
) -> Done:
    """Press `transition`; `values` are what its `ask` asks for, as values of their field types.

    `approvers` are whom the submitter chooses for steps of the approval that it leads into, `resume` is how a
    returned approval goes on (`restart` or `direct`), where the submitter says so.
    The same click twice gives the first result. `workflow` is needed only where two workflows of a
    form share a transition id.
    Raises: NotFound, Denied, Refused (problems at fields), Stale (revision), Conflict (moved by another).
    """
    visible_row(unit, form_id, record_id)
    row = locked_row(unit, form_id, record_id)
    instance, found = locked_transition(unit, row, transition, workflow)
    if _is_repeated(unit, instance, found, expected_revision):
        return done(row, instance, transition, is_repeated=True)
    if not includes(unit, found.by, circumstances_of(instance, row), unit.person):
        raise Denied(not_yours(unit, found))
    require_acting(unit, form_id)
    if instance.state not in found.sources:
        raise moved_by_another(unit, instance)
    unclaimed = why_unclaimed(unit, instance, row)
    if unclaimed is not None:
        raise Denied(unclaimed)
    if expected_revision is not None and row.get("revision") != expected_revision:
        raise Stale
    answers = read_answers(unit, found, values or {}, row.values)
    problems = answers.problems + missing_problems(unit.project, row, found)
    if not problems:
        lock_inputs(unit, row, found)
        lock_balances_read(unit, instance, row, found)
        problems = guard_problems(unit, instance, row, found, answers=answers.fields)
    problems = problems or problems_of_answers(unit, instance, row, found, answers.fields)
    problems += _problems_of_approvers(unit, instance, found, approvers or {})
    if problems:
        raise Refused(problems)
    _choose_resume(unit, instance, row, found, resume)
    moved = press(unit, instance, row, found, replace(answers, comment=comment, approvers=approvers or {}))
    return done(row, moved, transition)


def approval_behind(instance: Instance, transition: Transition) -> Approval | None:
    """Return the approval that a transition leads into."""
    target = instance.definition.state_by_id[transition.target]
    return None if target.approval is None else instance.definition.approval_by_id[target.approval]


def required_choices(approval: Approval) -> tuple[Step, ...]:
    """Return the steps that begin in any case, and for which the submitter must therefore choose somebody."""
    asked = steps_to_choose_for(approval, SUBMITTER)
    return tuple(each for each in asked if each in approval.steps and each.when is None)


def _problems_of_approvers(
    unit: Unit, instance: Instance, transition: Transition, approvers: Mapping[str, Sequence[int]]
) -> tuple[Problem, ...]:
    approval = approval_behind(instance, transition)
    asked = () if approval is None else steps_to_choose_for(approval, SUBMITTER)
    problems = problems_of_choice(unit, asked, approvers)
    if problems or approval is None:
        return problems
    return missing_choices([each for each in required_choices(approval) if not approvers.get(each.id)])


def _choose_resume(
    unit: Unit, instance: Instance, row: RecordRow, transition: Transition, resume: str | None
) -> None:
    approval = approval_behind(instance, transition)
    if resume is not None and approval is not None:
        choose_resume(unit, instance, row, approval, resume)


def not_yours(unit: Unit, transition: Transition) -> Label:
    """Return who may press a transition, for somebody who may not."""
    return of_both("只能由{who}操作", "only {who} may do this", who=who_is(unit.project, transition.by))


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
