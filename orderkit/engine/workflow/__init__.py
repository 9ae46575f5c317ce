"""Workflows at run time: states, buttons, approvals, the inbox and the timeline."""

from orderkit.engine.workflow.acting import RecordContext, run_actions
from orderkit.engine.workflow.approvals.approvals import TIMEOUT
from orderkit.engine.workflow.approvals.deciding import decide_task
from orderkit.engine.workflow.approvals.handing_over import watch_leavers
from orderkit.engine.workflow.approvals.tasks import (
    count_tasks,
    count_tasks_by_form,
    record_tasks,
    task,
    tasks,
)
from orderkit.engine.workflow.clocks.firing import TIMER_JOB, Bell, TimerHandler, ring
from orderkit.engine.workflow.clocks.reading import Due, due_of
from orderkit.engine.workflow.instances import lock_instance
from orderkit.engine.workflow.life_cycle import WorkflowLifeCycle
from orderkit.engine.workflow.standing import Standing, standings
from orderkit.engine.workflow.timeline import timeline
from orderkit.engine.workflow.transitions.buttons import buttons
from orderkit.engine.workflow.transitions.moving import ACTION_JOB, after_actions, press_by_rule
from orderkit.engine.workflow.transitions.pressing import do, withdraw
from orderkit.engine.workflow.undoing.noting import watch_done
from orderkit.engine.workflow.undoing.undoing import undo_transition
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
    "ACTION_JOB",
    "TIMEOUT",
    "TIMER_JOB",
    "Bell",
    "Button",
    "Decided",
    "Done",
    "Due",
    "RecordContext",
    "Standing",
    "TaskItem",
    "TaskState",
    "TimelineEntry",
    "TimerHandler",
    "UserName",
    "Verb",
    "WorkflowLifeCycle",
    "after_actions",
    "buttons",
    "count_tasks",
    "count_tasks_by_form",
    "decide_task",
    "do",
    "due_of",
    "lock_instance",
    "press_by_rule",
    "record_tasks",
    "ring",
    "run_actions",
    "standings",
    "task",
    "tasks",
    "timeline",
    "undo_transition",
    "watch_done",
    "watch_leavers",
    "withdraw",
]
