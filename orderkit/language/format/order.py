"""In which order the words of a map stand: as they are declared, where it is known which words it has."""

from collections.abc import Sequence
from typing import Any

from orderkit.language.format.items import Item
from orderkit.language.source import MappingNode, Node, SequenceNode
from orderkit.language.spec import KINDS
from orderkit.language.spec.readers import Deferred, ListOf, MapOf
from orderkit.language.spec.words import Nested, Reader, Words


def put_in_order(top: Item) -> None:
    """Put the words of a file in order, the kind first. Names that a project gives keep theirs."""
    kind = next((child for child in top.children if child.key is not None and child.key.text in KINDS), None)
    if kind is None or kind.key is None:
        return
    words = KINDS[kind.key.text]
    rest = [child for child in top.children if child is not kind]
    top.children = [kind, *_ordered(rest, words)]
    for child in rest:
        _descend(child, _reader_of(child, words))


def _descend(item: Item, reader: Reader[Any] | None) -> None:
    shape = None if reader is None else _shape(reader, item.value)
    if isinstance(shape, Nested):
        words = shape.words if isinstance(shape.words, Words) else shape.words()
        item.children = _ordered(item.children, words)
        for child in item.children:
            _descend(child, _reader_of(child, words))
    elif isinstance(shape, MapOf | ListOf):
        for child in item.children:
            _descend(child, shape.item)


def _shape(reader: Reader[Any], node: Node) -> Reader[Any] | None:
    """Return the reader that takes a map or a list, where exactly one of those for this place does."""
    candidates = reader.shapes if isinstance(reader, Deferred) else (reader,)
    if isinstance(node, SequenceNode):
        fitting: list[Reader[Any]] = [each for each in candidates if isinstance(each, ListOf)]
    elif isinstance(node, MappingNode):
        singles = (each.item if isinstance(each, ListOf) and each.or_one else each for each in candidates)
        fitting = [each for each in singles if isinstance(each, Nested | MapOf)]
    else:
        return None
    return fitting[0] if len(fitting) == 1 else None


def _reader_of(item: Item, words: Words) -> Reader[Any] | None:
    name = "" if item.key is None else item.key.text
    key = words.by_name.get(name)
    return words.more if key is None else key.reader


def _ordered(items: Sequence[Item], words: Words) -> list[Item]:
    """Return the items by their words. What a field type adds stands behind the first word, the type."""
    places = {name: number for number, name in enumerate(words.by_name)}
    others = 0.5 if words.takes_more and words.more is None else len(places)

    def place(item: Item) -> float:
        return places.get("" if item.key is None else item.key.text, others)

    return sorted(items, key=place)
