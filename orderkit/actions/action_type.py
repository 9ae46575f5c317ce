"""What a workflow action is: its words, its moment, and what it does through a context.

An action acts only through `ActionContext`, which the engine provides, so it can be tested with a
small fake and never sees a database.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Protocol

from orderkit.model.expressions import Expression
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.workflows import Action


class Effect(StrEnum):
    """When an action happens: with the change, in its transaction, or through the outbox after it."""

    IN_TRANSACTION = "do"
    AFTER_COMMIT = "after"


class Word(StrEnum):
    """How the compiler reads the value of an action's key, and what it hands on.

    EXPRESSION, TEMPLATE and VALUE become an `Expression`, ASSIGNMENTS a tuple of (field,
    `Expression`), WHO a `Who`, TEXTS a tuple of texts, ACTIONS a tuple of `Action`; TEXT and the ids
    FORM, MESSAGE and TRANSITION stay texts. Assignments of `create` are fields of its FORM.
    """

    EXPRESSION = "expression"
    TEMPLATE = "template"
    VALUE = "value"
    ASSIGNMENTS = "assignments"
    WHO = "who"
    TEXT = "text"
    TEXTS = "texts"
    FORM = "form"
    MESSAGE = "message"
    TRANSITION = "transition"
    ACTIONS = "actions"


class ActionContext(Protocol):
    """What an action may do. `form` and `record_id` name the record whose transition runs it."""

    @property
    def form(self) -> str:
        """The form of the record."""

    @property
    def record_id(self) -> int:
        """The id of the record."""

    def value(self, expression: Expression) -> object:
        """Evaluate on the record as it stands in this transaction."""

    def assign(self, values: Mapping[str, object]) -> None:
        """Write fields of the record, by the rules but past the state's locks."""

    def create(self, form: str, values: Mapping[str, object]) -> int:
        """Create a record of another form and return its id."""

    def notify(
        self, message: str, to: Who, via: tuple[str, ...], key: str | None, on_dead: tuple[Action, ...]
    ) -> None:
        """Queue a message to people over channels; it leaves only if the transaction commits.

        `on_dead` is done when a system outside refuses it for good.
        """

    def open_task(self, to: Who, text: str | None) -> None:
        """Put into people's inbox that this record needs them; `text` None says what went wrong."""

    def run(self, transition: str) -> None:
        """Press another transition of the same record, as the system."""


class ActionType(ABC):
    """A kind of action. `words` lists its keys; the first is the kind's own key and is required.

    One that `awaits_engine` is checked and kept in the model; `build` says that nothing carries it out yet.
    """

    name: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]
    effect: ClassVar[frozenset[Effect]]
    words: ClassVar[Mapping[str, Word]]
    required: ClassVar[frozenset[str]] = frozenset()
    awaits_engine: ClassVar[bool] = False

    @abstractmethod
    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Do it. `options` holds what the compiler made of the words."""
