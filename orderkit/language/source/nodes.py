"""YAML as a tree of nodes that know their place. Nobody changes them once they are read.

They are not frozen, because making a frozen one takes twice as long, and there are ten on every line.
A scalar is text until its place reads it: `0012`, `on` and `1.10` are what was written. Aliases are
the node they stand for. There are no duplicate keys and no keys that are not text.
"""

import re
from dataclasses import dataclass

from orderkit.language.findings import Span
from orderkit.language.source.text import SourceText

BROKEN = "?"
EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True, eq=False)
class ScalarNode:
    """A scalar: `text` is its value, `style` is `` (plain), one of `' " | >`, or BROKEN.

    A broken one stands where something was reported already; nobody else complains about it.
    """

    source: SourceText
    start: int
    end: int
    text: str
    style: str = ""

    @property
    def span(self) -> Span:
        """Where the scalar stands, with its quotes."""
        return self.source.span(self.start, self.end)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written, or `null`."""
        return not self.style and self.text in EMPTY

    @property
    def is_broken(self) -> bool:
        """Whether the value could not be read, and that was reported."""
        return self.style == BROKEN

    def part(self, start: int, end: int) -> Span:
        """Return the place of some characters of `text` in the file, quotes, escapes and folds considered."""
        offsets = self._offsets()
        first = offsets[min(start, len(offsets) - 1)]
        last = offsets[min(max(end, start + 1), len(offsets)) - 1] + 1
        if start >= len(self.text):
            last = first + 1
        return self.source.span(first, max(last, first + 1))

    def _offsets(self) -> list[int]:
        """Return for each character of `text`, and the end, its offset in the file."""
        written = self.source.text[self.start : self.end]
        quote = 1 if self.style in ("'", '"') else 0
        if self.style in ("", "'", '"') and written[quote : quote + len(self.text)] == self.text:
            return [self.start + quote + index for index in range(len(self.text) + 1)]
        if self.style in ("|", ">"):
            return _block_offsets(self.text, written, self.start)
        return _flow_offsets(self.text, written, self.start, quote, self.style)


@dataclass(slots=True, eq=False)
class SequenceNode:
    """A sequence."""

    source: SourceText
    start: int
    end: int
    items: tuple["Node", ...]
    is_flow: bool = False

    @property
    def span(self) -> Span:
        """Where the sequence stands."""
        return self.source.span(self.start, self.end)


@dataclass(slots=True, eq=False)
class MappingNode:
    """A mapping, in the order written."""

    source: SourceText
    start: int
    end: int
    entries: tuple[tuple[ScalarNode, "Node"], ...]
    is_flow: bool = False

    @property
    def span(self) -> Span:
        """Where the mapping stands."""
        return self.source.span(self.start, self.end)

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> ScalarNode | None:
        """Return the node of a key itself, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node = ScalarNode | SequenceNode | MappingNode

_FOLD = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+")
_ESCAPED_BREAK = re.compile(r"\\\r?\n[ \t]*")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


def _flow_offsets(text: str, written: str, start: int, quote: int, style: str) -> list[int]:
    offsets, at = [], quote
    for character in text:
        if style == '"':
            while (broken := _ESCAPED_BREAK.match(written, at)) is not None:
                at = broken.end()
        offsets.append(start + at)
        if character in " \n" and (fold := _FOLD.match(written, at)) is not None:
            at = fold.end()
        elif character == "\n" and offsets and at < len(written) and written[at - 1 : at] in " \t\n":
            continue
        elif style == '"' and written[at : at + 1] == "\\":
            at += _ESCAPE_LENGTHS.get(written[at + 1 : at + 2], 2)
        elif style == "'" and written[at : at + 2] == "''":
            at += 2
        else:
            at += 1
    return [*offsets, start + min(at, len(written))]


def _block_offsets(text: str, written: str, start: int) -> list[int]:
    at = written.find("\n") + 1 or len(written)
    indent = next((len(line) - len(line.lstrip(" ")) for line in written[at:].split("\n") if line.strip()), 0)

    def skip_indent(offset: int) -> int:
        taken = 0
        while taken < indent and written[offset : offset + 1] == " ":
            offset, taken = offset + 1, taken + 1
        return offset

    offsets, at = [], skip_indent(at)
    for character in text:
        offsets.append(start + at)
        if written[at : at + 1] in ("\n", "\r"):
            if character not in "\n ":
                continue
            at = skip_indent(at + (2 if written[at : at + 2] == "\r\n" else 1))
        else:
            at += 1
    return [*offsets, start + min(at, len(written))]
