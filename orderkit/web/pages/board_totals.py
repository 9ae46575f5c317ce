"""The sums under the heads of a board's columns, asked for by its page once it stands there, as those of a list are."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.web.boards.sums import ColumnSums, sums_of
from orderkit.web.display.fields import field_views
from orderkit.web.listing.address import read_address
from orderkit.web.listing.head import board_path
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.sums import SumCell, sum_cells
from orderkit.web.pages.board import board_of, sums_element
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/board_totals.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class SumsView:
    """What stands under the head of one column; `element` is its place on the page."""

    element: str
    cells: tuple[SumCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTotalsPage:
    """The sums of all columns. `url` is where they are asked for again; `had_no_time`: there are none."""

    url: str
    columns: tuple[SumsView, ...]
    had_no_time: bool


def show_totals(visit: Visit) -> Response:
    """Show what the numbers of each column come to."""
    with visit.reading() as unit:
        form, field = board_of(visit, unit)
        address = read_address(visit.query, form, unit.runtime.catalog).with_cursor(None)
        arrangement = arranged_at(unit, form, kept_views(unit, form, address))
        found = sums_of(unit, form, field, address, arrangement)
        views = field_views(unit)

        def view(column: ColumnSums) -> SumsView:
            cells = sum_cells(form, arrangement, views, column.sums)
            return SumsView(
                element=sums_element(column.value), cells=tuple(each for each in cells if each.amounts)
            )

        page = BoardTotalsPage(
            url=address.url(f"{board_path(form, field.id)}/totals"),
            columns=tuple(map(view, found or ())),
            had_no_time=found is None,
        )
        return visit.part(TEMPLATE, page)
