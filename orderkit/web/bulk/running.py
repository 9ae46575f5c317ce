"""Carrying out what was asked for many records, and where the person goes then."""

import secrets
from urllib.parse import quote

from starlette.responses import Response

from orderkit.engine import bulk
from orderkit.engine.bulk import AT_ONCE, BulkAction, Outcome
from orderkit.model.forms import Form
from orderkit.web.bulk.choosing import Chosen
from orderkit.web.errors import BadForm
from orderkit.web.request.visit import Visit

LONGEST_KEY = 64


def new_key() -> str:
    """Return the name of one press: a page sends it, and sent twice it is one press."""
    return secrets.token_urlsafe(18)


def sent_key(visit: Visit) -> str:
    """Return the name of the press that was sent; one without a name is nobody's but its own."""
    key = visit.field("key")
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise BadForm
    return key or new_key()


def carry_out(visit: Visit, form: Form, action: BulkAction, chosen: Chosen) -> Response:
    """Do it: few records while the person waits, many in the background.

    Where all went well the list is shown again, else what became of each.
    """
    key = sent_key(visit)
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
