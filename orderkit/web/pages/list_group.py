"""What is in a group of a list, asked for when it is opened: groups of its own, or its records page by page."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine import records
from orderkit.model.errors import NotFound
from orderkit.web.bulk.bar import selection_bar
from orderkit.web.display.fields import field_views
from orderkit.web.listing.address import read_address
from orderkit.web.listing.cells import editable_in_list
from orderkit.web.listing.columns import Column, headings
from orderkit.web.listing.groups import GroupedView, GroupViews
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.querying import query_at
from orderkit.web.pages.record_list import PAGE_SIZE, Row, form_of, row_view
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/list_group.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGroupPage:
    """One opened group. `inner` are its groups, else it shows `rows`; neither: there was no time."""

    columns: tuple[Column, ...]
    inner: GroupedView | None
    rows: tuple[Row, ...]
    has_selection: bool
    more_url: str


def show_group(visit: Visit) -> Response:
    """Show what is in a group."""
    way = visit.query.getlist("in")
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        address = read_address(visit.query, form, unit.runtime.catalog)
        arrangement = arranged_at(unit, form, kept_views(unit, form, address))
        views = field_views(unit)
        columns = tuple(form.by_id[each.field] for each in arrangement.columns)
        groups = GroupViews(unit, form, address, arrangement, views=views, t=visit.t)
        within = groups.within(way)
        if not within:
            raise NotFound
        query = replace(query_at(form, address), limit=PAGE_SIZE, within=within)
        query = replace(query, columns=tuple(field.id for field in columns))
        has_inner = len(way) < len(groups.fields)
        found = None if has_inner else records.page(unit, query)
        url = address.with_cursor(found.next if found is not None else None).url(f"/forms/{form.id}/group")
        editable = editable_in_list(unit, form, columns)
        bar = selection_bar(unit, form, visit.locale, list_url="", has_more=False)
        page = ListGroupPage(
            columns=headings(columns, arrangement, views, f"/forms/{form.id}", address),
            inner=groups.level(replace(query, cursor=None), way) if has_inner else None,
            rows=tuple(
                row_view(row, form, columns, views, editable, frozen=arrangement.frozen) for row in found.rows
            )
            if found is not None
            else (),
            has_selection=bar is not None,
            more_url=f"{url}&{urlencode([('in', part) for part in way])}"
            if found is not None and found.next
            else "",
        )
        return visit.part(TEMPLATE, page)
