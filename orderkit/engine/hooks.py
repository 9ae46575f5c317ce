"""The places where workflow and integrations take part in a write, without `records` knowing them.

`records` calls what stands in `Runtime.hooks`; `opening` puts the real ones there. Nothing is decided
here: `workflow` implements `LifeCycle`, whoever queues integrations and messages `EventSink`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from orderkit.model.exchange.integrations import EventKind
from orderkit.model.expressions.evaluation import Balances, NoBalances, RowLike
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import FieldId, Form, FormId
from orderkit.model.labels import Label

if TYPE_CHECKING:
    from orderkit.engine.runtime import Unit


class WriteKind(StrEnum):
    """What a write did to a record. COMPUTED: only values that follow from other records changed.

    RESTORED: it came back from the bin, as it was.
    """

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    COMPUTED = "computed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where a record stood in a workflow when it was deleted, beside its state, which is a field of it."""

    entered_at: datetime
    submitter_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWritten:
    """A line that was there before and to which a rule assigned something. `before` is what its fields had."""

    collection: str
    row: RowLike
    assigned: frozenset[FieldId]
    before: Mapping[FieldId, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One record that a batch wrote, lines included.

    `changed` holds paths: `total`, `lines` (rows came, went or moved), `lines.price`. `before` is
    empty for a created record, `row` shows the record as it is now (as it was, when deleted).
    `by_rule` is true when the engine wrote it on its own account and not a person through a form.
    `lives` says by workflow where a restored record stood. What a rule wrote also says which fields it
    `assigned` (others follow from these), and in which `rows` it did.
    """

    form: FormId
    id: int
    kind: WriteKind
    changed: frozenset[str]
    before: Mapping[FieldId, Scalar]
    row: RowLike
    is_history: bool = False
    by_rule: bool = False
    lives: Mapping[str, Life] = field(default_factory=dict)
    assigned: frozenset[FieldId] = frozenset()
    rows: tuple[RowWritten, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRights:
    """What the state of a record adds to and takes from the rights of roles, for one person.

    `limit` None leaves everything that roles grant; else only these paths may be written. A path is
    a field (`term`), a line field (`lines.price`) or a whole collection (`lines`). `granted` may be
    written whatever the roles say, `shown` may be read past `hide`. `locked` may not be written whatever
    anybody says: an approval stands on it.
    """

    limit: frozenset[str] | None = None
    granted: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()


UNLIMITED = StateRights()


class LifeCycle(Protocol):
    """What the workflows of a form have to say about its records."""

    def rights(self, unit: "Unit", form: Form, record: RowLike) -> StateRights:
        """Return what the record's states (and open tasks) let this person write and see."""

    def written(self, unit: "Unit", records: Sequence[Written]) -> None:
        """Take part after a batch has been written, in its transaction, after its events were told.

        Starts the life of created records (adopts the state of those that `is_history`, takes up that of
        restored ones), refuses or
        voids approvals whose protected fields changed, tries automatic transitions, ends the life
        of deleted records. It may write again through `records.apply(…, by_rule=True)`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of a record: what integrations and messages wait for.

    `subject` is the field (`changed`), the state (`entered`) or the transition (`did`).
    """

    kind: EventKind
    form: FormId
    record_id: int
    row: RowLike
    before: Mapping[FieldId, Scalar] = field(default_factory=dict)
    workflow: str | None = None
    subject: str | None = None


class EventSink(Protocol):
    """Who waits for events. `workflow` tells it `entered` and `did`, `records` the others."""

    def happened(self, unit: "Unit", happenings: Sequence[Happening]) -> None:
        """Queue what these events ask for, in this transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStep:
    """One step of a workflow as the history of a record shows it. `actor` and `on_behalf_of` are names.

    `answers` holds what a button asked for and only the timeline keeps: name, label and text of each.
    """

    at: datetime
    actor_id: int | None
    actor: str
    on_behalf_of: str | None
    channel: str
    verb: str
    label: Label
    comment: str | None
    answers: Sequence[tuple[str, Label, str]] = ()


class Watch(Protocol):
    """Looks at what a batch wrote, in its transaction, and may refuse it."""

    def __call__(self, unit: "Unit", written: Sequence[Written]) -> None:
        """Raise Refused for a batch that must not stand."""


class Weigh(Protocol):
    """Hears of each condition by which an approval chooses its way: previews and scenarios want to know."""

    def __call__(self, unit: "Unit", workflow: str, condition: Expression, *, holds: bool) -> None:
        """Note that a condition of a workflow held, or did not."""


class RoleWatch(Protocol):
    """Takes part when somebody loses roles, in that transaction."""

    def __call__(self, unit: "Unit", user_id: int, lost: Collection[str]) -> None:
        """Look after what the person had by these roles."""


class TellSteps(Protocol):
    """Tells what the workflows of a record have done so far."""

    def __call__(self, unit: "Unit", form: FormId, record_id: int) -> Sequence[LifeStep]:
        """Return the steps, oldest first. The caller has checked that the record may be read."""


def no_steps(unit: "Unit", form: FormId, record_id: int) -> Sequence[LifeStep]:  # noqa: ARG001 - the port's signature
    """Return nothing."""
    return ()


def nobody_listens(unit: "Unit", workflow: str, condition: Expression, *, holds: bool) -> None:
    """Do nothing."""


class BalancesOf(Protocol):
    """Tells what the balances of ledgers are."""

    def __call__(self, unit: "Unit") -> Balances:
        """Return what expressions of a unit read."""


def no_balances(unit: "Unit") -> Balances:  # noqa: ARG001 - the port's signature
    """Return balances of no ledger."""
    return NoBalances()


class NoLifeCycle:
    """A project without workflows."""

    def rights(self, unit: "Unit", form: Form, record: RowLike) -> StateRights:  # noqa: ARG002 - the port's signature
        """Return no limits."""
        return UNLIMITED

    def written(self, unit: "Unit", records: Sequence[Written]) -> None:
        """Do nothing."""


class NoEvents:
    """A project without integrations."""

    def happened(self, unit: "Unit", happenings: Sequence[Happening]) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What takes part in every write of a runtime."""

    life_cycle: LifeCycle = field(default_factory=NoLifeCycle)
    events: EventSink = field(default_factory=NoEvents)
    steps: TellSteps = no_steps
    balances: BalancesOf = no_balances
    watches: tuple[Watch, ...] = ()
    weighed: Weigh = nobody_listens
    role_watches: tuple[RoleWatch, ...] = ()
