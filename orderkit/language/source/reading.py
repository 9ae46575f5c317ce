"""One YAML file to nodes: libyaml's events, with everything refused that could mislead.

No value is resolved here. What cannot be read is a finding, never an exception; what stands before a
syntax error is still handed on, so that other files can refer to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from yaml._yaml import CParser

from orderkit.language.findings import Finding, Outcome
from orderkit.language.source import refusals, syntax, traps
from orderkit.language.source.decoding import decode, empty_file
from orderkit.language.source.nodes import BROKEN, MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.source.text import SourceText

MAX_DEPTH = 40
MAX_ALIASED_NODES = 10_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read: its documents, one if it is right, and whether the end could not be read."""

    source: SourceText
    documents: tuple[Node, ...]
    is_cut_short: bool = False


def load_file(path: str, data: bytes) -> Outcome[SourceFile | None]:
    """Return the nodes of a file, or None where there is nothing to be read."""
    decoded = decode(path, data)
    if decoded.value is None:
        return Outcome(None, decoded.found)
    source = decoded.value
    builder = _Builder(source)
    error = builder.run()
    found = [*decoded.found, *builder.found]
    if error is not None:
        found.append(error)
    found += syntax.tabs(source, builder.scalars, builder.stopped_at)
    found += traps.hashes_in_text(source, builder.scalars)
    documents = tuple(
        node for node in builder.documents if not (isinstance(node, ScalarNode) and node.is_empty)
    )
    if not documents and not found:
        found.append(empty_file(source))
    if len(documents) > 1:
        found.append(refusals.several_documents(documents[1]))
    return Outcome(SourceFile(source, documents, builder.stopped_at is not None), tuple(found))


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read. In a mapping, keys and values alternate in `nodes`."""

    is_mapping: bool
    is_flow: bool
    start: int
    anchor: str | None
    size_before: int
    nodes: list[Node]


class _Builder:
    """Turns the events of one file into nodes; a stack instead of recursion, so depth cannot hurt."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.found: list[Finding] = []
        self.documents: list[Node] = []
        self.scalars: list[ScalarNode] = []
        self.stopped_at: int | None = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._size = 0
        self._aliased = 0

    def run(self) -> Finding | None:
        """Read all events. Returns the finding that ended the reading early, if any."""
        steps: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._start_document,
        }
        parser = CParser(self.source.text)
        try:
            while (event := parser.get_event()) is not None:
                step = steps.get(type(event))
                if step is not None:
                    step(event)
                    if len(self._stack) > MAX_DEPTH:
                        stop = self._stack[-1].start
                        self.stopped_at = stop
                        self._close_all(stop)
                        return refusals.too_deep(self.source, stop)
        except yaml.YAMLError as error:
            self.stopped_at = syntax.offset_of(self.source, error)
            self._close_all(self.stopped_at)
            return syntax.explain(self.source, error, self.stopped_at)
        finally:
            parser.dispose()
        return None

    def _close_all(self, at: int) -> None:
        while self._stack:
            self._finish(self._stack.pop(), at)

    def _start_document(self, _: Any) -> None:
        self._anchors.clear()

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        node = ScalarNode(self.source, start, end, event.value, event.style or "")
        self.scalars.append(node)
        self._size += 1
        if event.tag is not None:
            self.found.append(refusals.tag(self.source, start, event.tag))
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, 1)
        self._add(node)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        known = self._anchors.get(event.anchor)
        if known is None or known[1] + self._aliased > MAX_ALIASED_NODES:
            is_open = any(collection.anchor == event.anchor for collection in self._stack)
            self.found.append(
                refusals.unknown_alias(self.source, start, end, event.anchor, is_open=is_open)
                if known is None
                else refusals.alias_bomb(self.source, start, end)
            )
            self._add(ScalarNode(self.source, start, end, "", BROKEN))
            return
        node, size = known
        self._aliased += size
        self._size += size
        self._add(node)

    def _start_mapping(self, event: Any) -> None:
        self._start(event, is_mapping=True)

    def _start_sequence(self, event: Any) -> None:
        self._start(event, is_mapping=False)

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        start = event.start_mark.index
        if event.tag is not None:
            self.found.append(refusals.tag(self.source, start, event.tag))
        self._size += 1
        self._stack.append(_Open(is_mapping, bool(event.flow_style), start, event.anchor, self._size, []))

    def _end(self, event: Any) -> None:
        self._finish(self._stack.pop(), event.end_mark.index)

    def _finish(self, opened: _Open, end: int) -> None:
        nodes = opened.nodes
        if not opened.is_flow and nodes:
            # libyaml ends a block collection at the next token, past blank lines and comments.
            end = max(opened.start, nodes[-1].end)
        node = (
            self._mapping(opened, end)
            if opened.is_mapping
            else SequenceNode(self.source, opened.start, end, self._items(opened), opened.is_flow)
        )
        if opened.anchor is not None:
            self._anchors[opened.anchor] = (node, self._size - opened.size_before + 1)
        self._add(node)

    def _add(self, node: Node) -> None:
        (self._stack[-1].nodes if self._stack else self.documents).append(node)

    def _items(self, opened: _Open) -> tuple[Node, ...]:
        if not opened.is_flow:
            return tuple(opened.nodes)
        pairs = tuple((node, None) for node in opened.nodes)
        items: list[Node] = []
        index = 0
        while index < len(pairs):
            last = traps.pieces_of_call(pairs, index)
            if last is None:
                items.append(pairs[index][0])
                index += 1
            else:
                items.append(self._joined(pairs[index][0], pairs[last][0]))
                index = last + 1
        return tuple(items)

    def _mapping(self, opened: _Open, end: int) -> MappingNode:
        nodes = opened.nodes
        if len(nodes) % 2:
            nodes.append(ScalarNode(self.source, nodes[-1].end, nodes[-1].end, "", BROKEN))
        pairs = tuple(zip(nodes[::2], nodes[1::2], strict=True))
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        index = 0
        while index < len(pairs):
            key, value = pairs[index]
            last = traps.pieces_of_call(pairs, index) if opened.is_flow else None
            if last is not None:
                value = self._joined(value, pairs[last][0])
                index = last
            index += 1
            if not isinstance(key, ScalarNode) or (key.is_empty and not key.style):
                self.found.append(refusals.key_not_text(self.source, key))
            elif key.text == "<<" and not key.style:
                self.found.append(refusals.merge_key(key))
            elif key.text in entries:
                self.found.append(refusals.duplicate_key(key, entries[key.text][0]))
            else:
                entries[key.text] = (key, value)
        return MappingNode(self.source, opened.start, end, tuple(entries.values()), opened.is_flow)

    def _joined(self, first: Node, last: Node) -> ScalarNode:
        """Return the call that commas cut, as what was meant, so that one slip gives one finding."""
        self.found.append(traps.comma_in_brackets(self.source, first.start, last.end))
        return ScalarNode(self.source, first.start, last.end, self.source.text[first.start : last.end])
