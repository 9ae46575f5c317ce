"""What is in a group of a list, asked for when it is opened: groups of its own, or its records page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response

from orderkit.model.errors import NotFound
from orderkit.web.bulk.bar import selection_bar
from orderkit.web.display.fields import field_views
from orderkit.web.listing.address import read_address
from orderkit.web.listing.cells import editable_in_list
from orderkit.web.listing.columns import Column, headings
from orderkit.web.listing.groups import GroupViews
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.querying import query_at
from orderkit.web.listing.rows import RowViews
from orderkit.web.pages.record_list import PAGE_SIZE, GroupContent, GroupContents, form_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/list_group.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGroupPage:
    """One opened group; without `content` there was no time. None of the groups in it is `opened` yet."""

    columns: tuple[Column, ...]
    content: GroupContent | None
    opened: Mapping[str, GroupContent]
    has_selection: bool


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
        if not way:
            raise NotFound
        query = replace(query_at(form, address), columns=tuple(field.id for field in columns))
        editable = editable_in_list(unit, form, columns)
        rows = RowViews(form, columns, views, editable, frozen=arrangement.frozen)
        contents = GroupContents(groups, query, rows)
        bar = selection_bar(unit, form, visit.t, list_url="", has_more=False)
        page = ListGroupPage(
            columns=headings(columns, arrangement, views, f"/forms/{form.id}", address),
            content=contents.of(way, limit=PAGE_SIZE, cursor=address.cursor),
            opened={},
            has_selection=bar is not None,
        )
        return visit.part(TEMPLATE, page)
