"""What somebody who leaves had still to decide goes to others: never decided by that, never left lying.

Whoever is let go, by whatever door, is noticed by `watch_leavers`; `hand_over_tasks` may be called before with a
successor. Locks are taken as every other write takes them, record by record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access.people import people_of
from orderkit.engine.following import note_changed
from orderkit.engine.hooks import WriteKind, Written
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.step_rows import UNDECIDED
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.people import Circumstances, chain_of_managers, resolve
from orderkit.engine.workflow.views import TaskState
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.errors import Problem, Refused
from orderkit.model.people import HasRole
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.workflows import Mode

HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Who leaves, and who shall take over, if that is said."""

    leaver_id: int
    successor_id: int | None


def watch_leavers(unit: Unit, written: Sequence[Written]) -> None:
    """Hand over the open tasks of whoever was let go in this batch, as their workflows say."""
    for each in written:
        if each.form != "user":
            continue
        is_let_go = each.kind is WriteKind.UPDATED and "active" in each.changed and not each.row.get("active")
        if is_let_go or each.kind is WriteKind.DELETED:
            hand_over_tasks(unit, each.id)


def hand_over_tasks(unit: Unit, leaver_id: int, successor_id: int | None = None) -> int:
    """Give the undecided tasks of a person to others, and return how many those were.

    Without a successor, and where the successor may not decide about their own record, the workflow's `leaver`
    gets them, the manager of who leaves or of the successor, or else an administrator.
    Raises: Refused where the rules leave nobody but the submitter.
    """
    mine = (tasks.c.assignee_id == leaver_id, tasks.c.state.in_(UNDECIDED))
    found = select(tasks, steps.c.step, steps.c.mode).join(steps, steps.c.id == tasks.c.step_id).where(*mine)
    ordered = found.order_by(tasks.c.form, tasks.c.record_id, tasks.c.workflow, tasks.c.id)
    count = 0
    for each in unit.connection.execute(ordered).all():
        rows = rows_of(unit).load(each.form, [each.record_id], lock=True)
        workflow = unit.project.workflow_by_id.get(each.workflow)
        if not rows or workflow is None:
            continue
        instance = lock_instance(unit, workflow, rows[0])
        # Whoever decided it while the lock was awaited has decided it.
        is_still = select(tasks.c.id).where(tasks.c.id == each.id, *mine)
        if unit.connection.execute(is_still).first() is not None:
            change = _Change(leaver_id=leaver_id, successor_id=successor_id)
            _hand_over(unit, instance, rows[0], each, change)
            count += 1
    return count


def _hand_over(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    task: Row[tuple[object, ...]],
    change: _Change,
) -> None:
    taker = _taker(unit, instance, row, change)
    others = select(tasks.c.id).where(
        tasks.c.step_id == task.step_id, tasks.c.assignee_id == taker, tasks.c.state == TaskState.OPEN
    )
    # Where one decision is enough, whoever is asked already is not asked twice. Elsewhere a second one is missing.
    if task.mode == Mode.ANY and unit.connection.execute(others).first() is not None:
        values = {
            "state": TaskState.CANCELLED,
            "reason": HAND_OVER,
            "decided_at": unit.now,
            "decided_by": unit.person.id,
        }
    else:
        values = {"assignee_id": taker}
    unit.connection.execute(update(tasks).where(tasks.c.id == task.id).values(values))
    follow_tasks(unit, instance, row)
    write_event(
        unit, instance, HAND_OVER, on_behalf_of_id=change.leaver_id, step=task.step, data={"to": [taker]}
    )
    note_changed(unit, instance.form, [instance.record_id])


def _taker(unit: Unit, instance: Instance, row: RecordRow, change: _Change) -> int:
    policy = instance.definition.policy
    barred = {change.leaver_id}
    if policy.self_approval != "allow" and instance.submitter_id is not None:
        barred.add(instance.submitter_id)
    for each in _candidates(unit, instance, row, change):
        if each not in barred:
            return each
    if policy.self_approval != "forbid" and instance.submitter_id is not None:
        # The last resort, as where a step begins: the timeline says whose task it was.
        last = instance.submitter_id
        if last != change.leaver_id and last in people_of(unit, [last]):
            return last
    (title,) = rows_of(unit).titles(row.form, [row.id]).values()
    message = of_both(
        "“{title}”的待办没有人可接：只剩提交人自己，而规则禁止自批；请先设置其他审批人或管理员",
        "nobody can take the task of “{title}”: only its submitter is left, which the rules forbid; "
        "set up another approver or administrator first",
        title=named(title),
    )
    raise Refused([Problem(path="successor", code="self_approval", message=message)])


def _candidates(unit: Unit, instance: Instance, row: RecordRow, change: _Change) -> Sequence[int]:
    """Return the active people who may take a task, the first choice first."""
    found: list[int] = []
    if change.successor_id is not None:
        found += [change.successor_id, *chain_of_managers(unit, change.successor_id)]
    leaver = instance.definition.policy.leaver
    circumstances = Circumstances(
        row=row,
        submitter_id=instance.submitter_id,
        holder=instance.resting_in.holder,
        approver_id=change.leaver_id,
    )
    if leaver is not None:
        found += [each.user_id for each in resolve(unit, leaver, circumstances)]
    found += chain_of_managers(unit, change.leaver_id)
    found += [each.user_id for each in resolve(unit, HasRole(ADMIN), circumstances)]
    active = people_of(unit, found)
    return [each for each in found if each in active]
