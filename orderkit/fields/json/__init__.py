"""Structured data, such as what another system sent."""

import json
from typing import Annotated

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Json as JsonType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel
from orderkit.model.values.json_texts import canonical_json, read_json

NOT_JSON = Invalid(
    bilingual(zh="不是合法的 JSON", en="not valid JSON"),
    bilingual(zh='JSON，例如 {"a": 1}', en='JSON such as {"a": 1}'),
)


def _wrong_at(error: json.JSONDecodeError) -> Invalid:
    line, column = error.lineno, error.colno
    return Invalid(
        bilingual(
            zh=f"不是合法的 JSON：第 {line} 行第 {column} 列",
            en=f"not valid JSON: line {line}, column {column}",
        ),
        NOT_JSON.expected,
    )


class JsonOptions(OptionModel):
    """`max_length` is in characters of the canonical text."""

    max_length: Annotated[int, About("最多字符数", "characters at most", "2000")] = Field(
        default=100_000, ge=1, le=1_000_000
    )


class Json(FieldType[JsonOptions]):
    """Any JSON value, kept as its canonical text: keys in order, no blanks, numbers exact."""

    name = "json"
    label = bilingual(zh="JSON 数据", en="JSON")
    description = bilingual(
        zh="结构化数据，如外部系统的原始报文", en="Structured data, such as what another system sent"
    )
    column = ColumnKind.JSON
    Options = JsonOptions
    examples = (
        Accepts('{"b": 1.10, "a": [true, null]}', '{"a":[true,null],"b":1.1}', '{"a":[true,null],"b":1.1}'),
        Accepts('"文字"', '"文字"'),
        Accepts("12345678901234567890", "12345678901234567890"),
        Accepts("null", None, ""),
        Accepts("", None, ""),
        Rejects("{a: 1}"),
        Rejects('{"a": 1, "a": 2}'),
        Rejects("NaN"),
        Rejects("0.12345678901234567890"),
        Rejects("[" * 100 + "]" * 100),
        Rejects(r'{"a": "\u0000"}'),
        Accepts(r'"\\u0000"', r'"\\u0000"'),
    )

    def value_type(self, options: JsonOptions) -> JsonType:
        """Return data whose shape is known at run time only."""
        return JsonType()

    def parse(self, options: JsonOptions, text: str) -> str | Invalid | None:
        """Read JSON text."""
        if not text.strip():
            return None
        try:
            return self.from_json(options, read_json(text))
        except json.JSONDecodeError as error:
            return _wrong_at(error)
        except ValueError:
            return NOT_JSON

    def kept(self, options: JsonOptions, value: Scalar) -> Scalar | Invalid:
        """Return data that a rule or a sender gave as canonical text; JSON text stays what it says."""
        return self.parse(options, value) if isinstance(value, str) else self.from_json(options, value)

    def show(self, options: JsonOptions, value: Scalar, locale: str) -> str:
        """Return the canonical text."""
        return "" if value is None else str(value)

    def from_json(self, options: JsonOptions, value: object) -> str | Invalid | None:
        """Return the canonical text of a JSON value."""
        if value is None:
            return None
        try:
            text = canonical_json(value)
        except (ValueError, TypeError, RecursionError):
            return NOT_JSON
        return self.check(options, text) or text

    def to_json(self, options: JsonOptions, value: Scalar) -> object:
        """Return the JSON value itself."""
        return json.loads(value) if isinstance(value, str) else None

    def json_schema(self, options: JsonOptions) -> dict[str, object]:
        """Return anything."""
        return {}

    def check(self, options: JsonOptions, value: Scalar) -> Invalid | None:
        """Return why the text is no JSON, or too long."""
        if not isinstance(value, str):
            return None
        if len(value) > options.max_length:
            most = options.max_length
            return Invalid(bilingual(zh=f"太长，最多 {most} 个字", en=f"too long, at most {most} characters"))
        try:
            read_json(value)
        except ValueError:
            return NOT_JSON
        return None


TYPE = Json()
