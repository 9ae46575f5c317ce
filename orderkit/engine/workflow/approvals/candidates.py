"""Whom a person may name for something about a task: to hand it over, to ask for help, to sign with them."""

from orderkit.engine.access.people import everybody
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.leave import may_of
from orderkit.engine.workflow.approvals.step_rows import find_step
from orderkit.engine.workflow.approvals.tasks import task
from orderkit.engine.workflow.instances import find_instance
from orderkit.engine.workflow.people import Circumstances, includes
from orderkit.engine.workflow.views import UserName, Verb
from orderkit.model.people import Who


def people_to_choose(unit: Unit, task_id: int, verb: Verb) -> tuple[UserName, ...]:
    """Return the people who may be named for a verb, by name. Raises NotFound."""
    item = task(unit, task_id)
    row = rows_of(unit).row(item.form, item.record_id)
    instance = find_instance(unit, unit.project.workflow_by_id[item.workflow], item.record_id)
    approval = None if instance is None else approval_of(instance)
    if row is None or instance is None or approval is None:
        return ()
    may = may_of(approval, find_step(approval, item.step))
    allowed: Who | None = {Verb.TRANSFER: may.transfer_to, Verb.DELEGATE: may.delegate_to}.get(verb)
    barred = {unit.person.id}
    if verb is not Verb.COPY and instance.definition.policy.self_approval != "allow":
        barred.add(instance.submitter_id)
    circumstances = Circumstances(row=row, submitter_id=instance.submitter_id, approver_id=unit.person.id)
    return tuple(
        UserName(id=each.id, name=each.name)
        for each in sorted(everybody(unit).values(), key=lambda one: (one.name, one.login))
        if each.id not in barred and (allowed is None or includes(unit, allowed, circumstances, each))
    )


def colleagues(unit: Unit) -> tuple[UserName, ...]:
    """Return everybody but this person, by name."""
    return tuple(
        UserName(id=each.id, name=each.name)
        for each in sorted(everybody(unit).values(), key=lambda one: (one.name, one.login))
        if each.id != unit.person.id
    )
