"""The answer of a report: a table whose cells carry the exact value and the text that people read."""

from dataclasses import dataclass
from enum import StrEnum

from orderkit.engine.periods import Period
from orderkit.model.analysis.reports import Grain
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import Label


class ColumnKind(StrEnum):
    """What a column holds."""

    DIMENSION = "dimension"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. `format` is `money`, `percent`, `number`, `date`, `text`; `form` that of references."""

    id: str
    label: Label
    kind: ColumnKind
    format: str
    grain: Grain | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: exact (of a reference the id, of a grain the first day), and as people read it."""

    value: Scalar
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One group: a cell for each column in order. `is_others` sums up what a limit left out."""

    cells: tuple[Cell, ...]
    is_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """What a report answered.

    `totals` holds a cell for each measure over all groups, those beyond the limit among them;
    `previous` the same for the period before, where a comparison was asked for. `notes` say what was
    left out and why. `is_truncated`: there are more groups than are ever returned.
    """

    report: str
    label: Label
    columns: tuple[Column, ...]
    rows: tuple[ResultRow, ...]
    totals: tuple[Cell, ...]
    previous: tuple[Cell, ...] | None = None
    period: Period | None = None
    previous_period: Period | None = None
    notes: tuple[Label, ...] = ()
    is_truncated: bool = False

    @property
    def dimensions(self) -> tuple[Column, ...]:
        """The columns that the rows are grouped by; they come first."""
        return tuple(each for each in self.columns if each.kind is ColumnKind.DIMENSION)

    @property
    def measures(self) -> tuple[Column, ...]:
        """The columns with numbers."""
        return tuple(each for each in self.columns if each.kind is ColumnKind.MEASURE)
