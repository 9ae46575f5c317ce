"""One line of text."""

from typing import Annotated

from pydantic import AfterValidator, Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.typed_text import compiled, read_text, text_from_json, too_long
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text as TextType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel
from orderkit.model.values.numbers import plain_text


def _checked_pattern(pattern: str) -> str:
    compiled(pattern)
    return pattern


class TextOptions(OptionModel):
    """`pattern` is a regular expression that the whole text must match."""

    max_length: Annotated[int, About("最多字符数", "characters at most", "100")] = Field(
        default=255, ge=1, le=4000
    )
    min_length: Annotated[int | None, About("最少字符数", "characters at least", "2")] = Field(
        default=None, ge=1, le=4000
    )
    pattern: Annotated[
        Annotated[str, AfterValidator(_checked_pattern)] | None,
        About(
            "整个文字须匹配的正则表达式",
            "a regular expression that the whole text must match",
            r"'[A-Z]{2}-\d{4}'",
        ),
    ] = None


class Text(FieldType[TextOptions]):
    """Text on one line; outer blanks are dropped, and `0012` stays as it is."""

    name = "text"
    label = bilingual(zh="单行文本", en="Text")
    description = bilingual(
        zh="一行文字，如名称、编号、电话", en="One line, such as a name, a code or a phone number"
    )
    column = ColumnKind.TEXT
    reader = "line"
    Options = TextOptions
    examples = (
        Accepts("0012", "0012", "0012"),
        Accepts(" 甲公司\n上海 ", "甲公司 上海", "甲公司 上海"),
        Accepts("  ", None, ""),
        Rejects("a\x00b"),
    )

    def value_type(self, options: TextOptions) -> TextType:
        """Return text."""
        return TextType()

    def parse(self, options: TextOptions, text: str) -> str | Invalid | None:
        """Return the text without outer blanks and line breaks."""
        return read_text(text, is_multiline=False)

    def read_cell(self, options: TextOptions, cell: object) -> Scalar | Invalid:
        """Read a number as the digits that Excel shows: 12.0 is `12`."""
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            cell = int(cell)
        return self.parse(options, "" if cell is None else str(cell))

    def show(self, options: TextOptions, value: Scalar, locale: str) -> str:
        """Return the text itself."""
        return "" if value is None else str(value)

    def from_json(self, options: TextOptions, value: object) -> str | Invalid | None:
        """Read a JSON text; a number is taken for its digits, since systems send codes so."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = plain_text(value)
        return text_from_json(value, is_multiline=False)

    def to_json(self, options: TextOptions, value: Scalar) -> object:
        """Return the text."""
        return value

    def json_schema(self, options: TextOptions) -> dict[str, object]:
        """Return a string with its limits."""
        schema: dict[str, object] = {"type": "string", "maxLength": options.max_length}
        if options.min_length is not None:
            schema["minLength"] = options.min_length
        if options.pattern is not None:
            schema["pattern"] = f"^(?:{options.pattern})$"
        return schema

    def max_length(self, options: TextOptions) -> int | None:
        """Return the length of the column."""
        return options.max_length

    def check(self, options: TextOptions, value: Scalar) -> Invalid | None:
        """Return why the text is too long, too short or of another shape."""
        if not isinstance(value, str):
            return None
        if problem := too_long(value, options.max_length):
            return problem
        if options.min_length is not None and len(value) < options.min_length:
            least = options.min_length
            return Invalid(
                bilingual(zh=f"太短：{len(value)} 个字", en=f"too short: {len(value)} characters"),
                bilingual(zh=f"至少 {least} 个字", en=f"at least {least} characters"),
            )
        if options.pattern is not None and not compiled(options.pattern).fullmatch(value):
            return Invalid(
                bilingual(zh="格式不对", en="has the wrong format"),
                bilingual(zh=f"匹配 {options.pattern}", en=f"a match of {options.pattern}"),
            )
        return None


TYPE = Text()
