"""From readers to JSON Schema, with what is used several times collected as definitions.

A `Definitions` belongs to one file. What depends on the catalog (the options of a field, the kinds of
actions, the settings of a connection) is added by `catalog_parts`.
"""

import re
from collections.abc import Mapping
from typing import Any

from orderkit.catalog import Catalog
from orderkit.language.schema import catalog_parts
from orderkit.language.schema.options import TEXT_TYPES, Schema
from orderkit.language.schema.values import json_value, read_value
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.readers import (
    AsWritten,
    Deferred,
    Duration,
    Flag,
    LabelText,
    ListOf,
    MapOf,
    OneOf,
    PlainText,
    Shaped,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Reader, Words
from orderkit.model.labels import Label
from orderkit.model.values import durations

_TEXT: Schema = {"type": TEXT_TYPES}
_LABEL: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^[a-z]{2}(-[A-Z]{2})?$": _TEXT},
            "additionalProperties": False,
        },
    ]
}
_PEOPLE: Schema = {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": _TEXT}]}


class Definitions:
    """The definitions of one file, filled while its schema is made."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.found: dict[str, Schema] = {}
        self._names: dict[int, str] = {}

    def of(self, reader: Reader[Any]) -> Schema:
        """Return the schema of what a reader takes."""
        match reader:
            case AsWritten() | PlainText():
                return self.meant(reader.meaning if isinstance(reader, AsWritten) else Meaning.TEXT)
            case Flag():
                return {"type": "boolean"}
            case Whole():
                return {"type": "integer", "minimum": reader.least, "maximum": reader.most}
            case OneOf():
                return {"enum": list(reader.words)}
            case Duration():
                return {"type": "string", "pattern": rf"^\s*{durations.pattern(reader.units)}\s*$"}
            case Shaped():
                return {"type": "string", "pattern": rf"^\s*({reader.shape})\s*$"}
            case LabelText():
                return self.define("label", _LABEL)
            case ListOf():
                item = self.of(reader.item)
                several: Schema = {"type": "array", "items": item}
                return {"anyOf": [item, several]} if reader.or_one else several
            case MapOf():
                return {"type": "object", "additionalProperties": self.of(reader.item)}
            case Nested():
                return self.nested(reader.words if isinstance(reader.words, Words) else reader.words())
            case Deferred(meaning=None, shapes=()):
                return {}
            case Deferred():
                shapes = [self.of(shape) for shape in reader.shapes]
                if reader.meaning is not None:
                    shapes.append(self.meant(reader.meaning))
                return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        raise AssertionError(reader)

    def meant(self, meaning: Meaning) -> Schema:
        """Return the schema of something with a meaning."""
        name = meaning.name.lower()
        match meaning:
            case Meaning.VALUE:
                return self.define(name, {"description": told(meaning.text)})
            case Meaning.WHO:
                return self.define(name, {"description": told(meaning.text), **_PEOPLE})
            case Meaning.DO_ACTION | Meaning.AFTER_ACTION:
                return catalog_parts.action(self, meaning)
            case _:
                return self.define(name, {"description": told(meaning.text), **_TEXT})

    def nested(self, words: Words) -> Schema:
        """Return a reference to the schema of a map."""
        name = self._name_of(words)
        if name not in self.found:
            self.found[name] = {}
            shape = self.map_of(words)
            if words.shorthand is not None:
                shape = {"title": shape.pop("title"), "anyOf": [self.of(words.shorthand.reader), shape]}
            self.found[name] = shape
        return _reference(name)

    def map_of(self, words: Words, more: Mapping[str, Schema] | None = None) -> Schema:
        """Return the schema of a map by its words; `more` are properties that it must have besides."""
        own = {} if more is None else dict(more)
        schema: Schema = {
            "title": f"{words.name['zh']} / {words.name['en']}",
            **({} if words.about is None else {"description": told(words.about)}),
            "type": "object",
            "properties": {
                **own,
                **{key.name: self._keyed(key) for key in words.keys},
            },
            "required": [*own, *(key.name for key in words.keys if key.required)],
        }
        if words.more is not None:
            schema["additionalProperties"] = self.of(words.more)
        elif not words.takes_more:
            schema["additionalProperties"] = False
        catalog_parts.complete(self, words, schema)
        return schema

    def define(self, name: str, schema: Schema) -> Schema:
        """Keep a schema under a name; return a reference to it."""
        self.found[name] = schema
        return _reference(name)

    def _keyed(self, key: Key[Any]) -> Schema:
        schema = {"description": told(key.about), **self.of(key.reader)}
        if key.default:
            schema["default"] = json_value(read_value(key.default))
        if key.example:
            schema["examples"] = [json_value(read_value(key.example))]
        return schema

    def _name_of(self, words: Words) -> str:
        """Return the name of a map's definition: what it is called, with a number where that is taken."""
        if id(words) not in self._names:
            plain = re.sub(r"\W+", "_", words.name["en"])
            numbered = (plain, *(f"{plain}_{number}" for number in range(2, 100)))
            taken = set(self._names.values())
            self._names[id(words)] = next(name for name in numbered if name not in taken)
        return self._names[id(words)]


def told(text: Label) -> str:
    """Return a text in both languages, as an editor shows it."""
    return f"{text['zh']}\n\n{text['en']}"


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
