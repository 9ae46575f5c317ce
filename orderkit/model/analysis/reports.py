"""Reports (dimensions and measures over a form) and dashboards (tiles that show them)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Type
from orderkit.model.forms import Origin
from orderkit.model.labels import Label


class Aggregation(StrEnum):
    """How a measure sums up the rows of a group."""

    SUM = "sum"
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


class Grain(StrEnum):
    """The grains of a report's time; each is a dimension by itself, named so."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What a report may be grouped by."""

    id: str
    label: Label
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number over the rows of a group. `expression` is None for a plain count of rows."""

    id: str
    label: Label
    aggregation: Aggregation
    expression: Expression | None
    where: Expression | None
    format: str
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioMeasure:
    """An expression over the exact sums of other measures: roots named `measures`, e.g. `revenue`."""

    id: str
    label: Label
    expression: Expression
    format: str
    type: Type


class SourceKind(StrEnum):
    """What the rows of a report are: records, balances of a ledger, its entries, or steps of a workflow."""

    FORM = "form"
    LEDGER = "ledger"
    ENTRIES = "entries"
    STEPS = "steps"


@dataclass(frozen=True, kw_only=True)
class Report:
    """Numbers over the rows of `source` (a form, its lines, `stock`, `stock.entries`, `order_life.steps`).

    Each is seen as `Root("record", Record(source))`.
    """

    id: str
    label: Label
    source: str
    where: Expression | None
    time: Expression | None
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure | RatioMeasure, ...]
    source_kind: SourceKind = SourceKind.FORM
    origin: Origin | None = None

    @cached_property
    def dimension_by_id(self) -> Mapping[str, Dimension]:
        """Dimensions by id, without the grains of time."""
        return {dimension.id: dimension for dimension in self.dimensions}

    @cached_property
    def measure_by_id(self) -> Mapping[str, Measure | RatioMeasure]:
        """Measures by id."""
        return {measure.id: measure for measure in self.measures}


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiTile:
    """One number, compared with another period where asked."""

    label: Label
    report: str
    measure: str
    compare: str | None = None
    width: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartTile:
    """A chart of one measure by one dimension. `chart` is `line`, `bar` or `pie`."""

    label: Label
    chart: str
    report: str
    measure: str
    by: str
    top: int | None = None
    width: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PivotTile:
    """A measure by two dimensions, as a table."""

    label: Label
    report: str
    measure: str
    rows: str
    columns: str
    width: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTile:
    """The first records of a form, or of one of its views."""

    label: Label
    form: str
    view: str | None
    limit: int = 10
    width: int = 6


Tile = KpiTile | ChartTile | PivotTile | ListTile


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardFilter:
    """A filter over tiles: `on` maps a report to its dimension. `default` is a value or `this_year` and the like."""

    id: str
    label: Label
    default: str | None
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A page of tiles on a grid of 12 columns."""

    id: str
    label: Label
    tiles: tuple[Tile, ...]
    filters: tuple[DashboardFilter, ...] = ()
    origin: Origin | None = None
