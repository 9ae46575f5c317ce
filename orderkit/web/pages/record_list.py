"""The list of a form: views as tabs, search, filters, order, pages, and the way into each record.

What stands in the address (`?view=late&q=…&f.status=quoted&sort=-total&cursor=…`) is the whole state
of the list, so it can be shared and comes back with the browser's back button. Reading the address is
`listing.address`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams
from starlette.responses import Response

from orderkit.engine import lists, records
from orderkit.engine.records import COUNTED_AT_MOST, Count, Page, Query, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form
from orderkit.web.bulk.bar import SelectionBar, selection_bar
from orderkit.web.display.fields import field_views
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.cells import editable_in_list
from orderkit.web.listing.columns import Column, ColumnsPanel, columns_panel, headings
from orderkit.web.listing.groups import (
    GroupedView,
    GroupingPanel,
    GroupViews,
    OpenedGroup,
    name_of,
    read_opened,
)
from orderkit.web.listing.head import ListHead, list_head
from orderkit.web.listing.kept import ViewsPanel, arranged_at, default_address, kept_views, views_panel
from orderkit.web.listing.querying import query_at
from orderkit.web.listing.rows import Row, RowViews
from orderkit.web.listing.sums import summed_fields
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/record_list.html"
PAGE_SIZE = 50
# Of groups that were open, so much is brought again at once; what is beyond stays as it was on the page.
MOST_ROWS = 1000
# Of a list with sums, which count it too, the page itself counts no further.
QUICKLY_COUNTED = 1_000
NO_PAGE = Page(rows=(), next=None, previous=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupContent:
    """What is in a group: groups of its own, or else records; `more_url` is where those after them are asked for."""

    inner: GroupedView | None
    rows: tuple[Row, ...]
    more_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordListPage:
    """A list as one person sees it. `opened` holds what is in the groups that the reader has open, by their names."""

    head: ListHead
    columns: tuple[Column, ...]
    arranging: ColumnsPanel
    keeping: ViewsPanel
    grouping: GroupingPanel
    groups: GroupedView | None
    opened: Mapping[str, GroupContent]
    had_no_time: bool
    left_out: int
    rows: tuple[Row, ...]
    selection: SelectionBar | None
    count: str
    sums_url: str
    previous_url: str
    next_url: str


def show_list(visit: Visit) -> Response:
    """Show the list of a form."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        opens_with = default_address(unit, form) if not visit.query else None
        if opens_with is not None:
            return visit.go(opens_with.url(f"/forms/{form.id}"))
        return listed(visit, unit, form, visit.query)


def listed(visit: Visit, unit: Unit, form: Form, query: QueryParams) -> Response:
    """Return the list in the state that a query string stands for."""
    address = read_address(query, form, unit.runtime.catalog)
    page = list_page(visit, unit, form, address, opened=read_opened(query.getlist("opened")))
    response = visit.show(unit, TEMPLATE, page, current=f"form:{form.id}")
    if visit.is_partial and "open" not in query:
        # The filters send what they hold; what stands in the address is what it means.
        response.headers["HX-Push-Url"] = address.url(page.head.url)
    return response


def form_of(unit: Unit, form_id: str) -> Form:
    """Return a form that has pages of its own. Raises NotFound for rows of lines and unknown ones."""
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    return form


def list_page(
    visit: Visit, unit: Unit, form: Form, address: ListAddress, *, opened: Sequence[OpenedGroup] = ()
) -> RecordListPage:
    """Return the model of the list in the state that an address stands for, with what is in these groups of it."""
    views = field_views(unit)
    kept = kept_views(unit, form, address)
    if address.saved is None and kept.default:
        address = replace(address, saved=0)
    arrangement = arranged_at(unit, form, kept)
    columns = tuple(form.by_id[each.field] for each in arrangement.columns)
    shown = tuple(field.id for field in columns)
    query = replace(query_at(form, address), limit=PAGE_SIZE, columns=shown)
    grouping = GroupViews(unit, form, address, arrangement, views=views, t=visit.t)
    groups = grouping.level(query, ()) if grouping.fields else None
    page = records.page(unit, query) if groups is None else NO_PAGE
    editable = editable_in_list(unit, form, columns)
    rows = RowViews(form, columns, views, editable, frozen=arrangement.frozen)
    contents = GroupContents(grouping, query, rows)
    summed = summed_fields(form, arrangement)
    total = _counted(unit, query, None if groups is not None else page, is_summed=bool(summed))
    url = f"/forms/{form.id}"
    return RecordListPage(
        head=list_head(visit, unit, form, address, views, path=url),
        columns=headings(columns, arrangement, views, url, address),
        arranging=columns_panel(lists.offered(unit, form), arrangement, views, url, address),
        keeping=views_panel(
            unit, form, kept, address, has_own_columns=kept.current is not None and arrangement.is_own
        ),
        grouping=grouping.panel(),
        groups=groups,
        opened={} if groups is None else contents.opened(opened),
        had_no_time=bool(grouping.fields) and groups is None,
        left_out=kept.current.left_out if kept.current is not None else 0,
        rows=tuple(map(rows.row, page.rows)),
        selection=selection_bar(
            unit,
            form,
            visit.t,
            list_url=address.with_cursor(None).url(url),
            has_more=bool(page.next or page.previous),
        ),
        count=str(total) if total.is_exact else f"{total.value:,}+",
        sums_url=address.with_cursor(None).url(f"{url}/totals") if summed or not total.is_exact else "",
        previous_url=address.with_cursor(page.previous).url(url) if page.previous else "",
        next_url=address.with_cursor(page.next).url(url) if page.next else "",
    )


def _counted(unit: Unit, query: Query, page: Page | None, *, is_summed: bool) -> Count:
    """Return how many records the list has, as far as its page waits for counting them: its sums tell the rest."""
    if page is not None and query.cursor is None and page.next is None:
        return Count(value=len(page.rows), is_exact=True)
    at_most = QUICKLY_COUNTED if is_summed else COUNTED_AT_MOST
    return records.count(unit, replace(query, cursor=None), at_most=at_most)


class GroupContents:
    """What is in the groups of one list, for its reader."""

    def __init__(
        self,
        grouping: GroupViews,
        query: Query,
        rows: RowViews,
    ) -> None:
        self.grouping, self.query, self.rows = grouping, query, rows

    def of(self, way: Sequence[str], *, limit: int, cursor: str | None = None) -> GroupContent | None:
        """Return what is in the group to which a way leads; None where there was no time for groups in it.

        Raises: NotFound (the way leads nowhere), and like `records.page`.
        """
        grouping = self.grouping
        if len(way) < len(grouping.fields):
            inner = grouping.level(replace(self.query, cursor=None), way)
            return None if inner is None else GroupContent(inner=inner, rows=(), more_url="")
        within = replace(self.query, within=grouping.within(way))
        rows: list[RecordView] = []
        while True:
            page = records.page(grouping.unit, replace(within, cursor=cursor, limit=limit - len(rows)))
            rows += page.rows
            cursor = page.next
            if cursor is None or len(rows) >= limit:
                break
        return GroupContent(
            inner=None,
            rows=tuple(map(self.rows.row, rows)),
            more_url=grouping.open_url(way, cursor) if cursor else "",
        )

    def opened(self, groups: Sequence[OpenedGroup]) -> Mapping[str, GroupContent]:
        """Return what is in these groups, by their names, as far as they lead anywhere and there is time for them.

        An inner group follows its outer one; of one whose outer group is closed nothing would be seen.
        """
        found: dict[str, GroupContent] = {}
        left = MOST_ROWS
        for group in groups:
            if left <= 0 or not self.grouping.seconds_left:
                break
            outer = group.way[:-1]
            if len(group.way) > len(self.grouping.fields) or (outer and name_of(outer) not in found):
                continue
            # As many as the reader had walked to, in whole pages: those that have come meanwhile show too.
            limit = min(max(1, -(-group.rows // PAGE_SIZE)) * PAGE_SIZE, left)
            try:
                content = self.of(group.way, limit=limit)
            except NotFound:
                continue
            if content is not None:
                found[group.name] = content
                left -= len(content.rows)
        return found
