"""Carrying out what was asked for many records, and where the person goes then."""

from urllib.parse import quote

from starlette.responses import Response

from orderkit.engine import bulk
from orderkit.engine.bulk import AT_ONCE, BulkAction, Outcome
from orderkit.model.forms import Form
from orderkit.web.bulk.choosing import Chosen
from orderkit.web.request.once import fresh_mark, mark_of
from orderkit.web.request.visit import Visit


def carry_out(visit: Visit, form: Form, action: BulkAction, chosen: Chosen) -> Response:
    """Do it: few records while the person waits, many in the background.

    Where all went well the list is shown again, else what became of each.
    """
    # A page without a mark is nobody's but its own.
    key = mark_of(visit) or fresh_mark()
    with visit.writing() as unit:
        run_id = bulk.begin(unit, form.id, action, chosen.ids, key=key)
    if len(chosen.ids) <= AT_ONCE:
        bulk.work_off(visit.runtime, visit.person, run_id, request_id=visit.passage.request_id)
    with visit.reading() as unit:
        run = bulk.find_run(unit, run_id)
    done, same = run.counts.get(Outcome.DONE, 0), run.counts.get(Outcome.UNCHANGED, 0)
    if not run.is_under_way and done + same == run.total:
        told = visit.t("bulk.all_done", count=done)
        if same:
            told = visit.t("bulk.all_done_but", count=done, same=same)
        return visit.go(chosen.list_url, told)
    query = chosen.list_url.partition("?")[2]
    return visit.go(f"/bulk/{run_id}?list={quote(query, safe='')}" if query else f"/bulk/{run_id}")
