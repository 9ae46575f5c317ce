"""What a workflow action is: its words, its moment, and what it does through a context.

An action acts only through `ActionContext`, which the engine provides, so it can be tested with a
small fake and never sees a database.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Protocol

from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions, Selection
from orderkit.model.workflow.workflows import Action


class Effect(StrEnum):
    """When an action happens: with the change, in its transaction, or through the outbox after it."""

    IN_TRANSACTION = "do"
    AFTER_COMMIT = "after"


class Word(StrEnum):
    """How the compiler reads the value of an action's key, and what it hands on.

    EXPRESSION, CONDITION, TEMPLATE, VALUE and ARGUMENTS become an `Expression`, ASSIGNMENTS,
    ROW_VALUES and ANSWERS a tuple of (field, `Expression`), WHO a `Who`, TEXTS and FIELDS a tuple of texts, ACTIONS and NESTED a tuple of
    `Action`, ROWS and RECORDS a `Selection`, BRANCHES a tuple of `ActionBranch`, PARALLEL a
    `ParallelActions`, DELAY a `Delay`; the words of `choices` and the ids FORM, MESSAGE, TRANSITION,
    FIELD and CALL stay texts.

    An action with ROWS or RECORDS goes through them: where they are several, its other words see each one as
    `item`. Assignments
    are fields of the form that `create` names or `call` starts, of the RECORDS, or else of the record.
    ACTIONS happen after the commit, NESTED ones in the moment of the action that holds them.

    An action with a POSTING is read as a whole: LEDGER_KEYS and all AMOUNTs become pairs of
    (name, `Expression`) under `keys` and `amounts`. UNDONE is a TRANSITION that did something which can be
    taken back.
    """

    EXPRESSION = "expression"
    CONDITION = "condition"
    TEMPLATE = "template"
    VALUE = "value"
    ASSIGNMENTS = "assignments"
    WHO = "who"
    TEXT = "text"
    TEXTS = "texts"
    FORM = "form"
    MESSAGE = "message"
    TRANSITION = "transition"
    ACTIONS = "actions after it"
    NESTED = "actions"
    ROWS = "rows of the record, or `{form: …, where: …}`"
    RECORDS = "a reference, rows of the record, or `{form: …, where: …}`"
    BRANCHES = "branches `{when: …, actions: […]}`, the last one `{default: true, actions: […]}`"
    PARALLEL = "`{join: all | any | first, branches: [{actions: […]}]}`"
    DELAY = "a duration, or `{until: …}`"
    FIELD = "a reference field"
    FIELDS = "fields"
    CALL = "`connection.operation`, or `workflow:name`"
    ARGUMENTS = "arguments"
    ROW_VALUES = "fields of the row"
    ANSWERS = "fields taken from the answer"
    CHOICE = "one of some words"
    POSTING = "`ledger.posting`"
    LEDGER_KEYS = "keys of the ledger"
    AMOUNT = "an amount that the posting uses"
    UNDONE = "a transition that posts or assigns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a system outside is asked once everything is committed.

    `operation` belongs to a connection, or else is a method that `url` is asked with. `key` says which
    requests are the same one; None leaves that to where the action stands. `save` takes from
    `Root("result")`.
    """

    connection: str | None = None
    url: str | None = None
    operation: str
    arguments: object
    key: str | None = None
    save: tuple[tuple[str, Expression], ...] = ()
    on_dead: tuple[Action, ...] = ()


class ActionContext(Protocol):
    """What an action may do. `form` and `record_id` name the record that it is about."""

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

    def tell(self, text: Expression, to: Who, via: tuple[str, ...], key: str | None) -> None:
        """Queue a few words to people over channels, in the language of each."""

    def run(self, transition: str, if_refused: str | None = None) -> None:
        """Press another transition of the same record, as the system.

        Where it is refused, so is what asked for it; `ignore` goes on, `incident` lets a person know.
        """

    def update(
        self, rows: Selection, *, where: Expression | None, values: tuple[tuple[str, Expression], ...]
    ) -> None:
        """Write fields of related records, by the rules of their form."""

    def delete(self, rows: Selection, *, where: Expression | None) -> None:
        """Delete related records, as far as nothing refers to them."""

    def link(self, field: str, value: object) -> None:
        """Let a reference of the record lead to another one; of several, to that one too."""

    def choose(self, branches: tuple[ActionBranch, ...]) -> None:
        """Do the actions of the first branch whose condition holds."""

    def each(self, rows: Selection, *, where: Expression | None, actions: tuple[Action, ...]) -> None:
        """Do actions once for each row."""

    def beside(self, block: ParallelActions) -> None:
        """Do branches of actions beside each other, in the background."""

    def later(self, delay: Delay, actions: tuple[Action, ...]) -> None:
        """Do actions after a while, in the background."""

    def request(self, asked: Request) -> None:
        """Queue a call of a system outside; it leaves only if the transaction commits."""

    def start(self, workflow: str, values: tuple[tuple[str, Expression], ...], then: str | None) -> None:
        """Make a record whose life in another workflow begins; at its end `then` is pressed here."""

    def post(
        self,
        target: str,
        *,
        each: Selection | None,
        where: Expression | None,
        keys: Sequence[tuple[str, Expression]],
        amounts: Sequence[tuple[str, Expression]],
        against: str | None,
        reason: Expression | None,
    ) -> None:
        """Post into a ledger (`stock.issue`), once or for each row for which `where` holds.

        `against` uses up what that transition posted for the same row, no more than is still open.
        """

    def undo(self, transition: str) -> None:
        """Take back once what another transition of the record posted, assigned and created, as far as it is open."""

    def split(
        self,
        rows: Selection,
        *,
        where: Expression | None,
        take: Mapping[str, Expression],
        values: Mapping[str, Expression],
    ) -> None:
        """Move rows of the record, or the part of each that `take` names, to a new record with these values."""

    def merge(
        self, others: Selection, *, where: Expression | None, lines: tuple[str, ...], run: str | None
    ) -> None:
        """Move the rows of other records here; they press `run` then, or are deleted."""


class ActionType(ABC):
    """A kind of action. `words` lists its keys; the first is the kind's own key and is required.

    `choices` lists what may stand under words of the kind CHOICE; `more` is how keys are read that are none of
    the words, for an action whose keys the project names. One that `needs_record` cannot stand where
    no record is at hand, as under a schedule. One that `awaits_engine` is checked and kept in the model;
    `build` says that nothing carries it out yet; `awaited_words` are those of another that are.
    """

    name: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]
    effect: ClassVar[frozenset[Effect]]
    words: ClassVar[Mapping[str, Word]]
    more: ClassVar[Word | None] = None
    required: ClassVar[frozenset[str]] = frozenset()
    choices: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    needs_record: ClassVar[bool] = False
    awaits_engine: ClassVar[bool] = False
    awaited_words: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Do it. `options` holds what the compiler made of the words."""
