"""Text with headings, lists and links."""

from typing import Annotated

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.richtext.markup import as_typed, plain_of, sanitised, with_paragraphs
from orderkit.fields.typed_text import read_text, text_from_json, too_long
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel


class RichTextOptions(OptionModel):
    """`max_length` is in characters, tags included."""

    max_length: Annotated[
        int, About("最多字符数（含标签）", "characters at most, tags included", "20000")
    ] = Field(default=100_000, ge=1, le=1_000_000)


class RichText(FieldType[RichTextOptions]):
    """Formatted text, kept as a small part of HTML: what is not on the list of tags never gets in."""

    name = "richtext"
    label = bilingual(zh="富文本", en="Rich text")
    description = bilingual(zh="带格式的文字，如产品介绍", en="Formatted text, such as what a product is for")
    column = ColumnKind.TEXT
    Options = RichTextOptions
    examples = (
        Accepts("一\r\n二\n\n三", "<p>一<br>二</p><p>三</p>", "一\n二\n三"),
        Accepts("<h2>A</h2><ul><li>b</li></ul>", "<h2>A</h2><ul><li>b</li></ul>", "A\nb"),
        Accepts("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
        Accepts("<p onclick=x>a<script>b</script></p>", "<p>a</p>", "a"),
        Accepts('<a href="javascript:x">a</a>', '<a rel="noopener noreferrer">a</a>', "a"),
        Accepts(" \n", None, ""),
        Accepts("<script>x</script>", None),
        Rejects("a\x00b"),
    )

    def value_type(self, options: RichTextOptions) -> Text:
        """Return text, tags included."""
        return Text()

    def parse(self, options: RichTextOptions, text: str) -> str | Invalid | None:
        """Read HTML, or plain text whose blank lines part paragraphs."""
        return self._read(options, read_text(text, is_multiline=True))

    def kept(self, options: RichTextOptions, value: Scalar) -> Scalar | Invalid:
        """Return what of a text that a rule or a sender gave is allowed."""
        return self._read(options, value) if isinstance(value, str) else value

    def show(self, options: RichTextOptions, value: Scalar, locale: str) -> str:
        """Return the words without tags, as lists and sheets show them."""
        return plain_of(value) if isinstance(value, str) else ""

    def edit_text(self, options: RichTextOptions, value: Scalar) -> str:
        """Return plain text where there is nothing but paragraphs, else HTML."""
        return as_typed(value) if isinstance(value, str) else ""

    def from_json(self, options: RichTextOptions, value: object) -> str | Invalid | None:
        """Read HTML or plain text."""
        return self._read(options, text_from_json(value, is_multiline=True))

    def to_json(self, options: RichTextOptions, value: Scalar) -> object:
        """Return HTML."""
        return value

    def json_schema(self, options: RichTextOptions) -> dict[str, object]:
        """Return a string of HTML with its limit."""
        return {"type": "string", "contentMediaType": "text/html", "maxLength": options.max_length}

    def check(self, options: RichTextOptions, value: Scalar) -> Invalid | None:
        """Return why the text is too long."""
        return too_long(value, options.max_length) if isinstance(value, str) else None

    def _read(self, options: RichTextOptions, text: str | Invalid | None) -> str | Invalid | None:
        if text is None or isinstance(text, Invalid):
            return text
        problem = self.check(options, text)
        return problem or sanitised(with_paragraphs(text)) or None


TYPE = RichText()
