"""Who loses a role, and still has a task by it where one decision of several people is enough.

Those steps look at who has the role now; where all, a sequence or a vote decide, people stay as they were found.
"""

from collections.abc import Collection

from sqlalchemy import select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.following import note_changed
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.approvals.approvals import Review, approval_of
from orderkit.engine.workflow.approvals.step_rows import (
    end_inserted,
    find_step,
    insert_tasks,
    rows_in,
    step_row,
    task_values,
)
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import lock_instance
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Mode

ROLE_LOST = "role_lost"


def watch_roles(unit: Unit, user_id: int, lost: Collection[str]) -> None:
    """Take back the tasks that a person had by roles which they have lost, and ask who has them now."""
    if not lost:
        return
    mine = (tasks.c.assignee_id == user_id, tasks.c.state == TaskState.OPEN, tasks.c.kind.is_(None))
    found = (
        select(tasks.c.id, tasks.c.workflow, tasks.c.form, tasks.c.record_id, tasks.c.step_id, steps.c.people)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(*mine, steps.c.mode == Mode.ANY, steps.c.host_id.is_(None))
        .order_by(tasks.c.form, tasks.c.record_id, tasks.c.workflow, tasks.c.id)
    )
    words = {f"role({role})" for role in lost}
    for each in unit.connection.execute(found).all():
        if not any(one["user"] == user_id and one["how"] in words for one in each.people):
            continue
        rows = rows_of(unit).load(each.form, [each.record_id], lock=True)
        workflow = unit.project.workflow_by_id.get(each.workflow)
        if rows and workflow is not None:
            instance = lock_instance(unit, workflow, rows[0])
            approval = approval_of(instance)
            still = select(tasks.c.id).where(tasks.c.id == each.id, *mine)
            if approval is not None and unit.connection.execute(still).first() is not None:
                _take_back(unit, Review(unit, instance, rows[0], approval), each.id, each.step_id)


def _take_back(unit: Unit, review: Review, task_id: int, step_row_id: int) -> None:
    system = unit.acting_as(SYSTEM)
    row = step_row(unit, step_row_id)
    step = find_step(review.approval, row.step)
    task = unit.connection.execute(select(tasks).where(tasks.c.id == task_id)).one()
    if step is None:
        return
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == task_id)
        .values(state=TaskState.CANCELLED, reason=ROLE_LOST, decided_at=unit.now, decided_by=None)
    )
    end_inserted(unit, [task_id])
    others = select(tasks.c.id).where(
        tasks.c.step_id == row.id,
        tasks.c.kind.is_(None),
        tasks.c.state.in_((TaskState.OPEN, TaskState.PAUSED, TaskState.WAITING)),
    )
    taken: list[int] = []
    if unit.connection.execute(others).first() is None:
        assignment = review.people_of(step, rows_in(row.loop_rows))
        taken = [each.user_id for each in assignment.people if each.user_id != task.assignee_id]
        values = [task_values(unit, review.instance, row.id, each, task.protected_digest) for each in taken]
        insert_tasks(unit, values)
        people = [*row.people, *({"user": each.user_id, "how": each.how} for each in assignment.people)]
        unit.connection.execute(update(steps).where(steps.c.id == row.id).values(people=people))
    data = {"reason": ROLE_LOST, "to": taken}
    write_event(system, review.instance, "assign", on_behalf_of_id=task.assignee_id, step=step.id, data=data)
    note_changed(unit, review.instance.form, [review.instance.record_id])
