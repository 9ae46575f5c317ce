"""The approval that a record is in: what waits for this person, and how far the others are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orderkit.engine.workflow import TIMEOUT, TaskChoices, TaskItem, TaskState, Verb
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.recording.deadlines import DueView, due_of_task
from orderkit.web.request.visit import Visit

_MARKS = {
    TaskState.OPEN: ("clock", "wait"),
    TaskState.WAITING: ("clock", "wait"),
    TaskState.APPROVED: ("check", "good"),
    TaskState.REJECTED: ("x", "bad"),
    TaskState.RETURNED: ("arrow-back-up", "bad"),
    TaskState.CANCELLED: ("minus", "wait"),
    TaskState.SKIPPED: ("minus", "wait"),
    TaskState.PAUSED: ("clock", "wait"),
    TaskState.TRANSFERRED: ("chevron-right", "wait"),
    TaskState.ANSWERED: ("check", "good"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbView:
    """One thing to do with a task: `approve`, `reject`, `return` and the like; `asks` opens a dialog first."""

    verb: str
    label: str
    needs_comment: bool
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision that waits for this person."""

    url: str
    step: str
    requested_by: str
    since: str
    due: DueView | None
    seen: str
    verbs: tuple[VerbView, ...]
    needs_comment: tuple[str, ...]
    also: tuple[VerbView, ...]
    note: str
    is_help: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """How one approver stands."""

    step: str
    person: str
    state: str
    mark: str
    tone: str
    time: str
    due: DueView | None
    comment: str
    signature_url: str
    remove_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalView:
    """The steps of the current approval, in order."""

    tasks: tuple[TaskView, ...]


def decision_view(
    tasks: Sequence[TaskItem], visit: Visit, choices_of: Callable[[int], TaskChoices | None]
) -> DecisionView | None:
    """Return what this person may decide now, if anything: their own before that of somebody they stand in for."""
    for task in sorted(tasks, key=lambda each: each.substitutes):
        if task.state is TaskState.OPEN and task.verbs:
            choices = choices_of(task.id)
            return DecisionView(
                url=f"/tasks/{task.id}",
                step=text_of(task.step_label, visit.locale),
                requested_by=task.requested_by.name,
                since=_ago(task.since, visit),
                due=due_of_task(task, visit),
                seen=task.seen,
                verbs=verb_views(replace(task, choices=choices), visit),
                needs_comment=tuple(
                    text_of_verb(verb, visit) for verb in task.comment_on if verb in task.verbs
                ),
                also=tuple(
                    VerbView(verb=verb.value, label=text_of_verb(verb, visit), needs_comment=False, asks=True)
                    for verb in task.also
                ),
                note=note_of(task, visit),
                is_help=task.is_help,
            )
    return None


def note_of(task: TaskItem, visit: Visit) -> str:
    """Return on whose account a task is this person's, where it is not simply theirs."""
    if task.substitutes:
        return visit.t("tasks.instead_of", name=task.assignee.name)
    if task.asked_by is not None and task.state is TaskState.OPEN:
        return visit.t("tasks.asked_by", name=task.asked_by.name)
    return ""


def asks_more(task: TaskItem, verb: Verb) -> bool:
    """Return whether a decision needs more than a comment, so that a dialog asks for it."""
    choices = task.choices
    if verb is Verb.APPROVE:
        return task.needs_signature or (choices is not None and bool(choices.approvers))
    if verb is Verb.RETURN and choices is not None:
        return len(choices.returns_to) > 1 or choices.resumes
    return False


def verb_views(task: TaskItem, visit: Visit) -> tuple[VerbView, ...]:
    """Return the ways in which a task may be decided now."""
    return tuple(
        VerbView(
            verb=verb.value,
            label=text_of_verb(verb, visit),
            needs_comment=verb in task.comment_on or verb is Verb.ANSWER,
            asks=asks_more(task, verb),
        )
        for verb in task.verbs
    )


def text_of_verb(verb: Verb, visit: Visit) -> str:
    """Return the word on the button of a verb."""
    return visit.t(f"tasks.verb_{verb.value}")


def approval_view(tasks: Sequence[TaskItem], visit: Visit) -> ApprovalView | None:
    """Return how far the approval is; nothing outside of one."""
    if not tasks:
        return None
    return ApprovalView(tasks=tuple(_task(task, visit) for task in tasks))


def _task(task: TaskItem, visit: Visit) -> TaskView:
    mark, tone = _MARKS[task.state]
    decided = task.decided_at
    person = (
        task.decided_by if task.decided_by is not None and task.decided_by.id is not None else task.assignee
    )
    state = visit.t(f"tasks.state_{task.state.value}")
    return TaskView(
        step=text_of(task.step_label, visit.locale),
        person=person.name,
        state=visit.t("tasks.by_the_clock", state=state) if task.reason == TIMEOUT else state,
        mark=mark,
        tone=tone,
        time=shown_at(decided, visit.zone, visit.locale) if decided else _ago(task.since, visit),
        due=due_of_task(task, visit),
        comment=task.comment or "",
        signature_url=f"/files/{task.signature}" if task.signature else "",
        remove_url=f"/tasks/{task.id}/{Verb.REMOVE_SIGNER.value}" if task.may_remove else "",
    )


def _ago(moment: datetime, visit: Visit) -> str:
    now = visit.runtime.clock.now()
    return shown_ago(moment, now, visit.zone, visit.locale, visit.t)
