"""The timeline: every step of a record's life, append-only, readable in every language."""

from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.step_rows import find_step
from orderkit.engine.workflow.locating import SYSTEM_NAME, names_of
from orderkit.engine.workflow.views import TimelineEntry, UserName
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Workflow

_VERBS: dict[str, Label] = {
    "start": label(zh="新建", en="Created"),
    "approve": label(zh="批准", en="Approved"),
    "reject": label(zh="驳回", en="Rejected"),
    "return": label(zh="退回", en="Returned"),
    "approved": label(zh="审批通过", en="Approval granted"),
    "rejected": label(zh="审批未通过", en="Approval refused"),
    "returned": label(zh="审批退回", en="Sent back"),
    "withdrawn": label(zh="撤回", en="Withdrawn"),
    "restart": label(zh="内容变更，重新审批", en="Content changed, approval begins again"),
    "reapprove": label(zh="内容变更，退回审批", en="Content changed, back into approval"),
    "migrate": label(zh="流程更新，转入新的状态", en="Moved on by a new version of the workflow"),
    "rebuild": label(zh="流程更新，重新审批", en="New version of the workflow, approval begins again"),
    "skip": label(zh="自动通过", en="Passed automatically"),
    "assign": label(zh="改派审批人", en="Approver replaced"),
    "remind": label(zh="到期提醒", en="Reminded"),
    "overdue": label(zh="超期通知", en="Overdue, people told"),
    "escalate": label(zh="超期升级", en="Overdue, given to others"),
    "reassign": label(zh="改派", en="Given to somebody else"),
    "hand_over": label(zh="离职交接", en="Handed over by who left"),
    "transfer": label(zh="转交", en="Handed over"),
    "delegate": label(zh="委派", en="Asked for help"),
    "answer": label(zh="答复", en="Answered"),
    "unanswered": label(zh="委派未答复，退回本人", en="No answer in time, back to its owner"),
    "add_signer": label(zh="加签", en="Signers added"),
    "remove_signer": label(zh="减签", en="Signer removed"),
    "copy": label(zh="抄送", en="Copies sent"),
    "urge": label(zh="催办", en="Urged"),
    "claim": label(zh="领取", en="Claimed"),
    "release": label(zh="放回", en="Given back"),
    "revoked": label(zh="撤销", en="Revoked"),
    "terminated": label(zh="终止审批", en="Approval terminated"),
    "reopened": label(zh="重新打开", en="Reopened"),
    "resume": label(zh="直接回到退回的步骤", en="Straight back to the step that returned it"),
}
_REASONS: dict[str, Label] = {
    "auto:self": label(zh="审批人是提交人", en="the approver is the submitter"),
    "auto:duplicate": label(zh="刚刚批准过", en="approved just before"),
    "auto:empty": label(zh="没有需要审批的步骤", en="nothing to decide"),
    "auto:timeout": label(zh="超时自动处理", en="nobody acted in time"),
    "no_approver": label(zh="找不到审批人", en="nobody was found"),
    "role_lost": label(zh="不再有该角色", en="no longer in that role"),
}


def timeline(unit: Unit, form_id: str, record_id: int) -> tuple[TimelineEntry, ...]:
    """Return the record's steps, oldest first. The caller has checked that the record may be read."""
    found = unit.connection.execute(
        select(workflow_event)
        .where(workflow_event.c.form == form_id, workflow_event.c.record_id == record_id)
        .order_by(workflow_event.c.id)
    ).all()
    people = {row.actor_id for row in found} | {row.on_behalf_of_id for row in found}
    people |= {user_id for row in found for user_id in row.data.get("to", ())}
    names = names_of(unit, {each for each in people if each is not None})
    return tuple(_entry(unit, row, names) for row in found)


def _entry(unit: Unit, row: Row[Any], names: dict[int, str]) -> TimelineEntry:
    workflow = unit.project.workflow_by_id.get(row.workflow)

    def name(user_id: int | None) -> UserName:
        shown = SYSTEM_NAME if user_id is None else names.get(user_id, f"#{user_id}")
        return UserName(id=user_id, name=shown)

    return TimelineEntry(
        id=row.id,
        at=row.at,
        actor=name(row.actor_id),
        on_behalf_of=None if row.on_behalf_of_id is None else name(row.on_behalf_of_id),
        verb=row.verb,
        label=_label(workflow, row, names),
        workflow=row.workflow,
        transition=row.transition,
        source=row.source,
        target=row.target,
        source_label=_state_label(workflow, row.source),
        target_label=_state_label(workflow, row.target),
        step=row.step,
        comment=row.comment,
        data=dict(row.data),
        channel=row.channel,
    )


def activity(workflow: Workflow | None, verb: str, transition: str | None, step: str | None) -> Label:
    """Return what was done, without who did it and why: the button, or the verb and the step it was about."""
    if transition is not None:
        known = None if workflow is None else workflow.transition_by_id.get(transition)
        return named(transition) if known is None else known.label
    found = _VERBS.get(verb, named(verb))
    label_ = _step_label(workflow, step)
    return found if label_ is None else of_both("{verb}：{step}", "{verb}: {step}", verb=found, step=label_)


def _label(workflow: Workflow | None, row: Row[Any], names: dict[int, str]) -> Label:
    found = activity(workflow, row.verb, row.transition, row.step)
    if row.transition is not None:
        return found
    reason = _REASONS.get(str(row.data.get("reason")))
    if reason is not None:
        found = of_both("{verb}（{reason}）", "{verb} ({reason})", verb=found, reason=reason)
    to = [names[each] for each in row.data.get("to", ()) if each in names]
    if to:
        found = of_both(
            "{verb} → {to}", "{verb} → {to}", verb=found, to=label(zh="、".join(to), en=", ".join(to))
        )
    return found


def _step_label(workflow: Workflow | None, step: str | None) -> Label | None:
    if workflow is None or step is None:
        return None
    for approval in workflow.approvals:
        found = find_step(approval, step)
        if found is not None:
            return found.label
    return named(step)


def _state_label(workflow: Workflow | None, state: str | None) -> Label | None:
    if state is None:
        return None
    found = None if workflow is None else workflow.state_by_id.get(state)
    return named(state) if found is None else found.label
