"""The tiles of a dashboard as page models: numbers with their change, charts, pivots, lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from orderkit.engine.records import RecordView
from orderkit.engine.report import (
    ChartData,
    DashboardView,
    KpiData,
    ListData,
    PivotData,
    TileData,
    Unavailable,
)
from orderkit.model.analysis.reports import ListTile
from orderkit.model.expressions.types import Number
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.display.currencies import mark_of
from orderkit.web.display.fields import FieldView, FieldViews
from orderkit.web.recording.sections import value_of
from orderkit.web.reporting.charts import ChartView, chart_of
from orderkit.web.request.visit import Visit

MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiView:
    """One number. `direction` is `up`, `down`, `flat`, or empty without a comparison."""

    unit: str
    value: str
    change: str
    direction: str
    compared: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PivotView:
    """A measure by two dimensions."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    totals: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A record of a list tile."""

    url: str
    title: str
    cells: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """The first records of a form or view."""

    rows: tuple[ListRow, ...]
    all_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """One tile on the grid of twelve; exactly one of its contents is set."""

    label: str
    width: int
    kpi: KpiView | None = None
    chart: ChartView | None = None
    pivot: PivotView | None = None
    records: ListView | None = None
    unavailable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoice:
    """A value that a filter may have."""

    value: str
    text: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardFilterView:
    """A filter over the whole dashboard."""

    name: str
    label: str
    choices: tuple[FilterChoice, ...]


def tile_views(visit: Visit, dashboard: DashboardView) -> tuple[TileView, ...]:
    """Return the tiles in order."""
    return tuple(_tile(visit, tile) for tile in dashboard.tiles)


def dashboard_filters(visit: Visit, dashboard: DashboardView) -> tuple[DashboardFilterView, ...]:
    """Return the filters with what is chosen."""
    return tuple(
        DashboardFilterView(
            name=each.id,
            label=text_of(each.label, visit.locale),
            choices=(
                FilterChoice(value="", text=visit.t("charts.everything"), is_on=each.value == ""),
                *(
                    FilterChoice(value=option.value, text=option.text, is_on=option.value == each.value)
                    for option in each.options
                ),
            ),
        )
        for each in dashboard.filters
    )


def _tile(visit: Visit, data: TileData) -> TileView:
    label, width = text_of(data.tile.label, visit.locale), min(max(data.tile.width, 2), 12)
    match data:
        case KpiData():
            return TileView(label=label, width=width, kpi=_kpi(visit, data))
        case ChartData():
            chart = chart_of(data.table, data.tile.chart, label, visit.locale)
            return TileView(label=label, width=width, chart=chart)
        case PivotData():
            return TileView(label=label, width=width, pivot=_pivot(visit, data))
        case ListData():
            return TileView(label=label, width=width, records=_list(visit, data))
        case Unavailable():
            return TileView(label=label, width=width, unavailable=text_of(data.why, visit.locale))
        case _:
            assert_never(data)


def _kpi(visit: Visit, data: KpiData) -> KpiView:
    value, unit = data.value.text or "—", _unit(visit, data)
    if data.previous is None:
        return KpiView(unit=unit, value=value, change="", direction="", compared="")
    if data.change is None:
        compared = visit.t("charts.no_comparison")
        return KpiView(unit=unit, value=value, change="", direction="", compared=compared)
    percent = (data.change * 100).quantize(Decimal("0.1"))
    return KpiView(
        unit=unit,
        value=value,
        change=f"{abs(percent)}%",
        direction="up" if percent > 0 else "down" if percent < 0 else "flat",
        compared=visit.t("charts.compared", value=data.previous.text),
    )


def _unit(visit: Visit, data: KpiData) -> str:
    """Return the mark of the currency that an amount is in."""
    project = visit.runtime.project
    measure = project.report_by_id[data.tile.report].measure_by_id[data.tile.measure]
    if measure.format != "money" or not data.value.text:
        return ""
    type_ = measure.type
    currency = type_.currency if isinstance(type_, Number) and type_.currency else project.currency
    return mark_of(currency)


def _pivot(visit: Visit, data: PivotData) -> PivotView:
    return PivotView(
        corner=text_of(data.measure, visit.locale),
        columns=tuple(cell.text for cell in data.columns),
        rows=tuple(
            (head.text, tuple("" if cell is None else cell.text for cell in cells), total.text)
            for head, cells, total in zip(data.rows, data.cells, data.row_totals, strict=True)
        ),
        totals=tuple(cell.text for cell in data.column_totals),
        total=data.total.text,
    )


def _list(visit: Visit, data: ListData) -> ListView:
    tile: ListTile = data.tile
    form = visit.runtime.project.form_by_id[tile.form]
    views = FieldViews(visit.runtime.project, visit.runtime.catalog, visit.locale, zone=visit.zone)
    address = f"/forms/{tile.form}" + (f"?view={tile.view}" if tile.view else "")
    return ListView(
        rows=tuple(
            ListRow(
                url=f"/forms/{row.form}/{row.id}",
                title=row.title,
                cells=tuple(list(_list_cells(form, row, views))[:MOST_COLUMNS]),
            )
            for row in data.page.rows
        ),
        all_url=address,
    )


def _list_cells(form: Form, row: RecordView, views: FieldViews) -> Iterable[FieldView]:
    """Yield the values beside the title: not those that stand in it."""
    for column in form.list.columns:
        if column in row.values:
            view = views.view(form, form.by_id[column], value_of(row, column), is_cell=True)
            if view.shown and view.shown not in row.title:
                yield view
