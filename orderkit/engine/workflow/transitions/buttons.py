"""The buttons of a record: exactly those that its state offers, the grey ones with why."""

from collections.abc import Iterator

from orderkit.engine import access
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.choosing import SUBMITTER, steps_to_choose_for
from orderkit.engine.workflow.approvals.resuming import awaits_choice
from orderkit.engine.workflow.instances import Instance, instance_of
from orderkit.engine.workflow.locating import visible_row, workflows_of
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.transitions.claiming import urged_now, why_too_soon
from orderkit.engine.workflow.transitions.conditions import guard_problems, is_offered, missing_problems
from orderkit.engine.workflow.transitions.pressing import approval_behind, not_yours, required_choices
from orderkit.engine.workflow.transitions.standing_verbs import (
    CLAIM,
    RELEASE,
    REOPEN,
    REVOKE,
    TERMINATE,
    TOO_LATE,
    URGE,
    WITHDRAW,
    is_claimable,
    is_holder,
    reopening,
    revocable,
    termination,
    why_no_withdrawal,
    why_unclaimed,
)
from orderkit.engine.workflow.views import Button, StepName
from orderkit.engine.workflow.wording import listed
from orderkit.model.labels import Label, label
from orderkit.model.people import NamedPerson
from orderkit.model.workflow.workflows import Transition

_LABELS = {
    WITHDRAW: label(zh="撤回", en="Withdraw"),
    REVOKE: label(zh="撤销", en="Revoke"),
    TERMINATE: label(zh="终止审批", en="Terminate the approval"),
    REOPEN: label(zh="重新打开", en="Reopen"),
    CLAIM: label(zh="领取", en="Claim"),
    RELEASE: label(zh="放回", en="Give back"),
    URGE: label(zh="催办", en="Urge"),
}


def buttons(unit: Unit, form_id: str, record_id: int) -> tuple[Button, ...]:
    """Return the buttons in the order of the workflow's transitions. Raises NotFound for the record only."""
    row = visible_row(unit, form_id, record_id)
    found: list[Button] = []
    for workflow in workflows_of(unit, form_id):
        instance = instance_of(unit, workflow, row)
        found += [
            _button(unit, instance, row, transition)
            for transition in instance.definition.transitions
            if instance.state in transition.sources
            and not _is_for_system(transition)
            and is_offered(unit, instance, row, transition)
        ]
        found += _verbs(unit, instance, row)
    return tuple(found)


def _button(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> Button:
    why = _why_not(unit, instance, row, transition)
    return Button(
        workflow=instance.workflow,
        transition=transition.id,
        label=transition.label,
        target=transition.target,
        allowed=why is None,
        why=why,
        ask=transition.ask,
        chooses=_chooses(instance, transition),
        resumes=_resumes(unit, instance, transition),
    )


def _chooses(instance: Instance, transition: Transition) -> tuple[StepName, ...]:
    """Return the steps for which the submitter chooses who decides."""
    approval = approval_behind(instance, transition)
    if approval is None:
        return ()
    required = required_choices(approval)
    return tuple(
        StepName(id=each.id, label=each.label, is_required=each in required)
        for each in steps_to_choose_for(approval, SUBMITTER)
    )


def _resumes(unit: Unit, instance: Instance, transition: Transition) -> bool:
    approval = approval_behind(instance, transition)
    return approval is not None and awaits_choice(unit, instance, approval)


def _why_not(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> Label | None:
    if not includes(unit, transition.by, circumstances_of(instance, row), unit.person):
        return not_yours(unit, transition)
    decision = access.may_act(unit, instance.form)
    if isinstance(decision, access.RefusedAccess):
        return decision.why
    unclaimed = why_unclaimed(unit, instance, row)
    if unclaimed is not None:
        return unclaimed
    problems = missing_problems(unit.project, row, transition)
    if not problems:
        # What the button asks for is not there yet; guards on it are judged when it is pressed.
        asked = frozenset(ask.field.id for ask in transition.ask if not ask.is_own)
        problems = guard_problems(unit, instance, row, transition, unanswered=asked)
    return listed(problem.message for problem in problems) if problems else None


def _verbs(unit: Unit, instance: Instance, row: RecordRow) -> Iterator[Button]:
    """Yield the buttons that no transition has: what is done to a whole record."""
    approval = approval_of(instance)
    is_submitter = unit.person.id == instance.submitter_id
    if approval is not None and approval.withdrawn is not None and is_submitter:
        yield _verb_button(
            unit, instance, WITHDRAW, approval.withdrawn.target, why_no_withdrawal(unit, instance, approval)
        )
    if approval is not None and is_submitter:
        waiting, every = urged_now(unit, instance)
        if waiting:
            yield _verb_button(unit, instance, URGE, instance.state, why_too_soon(unit, instance, every))
    found = revocable(unit, instance, row)
    # Who may not do these anyway is not shown them; who comes too late is told so.
    if found is not None and _is_worth_showing(found.why):
        yield _verb_button(unit, instance, REVOKE, found.target, found.why)
    ending = termination(unit, instance, row)
    if ending is not None and _is_worth_showing(ending[1]):
        yield _verb_button(unit, instance, TERMINATE, ending[0].target, ending[1])
    again = reopening(unit, instance, row)
    if again is not None and _is_worth_showing(again[1]):
        yield _verb_button(unit, instance, REOPEN, again[0], again[1])
    if is_claimable(instance):
        if instance.claimed_by == unit.person.id:
            yield _verb_button(unit, instance, RELEASE, instance.state, None)
        elif instance.claimed_by is None and is_holder(unit, instance, row):
            yield _verb_button(unit, instance, CLAIM, instance.state, None)


def _is_worth_showing(why: Label | None) -> bool:
    return why is None or why == TOO_LATE


def _verb_button(unit: Unit, instance: Instance, verb: str, target: str, why: Label | None) -> Button:
    decision = access.may_act(unit, instance.form)
    if isinstance(decision, access.RefusedAccess):
        why = decision.why
    return Button(
        workflow=instance.workflow,
        transition=verb,
        label=_LABELS[verb],
        target=target,
        allowed=why is None,
        why=why,
        verb=verb,
    )


def _is_for_system(transition: Transition) -> bool:
    return transition.by is None or transition.by == NamedPerson("system")
