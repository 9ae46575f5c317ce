"""What became of each of many records: who was changed, who was refused and why; while it goes on, how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.responses import Response

from orderkit.engine import bulk
from orderkit.engine.bulk import BulkResult, BulkRun, Edit, Move, Outcome
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.bulk.choosing import LONGEST_LIST
from orderkit.web.listing.address import read_address
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/bulk_run.html"
_TONES = {Outcome.DONE: "green", Outcome.REFUSED: "red", Outcome.UNCHANGED: "gray", Outcome.WAITING: "gray"}
# What needs somebody to look at it comes first.
_ORDER = (Outcome.REFUSED, Outcome.DONE, Outcome.UNCHANGED, Outcome.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One record: where it is, what became of it, and if nothing, why."""

    title: str
    url: str
    outcome: str
    tone: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRunPage:
    """A run. `stop_url` is empty once it has ended."""

    label: str
    title: str
    url: str
    list_url: str
    state: str
    note: str
    is_under_way: bool
    finished: int
    total: int
    done: int
    unchanged: int
    refused: int
    waiting: int
    rows: tuple[ResultRow, ...]
    stop_url: str


def show_run(visit: Visit) -> Response:
    """Show a run; the page asks again while it is under way."""
    with visit.reading() as unit:
        run = bulk.find_run(unit, visit.number("id"))
        form = form_of(unit, run.form)
        page = _page(visit, unit, form, run)
        return visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=page.list_url)


def stop(visit: Visit) -> Response:
    """Ask a run to stop."""
    with visit.writing() as unit:
        bulk.stop_run(unit, visit.number("id"))
    query = visit.query.get("list", "")
    return visit.go(f"/bulk/{visit.number('id')}" + (f"?list={quote(query, safe='')}" if query else ""))


def _page(visit: Visit, unit: Unit, form: Form, run: BulkRun) -> BulkRunPage:
    listed = visit.query.get("list", "")[:LONGEST_LIST]
    address = read_address(QueryParams(listed), form, unit.runtime.catalog)
    query = f"?list={quote(listed, safe='')}" if listed else ""
    counts = {outcome: run.counts.get(outcome, 0) for outcome in Outcome}
    found = sorted(bulk.results(unit, run), key=lambda each: _ORDER.index(each.outcome))
    return BulkRunPage(
        label=text_of(form.label, visit.locale),
        title=_title(visit, unit, form, run),
        url=f"/bulk/{run.id}{query}",
        list_url=address.url(f"/forms/{form.id}"),
        state=visit.t(f"bulk.state_{run.state.value}"),
        note=visit.t(f"bulk.note_{run.state.value}"),
        is_under_way=run.is_under_way,
        finished=run.total - counts[Outcome.WAITING],
        total=run.total,
        done=counts[Outcome.DONE],
        unchanged=counts[Outcome.UNCHANGED],
        refused=counts[Outcome.REFUSED],
        waiting=counts[Outcome.WAITING],
        rows=tuple(_row(visit, form, run, each) for each in found),
        stop_url=f"/bulk/{run.id}/stop{query}" if run.is_under_way else "",
    )


def _row(visit: Visit, form: Form, run: BulkRun, result: BulkResult) -> ResultRow:
    is_gone = isinstance(run.action, bulk.Remove) and result.outcome is Outcome.DONE
    return ResultRow(
        title=result.title or f"#{result.record_id}",
        url=f"/forms/{form.id}/{result.record_id}" if result.title and not is_gone else "",
        outcome=visit.t(f"bulk.outcome_{result.outcome.value}"),
        tone=_TONES[result.outcome],
        reason=visit.text(result.reason) if isinstance(result.reason, Mapping) else "",
    )


def _title(visit: Visit, unit: Unit, form: Form, run: BulkRun) -> str:
    """Return what was done, as people say it."""
    match run.action:
        case Edit(values=values):
            names = [text_of(form.by_id[name].label, visit.locale) for name in values]
            return visit.t("bulk.edited", fields=visit.t("bulk.comma").join(names))
        case Move(workflow=workflow, transition=transition):
            life = unit.project.workflow_by_id.get(workflow)
            found = None if life is None else life.transition_by_id.get(transition)
            return visit.t("bulk.move") if found is None else text_of(found.label, visit.locale)
        case _:
            return visit.t("bulk.delete")
