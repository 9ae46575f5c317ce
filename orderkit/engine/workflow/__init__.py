"""Workflows at run time: states, buttons, approvals, the inbox and the timeline."""

from orderkit.engine.workflow.acting import RecordContext, run_actions
from orderkit.engine.workflow.approvals.acting_on import Words, act_on_task
from orderkit.engine.workflow.approvals.approvals import TIMEOUT
from orderkit.engine.workflow.approvals.bulk import Result, Wanted, decide_each
from orderkit.engine.workflow.approvals.candidates import colleagues, people_to_choose
from orderkit.engine.workflow.approvals.copies import (
    CopyItem,
    copies_of,
    copy_item,
    count_copies,
    mark_copies_read,
)
from orderkit.engine.workflow.approvals.copying import send_copy
from orderkit.engine.workflow.approvals.deciding import Particulars, decide_task
from orderkit.engine.workflow.approvals.handing_over import watch_leavers
from orderkit.engine.workflow.approvals.passing_on import delegate, transfer
from orderkit.engine.workflow.approvals.role_loss import watch_roles
from orderkit.engine.workflow.approvals.signers import add_signers, remove_signer
from orderkit.engine.workflow.approvals.signing import upload_signature
from orderkit.engine.workflow.approvals.substituting import (
    Substitution,
    add_substitute,
    end_substitution,
    substitutions,
)
from orderkit.engine.workflow.approvals.tasks import (
    count_tasks,
    count_tasks_by_form,
    record_tasks,
    task,
    tasks,
)
from orderkit.engine.workflow.background.queueing import ACTION_JOB, REQUEST_JOB
from orderkit.engine.workflow.clocks.firing import TIMER_JOB, Bell, TimerHandler, ring
from orderkit.engine.workflow.clocks.reading import Due, due_of
from orderkit.engine.workflow.doing.following import begin_after
from orderkit.engine.workflow.instances import lock_instance
from orderkit.engine.workflow.life_cycle import WorkflowLifeCycle
from orderkit.engine.workflow.standing import Standing, standings
from orderkit.engine.workflow.timeline import timeline
from orderkit.engine.workflow.transitions.buttons import buttons
from orderkit.engine.workflow.transitions.claiming import claim, release, urge
from orderkit.engine.workflow.transitions.moving import press_by_rule
from orderkit.engine.workflow.transitions.pressing import do
from orderkit.engine.workflow.transitions.taking_back import reopen, revoke, terminate, withdraw
from orderkit.engine.workflow.transitions.verbs import RECORD_VERBS, do_verb, takes_comment
from orderkit.engine.workflow.undoing.noting import watch_done
from orderkit.engine.workflow.undoing.undoing import undo_transition
from orderkit.engine.workflow.views import (
    Button,
    Decided,
    Done,
    StepName,
    TaskChoices,
    TaskItem,
    TaskState,
    TimelineEntry,
    UserName,
    Verb,
)

__all__ = [
    "ACTION_JOB",
    "RECORD_VERBS",
    "REQUEST_JOB",
    "TIMEOUT",
    "TIMER_JOB",
    "Bell",
    "Button",
    "CopyItem",
    "Decided",
    "Done",
    "Due",
    "Particulars",
    "RecordContext",
    "Result",
    "Standing",
    "StepName",
    "Substitution",
    "TaskChoices",
    "TaskItem",
    "TaskState",
    "TimelineEntry",
    "TimerHandler",
    "UserName",
    "Verb",
    "Wanted",
    "Words",
    "WorkflowLifeCycle",
    "act_on_task",
    "add_signers",
    "add_substitute",
    "begin_after",
    "buttons",
    "claim",
    "colleagues",
    "copies_of",
    "copy_item",
    "count_copies",
    "count_tasks",
    "count_tasks_by_form",
    "decide_each",
    "decide_task",
    "delegate",
    "do",
    "do_verb",
    "due_of",
    "end_substitution",
    "lock_instance",
    "mark_copies_read",
    "people_to_choose",
    "press_by_rule",
    "record_tasks",
    "release",
    "remove_signer",
    "reopen",
    "revoke",
    "ring",
    "run_actions",
    "send_copy",
    "standings",
    "substitutions",
    "takes_comment",
    "task",
    "tasks",
    "terminate",
    "timeline",
    "transfer",
    "undo_transition",
    "upload_signature",
    "urge",
    "watch_done",
    "watch_leavers",
    "watch_roles",
    "withdraw",
]
