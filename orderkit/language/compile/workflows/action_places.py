"""Where an action stands, and an action as written: what every reader of its words is given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from orderkit.actions.action_type import ActionType, Effect
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.places.who import ABOUT_A_RECORD
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import MappingNode, Node
from orderkit.model.workflow.workflows import Action


@dataclass(frozen=True, slots=True)
class ActionPlace:
    """Where actions stand.

    Args:
        form: the record they act on; None where there is none, as under a schedule.
        scope: what their expressions may name.
        effect: the moment; None where actions of both moments may stand, as in a timer.
        transitions: those that may be pressed.
        people: the words for people that have a meaning here.
    """

    form: FormShape | None
    scope: Scope
    effect: Effect | None
    transitions: Mapping[str, object] = field(default_factory=dict)
    people: frozenset[str] = ABOUT_A_RECORD

    def inside(self, row_form: str) -> "ActionPlace":
        """Return the place within a loop, where `item` is a row."""
        return replace(self, scope=inside_each(self.scope, row_form))


Nested = Callable[[Lowering, Iterable[Node] | None, ActionPlace], tuple[Action, ...]]


@dataclass(frozen=True, slots=True)
class WrittenAction:
    """One action as written, with its type; `lower` reads the actions within it."""

    lowering: Lowering
    node: MappingNode
    type: ActionType
    place: ActionPlace
    lower: Nested
