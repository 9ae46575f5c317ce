"""Workflows at run time: states, buttons, approvals, the inbox and the timeline."""

from orderkit.engine.workflow.buttons import buttons
from orderkit.engine.workflow.pressing import do, withdraw
from orderkit.engine.workflow.tasks import count_tasks, decide_task, record_tasks, task, tasks
from orderkit.engine.workflow.timeline import timeline
from orderkit.engine.workflow.views import (
    Button,
    Decided,
    Done,
    TaskItem,
    TaskState,
    TimelineEntry,
    UserName,
    Verb,
)

__all__ = [
    "Button",
    "Decided",
    "Done",
    "TaskItem",
    "TaskState",
    "TimelineEntry",
    "UserName",
    "Verb",
    "buttons",
    "count_tasks",
    "decide_task",
    "do",
    "record_tasks",
    "task",
    "tasks",
    "timeline",
    "withdraw",
]
