"""Workflows: states outside, approval blocks inside one state, actions at transitions."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orderkit.model.expressions import Expression
from orderkit.model.forms import Check, Field, FieldId, Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who


class Outcome(StrEnum):
    """How a final state ends the record's life."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGrant:
    """Fields that may be written in a state; `who` None means whoever else may update."""

    who: Who | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a record rests. `edit` None means the default: everything in the initial state, else nothing."""

    id: str
    label: Label
    holder: Who | None = None
    claim: bool = False
    edit: tuple[EditGrant, ...] | None = None
    approval: str | None = None
    final: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What pressing a transition asks for: a field of the form, or one kept in the timeline only."""

    field: Field
    is_own: bool
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action, by kind (a folder of `actions/`), with its checked options.

    Options hold scalars, labels, expressions, `Who` values and tuples or mappings of these.
    """

    kind: str
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A named way from one state to another. `by` None means only the system."""

    id: str
    label: Label
    sources: tuple[str, ...]
    target: str
    by: Who | None
    guard: tuple[Check, ...] = ()
    require: tuple[FieldId, ...] = ()
    ask: tuple[Ask, ...] = ()
    do: tuple[Action, ...] = ()
    after: tuple[Action, ...] = ()
    auto: bool = False


class Mode(StrEnum):
    """How the people of a step decide together."""

    ANY = "any"
    ALL = "all"
    SEQUENCE = "sequence"
    VOTE = "vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One level of an approval. `vote` is (operator, ratio), with the mode VOTE."""

    id: str
    label: Label
    approvers: Who
    when: Expression | None = None
    mode: Mode = Mode.ANY
    vote: tuple[str, str] | None = None
    veto: bool = True
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One ordered branch of a `choose`; `when` None is the default."""

    when: Expression | None
    steps: tuple["StepOrChoose", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Ordered branches, of which the first that holds is taken."""

    branches: tuple[Branch, ...]


StepOrChoose = Step | Choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where an approval leads: `until` only for `withdrawn`."""

    target: str
    after: tuple[Action, ...] = ()
    until: str | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval block: steps in order, and where each ending leads."""

    id: str
    steps: tuple[StepOrChoose, ...]
    approved: Ending
    rejected: Ending
    returned: Ending | None = None
    withdrawn: Ending | None = None
    protects: tuple[FieldId, ...] = ()
    reapprove: bool = False
    if_empty: str = "approve"
    may: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules for people, workflow-wide. `no_approver` is `admin`, `approve`, `reject` or a Who."""

    self_approval: str = "to_manager"
    duplicate_approver: str = "consecutive"
    no_approver: Who | None = None
    comment_on: tuple[str, ...] = ("reject", "return")


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The life of a form's records."""

    id: str
    label: Label
    form: str
    state_field: FieldId
    initial: str
    in_flight: str
    policy: Policy
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    approvals: tuple[Approval, ...] = ()
    origin: Origin | None = None

    @cached_property
    def state_by_id(self) -> Mapping[str, State]:
        """States by id."""
        return {state.id: state for state in self.states}

    @cached_property
    def transition_by_id(self) -> Mapping[str, Transition]:
        """Transitions by id."""
        return {transition.id: transition for transition in self.transitions}

    @cached_property
    def approval_by_id(self) -> Mapping[str, Approval]:
        """Approvals by id."""
        return {approval.id: approval for approval in self.approvals}
