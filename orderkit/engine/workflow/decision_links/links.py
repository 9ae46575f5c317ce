"""The links themselves: made once for a task and its person, found by token, used up once."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from orderkit.database.schema.system_tables import decision_link as links
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access.people import person_of
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Person, Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.step_rows import HELP, SUPERSEDED
from orderkit.engine.workflow.decision_links.settings import lifetime
from orderkit.engine.workflow.decision_links.tokens import PURPOSE, digest_of, new_salt, token_of
from orderkit.engine.workflow.instances import find_instance
from orderkit.engine.workflow.views import TaskState

AT_ONCE = 500


class LinkState(StrEnum):
    """What a link that was made and has not died lets its bearer do."""

    OPEN = "open"
    # What the task protects is not what it was: the bearer has to look again, signed in.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedTask:
    """The task that a link is for, and the one person who decides it. `seen` is what they were told of."""

    id: int
    task_id: int
    person: Person
    form: str
    record_id: int
    seen: str
    state: LinkState


def make_links(unit: Unit, wanted: Sequence[tuple[int, int, str]]) -> Sequence[int]:
    """Make a link for each task, person and digest of what is protected; return their ids in the same order."""
    key = unit.runtime.keys_for(PURPOSE)[0]
    rows = []
    for task_id, user_id, seen in wanted:
        salt = new_salt()
        rows.append(
            {
                "task_id": task_id,
                "user_id": user_id,
                "salt": salt,
                "digest": digest_of(token_of(key, salt)),
                "seen": seen,
                "created_at": unit.now,
                "expires_at": unit.now + lifetime(unit.runtime),
            }
        )
    made = insert(links).returning(links.c.id, sort_by_parameter_order=True)
    return unit.connection.execute(made, rows).scalars().all()


def is_known(unit: Unit, token: str) -> bool:
    """Return whether a token was ever given out: whoever opens an old mail does not guess."""
    return _row(unit, token) is not None


def link_of(unit: Unit, token: str) -> LinkedTask | None:
    """Return what a link stands for now.

    None when there is no such link, it was used or has expired, its task has ended or is somebody else's by now,
    or its person may no longer sign in; which of these is told to nobody.
    """
    row = _row(unit, token)
    if row is None or row.used_at is not None or row.expires_at <= unit.now:
        return None
    wanted = select(tasks).where(tasks.c.id == row.task_id, tasks.c.assignee_id == row.user_id)
    task = unit.connection.execute(wanted).one_or_none()
    person = person_of(unit, row.user_id)
    state = None if task is None else _state(unit, row, task)
    if task is None or person is None or state is None:
        return None
    return LinkedTask(
        id=row.id,
        task_id=row.task_id,
        person=person,
        form=task.form,
        record_id=task.record_id,
        seen=row.seen,
        state=state,
    )


def use_up(unit: Unit, link: LinkedTask) -> bool:
    """Use a link up. Of two at the same moment one finds it used: False."""
    unused = (links.c.id == link.id) & links.c.used_at.is_(None)
    return unit.connection.execute(update(links).where(unused).values(used_at=unit.now)).rowcount == 1


def remove_old_links(unit: Unit) -> int:
    """Remove links that hold no more, of tasks that have ended; return how many there were."""
    # Of an open task the row says that its person was told.
    old = (
        select(links.c.id)
        .join(tasks, tasks.c.id == links.c.task_id)
        .where(links.c.expires_at <= unit.now, tasks.c.state != TaskState.OPEN)
        .limit(AT_ONCE)
    )
    return unit.connection.execute(delete(links).where(links.c.id.in_(old))).rowcount


def _row(unit: Unit, token: str) -> Row[Any] | None:
    digest = digest_of(token)
    row = unit.connection.execute(select(links).where(links.c.digest == digest)).one_or_none()
    return row if row is not None and hmac.compare_digest(row.digest, digest) else None


def _state(unit: Unit, row: Row[Any], task: Row[Any]) -> LinkState | None:
    """Return how a task stands to what its person was told; None when it is no longer theirs to decide."""
    is_restarted = task.state == TaskState.CANCELLED and task.reason == SUPERSEDED
    workflow = unit.project.workflow_by_id.get(task.workflow)
    record = rows_of(unit).row(task.form, task.record_id)
    if task.kind == HELP or workflow is None or record is None:
        return None
    instance = find_instance(unit, workflow, task.record_id)
    approval = None if instance is None else approval_of(instance)
    if approval is None or not (task.state == TaskState.OPEN or is_restarted):
        return None
    if protected_digest(approval, record) != row.seen:
        return LinkState.CHANGED
    return None if is_restarted else LinkState.OPEN
