"""Keeping the columns of a list as a person has set them; the list comes back as it then looks."""

from starlette.datastructures import QueryParams
from starlette.responses import Response

from orderkit.engine import lists
from orderkit.web.listing.columns import read_columns
from orderkit.web.pages.record_list import form_of, listed
from orderkit.web.request.visit import Visit

LONGEST_QUERY = 8000


def keep_columns(visit: Visit) -> Response:
    """Keep the columns that were sent, or with `reset` forget them; `quiet` says that the page shows them already."""
    columns, frozen = read_columns(visit.form)
    query = QueryParams(visit.field("query")[:LONGEST_QUERY])
    saved = visit.field("saved")
    view = int(saved) if saved.isascii() and saved.isdecimal() and len(saved) < 19 else 0
    with visit.writing() as unit:
        form = form_of(unit, visit.name("form"))
        known = {str(each.id): each.id for each in lists.kept_views(unit, form)}
        view = known.get(visit.field("saved"), 0)
        if visit.field("reset"):
            lists.forget_arrangement(unit, form.id, view=view)
        else:
            lists.keep_arrangement(unit, form, columns, frozen=frozen, view=view)
    if visit.field("quiet"):
        return Response(status_code=204)
    if not visit.is_partial:
        return visit.go(f"/forms/{form.id}?{query}" if query else f"/forms/{form.id}")
    with visit.reading() as unit:
        return listed(visit, unit, form, query)
