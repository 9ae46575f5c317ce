"""The records on the home page: those that this person began and has not sent on, and those seen lately."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, records, search
from orderkit.engine.access import Action
from orderkit.engine.records import Filter, Operator, Query, Whose
from orderkit.engine.runtime import Unit
from orderkit.engine.search import Hit
from orderkit.model.forms import Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.workflow.workflows import Workflow
from orderkit.web.pages.palette import keys_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/home_records.html"
MOST_RECENT = 6
MOST_DRAFTS = 6
# A query each: whoever writes records of more kinds finds the rest in their lists.
MOST_FORMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """A record, and what it is."""

    url: str
    title: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRecordsPart:
    """The two lists; an empty one is left out."""

    drafts: tuple[RecordLink, ...]
    recent: tuple[RecordLink, ...]


def show_records(visit: Visit) -> Response:
    """Return the lists; `recent` names what the browser remembers."""
    with visit.reading() as unit:
        wanted = list(keys_of(visit.query.getlist("recent")))[:MOST_RECENT]
        part = HomeRecordsPart(
            drafts=tuple(_drafts(unit))[:MOST_DRAFTS],
            recent=tuple(_seen(unit, search.recalled(unit, wanted))),
        )
    return visit.part(TEMPLATE, part)


def _seen(unit: Unit, hits: Iterable[Hit]) -> Iterator[RecordLink]:
    for hit in hits:
        note = text_of(hit.label, unit.locale)
        yield RecordLink(url=f"/forms/{hit.form}/{hit.id}", title=hit.title or f"{note} {hit.id}", note=note)


def _drafts(unit: Unit) -> Iterator[RecordLink]:
    """Yield the records of this person that stand where their workflow begins, and that they may send on."""
    forms = unit.project.form_by_id
    begun = [each for each in unit.project.workflows if _may_begin(unit, forms[each.form])][:MOST_FORMS]
    for workflow in begun:
        form = forms[workflow.form]
        label = text_of(form.label, unit.locale)
        for record in records.page(unit, _query(form, workflow)).rows:
            title = record.title or f"{label} {record.id}"
            yield RecordLink(url=f"/forms/{form.id}/{record.id}", title=title, note=label)


def _may_begin(unit: Unit, form: Form) -> bool:
    owner = _owner(form)
    return (
        bool(owner)
        and bool(access.decide(unit.person, Action.CREATE, form.id, unit=unit))
        and bool(access.decide(unit.person, Action.READ, form.id, field=owner, unit=unit))
    )


def _owner(form: Form) -> str:
    return next((field.id for field in form.fields if field.system is SystemRole.OWNER), "")


def _query(form: Form, workflow: Workflow) -> Query:
    return Query(
        form=form.id,
        filters=(
            Filter(field=_owner(form), operator=Operator.MINE, values=(Whose.ME,)),
            Filter(field=workflow.state_field, operator=Operator.EQUAL, values=(workflow.initial,)),
        ),
        limit=MOST_DRAFTS,
        columns=(),
    )
