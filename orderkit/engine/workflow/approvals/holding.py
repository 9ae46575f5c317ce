"""A task in somebody's hands: found, locked with its record, and theirs to decide. The second click learns of the first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access import Action, decide
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import Review, approval_of
from orderkit.engine.workflow.approvals.leave import may_of
from orderkit.engine.workflow.approvals.step_rows import HELP, step_of
from orderkit.engine.workflow.approvals.substituting import acts_for
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import locked_row, require_acting, user_name
from orderkit.engine.workflow.views import Decided, TaskState, Verb
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.errors import Conflict, Denied, NotFound
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Approval, May, Step

_DID = {
    TaskState.APPROVED: (Verb.APPROVE, label(zh="批准", en="approved")),
    TaskState.REJECTED: (Verb.REJECT, label(zh="驳回", en="rejected")),
    TaskState.RETURNED: (Verb.RETURN, label(zh="退回", en="returned")),
    TaskState.TRANSFERRED: (Verb.TRANSFER, label(zh="转交", en="handed over")),
    TaskState.ANSWERED: (Verb.ANSWER, label(zh="答复", en="answered")),
}
_HANDLED = label(zh="处理", en="handled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An open task of this person, with all that belongs to it; nobody else moves any of it until the unit ends."""

    unit: Unit
    row: RecordRow
    instance: Instance
    approval: Approval
    task: Row[Any]
    step_row: Row[Any]

    @property
    def step(self) -> Step:
        """The step that it belongs to."""
        return step_of(self.approval, self.step_row.step)

    @property
    def may(self) -> May:
        """What may be done besides deciding."""
        return may_of(self.approval, self.step)

    @property
    def is_help(self) -> bool:
        """Whether somebody only wants an answer."""
        return bool(self.task.kind == HELP)

    @property
    def on_behalf_of_id(self) -> int | None:
        """The person whose task it is, where another acts for them."""
        assignee: int = self.task.assignee_id
        return None if assignee == self.unit.person.id else assignee

    @property
    def review(self) -> Review:
        """The approval under way."""
        return Review(self.unit, self.instance, self.row, self.approval)

    def done(self, verb: Verb, *, awaits_others: bool = True) -> Decided:
        """Return what was done to it."""
        return Decided(
            task_id=self.task.id,
            verb=verb,
            form=self.instance.form,
            record_id=self.instance.record_id,
            state=self.instance.state,
            awaits_others=awaits_others,
        )


def hold(unit: Unit, task_id: int, verb: Verb) -> Held | Decided:
    """Return an open task as its assignee or their substitute; what this person did to it before, if it was the same.

    Raises: NotFound (also for who may not see the record), Denied (not yours), Conflict (another decided; names who).
    """
    row, instance = locked_task(unit, task_id)
    task = unit.connection.execute(select(tasks).where(tasks.c.id == task_id)).one()
    require_owner(unit, instance, row, task)
    require_acting(unit, instance.form)
    if task.state != TaskState.OPEN:
        return decided_before(unit, instance, task, verb)
    approval = approval_of(instance)
    assert approval is not None, "an open task belongs to a state with an approval"
    step_row = unit.connection.execute(select(steps).where(steps.c.id == task.step_id)).one()
    return Held(unit=unit, row=row, instance=instance, approval=approval, task=task, step_row=step_row)


def require_owner(unit: Unit, instance: Instance, row: RecordRow, task: Row[Any]) -> None:
    """Refuse whose task it is not. Raises NotFound, Denied."""
    if task.assignee_id == unit.person.id:
        return
    # Ids are counted up: who may not see the record does not learn that it waits for somebody.
    if not decide(unit.person, Action.READ, instance.form, row, unit=unit):
        raise no_such_task()
    if not acts_for(unit, task.assignee_id, instance.workflow):
        raise Denied(label(zh="这不是您的待办", en="this task is somebody else's"))
    if instance.submitter_id == unit.person.id:
        raise Denied(
            label(zh="代理人不能审批自己提交的单据", en="a substitute cannot decide about their own request")
        )


def no_such_task() -> NotFound:
    """Return what whoever names a task that is none, or none of their concern, is told."""
    return NotFound(label(zh="没有这个待办", en="there is no such task"))


def locked_task(unit: Unit, task_id: int) -> tuple[RecordRow, Instance]:
    """Return the record of a task and its life, locked in the order in which every write locks them."""
    found = unit.connection.execute(
        select(tasks.c.workflow, tasks.c.form, tasks.c.record_id).where(tasks.c.id == task_id)
    ).one_or_none()
    if found is None or found.workflow not in unit.project.workflow_by_id:
        raise no_such_task()
    row = locked_row(unit, found.form, found.record_id)
    return row, lock_instance(unit, unit.project.workflow_by_id[found.workflow], row)


def decided_before(unit: Unit, instance: Instance, task: Row[Any], verb: Verb) -> Decided:
    """Return what this person did before, where it was just this. Raises Conflict, which names who did what and when."""
    state = TaskState(task.state)
    did, word = _DID.get(state, (None, _HANDLED))
    is_mine = task.decided_by == unit.person.id
    if state is TaskState.PAUSED:
        did = _paused_by(unit, task)
        is_mine = did is not None
    if did is verb and is_mine:
        return Decided(
            task_id=task.id,
            verb=verb,
            form=instance.form,
            record_id=instance.record_id,
            state=instance.state,
            is_repeated=True,
        )
    if state is TaskState.WAITING:
        raise Conflict(label(zh="还没轮到您审批", en="it is not your turn yet"))
    if state is TaskState.PAUSED:
        raise Conflict(
            label(zh="正在等待加签或受委派的人", en="it waits for somebody who was asked to help or to sign")
        )
    who: Label = (
        named(user_name(unit, task.decided_by).name) if task.decided_by else label(zh="系统", en="the system")
    )
    at = named(f"{task.decided_at.astimezone(unit.runtime.timezone):%Y-%m-%d %H:%M}")
    raise Conflict(
        of_both("已由{who}于 {at} {did}", "already {did} by {who} at {at}", who=who, did=word, at=at)
    )


def _paused_by(unit: Unit, task: Row[Any]) -> Verb | None:
    """Return what this person did that a task waits for: asked for help, added signers, or approved before them."""
    if task.decided_by is not None:
        return Verb.APPROVE if task.decided_by == unit.person.id else None
    asked = select(tasks.c.added_by).where(
        tasks.c.host_id == task.id, tasks.c.kind == HELP, tasks.c.state == TaskState.OPEN
    )
    helper = unit.connection.execute(asked).first()
    if helper is not None:
        return Verb.DELEGATE if helper.added_by == unit.person.id else None
    added = select(steps.c.added_by).where(steps.c.host_id == task.id, steps.c.state == "open")
    signer = unit.connection.execute(added).first()
    return Verb.ADD_SIGNER if signer is not None and signer.added_by == unit.person.id else None
