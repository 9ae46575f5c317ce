"""The inbox: approval tasks of a person, and the tasks of one record."""

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.views import Decided, TaskItem, Verb


def tasks(
    unit: Unit, state: str = "open", *, limit: int = 50, before: int | None = None
) -> tuple[TaskItem, ...]:
    """Return this person's tasks, newest first; `state` is `open` or `decided`.

    `before` is the id of the last item of the previous page.
    """
    raise NotImplementedError


def count_tasks(unit: Unit) -> int:
    """Return how many open tasks this person has."""
    raise NotImplementedError


def record_tasks(unit: Unit, form_id: str, record_id: int) -> tuple[TaskItem, ...]:
    """Return every task of the record's current approval, oldest first, whoever decides."""
    raise NotImplementedError


def task(unit: Unit, task_id: int) -> TaskItem:
    """Return one task. Raises NotFound when there is none, or its record may not be seen."""
    raise NotImplementedError


def decide_task(
    unit: Unit, task_id: int, verb: Verb, comment: str | None = None, *, seen: str | None = None
) -> Decided:
    """Decide a task as its assignee.

    `seen` is `TaskItem.seen` of what the person looked at; without it, the values when the task was
    made count as seen.
    Raises: NotFound, Denied (not yours), Refused (comment missing), Stale (protected values changed),
    Conflict (another decided; names who).
    """
    raise NotImplementedError
