"""The page of one record: what it says, where it stands in its life, what one may do, what happened.

Its parts are made in `web.recording`; filling it in is `record_form`, pressing a button `transition`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, printing, records, workflow
from orderkit.engine.access import Action
from orderkit.engine.bin import days_kept
from orderkit.engine.records import Delete, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews, field_views
from orderkit.web.display.moments import shown_at
from orderkit.web.making.buttons import OfferView, offer_views
from orderkit.web.making.ends import EndsView, ends_view
from orderkit.web.pages.comments import instant_before
from orderkit.web.pages.record_list import form_of
from orderkit.web.printing.views import PrintView, print_views
from orderkit.web.recording.actions import ButtonView, button_views
from orderkit.web.recording.approvals import ApprovalView, DecisionView, approval_view, decision_view
from orderkit.web.recording.deadlines import DueView, deadline_views
from orderkit.web.recording.life import has_life
from orderkit.web.recording.news import NO_NEWS, NewsView, look_noted, news_view
from orderkit.web.recording.progress import ProgressStep, progress_of
from orderkit.web.recording.related import RelatedView, related_views
from orderkit.web.recording.sections import ReadSection, fact_views, read_sections, value_of
from orderkit.web.recording.timeline import TimelineView, timeline_view
from orderkit.web.request.visit import Visit
from orderkit.web.section_plan import Tab, tabs_of

TEMPLATE = "pages/record.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """A record as one person sees it. `decision` is what is waiting for this very person.

    `topic` is what it shows, as news of changes name it.
    """

    topic: str
    label: str
    list_url: str
    own_url: str
    title: str
    revision: int
    states: tuple[FieldView, ...]
    progress: tuple[ProgressStep, ...]
    facts: tuple[FieldView, ...]
    sections: tuple[ReadSection, ...]
    tabs: tuple[Tab[ReadSection], ...]
    buttons: tuple[ButtonView, ...]
    offers: tuple[OfferView, ...]
    edit_url: str
    copy_url: str
    delete_url: str
    prints: tuple[PrintView, ...]
    account_url: str
    access_url: str
    decision: DecisionView | None
    news: NewsView
    approval: ApprovalView | None
    deadlines: tuple[DueView, ...]
    life_url: str
    ends: EndsView
    related: tuple[RelatedView, ...]
    timeline: TimelineView
    is_older: bool
    stamps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePage:
    """The question before a record is deleted."""

    title: str
    action: str
    revision: int
    days: int


def show_record(visit: Visit) -> Response:
    """Show a record. Raises NotFound when there is none, or it may not be seen."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        record = records.get(unit, form.id, visit.number("id"))
        page = record_page(visit, unit, form, record)
        response = visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=page.list_url)
        if page.decision is not None:
            response.background = look_noted(visit, unit, form.id, record.id)
        return response


def ask_delete(visit: Visit) -> Response:
    """Ask before a record is deleted."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        record = records.get(unit, form.id, visit.number("id"))
        page = DeletePage(
            title=record.title,
            action=f"/forms/{form.id}/{record.id}/delete",
            revision=record.revision,
            days=days_kept(visit.runtime),
        )
    return visit.part("pages/record_delete.html", page)


def delete(visit: Visit) -> Response:
    """Delete a record."""
    form_id, record_id = visit.name("form"), visit.number("id")
    with visit.writing() as unit:
        form_of(unit, form_id)
        records.apply(unit, [Delete(form=form_id, id=record_id, revision=visit.revision())])
    return visit.go(f"/forms/{form_id}", visit.t("record.deleted"))


def record_page(visit: Visit, unit: Unit, form: Form, record: RecordView) -> RecordPage:
    """Return the model of a record's page."""
    views = field_views(unit)
    url = f"/forms/{form.id}/{record.id}"
    sections = read_sections(unit.project, form, record, views)
    before = instant_before(visit)
    may_create = bool(access.decide(visit.person, Action.CREATE, form.id, unit=unit))
    is_administrator = visit.person.is_administrator
    moves = form.id in unit.project.workflows_by_form
    tasks = workflow.record_tasks(unit, form.id, record.id) if moves else ()
    dues = workflow.due_of(unit, form.id, record.id) if moves else ()
    decision = decision_view(tasks, visit, lambda task_id: workflow.task(unit, task_id).choices)
    return RecordPage(
        topic=f"{form.id}/{record.id}",
        label=text_of(form.label, visit.locale),
        list_url=f"/forms/{form.id}",
        own_url=url,
        title=record.title,
        revision=record.revision,
        states=tuple(_states(form, record, views)),
        progress=progress_of(unit, form, record, visit.locale),
        facts=fact_views(form, record, views),
        sections=sections,
        tabs=tabs_of(sections),
        buttons=button_views(unit, form, record, visit.locale),
        offers=offer_views(unit, form, record.id, visit.locale),
        edit_url=f"{url}/edit" if record.may_update else "",
        copy_url=f"/forms/{form.id}/new?copy={record.id}" if may_create else "",
        delete_url=f"{url}/delete" if record.may_delete else "",
        account_url=f"/users/{record.id}" if is_administrator and form.id == "user" else "",
        access_url=f"/admin/access?form={form.id}&id={record.id}" if is_administrator else "",
        prints=print_views(
            printing.documents(unit, form.id, record.id), form, visit.locale, visit.t, ids=str(record.id)
        ),
        decision=decision,
        news=NO_NEWS if decision is None else news_view(visit, unit, form.id, record.id),
        approval=approval_view(tasks, visit),
        deadlines=deadline_views(dues, visit),
        life_url=f"{url}/life" if has_life(unit, form.id, record) else "",
        ends=ends_view(unit, form, record, views, visit.t),
        related=tuple(related_views(unit, form, record, views)),
        timeline=timeline_view(unit, form.id, record.id, visit.t, before=before),
        is_older=before is not None,
        stamps=tuple(_stamps(visit, form, record)),
    )


def _states(form: Form, record: RecordView, views: FieldViews) -> Iterator[FieldView]:
    for field in form.fields:
        if field.workflow is not None and record.values.get(field.id) is not None:
            yield views.view(form, field, value_of(record, field.id))


def _stamps(visit: Visit, form: Form, record: RecordView) -> Iterator[str]:
    by_role = {field.system: field.id for field in form.fields if field.system}
    for key, at, by in (
        ("record.created_by", SystemRole.CREATED_AT, SystemRole.CREATED_BY),
        ("record.updated_by", SystemRole.UPDATED_AT, SystemRole.UPDATED_BY),
    ):
        moment = FieldValue(value=record.values.get(by_role.get(at, ""))).value
        if moment is not None and not isinstance(moment, str | int | float | bool):
            name = record.titles.get(by_role[by]) or visit.t("record.system")
            time = shown_at(moment, visit.zone, visit.locale)  # type: ignore[arg-type]
            yield visit.t(key, name=name, time=time)
