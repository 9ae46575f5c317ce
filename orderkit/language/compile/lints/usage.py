"""One index of a project: which expression stands where, who reads which field, who names what.

It is made from what was noted while the places were read (`spec.mentions`), so a new kind is in it as soon
as it is lowered with the same tools.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.spec.mentions import Mentions, Naming, ReadExpression
from orderkit.model.expressions.nodes import Expression

FieldName = tuple[str, str]


class Usage:
    """The index; each part is made when it is first asked for."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions

    @property
    def expressions(self) -> Sequence[ReadExpression]:
        """Every expression and template of the project, in the order read."""
        return self._mentions.expressions

    def place_of(self, expression: Expression) -> ReadExpression | None:
        """Return where an expression of the model was written; None for one the compiler made."""
        return self._places.get(id(expression))

    @cached_property
    def _places(self) -> Mapping[int, ReadExpression]:
        # By identity: two equal conditions stand in two places. `mentions` keeps the objects alive.
        return {id(each.expression): each for each in self._mentions.expressions}

    @cached_property
    def readers(self) -> Mapping[FieldName, tuple[ReadExpression, ...]]:
        """The expressions that read each field, by form and field."""
        found: dict[FieldName, list[ReadExpression]] = {}
        for each in self._mentions.expressions:
            for name in dict.fromkeys(fields_read(each.expression)):
                found.setdefault(name, []).append(each)
        return {name: tuple(readers) for name, readers in found.items()}

    def references(self, kind: str, name: str) -> Sequence[Naming]:
        """Return where something is named outside expressions, such as a role, or a field in columns and rights."""
        return self._named.get((kind, name), ())

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], Sequence[Naming]]:
        found: dict[tuple[str, str], list[Naming]] = {}
        for each in self._mentions.named:
            found.setdefault((each.kind, each.id), []).append(each)
        return found

    def is_given(self, form: str, field: str) -> bool:
        """Whether an assignment or a column of an import gives the field a value somewhere."""
        return (form, field) in self._mentions.given
