"""The sums of a list, asked for by its page once it stands there: however long they take, the list does not wait."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records
from orderkit.web.display.fields import field_views
from orderkit.web.listing.address import read_address
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.querying import query_at
from orderkit.web.listing.sums import SumCell, sum_cells, summed_fields
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/list_totals.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTotalsPage:
    """The foot of the table. `count` is exact; empty, and `cells` too, where there was no time to sum up.

    `url` is where it is asked for again when records have changed.
    """

    url: str
    cells: tuple[SumCell, ...]
    width: int
    count: str


def show_totals(visit: Visit) -> Response:
    """Show what the numbers of a list come to."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        address = read_address(visit.query, form, unit.runtime.catalog).with_cursor(None)
        arrangement = arranged_at(unit, form, kept_views(unit, form, address))
        found = records.totals(unit, query_at(form, address), summed_fields(form, arrangement))
        page = ListTotalsPage(
            url=address.url(f"/forms/{form.id}/totals"),
            cells=sum_cells(form, arrangement, field_views(unit), found.sums) if found is not None else (),
            width=len(arrangement.columns),
            count=f"{found.count:,}" if found is not None else "",
        )
        return visit.part(TEMPLATE, page)
