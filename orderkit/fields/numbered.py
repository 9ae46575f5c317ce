"""What references and files have in common: the value is the id of something kept elsewhere."""

from typing import TypeVar

from orderkit.fields.field_type import FieldType, Invalid
from orderkit.fields.numerals import normalised
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label
from orderkit.model.options import OptionModel

_MAX_ID = 2**63 - 1
NOT_AN_ID = Invalid(label(zh="不是编号", en="not an id"), label(zh="记录的编号", en="the id of a record"))

OptionsT = TypeVar("OptionsT", bound=OptionModel)


class Numbered(FieldType[OptionsT]):
    """A value that is an id. Titles are resolved by whoever can see the records, not here."""

    reader = "reference"

    def parse(self, options: OptionsT, text: str) -> int | Invalid | None:
        """Read an id."""
        digits = normalised(text)
        if not digits:
            return None
        if not digits.isdecimal() or len(digits) > 19 or not 0 < int(digits) <= _MAX_ID:
            return NOT_AN_ID
        return int(digits)

    def read_cell(self, options: OptionsT, cell: object) -> Scalar | Invalid:
        """Read an id; a sheet has whole numbers as 12.0."""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return self.parse(options, "" if cell is None else str(cell))

    def show(self, options: OptionsT, value: Scalar, locale: str) -> str:
        """Return the id; a page shows the title instead."""
        return "" if value is None else str(value)

    def from_json(self, options: OptionsT, value: object) -> int | Invalid | None:
        """Read an id as number or text."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            return NOT_AN_ID
        return self.parse(options, str(value))

    def to_json(self, options: OptionsT, value: Scalar) -> object:
        """Return the id."""
        return value

    def json_schema(self, options: OptionsT) -> dict[str, object]:
        """Return an id."""
        return {"type": "integer", "minimum": 1}
