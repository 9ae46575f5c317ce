"""Whether a cell fits a type: asked of the type itself, as an import would ask it."""

from collections.abc import Iterable, Mapping
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.importing.matching.date_orders import DateReading, Days, is_short
from orderkit.engine.importing.reading.cells import Cell, text_of
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.types import Date, DateTime
from orderkit.model.labels import Label

# What the types ask of a project. The year is only that of days which have none.
_CONTEXT = {"currency": "CNY", "timezone": "Asia/Shanghai", "language": "zh"}
_ANY_YEAR = 2000


class Fitting:
    """One type with its options, and what of a column fits it."""

    def __init__(
        self, catalog: Catalog, type_name: str, options: Mapping[str, object], cells: Iterable[Cell]
    ) -> None:
        self._type = catalog.fields[type_name]
        self._options: Any = self._type.Options.model_validate(dict(options), context=_CONTEXT)
        self._days: Days | None = None
        if isinstance(self._type.value_type(self._options), Date | DateTime):
            self._days = DateReading(chosen=None, year=_ANY_YEAR).of_column(cells)
        self._known: dict[tuple[type, Cell], Invalid | None] = {}

    @property
    def is_ambiguous(self) -> bool:
        """Whether days such as 03/04/2026 stand here, and the column does not tell which part is the month."""
        return self._days is not None and self._days.order is None

    def why_not(self, cell: Cell) -> Invalid | None:
        """Return why a cell does not fit; None where it does, as an empty one always does."""
        key = (cell.__class__, cell)
        if key not in self._known:
            self._known[key] = self._judged(cell)
        return self._known[key]

    def unfit(self, cells: Iterable[Cell]) -> tuple[int, ...]:
        """Return the places of the cells that do not fit."""
        return tuple(
            at for at, cell in enumerate(cells) if cell is not None and self.why_not(cell) is not None
        )

    def expected(self, cell: Cell) -> Label | None:
        """Return what would fit in place of a cell that does not."""
        why = self.why_not(cell)
        return None if why is None else (why.expected or why.message)

    def _judged(self, cell: Cell) -> Invalid | None:
        if self._days is not None:
            if isinstance(cell, str) and self._days.order is None and is_short(cell):
                return None
            day = self._days.plain(cell)
            cell = day if isinstance(day, str) else cell
        if isinstance(cell, str):
            value = self._type.parse(self._options, text_of(cell))
        else:
            value = self._type.read_cell(self._options, cell)
        return value if isinstance(value, Invalid) else self._type.check(self._options, value)
