"""Deciding a task: one person, once, on what they saw; the second click learns of the first."""

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access import Action, decide
from orderkit.engine.following import note_changed
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import Review, approval_of
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.tasks import comment_needed, verbs_of
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import locked_row, require_acting, user_name
from orderkit.engine.workflow.transitions.moving import end_approval
from orderkit.engine.workflow.views import Decided, TaskState, Verb
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.errors import Conflict, Denied, NotFound, Problem, Refused, Stale
from orderkit.model.labels import Label, label

_DID = {
    TaskState.APPROVED: (Verb.APPROVE, label(zh="批准", en="approved")),
    TaskState.REJECTED: (Verb.REJECT, label(zh="驳回", en="rejected")),
    TaskState.RETURNED: (Verb.RETURN, label(zh="退回", en="returned")),
}
_HANDLED = label(zh="处理", en="handled")


def decide_task(
    unit: Unit, task_id: int, verb: Verb, comment: str | None = None, *, seen: str | None = None
) -> Decided:
    """Decide a task as its assignee.

    `seen` is `TaskItem.seen` of what the person looked at; without it, the values when the task was
    made count as seen.
    Raises: NotFound (also for who may not see the record), Denied (not yours), Refused (comment missing), Stale (protected values changed),
    Conflict (another decided; names who).
    """
    row, instance = _locked(unit, task_id)
    task = unit.connection.execute(select(tasks).where(tasks.c.id == task_id)).one()
    if task.assignee_id != unit.person.id:
        # Ids are counted up: who may not see the record does not learn that it waits for somebody.
        if not decide(unit.person, Action.READ, instance.form, row, unit=unit):
            raise _no_such_task()
        raise Denied(label(zh="这不是您的待办", en="this task is somebody else's"))
    require_acting(unit, instance.form)
    if task.state != TaskState.OPEN:
        return _decided_before(unit, instance, task, verb)
    approval = approval_of(instance)
    assert approval is not None, "an open task belongs to a state with an approval"
    if verb not in verbs_of(approval):
        raise Refused([_problem("verb", label(zh="此审批不能退回", en="this approval cannot be returned"))])
    comment = (comment or "").strip() or None
    if comment is None and verb in comment_needed(instance.definition):
        raise Refused(
            [_problem("required", label(zh="请填写意见", en="a comment is required"), path="comment")]
        )
    if protected_digest(approval, row) != (task.protected_digest if seen is None else seen):
        raise Stale(label(zh="内容已变更，请重看", en="the content has changed; look at it again"))
    ended = Review(unit, instance, row, approval).decide(task, verb, comment)
    # A decision that others must still join changes no field, so that no write tells of it.
    note_changed(unit, instance.form, [instance.record_id])
    if ended is None:
        follow_tasks(unit, instance, row)
    else:
        instance = end_approval(unit, instance, row, ended)
    return Decided(
        task_id=task_id,
        verb=verb,
        form=instance.form,
        record_id=instance.record_id,
        state=instance.state,
        awaits_others=ended is None,
    )


def _no_such_task() -> NotFound:
    return NotFound(label(zh="没有这个待办", en="there is no such task"))


def _locked(unit: Unit, task_id: int) -> tuple[RecordRow, Instance]:
    """Return the record of a task and its life, locked in the order in which every write locks them."""
    found = unit.connection.execute(
        select(tasks.c.workflow, tasks.c.form, tasks.c.record_id).where(tasks.c.id == task_id)
    ).one_or_none()
    if found is None or found.workflow not in unit.project.workflow_by_id:
        raise _no_such_task()
    row = locked_row(unit, found.form, found.record_id)
    return row, lock_instance(unit, unit.project.workflow_by_id[found.workflow], row)


def _decided_before(unit: Unit, instance: Instance, task: Row[tuple[object, ...]], verb: Verb) -> Decided:
    state = TaskState(task.state)
    did, word = _DID.get(state, (None, _HANDLED))
    if did is verb and task.decided_by == unit.person.id:
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
    who: Label = (
        named(user_name(unit, task.decided_by).name) if task.decided_by else label(zh="系统", en="the system")
    )
    raise Conflict(of_both("已由{who}{did}", "already {did} by {who}", who=who, did=word))


def _problem(code: str, message: Label, path: str = "") -> Problem:
    return Problem(path=path, code=code, message=message)
