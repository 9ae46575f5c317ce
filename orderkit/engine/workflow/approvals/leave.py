"""What approvers may do besides approving and rejecting: those of a step, or else of the whole approval."""

from orderkit.engine.access.people import people_of
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances, includes
from orderkit.engine.workflow.wording import named, of_both, who_is
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label
from orderkit.model.people import Who
from orderkit.model.workflow.workflows import Approval, May, Step

TO = "to"


def may_of(approval: Approval, step: Step | None) -> May:
    """Return what the approvers of a step may do."""
    return approval.may if step is None or step.may is None else step.may


def require_people(
    unit: Unit, instance: Instance, row: RecordRow, user_ids: tuple[int, ...], allowed: Who | None
) -> None:
    """Refuse people who are not there, who are not among those `allowed`, or who would decide about their own.

    Raises: Refused.
    """
    if not user_ids:
        raise refused("required", label(zh="请选择人员", en="choose somebody"), TO)
    known = people_of(unit, user_ids)
    circumstances = Circumstances(row=row, submitter_id=instance.submitter_id, approver_id=unit.person.id)
    for user_id in user_ids:
        person = known.get(user_id)
        if person is None:
            raise refused(
                "not_found",
                label(zh="没有这个人，或已离职", en="there is nobody of that id, or they left"),
                TO,
            )
        if user_id == unit.person.id:
            raise refused("yourself", label(zh="不能选自己", en="you cannot choose yourself"), TO)
        if allowed is not None and not includes(unit, allowed, circumstances, person):
            message = of_both(
                "{name} 不在可选范围：{who}",
                "{name} is not among whom may be chosen: {who}",
                name=named(person.name),
                who=who_is(unit.project, allowed),
            )
            raise refused("not_allowed", message, TO)
        if user_id == instance.submitter_id and instance.definition.policy.self_approval != "allow":
            message = of_both(
                "{name} 是提交人，不能审批自己的单据",
                "{name} submitted this and cannot decide about it",
                name=named(person.name),
            )
            raise refused("self_approval", message, TO)


def not_allowed(zh: str, en: str) -> Refused:
    """Return the refusal of what this approval does not let its approvers do."""
    return refused("verb", label(zh=zh, en=en))


def refused(code: str, message: Label, path: str = "") -> Refused:
    """Return a refusal with one problem."""
    return Refused([Problem(path=path, code=code, message=message)])
