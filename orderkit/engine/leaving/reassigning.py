"""Giving many open tasks of somebody to another, each in a transaction of its own, so that one refusal stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.access import require_administrator
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.leaving.letting_go import successor_named
from orderkit.engine.runtime import Channel, Person, Runtime
from orderkit.engine.workflow.approvals.reassigning import reassign_task
from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.labels import Label, label

MOST_TASKS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """What became of one task: `why` says why it stayed where it was, None that it moved."""

    task_id: int
    why: Label | None = None


def reassign_tasks(
    runtime: Runtime,
    person: Person,
    channel: Channel,
    *,
    holder_id: int,
    taker_id: int,
    task_ids: Sequence[int],
    reason: str,
) -> tuple[Reassigned, ...]:
    """Give tasks of one person to another and note in the audit how many moved, with the result of each.

    Raises: Denied (no administrator), Refused (no reason, nobody to take them, too many at once): then none has moved.
    """
    with runtime.read(person, channel) as unit:
        require_administrator(unit)
        taker = successor_named(unit, taker_id)
    if not reason.strip():
        raise _refused("reason", "required", label(zh="请填写原因", en="a reason is required"))
    if not task_ids or len(task_ids) > MOST_TASKS:
        message = label(zh=f"请选择 1 到 {MOST_TASKS} 个待办", en=f"choose between 1 and {MOST_TASKS} tasks")
        raise _refused("tasks", "count", message)
    found = []
    for task_id in dict.fromkeys(task_ids):
        why = None
        try:
            with runtime.write(person, channel) as unit:
                reassign_task(unit, task_id, holder_id, taker_id, reason)
        except OrderkitError as error:
            why = error.explain
        found.append(Reassigned(task_id=task_id, why=why))
    moved = sum(each.why is None for each in found)
    if moved:
        with runtime.write(person, channel) as unit:
            facts = {"tasks": str(moved), "successor": taker.login}
            note(unit, AccountEvent.TASKS_REASSIGNED, holder_id, facts)
    return tuple(found)


def _refused(path: str, code: str, message: Label) -> Refused:
    return Refused([Problem(path=path, code=code, message=message)])
