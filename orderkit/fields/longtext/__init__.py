"""Text of several lines."""

from typing import Annotated

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.typed_text import read_text, text_from_json, too_long
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel

_MAX_LENGTH = 100_000


class LongTextOptions(OptionModel):
    """`max_length` is in characters."""

    max_length: Annotated[int, About("最多字符数", "characters at most", "2000")] = Field(
        default=_MAX_LENGTH, ge=1, le=1_000_000
    )


class LongText(FieldType[LongTextOptions]):
    """Text with line breaks, such as remarks."""

    name = "longtext"
    label = bilingual(zh="多行文本", en="Long text")
    description = bilingual(zh="多行文字，如备注、特殊工艺", en="Several lines, such as remarks")
    column = ColumnKind.TEXT
    reader = "text"
    Options = LongTextOptions
    examples = (Accepts("一\r\n二", "一\n二", "一\n二"), Accepts(" \n", None, ""), Rejects("a\x00b"))

    def value_type(self, options: LongTextOptions) -> Text:
        """Return text."""
        return Text()

    def parse(self, options: LongTextOptions, text: str) -> str | Invalid | None:
        """Return the text without outer blanks, and every line break as one character."""
        return read_text(text, is_multiline=True)

    def read_cell(self, options: LongTextOptions, cell: object) -> Scalar | Invalid:
        """Read a number as the digits that Excel shows: 12.0 is `12`."""
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            cell = int(cell)
        return self.parse(options, "" if cell is None else str(cell))

    def show(self, options: LongTextOptions, value: Scalar, locale: str) -> str:
        """Return the text itself."""
        return "" if value is None else str(value)

    def from_json(self, options: LongTextOptions, value: object) -> str | Invalid | None:
        """Read a JSON text."""
        return text_from_json(value, is_multiline=True)

    def to_json(self, options: LongTextOptions, value: Scalar) -> object:
        """Return the text."""
        return value

    def json_schema(self, options: LongTextOptions) -> dict[str, object]:
        """Return a string with its limit."""
        return {"type": "string", "maxLength": options.max_length}

    def check(self, options: LongTextOptions, value: Scalar) -> Invalid | None:
        """Return why the text is too long."""
        return too_long(value, options.max_length) if isinstance(value, str) else None


TYPE = LongText()
