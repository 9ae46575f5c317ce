"""Mentions: what every place of a project declares, names and reads, noted while it is read.

Whoever turns a text into an expression, or a name into a field or an object, notes it here, once; so a new
kind of the language takes part by using the same tools. Notes are cheap, for every run makes them. Lints
ask them by what is named (`compile.lints.usage`); an editor asks them by place (`Mentions.placed`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from orderkit.language.expressions.naming import NamedWord
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import Span
from orderkit.language.source import ScalarNode
from orderkit.model.expressions.nodes import Expression


class Target(NamedTuple):
    """What is meant: a kind of object and its id, `field` with `order.total`, `state` with `life.draft`.

    `reverse` is the other end of a reference: `customer.orders`; `option` is `order.source.fair`.
    """

    kind: str
    id: str

    @property
    def name(self) -> str:
        """The id as it is written where it is mentioned."""
        return self.id.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a file that says a target's name."""

    target: Target
    span: Span
    is_declaration: bool = False


class Naming(NamedTuple):
    """Characters `start` to `end` of a node, or a span, name something: a mention before its place is known."""

    kind: str
    id: str
    at: ScalarNode | Span
    start: int = 0
    end: int | None = None

    @property
    def span(self) -> Span:
        """Where the name stands."""
        return self.at if isinstance(self.at, Span) else _part(self.at, self.start, self.end)


@dataclass(frozen=True, slots=True)
class ReadExpression:
    """An expression or a template that is right, the characters `start` to `end` of its node, and its words."""

    node: ScalarNode
    start: int
    end: int | None
    expression: Expression
    scope: Scope
    names: Sequence[NamedWord] = ()

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.node.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands: the whole scalar, quotes and all, or the part of it."""
        if self.start == 0 and self.end is None:
            return self.node.span
        return _part(self.node, self.start, self.end)


class Mentions:
    """The notes of one run of the compiler.

    `named` is what stands outside expressions, `expressions` every expression that is right. `given` are the
    fields, by form and path, that get a value somewhere: by an assignment, or a column of an import.
    """

    def __init__(self) -> None:
        self.named: list[Naming] = []
        self.expressions: list[ReadExpression] = []
        self.given: set[tuple[str, str]] = set()

    def name(
        self, kind: str, id_: str, at: ScalarNode | Span, start: int = 0, end: int | None = None
    ) -> None:
        """Note that a place names something; of a node, `start` and `end` pick characters."""
        self.named.append(Naming(kind, id_, at, start, end))

    def name_words(self, words: Sequence[NamedWord], node: ScalarNode, skip: int) -> None:
        """Note what the words of an expression name that begins behind `skip` characters of a node."""
        self.named += [Naming(word.kind, word.id, node, word.start + skip, word.end + skip) for word in words]

    def placed(self) -> Iterator[Mention]:
        """Yield a mention for each note, with its place."""
        for each in self.named:
            yield Mention(Target(each.kind, each.id), each.span)
        for read in self.expressions:
            for word in read.names:
                place = read.node.part(word.start + read.start, word.end + read.start)
                yield Mention(Target(word.kind, word.id), place)


def _part(node: ScalarNode, start: int, end: int | None) -> Span:
    return node.part(start, len(node.text) if end is None else end)
