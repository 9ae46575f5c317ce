"""One YAML file to nodes: libyaml's events, with everything refused that could mislead.

No value is resolved here. What cannot be read is a finding, never an exception; what stands before a
syntax error is still handed on, so that other files can refer to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from sys import intern
from typing import Any, TypeGuard

import yaml
from yaml._yaml import CParser

from orderkit.language.findings import Finding, Outcome
from orderkit.language.source import refusals, spaces, syntax, traps
from orderkit.language.source.decoding import decode, empty_file
from orderkit.language.source.nodes import BROKEN, EMPTY, MappingNode, Node, ScalarNode, SequenceNode
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
    found = list(decoded.found)
    odd = spaces.odd_spaces(source, builder.scalars)
    if odd:
        found.append(spaces.odd_space(source, odd))
        source = spaces.mended(source, odd)
        builder = _Builder(source)
        error = builder.run()
    found += builder.found
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
    """A collection whose end has not been read. In a mapping, keys and values alternate in `nodes`.

    `size_before` counts only where there is an anchor. `may_hold_call` says that a plain scalar in it has an opening bracket, so that commas may have cut it.
    """

    is_mapping: bool
    is_flow: bool
    start: int
    anchor: str | None
    size_before: int
    nodes: list[Node]
    may_hold_call: bool = False


# Keys that need a second look: nothing written, and the merge key.
_ODD_KEYS = frozenset({*EMPTY, "<<"})


class _Builder:
    """Turns the events of one file into nodes; a stack instead of recursion, so depth cannot hurt."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.found: list[Finding] = []
        self.documents: list[Node] = []
        self.scalars: list[ScalarNode] = []
        self.stopped_at: int | None = None
        self._top = _Open(False, False, 0, None, 0, self.documents)
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._others = 0
        self._aliased = 0

    def run(self) -> Finding | None:
        """Read all events. Returns the finding that ended the reading early, if any."""
        parser = CParser(self.source.text)
        try:
            stop = self._read(parser.get_event)
        except yaml.YAMLError as error:
            stop = syntax.offset_of(self.source, error)
            self._close_all(stop)
            return syntax.explain(self.source, error, stop)
        finally:
            parser.dispose()
        if stop is None:
            return None
        self._close_all(stop)
        return refusals.too_deep(self.source, stop)

    def _read(self, next_event: Callable[[], Any]) -> int | None:
        """Take events until the end, or until one stands too deep; return its offset then.

        Nine of ten events are scalars: they are dealt with here, without a call.
        """
        source, add_scalar, add_node = self.source, self.scalars.append, self._top.nodes.append
        scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        end_of_mapping, end_of_sequence = yaml.MappingEndEvent, yaml.SequenceEndEvent
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is scalar:
                text, style = intern(event.value), event.style or ""
                node = ScalarNode(source, event.start_mark.index, event.end_mark.index, text, style)
                add_scalar(node)
                add_node(node)
                if "(" in text and not style:
                    self._top.may_hold_call = True
                if event.tag is not None:
                    self.found.append(refusals.tag(source, node.start, event.tag))
                if event.anchor is not None:
                    self._anchors[event.anchor] = (node, 1)
            elif kind is mapping or kind is sequence:
                self._start(event, is_mapping=kind is mapping)
                if len(self._stack) > MAX_DEPTH:
                    return self._top.start
                add_node = self._top.nodes.append
            elif kind is end_of_mapping or kind is end_of_sequence:
                self._end(event.end_mark.index)
                add_node = self._top.nodes.append
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self._anchors.clear()
        return None

    def _close_all(self, at: int) -> None:
        self.stopped_at = at
        while self._stack:
            self._end(at)

    @property
    def _size(self) -> int:
        """How many nodes were read, aliased ones as often as they stand somewhere."""
        return len(self.scalars) + self._others

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        known = self._anchors.get(event.anchor)
        if known is None or known[1] + self._aliased > MAX_ALIASED_NODES:
            is_open = any(each.anchor == event.anchor for each in (*self._stack[1:], self._top))
            self.found.append(
                refusals.unknown_alias(self.source, start, end, event.anchor, is_open=is_open)
                if known is None
                else refusals.alias_bomb(self.source, start, end)
            )
            self._top.nodes.append(ScalarNode(self.source, start, end, "", BROKEN))
            return
        node, size = known
        self._aliased += size
        self._others += size
        self._top.nodes.append(node)

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        start = event.start_mark.index
        if event.tag is not None:
            self.found.append(refusals.tag(self.source, start, event.tag))
        self._others += 1
        self._stack.append(self._top)
        anchor = event.anchor
        size = 0 if anchor is None else self._size
        self._top = _Open(is_mapping, bool(event.flow_style), start, anchor, size, [])

    def _end(self, end: int) -> None:
        opened = self._top
        self._top = self._stack.pop()
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
        self._top.nodes.append(node)

    def _items(self, opened: _Open) -> tuple[Node, ...]:
        if not opened.is_flow or not opened.may_hold_call:
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
        entries = (
            pairs
            if _have_plain_keys(pairs) and not (opened.is_flow and opened.may_hold_call)
            else self._entries(pairs, is_flow=opened.is_flow)
        )
        return MappingNode(self.source, opened.start, end, entries, opened.is_flow)

    def _entries(
        self, pairs: tuple[tuple[Node, Node], ...], *, is_flow: bool
    ) -> tuple[tuple[ScalarNode, Node], ...]:
        """Return the entries that can be used; the others are reported, and cut calls are joined."""
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        index = 0
        while index < len(pairs):
            key, value = pairs[index]
            last = traps.pieces_of_call(pairs, index) if is_flow else None
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
        return tuple(entries.values())

    def _joined(self, first: Node, last: Node) -> ScalarNode:
        """Return the call that commas cut, as what was meant, so that one slip gives one finding."""
        self.found.append(traps.comma_in_brackets(self.source, first.start, last.end))
        return ScalarNode(self.source, first.start, last.end, self.source.text[first.start : last.end])


def _have_plain_keys(pairs: tuple[tuple[Node, Node], ...]) -> TypeGuard[tuple[tuple[ScalarNode, Node], ...]]:
    """Whether keys are what they nearly always are: texts, all different, none of them odd."""
    names = {key.text for key, _ in pairs if type(key) is ScalarNode}
    return len(names) == len(pairs) and names.isdisjoint(_ODD_KEYS)
