"""Charts: what the front end draws, and the same numbers as a table for those who do not see them.

Drawing takes floats; what people read are the exact texts that the engine made.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderkit.engine.report import Cell, ResultTable
from orderkit.model.labels import text_of

MOST_POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """A chart. `data` is JSON for the front end; `headings` and `rows` are the table below it."""

    label: str
    data: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_empty: bool


def chart_of(table: ResultTable, kind: str, label: str, locale: str) -> ChartView:
    """Return a chart of the table's measures by its first dimension."""
    dimensions, measures = table.dimensions, table.measures
    rows = table.rows[:MOST_POINTS]
    first = len(dimensions)
    data = {
        "kind": kind,
        "locale": locale,
        "is_time": bool(dimensions) and dimensions[0].grain is not None,
        "is_ratio": all(measure.format == "percent" for measure in measures),
        "categories": [" / ".join(cell.text for cell in row.cells[:first]) for row in rows],
        "series": [
            {
                "name": text_of(measure.label, locale),
                "values": [_drawn(row.cells[first + index]) for row in rows],
                "shown": [row.cells[first + index].text for row in rows],
            }
            for index, measure in enumerate(measures)
        ],
    }
    return ChartView(
        label=label,
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        headings=tuple(text_of(column.label, locale) for column in table.columns),
        rows=tuple(_texts(row.cells) for row in rows),
        is_empty=not any(cell.value is not None for row in rows for cell in row.cells[first:]),
    )


def _drawn(cell: Cell) -> float | None:
    return float(cell.value) if isinstance(cell.value, Decimal | int) else None


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell.text for cell in cells)
