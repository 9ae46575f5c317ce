"""What the places of a project name and read, noted while they are read.

Whoever turns a text into an expression, or a name into a field or an object, notes it here; so a new
kind of the language takes part by using the same tools. `lints.usage` makes an index of it.
"""

from dataclasses import dataclass, field

from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import Span
from orderkit.language.source import ScalarNode
from orderkit.model.expressions import Expression


@dataclass(frozen=True, slots=True)
class ReadExpression:
    """An expression or a template that is right, and the characters `start` to `end` of its node."""

    node: ScalarNode
    start: int
    end: int | None
    expression: Expression
    scope: Scope

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.node.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands: the whole scalar, quotes and all, or the part of it."""
        if self.start == 0 and self.end is None:
            return self.node.span
        return self.node.part(self.start, len(self.node.text) if self.end is None else self.end)


@dataclass(slots=True)
class Uses:
    """Every expression that was read; where fields are named, by form and field; where objects are, by kind and id.

    `written` are the places that give a field a value: assignments, and columns of an import.
    """

    expressions: list[ReadExpression] = field(default_factory=list)
    fields: dict[tuple[str, str], list[ScalarNode]] = field(default_factory=dict)
    objects: dict[tuple[str, str], list[ScalarNode]] = field(default_factory=dict)
    written: dict[tuple[str, str], list[ScalarNode]] = field(default_factory=dict)

    def read(
        self, node: ScalarNode, start: int, end: int | None, expression: Expression, scope: Scope
    ) -> None:
        """Note an expression."""
        self.expressions.append(ReadExpression(node, start, end, expression, scope))

    def name_field(self, form: str, name: str, node: ScalarNode) -> None:
        """Note that a place names a field."""
        self.fields.setdefault((form, name), []).append(node)

    def name_object(self, kind: str, name: str, node: ScalarNode) -> None:
        """Note that a place names an object, such as a role."""
        self.objects.setdefault((kind, name), []).append(node)

    def write_field(self, form: str, name: str, node: ScalarNode) -> None:
        """Note that a place gives a field a value."""
        self.written.setdefault((form, name), []).append(node)
