"""Dashboards: each tile with its numbers, as one reader may see them.

A tile that its reader may not see says so in its place; the others are shown all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import assert_never

from orderkit.engine.access import RefusedAccess, may_see_dashboard
from orderkit.engine.periods import PERIOD_NAMES, bucket_text, next_bucket, period_of
from orderkit.engine.records import Page, Query, page
from orderkit.engine.report.filters import Filter, OneOf, Within, is_time, typed
from orderkit.engine.report.running import run
from orderkit.engine.report.shown import measure_shower
from orderkit.engine.report.tables import Cell, ResultRow, ResultTable
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import (
    Aggregation,
    ChartTile,
    Dashboard,
    DashboardFilter,
    KpiTile,
    ListTile,
    Measure,
    PivotTile,
    Report,
    Tile,
)
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.labels import Label, label, text_of
from orderkit.model.values.numbers import EXACT, round_half_up

MAX_OPTIONS = 100
MAX_PIVOT_ROWS = 500
MAX_PIVOT_COLUMNS = 60
_MAX_FILLED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOption:
    """A value that a filter may have, as text for the address and for people."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterView:
    """A filter with the value in force; `` lets everything through."""

    id: str
    label: Label
    value: str
    is_period: bool
    options: tuple[FilterOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiData:
    """One number. `change` is its part above (or below) the period before, as a ratio."""

    tile: KpiTile
    value: Cell
    previous: Cell | None = None
    change: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """The points of a chart, in order; a line over time has a point for each bucket in between."""

    tile: ChartTile
    table: ResultTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PivotData:
    """A measure by two dimensions. `cells` has a row for each of `rows`; empty cells hold None."""

    tile: PivotTile
    measure: Label
    rows: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ListData:
    """The first records of a form or view."""

    tile: ListTile
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """A tile that this reader may not see, and why."""

    tile: Tile
    why: Label


TileData = KpiData | ChartData | PivotData | ListData | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardView:
    """A dashboard with its numbers."""

    id: str
    label: Label
    filters: tuple[FilterView, ...]
    tiles: tuple[TileData, ...]


def dashboard(unit: Unit, dashboard_id: str, filters: Mapping[str, str] | None = None) -> DashboardView:
    """Return a dashboard as this reader sees it.

    `filters` maps a filter's id to what was chosen: a period (`this_month`, `2026-03`) or a value
    (of a reference its id); `` lets everything through, one left out has its default.
    Raises: NotFound, Denied, Refused (a value that the filter cannot have).
    """
    found = unit.project.dashboard_by_id.get(dashboard_id)
    if found is None:
        raise NotFound(label(zh=f"没有看板“{dashboard_id}”", en=f"there is no dashboard `{dashboard_id}`"))
    decision = may_see_dashboard(unit, dashboard_id)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    chosen = _chosen(found, filters or {})
    by_report = _filters_by_report(unit, found, chosen)
    return DashboardView(
        id=found.id,
        label=found.label,
        filters=tuple(_filter_view(unit, each, chosen[each.id]) for each in found.filters),
        tiles=tuple(_tile(unit, tile, by_report) for tile in found.tiles),
    )


def _chosen(found: Dashboard, given: Mapping[str, str]) -> dict[str, str]:
    return {each.id: given.get(each.id, each.default or "") for each in found.filters}


def _filters_by_report(
    unit: Unit, found: Dashboard, chosen: Mapping[str, str]
) -> dict[str, tuple[Filter, ...]]:
    by_report: dict[str, tuple[Filter, ...]] = {}
    problems: list[Problem] = []
    for each in found.filters:
        text = chosen[each.id]
        if not text:
            continue
        for report_id, dimension in each.on:
            filter_ = _filter(unit, unit.project.report_by_id[report_id], dimension, text)
            if filter_ is None:
                message = label(zh=f"“{text}”不是有效的筛选值", en=f"`{text}` is not a value of this filter")
                problems.append(Problem(path=each.id, code="invalid", message=message))
                break
            by_report[report_id] = (*by_report.get(report_id, ()), filter_)
    if problems:
        raise Refused(problems)
    return by_report


def _filter(unit: Unit, report: Report, dimension: str, text: str) -> Filter | None:
    if is_time(report, dimension):
        period = period_of(text, unit.today)
        return None if period is None else Within(period=period)
    try:
        value = typed(report.dimension_by_id[dimension].expression.type, text)
    except ValueError:
        return None
    return OneOf(dimension=dimension, values=(value,))


def _filter_view(unit: Unit, found: DashboardFilter, value: str) -> FilterView:
    report_id, dimension = found.on[0]
    report = unit.project.report_by_id[report_id]
    if is_time(report, dimension):
        options = [FilterOption(value=n, text=text_of(t, unit.locale)) for n, t in PERIOD_NAMES.items()]
        if value and value not in PERIOD_NAMES:
            options.insert(0, FilterOption(value=value, text=value))
        is_period = True
    else:
        options, is_period = _values(unit, report, dimension), False
    return FilterView(
        id=found.id, label=found.label, value=value, is_period=is_period, options=tuple(options)
    )


def _values(unit: Unit, report: Report, dimension: str) -> list[FilterOption]:
    """Return the values of a dimension, those with most behind them first."""
    counts = [each for each in report.measures if isinstance(each, Measure)]
    try:
        table = run(unit, report.id, measures=[counts[0].id], by=[dimension], limit=MAX_OPTIONS)
    except Denied:
        return []
    cells = [row.cells[0] for row in table.rows]
    return [FilterOption(value=_address(cell), text=cell.text) for cell in cells if cell.value is not None]


def _address(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    return str(cell.value)


def _tile(unit: Unit, tile: Tile, filters: Mapping[str, tuple[Filter, ...]]) -> TileData:
    try:
        match tile:
            case KpiTile():
                return _kpi(unit, tile, filters.get(tile.report, ()))
            case ChartTile():
                return _chart(unit, tile, filters.get(tile.report, ()))
            case PivotTile():
                return _pivot(unit, tile, filters.get(tile.report, ()))
            case ListTile():
                query = Query(form=tile.form, view=tile.view, limit=tile.limit)
                return ListData(tile=tile, page=page(unit, query))
            case _:
                assert_never(tile)
    except Denied as denied:
        return Unavailable(tile=tile, why=denied.explain)


def _seen(table: ResultTable) -> ResultTable:
    """Return the table, if the one measure that was asked for is in it."""
    if not table.measures:
        raise Denied(table.notes[0] if table.notes else None)
    return table


def _kpi(unit: Unit, tile: KpiTile, filters: tuple[Filter, ...]) -> KpiData:
    table = _seen(run(unit, tile.report, measures=[tile.measure], where=filters, compare=tile.compare))
    value = table.totals[0]
    previous = table.previous[0] if table.previous else None
    change = None
    if previous is not None and isinstance(value.value, Decimal | int):
        before = previous.value
        if isinstance(before, Decimal | int) and before:
            ratio = EXACT.divide(EXACT.subtract(Decimal(value.value), Decimal(before)), abs(Decimal(before)))
            change = round_half_up(ratio, 4)
    return KpiData(tile=tile, value=value, previous=previous, change=change)


def _chart(unit: Unit, tile: ChartTile, filters: tuple[Filter, ...]) -> ChartData:
    table = _seen(
        run(
            unit,
            tile.report,
            measures=[tile.measure],
            by=[tile.by],
            where=filters,
            limit=tile.top,
            with_others=tile.chart == "pie",
            with_totals=False,
        )
    )
    return ChartData(tile=tile, table=_filled(unit, tile, table) if tile.chart != "pie" else table)


def _filled(unit: Unit, tile: ChartTile, table: ResultTable) -> ResultTable:
    """Return the table with a row for every bucket between the first and the last."""
    grain = table.columns[0].grain
    known = {row.cells[0].value: row for row in table.rows}
    starts = [day for day in known if isinstance(day, date)]
    if grain is None or tile.top is not None or len(starts) < 2:
        return table
    measure = unit.project.report_by_id[tile.report].measure_by_id[tile.measure]
    nothing = 0 if isinstance(measure, Measure) and measure.aggregation in _ADDING else None
    missing = Cell(nothing, measure_shower(unit, measure)(nothing))
    filled: list[ResultRow] = []
    bucket = min(starts)
    while bucket <= max(starts) and len(filled) < _MAX_FILLED:
        empty = ResultRow(cells=(Cell(bucket, bucket_text(bucket, grain)), missing))
        filled.append(known.pop(bucket, empty))
        bucket = next_bucket(bucket, grain)
    return replace(table, rows=(*filled, *known.values()))


_ADDING = {Aggregation.SUM, Aggregation.COUNT, Aggregation.COUNT_DISTINCT}


def _pivot(unit: Unit, tile: PivotTile, filters: tuple[Filter, ...]) -> PivotData:
    def by(*dimensions: str, limit: int | None = None) -> ResultTable:
        return run(unit, tile.report, measures=[tile.measure], by=dimensions, where=filters, limit=limit)

    by_row = _seen(by(tile.rows, limit=MAX_PIVOT_ROWS))
    by_column = by(tile.columns, limit=MAX_PIVOT_COLUMNS)
    by_both = by(tile.rows, tile.columns)
    found = {(row.cells[0].value, row.cells[1].value): row.cells[2] for row in by_both.rows}
    rows = tuple(row.cells[0] for row in by_row.rows)
    columns = tuple(row.cells[0] for row in by_column.rows)
    return PivotData(
        tile=tile,
        measure=by_row.measures[0].label,
        rows=rows,
        columns=columns,
        cells=tuple(tuple(found.get((row.value, column.value)) for column in columns) for row in rows),
        row_totals=tuple(row.cells[1] for row in by_row.rows),
        column_totals=tuple(row.cells[1] for row in by_column.rows),
        total=by_row.totals[0],
    )
