"""What one source makes of one row: a value of its field, a reference, or why the cell is bad.

The same texts stand in many rows, so every answer is kept; an expression is evaluated once for each
combination of what it reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from orderkit.engine.importing.matching.date_orders import Ambiguous, Days
from orderkit.engine.importing.matching.headings import Binding
from orderkit.engine.importing.matching.mapping import Source, fields_of, headings_of
from orderkit.engine.importing.matching.references import Reference, Several
from orderkit.engine.importing.reading.cells import Cell, Row, heading_key, text_of
from orderkit.fields.field_type import FieldType, Invalid
from orderkit.fields.numerals import normalised
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.expressions.types import Date, DateTime
from orderkit.model.forms import Field, FieldId
from orderkit.model.labels import Label, label

Value = Scalar | Reference | Several
Partial = Mapping[FieldId, Value]


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a cell cannot be used."""

    code: str
    what: Label
    expected: Label | None = None


class Evaluator(Protocol):
    """Evaluates an expression on the cells and on the values of the record that it reads."""

    def value(self, expression: Expression, cells: Mapping[str, str | None], values: Partial) -> Scalar | Bad:
        """Return the value; of a record its id."""


class SourceReader:
    """Reads one source from rows of one sheet."""

    def __init__(
        self, source: Source, binding: Binding, field_type: FieldType[Any], evaluating: Evaluator
    ) -> None:
        self.source = source
        place = binding.place(source)
        self.column = None if place is None else place.column
        self.is_reference = source.field.target is not None
        self._type = field_type
        self._unit = _unit_of(source.field)
        self._days: Days | None = None
        self._from_cells: dict[Any, Scalar | Bad] = {}
        self._assigned = None if source.assigned is None else _Rule(source.assigned, binding, evaluating)
        self._default = None if source.default is None else _Rule(source.default, binding, evaluating)
        if self.column is None and self._assigned is not None and self._assigned.columns:
            self.column = self._assigned.columns[0]

    @property
    def holds_days(self) -> bool:
        """Whether a cell holds a day, with a time or without."""
        return isinstance(self.source.field.value_type, Date | DateTime)

    def read_days(self, days: Days) -> None:
        """Read the days of the column in this way."""
        self._days = days

    @property
    def columns(self) -> tuple[int, ...]:
        """Every column that this source reads."""
        own = () if self.column is None else (self.column,)
        rules = (rule for rule in (self._assigned, self._default) if rule is not None)
        return tuple(dict.fromkeys((*own, *(column for rule in rules for column in rule.columns))))

    def read(self, row: Row, record: Partial, own: Partial) -> Scalar | Bad:
        """Return the value for this row; of a reference the text or id that stands for it."""
        if self._assigned is not None:
            found = self._of_expression(self._assigned.value(row, record, own))
        else:
            column = self.column
            cell = row[column] if column is not None and column < len(row) else None
            key = (cell.__class__, cell)
            try:
                found = self._from_cells[key]
            except KeyError:
                found = self._from_cells[key] = self._of_cell(cell)
        if found is None and self._default is not None:
            found = self._of_expression(self._default.value(row, record, own))
        return found

    def _of_cell(self, cell: Cell) -> Scalar | Bad:
        text = text_of(cell)
        if not text:
            return None
        if text in self.source.texts:
            return self._of_text(self.source.texts[text])
        if self._days is not None:
            day = self._days.plain(cell)
            if isinstance(day, Ambiguous):
                return _WHICH_ORDER
            if day is not None:
                return self._of_text(day)
        if isinstance(cell, str):
            return self._of_text(text)
        if self.is_reference:
            return text
        return _checked(self._type.read_cell(self.source.field.options, cell))

    def _of_text(self, text: str) -> Scalar | Bad:
        if self.is_reference:
            return text
        if self._unit:
            number = normalised(text).casefold().removesuffix(self._unit)
            text = number if number.strip() else text
        return _checked(self._type.parse(self.source.field.options, text))

    def _of_expression(self, value: Scalar | Bad) -> Scalar | Bad:
        if value is None or isinstance(value, Bad) or self.is_reference:
            return value
        if isinstance(value, str):
            return self._of_text(value)
        return _checked(self._type.read_cell(self.source.field.options, value))


class _Rule:
    """One expression over the row and what is known of the record so far."""

    def __init__(self, expression: Expression, binding: Binding, evaluating: Evaluator) -> None:
        self._expression = expression
        self._evaluating = evaluating
        places = {name: binding.columns.get(heading_key(name)) for name in headings_of(expression)}
        self._headings = tuple((name, place.column) for name, place in places.items() if place is not None)
        self.columns = tuple(column for _, column in self._headings)
        self._fields = fields_of(expression)
        self._answers: dict[tuple[object, ...], Scalar | Bad] = {}

    def value(self, row: Row, record: Partial, own: Partial) -> Scalar | Bad:
        width = len(row)
        texts = tuple(text_of(row[c]) if c < width else "" for _, c in self._headings)
        known = tuple(own[f] if f in own else record.get(f) for f in self._fields)
        key = (texts, known)
        if key not in self._answers:
            cells = {name: text or None for (name, _), text in zip(self._headings, texts, strict=True)}
            values = dict(zip(self._fields, known, strict=True))
            self._answers[key] = self._evaluating.value(self._expression, cells, values)
        return self._answers[key]


_WHICH_ORDER = Bad(
    "ambiguous_date",
    label(zh="分不清哪个是日、哪个是月", en="which part is the day and which the month is not clear"),
    label(
        zh="先选择日期顺序（页面上选，或 --dates dmy、mdy、ymd），或写成 2026-03-01",
        en="the order of dates chosen (on the page, or --dates dmy, mdy or ymd), or 2026-03-01",
    ),
)


def _unit_of(field: Field) -> str:
    """Return the unit that always stands behind a number, folded; nothing where it depends on the record."""
    parts = () if field.unit is None else field.unit.parts
    if any(part.expression is not None for part in parts):
        return ""
    return normalised("".join(part.text for part in parts)).casefold()


def _checked(value: Scalar | Invalid) -> Scalar | Bad:
    if isinstance(value, Invalid):
        return Bad("invalid", value.message, value.expected)
    return value


def comparable(cell: Cell) -> object:
    """Return what tells cells apart: for Python, true is 1, for a sheet it is not."""
    return (cell,) if cell.__class__ is bool else cell


def same(first: Value, second: Value) -> bool:
    """Whether two values are the same; 1.50 is 1.5, and an empty text is empty."""
    if isinstance(first, Decimal | int) and isinstance(second, Decimal | int):
        return first == second
    return (None if first == "" else first) == (None if second == "" else second)


def scalar(value: Value) -> Scalar:
    """Return what is stored for a value: the id of a reference, the ids of several."""
    if isinstance(value, Several):
        return tuple(dict.fromkeys(each.id for each in value.each if each.id is not None)) or None
    return value.id if isinstance(value, Reference) else value
