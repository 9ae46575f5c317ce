"""A dashboard: its filters and tiles, as a page of its own or as part of the home page."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import report
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Refused
from orderkit.model.labels import text_of
from orderkit.web.reporting.tiles import DashboardFilterView, TileView, dashboard_filters, tile_views
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/dashboard.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPage:
    """A dashboard as one person sees it. `problem`: what the address asked for could not be used."""

    label: str
    url: str
    filters: tuple[DashboardFilterView, ...]
    tiles: tuple[TileView, ...]
    problem: str


def show_dashboard(visit: Visit) -> Response:
    """Show a dashboard."""
    with visit.reading() as unit:
        page = dashboard_page(visit, unit, visit.name("dashboard"))
        return visit.show(unit, TEMPLATE, page, current=f"dashboard:{visit.name('dashboard')}")


def show_panel(visit: Visit) -> Response:
    """Show only the tiles, for the home page."""
    with visit.reading() as unit:
        page = dashboard_page(visit, unit, visit.name("dashboard"))
    return visit.part("pages/dashboard_panel.html", page)


def dashboard_page(visit: Visit, unit: Unit, dashboard_id: str) -> DashboardPage:
    """Return the model of a dashboard. A filter that cannot be used is left out and said."""
    chosen = dict(visit.query)
    problem = ""
    try:
        view = report.dashboard(unit, dashboard_id, chosen)
    except Refused as error:
        problem = text_of(error.explain, visit.locale)
        view = report.dashboard(unit, dashboard_id, {})
    return DashboardPage(
        label=text_of(view.label, visit.locale),
        url=f"/dashboards/{view.id}",
        filters=dashboard_filters(visit, view),
        tiles=tile_views(visit, view),
        problem=problem,
    )
