"""What email, phone, url and the like have in common: one line of text with a form of its own."""

from abc import abstractmethod
from typing import TypeVar

from orderkit.fields.field_type import ColumnKind, FieldType, Invalid
from orderkit.fields.numerals import normalised
from orderkit.fields.typed_text import read_text, text_from_json
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text
from orderkit.model.options import OptionModel

OptionsT = TypeVar("OptionsT", bound=OptionModel)


class OneLine(FieldType[OptionsT]):
    """A text that is kept in one canonical form, so that equal things are equal."""

    column = ColumnKind.TEXT

    @abstractmethod
    def canonical(self, options: OptionsT, text: str) -> str | Invalid:
        """Return the form in which the text is kept. `text` is not blank and has no full-width characters."""

    def value_type(self, options: OptionsT) -> Text:
        """Return text."""
        return Text()

    def parse(self, options: OptionsT, text: str) -> str | Invalid | None:
        """Read what a person typed."""
        return self._read(options, read_text(text, is_multiline=False))

    def read_cell(self, options: OptionsT, cell: object) -> Scalar | Invalid:
        """Read a number as the digits that Excel shows: 12.0 is `12`."""
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            cell = int(cell)
        return self.parse(options, "" if cell is None else str(cell))

    def show(self, options: OptionsT, value: Scalar, locale: str) -> str:
        """Return the text itself."""
        return "" if value is None else str(value)

    def from_json(self, options: OptionsT, value: object) -> Scalar | Invalid:
        """Read a JSON text."""
        return self._read(options, text_from_json(value, is_multiline=False))

    def to_json(self, options: OptionsT, value: Scalar) -> object:
        """Return the text."""
        return value

    def json_schema(self, options: OptionsT) -> dict[str, object]:
        """Return a string."""
        return {"type": "string"}

    def kept(self, options: OptionsT, value: Scalar) -> Scalar | Invalid:
        """Return a text that a rule or a sender gave in its canonical form."""
        return self.parse(options, value) if isinstance(value, str) else value

    def _read(self, options: OptionsT, text: str | Invalid | None) -> str | Invalid | None:
        if text is None or isinstance(text, Invalid):
            return text
        plain = normalised(text)
        return self.canonical(options, plain) if plain else None
