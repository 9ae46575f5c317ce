"""The inbox of approvals: what waits for this person, and what they have decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records, workflow
from orderkit.engine.access import Right
from orderkit.engine.following.looks import news_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import CopyItem, TaskItem, TaskState
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldView, field_views
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.recording.approvals import VerbView, note_of, verb_views
from orderkit.web.recording.deadlines import DueView, due_of_task
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/inbox.html"
PAGE_SIZE = 30
TABS = ("open", "decided", "copies")
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
    note: str
    news: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One copy that this person was sent; without a title where they may not see the record now."""

    title: str
    url: str
    form: str
    moment: str
    sent_by: str
    time: str
    is_fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The tasks, or the copies, of one tab, newest first."""

    tab: str
    is_decided: bool
    tasks: tuple[TaskRow, ...]
    copies: tuple[CopyRow, ...]
    open_count: int
    copy_count: int
    next_url: str


def show_inbox(visit: Visit) -> Response:
    """Show the open tasks, those that were decided, or the copies."""
    tab = visit.query.get("state", "open")
    tab = tab if tab in TABS else "open"
    with visit.reading() as unit:
        copies: tuple[CopyItem, ...] = ()
        found: tuple[TaskItem, ...] = ()
        if tab == "copies":
            copies = workflow.copies_of(unit, limit=PAGE_SIZE, before=visit.before())
        else:
            found = workflow.tasks(unit, tab, limit=PAGE_SIZE, before=visit.before())
        page = InboxPage(
            tab=tab,
            is_decided=tab == "decided",
            tasks=task_rows(visit, unit, found),
            copies=tuple(_copy(visit, unit, each) for each in copies),
            open_count=workflow.count_tasks(unit),
            copy_count=workflow.count_copies(unit),
            next_url=_next([*(each.id for each in found), *(each.id for each in copies)], tab),
        )
        return visit.show(unit, TEMPLATE, page, current="inbox")


def follow_copy(visit: Visit) -> Response:
    """Lead to the record of a copy, which counts as read by that."""
    with visit.writing() as unit:
        item = workflow.copy_item(unit, visit.number("id"))
        workflow.mark_copies_read(unit, item.form, item.record_id)
    return visit.go(f"/forms/{item.form}/{item.record_id}")


def _copy(visit: Visit, unit: Unit, item: CopyItem) -> CopyRow:
    by = item.sent_by
    return CopyRow(
        title=item.title if item.may_read else visit.t("tasks.hidden"),
        url=f"/copies/{item.id}" if item.may_read else "",
        form=text_of(item.form_label, visit.locale),
        moment=visit.t(f"tasks.moment_{item.moment}"),
        sent_by="" if by is None else visit.t("tasks.copy_sent", name=by.name),
        time=shown_ago(item.at, unit.now, visit.zone, visit.locale, visit.t),
        is_fresh=item.read_at is None,
    )


def task_rows(visit: Visit, unit: Unit, tasks: tuple[TaskItem, ...]) -> tuple[TaskRow, ...]:
    """Return the rows of an inbox."""
    is_open = {(task.form, task.record_id) for task in tasks if task.state is TaskState.OPEN}
    news = news_of(unit, is_open)
    return tuple(_row(visit, unit, task, news.get((task.form, task.record_id), 0)) for task in tasks)


def _row(visit: Visit, unit: Unit, task: TaskItem, news: int) -> TaskRow:
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
        facts=facts_of(unit, task),
        verbs=verb_views(task, visit),
        decide_url=f"/tasks/{task.id}",
        outcome=visit.t(f"tasks.state_{task.state.value}"),
        tone={"approved": "green", "rejected": "red", "returned": "orange"}.get(task.state.value, "gray"),
        comment=task.comment or "",
        note=note_of(task, visit),
        news=visit.t("tasks.news", count=news) if news else "",
    )


def facts_of(unit: Unit, task: TaskItem) -> tuple[FieldView, ...]:
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


def _next(ids: Sequence[int], tab: str) -> str:
    if len(ids) < PAGE_SIZE:
        return ""
    state = "" if tab == "open" else f"state={tab}&"
    return f"/inbox?{state}before={ids[-1]}"
