"""The buttons of a record: exactly those that its state offers, the grey ones with why."""

from orderkit.engine import access
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.instances import Instance, instance_of
from orderkit.engine.workflow.locating import visible_row, workflows_of
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.transitions.awaited import problems_of_entry
from orderkit.engine.workflow.transitions.conditions import guard_problems, is_offered, missing_problems
from orderkit.engine.workflow.transitions.pressing import WITHDRAW, not_yours, why_no_withdrawal
from orderkit.engine.workflow.views import Button
from orderkit.engine.workflow.wording import listed
from orderkit.model.labels import Label, label
from orderkit.model.people import NamedPerson
from orderkit.model.workflow.workflows import Transition

_WITHDRAW = label(zh="撤回", en="Withdraw")


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
        found += _withdrawal(unit, instance)
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
    )


def _why_not(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> Label | None:
    if not includes(unit, transition.by, circumstances_of(instance, row), unit.person):
        return not_yours(unit, transition)
    decision = access.may_act(unit, instance.form)
    if isinstance(decision, access.RefusedAccess):
        return decision.why
    problems = missing_problems(unit.project, row, transition)
    if not problems:
        # What the button asks for is not there yet; guards on it are judged when it is pressed.
        asked = frozenset(ask.field.id for ask in transition.ask if not ask.is_own)
        problems = guard_problems(unit, instance, row, transition, unanswered=asked)
    problems = problems or problems_of_entry(instance.definition, transition.target)
    return listed(problem.message for problem in problems) if problems else None


def _withdrawal(unit: Unit, instance: Instance) -> list[Button]:
    approval = approval_of(instance)
    if approval is None or approval.withdrawn is None or unit.person.id != instance.submitter_id:
        return []
    decision = access.may_act(unit, instance.form)
    why = (
        decision.why
        if isinstance(decision, access.RefusedAccess)
        else why_no_withdrawal(unit, instance, approval)
    )
    return [
        Button(
            workflow=instance.workflow,
            transition=WITHDRAW,
            label=_WITHDRAW,
            target=approval.withdrawn.target,
            allowed=why is None,
            why=why,
            is_withdrawal=True,
        )
    ]


def _is_for_system(transition: Transition) -> bool:
    return transition.by is None or transition.by == NamedPerson("system")
