"""Reports and dashboards: exact numbers over what the reader may see, summed by the database.

`run` answers one question, `dashboard` a page of them; `query` makes the SQL, `visibility` decides
what of it the reader may see.
"""

from orderkit.engine.periods import PERIOD_NAMES, Period, period_of
from orderkit.engine.report.dashboards import (
    ChartData,
    DashboardView,
    FilterOption,
    FilterView,
    KpiData,
    ListData,
    PivotData,
    TileData,
    Unavailable,
    dashboard,
)
from orderkit.engine.report.filters import Filter, OneOf, Within, parse_filters
from orderkit.engine.report.running import explain_sql, run
from orderkit.engine.report.tables import Cell, Column, ResultRow, ResultTable

__all__ = [
    "PERIOD_NAMES",
    "Cell",
    "ChartData",
    "Column",
    "DashboardView",
    "Filter",
    "FilterOption",
    "FilterView",
    "KpiData",
    "ListData",
    "OneOf",
    "Period",
    "PivotData",
    "ResultRow",
    "ResultTable",
    "TileData",
    "Unavailable",
    "Within",
    "dashboard",
    "explain_sql",
    "parse_filters",
    "period_of",
    "run",
]
