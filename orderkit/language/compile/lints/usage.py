"""One index of a project: which expression stands where, who reads which field, who names what.

It is made from what the places noted while they were read (`places.uses`), so a new kind is in it as
soon as it is lowered with the same tools. Lints ask it; so may an editor that looks for references.
"""

from collections.abc import Mapping
from functools import cached_property

from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.compile.places.uses import ReadExpression, Uses
from orderkit.language.source import ScalarNode
from orderkit.model.expressions import Expression

FieldName = tuple[str, str]


class Usage:
    """The index; each part is made when it is first asked for."""

    def __init__(self, uses: Uses) -> None:
        self._uses = uses

    @property
    def expressions(self) -> tuple[ReadExpression, ...]:
        """Every expression and template of the project, in the order read."""
        return tuple(self._uses.expressions)

    def place_of(self, expression: Expression) -> ReadExpression | None:
        """Return where an expression of the model was written; None for one the compiler made."""
        return self._places.get(id(expression))

    @cached_property
    def _places(self) -> Mapping[int, ReadExpression]:
        # By identity: two equal conditions stand in two places. `uses` keeps the objects alive.
        return {id(each.expression): each for each in self._uses.expressions}

    @cached_property
    def readers(self) -> Mapping[FieldName, tuple[ReadExpression, ...]]:
        """The expressions that read each field, by form and field."""
        found: dict[FieldName, list[ReadExpression]] = {}
        for each in self._uses.expressions:
            for name in dict.fromkeys(fields_read(each.expression)):
                found.setdefault(name, []).append(each)
        return {name: tuple(readers) for name, readers in found.items()}

    def mentions(self, form: str, field: str) -> tuple[ScalarNode, ...]:
        """Return where a field is named outside expressions: columns, layouts, rights, assignments."""
        return tuple(self._uses.fields.get((form, field), ()))

    def references(self, kind: str, name: str) -> tuple[ScalarNode, ...]:
        """Return where an object is named."""
        return tuple(self._uses.objects.get((kind, name), ()))

    def is_given(self, form: str, field: str) -> bool:
        """Whether an assignment or a column of an import gives the field a value somewhere."""
        return (form, field) in self._uses.written
