"""What a field type is: one class in one folder, from which everything else follows.

The language reads `Options`, the database `column`, expressions `value_type`, pages `input.html`
beside the class, imports and forms `parse`, the API `from_json` and `to_json`, people `show`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Type
from orderkit.model.labels import Label
from orderkit.model.options import OptionModel


class ColumnKind(StrEnum):
    """How a value is kept in SQL. NONE: no column of its own."""

    NONE = "none"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    JSON = "json"
    REFERENCE = "reference"
    FILE = "file"
    TEXTS = "texts"
    REFERENCES = "references"
    FILES = "files"


ATTACHED = frozenset({ColumnKind.FILE, ColumnKind.FILES})
"""Columns that hold attachments, one or several."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a text or JSON value is not a value of the type, and what would be."""

    message: Label
    expected: Label | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """An example that is run as a test: this text is read as this value, and shown again as `shown`."""

    text: str
    value: Scalar
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Rejects:
    """An example that is run as a test: this text is refused."""

    text: str


OptionsT = TypeVar("OptionsT", bound=OptionModel)


class FieldType(ABC, Generic[OptionsT]):
    """A type of field. Instances have no state; one of each is in the catalog."""

    name: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]
    column: ClassVar[ColumnKind]
    Options: type[OptionsT]
    examples: ClassVar[tuple[Accepts | Rejects, ...]] = ()
    reader: ClassVar[str] = ""
    """What reads a typed text in the browser as `parse` does here, so that a page can go on by itself:
    a name of `frontend/src/forms/readers.ts`. Empty: the page asks the server."""
    example_options: ClassVar[dict[str, object]] = {}

    @abstractmethod
    def value_type(self, options: OptionsT) -> Type:
        """Return the type that expressions see."""

    @abstractmethod
    def parse(self, options: OptionsT, text: str) -> Scalar | Invalid:
        """Read what a person typed or a cell holds. Blank text is empty (None), for every type."""

    def kept(self, options: OptionsT, value: Scalar) -> Scalar | Invalid:
        """Return a value of the column's kind as it is stored: rules and senders do not go through `parse`."""
        del options
        return value

    @abstractmethod
    def show(self, options: OptionsT, value: Scalar, locale: str) -> str:
        """Return the value as a person reads it in `locale`; empty is ``."""

    def read_cell(self, options: OptionsT, cell: object) -> Scalar | Invalid:
        """Read a cell of a spreadsheet: text as a person types it, else a number, date or truth value.

        Excel keeps a percentage as a ratio, so a number is read as JSON is: 0.15 is 15%.
        """
        if cell is None or isinstance(cell, str):
            return self.parse(options, cell or "")
        if isinstance(cell, date | datetime | time):
            return self.parse(options, cell.isoformat())
        return self.from_json(options, cell)

    def edit_text(self, options: OptionsT, value: Scalar) -> str:
        """Return the text that an input holds: `parse` reads it back to the same value."""
        return "" if value is None else str(value)

    @abstractmethod
    def from_json(self, options: OptionsT, value: object) -> Scalar | Invalid:
        """Read a JSON value of the API. Decimals arrive as text or number, dates as ISO text."""

    @abstractmethod
    def to_json(self, options: OptionsT, value: Scalar) -> object:
        """Return the JSON value of the API. Decimals leave as text, so that no reader rounds them."""

    def json_schema(self, options: OptionsT) -> dict[str, object]:
        """Return the JSON Schema of the API's value."""
        return {}

    def scale(self, options: OptionsT) -> int | None:
        """Return the decimal places kept, for columns of kind DECIMAL."""
        return None

    def max_length(self, options: OptionsT) -> int | None:
        """Return the longest text kept, for columns of kind TEXT; None is unlimited."""
        return None

    def check(self, options: OptionsT, value: Scalar) -> Invalid | None:
        """Return why a value of the right type is still not allowed (`min`, `max`, `pattern`)."""
        return None

    def link(self, options: OptionsT, value: Scalar) -> str:
        """Return the address that a click on the value opens, nothing where there is none."""
        del options, value
        return ""
