"""By when something is to be done, on the reader's own clock, and whether that has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.workflow import Due, TaskItem, TaskState
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DueView:
    """A deadline in words. `label` is what it is of, empty where that is said beside it."""

    label: str
    text: str
    is_overdue: bool


def due_of_task(task: TaskItem, visit: Visit) -> DueView | None:
    """Return by when an open task is to be decided; None where there is no deadline."""
    if task.due_at is None or task.state is not TaskState.OPEN:
        return None
    is_overdue = task.due_at < visit.runtime.clock.now()
    word = "tasks.overdue" if is_overdue else "tasks.due"
    time = shown_at(task.due_at, visit.zone, visit.locale)
    return DueView(label="", text=visit.t(word, time=time), is_overdue=is_overdue)


def deadline_views(dues: Sequence[Due], visit: Visit) -> tuple[DueView, ...]:
    """Return the deadlines of a record over its states; one that rests says so."""
    found = []
    for due in dues:
        label = text_of(due.label, visit.locale)
        if due.due_at is not None:
            word = "tasks.overdue" if due.is_overdue else "tasks.due"
            text = visit.t(word, time=shown_at(due.due_at, visit.zone, visit.locale))
            found.append(DueView(label=label, text=text, is_overdue=due.is_overdue))
        elif due.is_resting:
            found.append(DueView(label=label, text=visit.t("tasks.resting"), is_overdue=False))
    return tuple(found)
