"""The tools that every kind is lowered with: expressions, values and people, at their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.places.scopes import Places
from orderkit.language.compile.places.values import Values
from orderkit.language.compile.places.who import People
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.model.forms import Form


@dataclass(frozen=True, slots=True)
class Lowering:
    """What turns words into the model. `forms` are those of the model, once they are made."""

    compilation: Compilation
    places: Places
    checking: Checking
    values: Values
    people: People
    addressees: People
    forms: Mapping[str, Form] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """Where findings go."""
        return self.compilation.reading

    def field_paths(
        self, form: FormShape, nodes: tuple[ScalarNode, ...] | None, *, follow_references: bool = False
    ) -> tuple[str, ...]:
        """Return the paths that lead to a field, each once; the others are reported."""
        found = [
            node.text
            for node in nodes or ()
            if self.compilation.path(form, node, follow_references=follow_references) is not None
        ]
        return tuple(dict.fromkeys(found))


def make_lowering(compilation: Compilation) -> Lowering:
    """Return the tools for one compilation."""
    places = Places(compilation.scopes, compilation.settings.timezone)
    checking = Checking(compilation, places)
    return Lowering(
        compilation,
        places,
        checking,
        Values(checking),
        People(checking),
        People(checking, takes_addresses=True),
    )
