"""Field types and their options: what a field's map says, checked by the type's own options class."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from orderkit.catalog import Catalog
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.names.settings import Settings
from orderkit.language.compile.shapes.wrong_options import headline_of
from orderkit.language.findings import ERROR, Code, Span, nearest
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.parts import field as words
from orderkit.language.spec.readers import FLAG, plain
from orderkit.language.spec.words import report_unknown_key
from orderkit.model.expressions.types import Type
from orderkit.model.labels import label
from orderkit.model.options import OptionModel

WRONG_OPTION = Code(
    "OK3101",
    "wrong-option",
    ERROR,
    since="0.1",
    explain="""
    An option of a field, a connection or a call is missing or not what it must be.
    ~~~yaml bad
    form: product
    fields: {price: {type: money, scale: many}}
    ~~~
    ~~~yaml good
    form: product
    fields: {price: {type: money, scale: 4}}
    ~~~""",
    zh="字段、连接或调用的某个选项缺少，或不合要求。",
)


# What other systems call our types.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("string", "str", "varchar", "char"), ("text",)),
    **dict.fromkeys(("textarea", "memo", "multiline"), ("longtext",)),
    **dict.fromkeys(("int", "bigint", "long"), ("integer",)),
    **dict.fromkeys(("number", "numeric", "num"), ("decimal", "integer")),
    **dict.fromkeys(("float", "double", "real"), ("decimal",)),
    **dict.fromkeys(("currency", "amount", "price"), ("money",)),
    **dict.fromkeys(("bool", "checkbox", "switch"), ("boolean",)),
    **dict.fromkeys(("select", "enum", "dropdown", "radio"), ("choice",)),
    **dict.fromkeys(("multiselect", "tags"), ("choices",)),
    **dict.fromkeys(("link", "reference", "relation", "lookup", "foreign_key"), ("ref",)),
    **dict.fromkeys(("table", "subform", "subtable", "items"), ("lines",)),
    **dict.fromkeys(("attachment", "upload"), ("file", "files")),
    **dict.fromkeys(("photo", "picture"), ("image", "images")),
    **dict.fromkeys(("timestamp",), ("datetime",)),
}


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field's type from the catalog with its options, and the type of its values."""

    type: Any
    options: OptionModel
    value_type: Type


class FieldTypes:
    """Reads the types of a project's fields. Fields that are written alike share what comes out."""

    def __init__(self, catalog: Catalog, settings: Settings, reading: Reading) -> None:
        self.catalog = catalog
        self.reading = reading
        self._context = {
            "language": reading.language,
            "currency": settings.currency,
            "timezone": settings.timezone,
        }
        self._read: dict[tuple[str, ...], TypedField] = {}

    def read(self, written: Written) -> TypedField | None:
        """Return type and options of a field, or None where either is wrong; that was reported."""
        node = written[words.TYPE]
        if node is None:
            if words.TYPE not in written:
                _report_misspelt_type(written, self.reading)
            return None
        alike = _alike(node.text, written)
        typed = None if alike is None else self._read.get(alike)
        if typed is not None:
            return typed
        found = len(self.reading.found)
        typed = self._read_anew(node, written)
        if typed is not None and alike is not None and len(self.reading.found) == found:
            self._read[alike] = typed
        return typed

    def _read_anew(self, node: ScalarNode, written: Written) -> TypedField | None:
        field_type = self.catalog.fields.get(node.text)
        if field_type is None:
            meant = _ELSEWHERE.get(node.text.lower(), ())
            report_unknown(self.reading, node, "type", self.catalog.fields, instead=meant)
            return None
        known = [name for name in field_type.Options.model_fields if name != "form"]
        for key, _ in written.extra.values():
            if key.text not in known:
                owner = label(zh=f"{node.text} 字段", en=f"{node.text} field")
                report_unknown_key(self.reading, key, {**words.FIELD.by_name, **dict.fromkeys(known)}, owner)
        given = {name: pair for name, pair in written.extra.items() if name in known}
        options = read_options(field_type.Options, given, written.node, self.reading, self._context)
        return None if options is None else TypedField(field_type, options, field_type.value_type(options))


def _alike(type_name: str, written: Written) -> tuple[str, ...] | None:
    """Return what makes fields alike, where that is only plain texts."""
    parts = [type_name]
    for name, (_, node) in written.extra.items():
        if not isinstance(node, ScalarNode) or node.is_empty or node.is_broken:
            return None
        parts += (name, node.text)
    return tuple(parts)


def _report_misspelt_type(written: Written, reading: Reading) -> None:
    """Report `typ` for `type`, which nobody else does: without a type no option is known to be wrong."""
    for key, _ in written.extra.values():
        if nearest(key.text, words.FIELD.by_name) == words.TYPE.name:
            report_unknown_key(reading, key, words.FIELD.by_name, words.FIELD.name)


def read_options(
    options_class: type[OptionModel],
    given: Mapping[str, tuple[ScalarNode, Node]],
    owner: MappingNode,
    reading: Reading,
    context: Mapping[str, object],
) -> OptionModel | None:
    """Return options read by their class; each error stands at the node it is about."""
    values: dict[str, object] = {}
    is_right = True
    for name, (_, node) in given.items():
        if options_class.model_fields[name].annotation is bool:
            flag = FLAG.read(node, reading)
            is_right = is_right and flag is not None
            values[name] = flag
        else:
            values[name] = plain(node)
    if not is_right:
        return None
    try:
        return options_class.model_validate(values, context=dict(context))
    except ValidationError as error:
        report_errors(error, {name: node for name, (_, node) in given.items()}, owner, reading)
        return None


def report_errors(
    error: ValidationError, nodes: Mapping[str, Node], owner: MappingNode, reading: Reading
) -> None:
    """Report each error of an options class at the smallest node it is about."""
    errors = error.errors(include_url=False)
    for each in errors:
        location = each["loc"]
        if each["type"] == "too_short" and any(
            len(other["loc"]) > len(location) and other["loc"][: len(location)] == location
            for other in errors
        ):
            continue  # what it has was refused, and that is reported
        node: Node | None = nodes.get(str(location[0])) if location else None
        place: Node | Span = owner.entries[0][0] if owner.entries else owner
        path = ".".join(str(part) for part in location if not isinstance(part, int))
        if node is not None:
            place = _inside(node, location[1:])
        reading.report(
            WRONG_OPTION, place, headline_of(each["type"], path, each["msg"], each.get("ctx") or {})
        )


def _inside(node: Node, location: tuple[int | str, ...]) -> Node:
    for part in location:
        found: Node | None = None
        if isinstance(node, MappingNode):
            found = node.get(str(part)) or (
                node.entries[part][1] if isinstance(part, int) and part < len(node.entries) else None
            )
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items):
            found = node.items[part]
        if found is None:
            break
        node = found
    return node
