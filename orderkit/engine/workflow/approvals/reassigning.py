"""Giving an open task to somebody else, by an administrator and with a reason: nothing is decided by that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access import require_administrator
from orderkit.engine.access.people import people_of
from orderkit.engine.following import note_changed
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.step_rows import UNDECIDED
from orderkit.engine.workflow.decision_links.telling import tell_of_tasks
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import locked_row
from orderkit.engine.workflow.views import TaskState
from orderkit.model.errors import Conflict, NotFound, Problem, Refused
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Mode

REASSIGN = "reassign"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTask:
    """An open task of somebody."""

    id: int
    form: str
    record_id: int
    title: str
    since: datetime


def held_counts(unit: Unit) -> dict[int, int]:
    """Return how many undecided tasks each user has, the most first."""
    number = func.count()
    found = (
        select(tasks.c.assignee_id, number)
        .where(tasks.c.state.in_(UNDECIDED))
        .group_by(tasks.c.assignee_id)
        .order_by(number.desc(), tasks.c.assignee_id)
    )
    return {row[0]: row[1] for row in unit.connection.execute(found)}


def held_tasks(unit: Unit, user_id: int, *, limit: int) -> tuple[HeldTask, ...]:
    """Return the undecided tasks of a user, the oldest first. The caller has checked that all may be seen."""
    found = (
        select(tasks.c.id, tasks.c.form, tasks.c.record_id, tasks.c.created_at)
        .join(instances, instances.c.id == tasks.c.instance_id)
        .where(tasks.c.assignee_id == user_id, tasks.c.state.in_(UNDECIDED))
        .order_by(tasks.c.id)
        .limit(limit)
    )
    rows = unit.connection.execute(found).all()
    titles = {
        form: rows_of(unit).titles(form, [each.record_id for each in rows if each.form == form])
        for form in {each.form for each in rows}
    }
    return tuple(
        HeldTask(
            id=each.id,
            form=each.form,
            record_id=each.record_id,
            title=titles[each.form].get(each.record_id, f"#{each.record_id}"),
            since=each.created_at,
        )
        for each in rows
    )


def reassign_task(unit: Unit, task_id: int, holder_id: int, taker_id: int, reason: str) -> None:
    """Give an undecided task of `holder_id` to `taker_id`; the timeline says who did it, for whom, and why.

    Raises: Denied (no administrator), NotFound, Conflict (decided meanwhile, or with somebody else by now),
    Refused (no reason; who takes it is not active, asked already, or may not decide about their own request).
    """
    require_administrator(unit)
    if not reason.strip():
        raise _refused("reason", "required", label(zh="请填写原因", en="a reason is required"))
    task, instance, row = _locked(unit, task_id)
    if task.assignee_id != holder_id or task.state not in UNDECIDED:
        raise Conflict(
            label(
                zh="这个待办刚刚已被处理或改派",
                en="this task has just been decided or given to somebody else",
            )
        )
    _check_taker(unit, instance, task, taker_id)
    unit.connection.execute(update(tasks).where(tasks.c.id == task_id).values(assignee_id=taker_id))
    write_event(
        unit,
        instance,
        REASSIGN,
        on_behalf_of_id=holder_id,
        step=task.step,
        comment=reason.strip(),
        data={"to": [taker_id]},
    )
    tell_of_tasks(unit, instance, row)
    note_changed(unit, instance.form, [instance.record_id])


def _locked(unit: Unit, task_id: int) -> tuple[Row[Any], Instance, RecordRow]:
    """Return a task and its life, locked in the order in which every write locks them."""
    found = select(tasks, steps.c.step, steps.c.mode).join(steps, steps.c.id == tasks.c.step_id)
    one = found.where(tasks.c.id == task_id)
    task = unit.connection.execute(one).one_or_none()
    if task is None or task.workflow not in unit.project.workflow_by_id:
        raise NotFound(label(zh="没有这个待办", en="there is no such task"))
    row = locked_row(unit, task.form, task.record_id)
    instance = lock_instance(unit, unit.project.workflow_by_id[task.workflow], row)
    return unit.connection.execute(one).one(), instance, row


def _check_taker(unit: Unit, instance: Instance, task: Row[Any], taker_id: int) -> None:
    if taker_id == task.assignee_id or taker_id not in people_of(unit, [taker_id]):
        raise _refused(
            "taker", "unknown_user", label(zh="请选择另一位在职人员", en="choose somebody else who is active")
        )
    if instance.definition.policy.self_approval != "allow" and taker_id == instance.submitter_id:
        raise _refused(
            "taker",
            "self_approval",
            label(zh="提交人不能审批自己的单据", en="the submitter may not decide about their own request"),
        )
    others = select(tasks.c.id).where(
        tasks.c.step_id == task.step_id, tasks.c.assignee_id == taker_id, tasks.c.id != task.id
    )
    asked = others if task.mode != Mode.ANY else others.where(tasks.c.state == TaskState.OPEN)
    if unit.connection.execute(asked).first() is not None:
        raise _refused(
            "taker",
            "asked_already",
            label(zh="此人已是这一步的审批人", en="they are asked at this step already"),
        )


def _refused(path: str, code: str, message: Label) -> Refused:
    return Refused([Problem(path=path, code=code, message=message)])
