"""The inbox of approvals: what waits for this person, and what they have decided."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records, workflow
from orderkit.engine.access import Right
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import TaskItem, Verb
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldView, field_views
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.pages.transition import STAYS
from orderkit.web.recording.actions import decision_address
from orderkit.web.recording.approvals import VerbView, text_of_verb, verb_views
from orderkit.web.recording.deadlines import DueView, due_of_task
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/inbox.html"
PAGE_SIZE = 30
MOST_FACTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task, with the few values that help to decide."""

    title: str
    url: str
    form: str
    step: str
    requested_by: str
    time: str
    due: DueView | None
    facts: tuple[FieldView, ...]
    verbs: tuple[VerbView, ...]
    decide_url: str
    outcome: str
    tone: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The tasks of one tab, newest first."""

    is_decided: bool
    tasks: tuple[TaskRow, ...]
    open_count: int
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePage:
    """The dialog before a decision from the inbox, or from a page on which its reader then `stays`."""

    title: str
    verb: str
    label: str
    action: str
    seen: str
    needs_comment: bool
    facts: tuple[FieldView, ...]
    stays: bool


def show_inbox(visit: Visit) -> Response:
    """Show the open tasks, or those that were decided."""
    is_decided = visit.query.get("state") == "decided"
    with visit.reading() as unit:
        found = workflow.tasks(
            unit,
            "decided" if is_decided else "open",
            limit=PAGE_SIZE,
            before=visit.before(),
        )
        page = InboxPage(
            is_decided=is_decided,
            tasks=task_rows(visit, unit, found),
            open_count=workflow.count_tasks(unit),
            next_url=_next(found, is_decided=is_decided),
        )
        return visit.show(unit, TEMPLATE, page, current="inbox")


def ask_decision(visit: Visit) -> Response:
    """Show the dialog for a decision."""
    verb = _verb(visit)
    with visit.reading() as unit:
        task = workflow.task(unit, visit.number("id"))
        if verb not in task.verbs:
            raise NotFound
        page = DecidePage(
            title=task.title,
            verb=verb.value,
            label=text_of_verb(verb, visit),
            action=decision_address(task.id, verb),
            seen=task.seen,
            needs_comment=verb in task.comment_on,
            facts=_facts(unit, task),
            stays=STAYS in visit.query,
        )
    return visit.part("pages/decide.html", page)


def decide(visit: Visit) -> Response:
    """Decide a task."""
    verb = _verb(visit)
    with visit.writing() as unit:
        decided = workflow.decide_task(
            unit, visit.number("id"), verb, visit.field("comment") or None, seen=visit.field("seen") or None
        )
    notice = visit.t(f"tasks.done_{verb.value}")
    if decided.awaits_others:
        notice = visit.t("tasks.awaits_others", done=notice)
    if visit.field(STAYS):
        return visit.done(notice)
    came_from = visit.request.headers.get("hx-current-url", "")
    is_inbox = came_from.split("?")[0].endswith(("/inbox", f"{visit.request.url.netloc}/"))
    back = (
        ("/" if came_from.endswith("/") else "/inbox")
        if is_inbox
        else f"/forms/{decided.form}/{decided.record_id}"
    )
    return visit.go(back, notice)


def task_rows(visit: Visit, unit: Unit, tasks: tuple[TaskItem, ...]) -> tuple[TaskRow, ...]:
    """Return the rows of an inbox."""
    return tuple(_row(visit, unit, task) for task in tasks)


def _row(visit: Visit, unit: Unit, task: TaskItem) -> TaskRow:
    moment = task.decided_at
    zone = visit.zone
    return TaskRow(
        title=task.title,
        url=f"/forms/{task.form}/{task.record_id}",
        form=text_of(task.form_label, visit.locale),
        step=text_of(task.step_label, visit.locale),
        requested_by=task.requested_by.name,
        time=shown_at(moment, zone, visit.locale)
        if moment
        else shown_ago(task.since, unit.now, zone, visit.locale, visit.t),
        due=due_of_task(task, visit),
        facts=_facts(unit, task),
        verbs=verb_views(task, visit),
        decide_url=f"/tasks/{task.id}",
        outcome=visit.t(f"tasks.state_{task.state.value}"),
        tone={"approved": "green", "rejected": "red", "returned": "orange"}.get(task.state.value, "gray"),
        comment=task.comment or "",
    )


def _facts(unit: Unit, task: TaskItem) -> tuple[FieldView, ...]:
    """Return the values of the form's list that this person may see of the record."""
    form = unit.project.form_by_id[task.form]
    try:
        record = records.get(unit, task.form, task.record_id)
    except NotFound:
        return ()
    views = field_views(unit)
    found = (
        views.view(form, form.by_id[column], value_of(record, column))
        for column in form.list.columns
        if column in record.values
        and record.rights.get(column, Right.READ) > Right.HIDDEN
        and form.by_id[column].workflow is None
    )
    return tuple(view for view in found if view.shown and view.shown not in record.title)[:MOST_FACTS]


def _verb(visit: Visit) -> Verb:
    try:
        return Verb(visit.name("verb"))
    except ValueError as error:
        raise NotFound from error


def _next(found: tuple[TaskItem, ...], *, is_decided: bool) -> str:
    if len(found) < PAGE_SIZE:
        return ""
    state = "state=decided&" if is_decided else ""
    return f"/inbox?{state}before={found[-1].id}"
