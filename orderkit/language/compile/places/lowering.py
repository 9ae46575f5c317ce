"""The tools that every kind is lowered with: expressions, values and people, at their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.places.scopes import Places
from orderkit.language.compile.places.values import Values
from orderkit.language.compile.places.who import WRONG_WHO, People
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Reading
from orderkit.model.forms import Form
from orderkit.model.labels import label
from orderkit.model.people import NamedUser


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

    def channels(self, names: tuple[ScalarNode, ...] | None) -> tuple[str, ...]:
        """Return channels by name; those that the project does not have are reported."""
        known = self.compilation.settings.channels
        for name in names or ():
            if name.text not in known:
                report_unknown(self.reading, name, "channel", known)
        return tuple(name.text for name in names or ())

    def named_user(self, node: Node | None, scope: Scope) -> str | None:
        """Return the login name of the one user that a node names, or None where it is absent or wrong."""
        who = self.people.read(node, scope)
        if who is None or node is None:
            return None
        if isinstance(who, NamedUser):
            return who.login
        self.reading.report(
            WRONG_WHO,
            node,
            label(zh="这里要写明一个用户", en="one named user is expected here"),
            label(zh="例如 `user(bot)`", en="for example `user(bot)`"),
        )
        return None


def make_lowering(compilation: Compilation) -> Lowering:
    """Return the tools for one compilation."""
    ledgers = {shape.id: shape.scope() for shape in compilation.ledgers.values()}
    places = Places(compilation.scopes, ledgers, compilation.settings.timezone)
    checking = Checking(compilation, places)
    return Lowering(
        compilation,
        places,
        checking,
        Values(checking),
        People(checking),
        People(checking, takes_addresses=True),
    )
