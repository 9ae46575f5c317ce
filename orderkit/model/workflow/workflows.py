"""Workflows: states outside, approval blocks inside one state, actions at transitions."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Check, Field, FieldId, Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.clocks import Clock, StateClock


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
class Reopening:
    """Where a record goes that is taken up again after its end, by whom, and how long that is possible."""

    target: str
    by: Who | None = None
    within: TimeSpan | None = None


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
    color: str | None = None
    reopen: Reopening | None = None


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
class Revocation:
    """Until when a transition may be taken back, by whom; with `keep` what it did stays."""

    within: TimeSpan | None = None
    by: Who | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A named way from one state to another. `by` None means only the system.

    While `when` does not hold, there is no such button; a `guard` says why it cannot be pressed.
    """

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
    when: Expression | None = None
    confirm: Label | None = None
    revoke: Revocation | None = None


class Mode(StrEnum):
    """How the people of a step decide together."""

    ANY = "any"
    ALL = "all"
    SEQUENCE = "sequence"
    VOTE = "vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTarget:
    """To whom an approver may return: `submitter`, `previous`, `any` earlier step, or one `step`."""

    kind: str
    step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """What approvers may do besides approving and rejecting.

    `resume` says where it goes on after a return: `restart` redoes all steps, `direct` comes back to the
    one that returned it, `ask` lets the submitter choose. `transfer_to` and `delegate_to` None mean
    anybody. `bulk` is how many tasks may be decided at once, 0 none.
    """

    returns: tuple[ReturnTarget, ...] = (ReturnTarget(kind="submitter"),)
    resume: str = "restart"
    add_signer: tuple[str, ...] = ()
    remove_signer: bool = False
    transfer: bool = False
    transfer_to: Who | None = None
    delegate: bool = False
    delegate_to: Who | None = None
    urge: bool = False
    urge_every: TimeSpan | None = None
    bulk: int = 0
    comment: bool = True
    attach: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One level of an approval. `vote` is (operator, ratio), with the mode VOTE.

    `may` and `sla` None mean those of the approval; with `sign` an approver signs by hand.
    """

    id: str
    label: Label
    approvers: Who
    when: Expression | None = None
    mode: Mode = Mode.ANY
    vote: tuple[str, str] | None = None
    veto: bool = True
    fields: tuple[tuple[str, str], ...] = ()
    sign: bool = False
    may: May | None = None
    sla: Clock | None = None
    after: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a block; `when` None is the default, or in a `parallel` always."""

    when: Expression | None
    steps: tuple["ApprovalPart", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Ordered branches, of which the first that holds is taken."""

    branches: tuple[Branch, ...]


class Join(StrEnum):
    """When branches that run beside each other are done: all of them, any one, or the first that ends."""

    ALL = "all"
    ANY = "any"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """Branches beside each other: all of them, or if `is_inclusive` those whose `when` holds."""

    join: Join
    branches: tuple[Branch, ...]
    is_inclusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Steps beside each other for each row of a collection, which they see as `Root("item")`."""

    form: str
    rows: Expression
    where: Expression | None
    join: Join
    steps: tuple["ApprovalPart", ...]


ApprovalPart = Step | Choose | Parallel | Loop


def parts_within(part: ApprovalPart) -> tuple[tuple[ApprovalPart, ...], ...]:
    """Return the sequences of parts that a block holds; none for a step."""
    match part:
        case Step():
            return ()
        case Choose(branches=branches) | Parallel(branches=branches):
            return tuple(branch.steps for branch in branches)
        case Loop(steps=steps):
            return (steps,)


def all_steps(parts: Iterable[ApprovalPart]) -> Iterator[Step]:
    """Yield every step, in the order written, whatever block it stands in."""
    for part in parts:
        if isinstance(part, Step):
            yield part
        for inner in parts_within(part):
            yield from all_steps(inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where an approval leads.

    `until` belongs to `withdrawn`; `within` and `by` to `revoked` and `terminated`: how long after the
    approval, and by whom.
    """

    target: str
    after: tuple[Action, ...] = ()
    until: str | None = None
    keep: bool = False
    within: TimeSpan | None = None
    by: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Who gets a copy, at which moment: `started`, `decided` (each step) or the name of an ending."""

    on: str
    to: Who
    message: str | None = None
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval block: steps in order, and where each ending leads."""

    id: str
    steps: tuple[ApprovalPart, ...]
    approved: Ending
    rejected: Ending
    label: Label | None = None
    returned: Ending | None = None
    withdrawn: Ending | None = None
    revoked: Ending | None = None
    terminated: Ending | None = None
    protects: tuple[FieldId, ...] = ()
    reapprove: bool = False
    if_empty: str = "approve"
    may: May = May()
    sla: Clock | None = None
    cc: tuple[Copy, ...] = ()

    @property
    def endings(self) -> Mapping[str, Ending]:
        """The endings that it has, by name."""
        named = {
            "approved": self.approved,
            "rejected": self.rejected,
            "returned": self.returned,
            "withdrawn": self.withdrawn,
            "revoked": self.revoked,
            "terminated": self.terminated,
        }
        return {name: ending for name, ending in named.items() if ending is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Actions on a visit of a state: at a moment, or so long after the entry and then `every` so long.

    Leaving the state ends it. `misfire` says what happens when the moment was missed.
    """

    id: str
    state: str
    actions: tuple[Action, ...]
    at: Expression | None = None
    after: TimeSpan | None = None
    every: TimeSpan | None = None
    when: Expression | None = None
    misfire: str = "fire_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules for people, workflow-wide. `no_approver` is `admin`, `approve`, `reject` or a Who.

    `leaver` gets the open tasks of somebody who leaves; None means the manager. `substitution` says
    whether people may name a dated substitute.
    """

    self_approval: str = "to_manager"
    duplicate_approver: str = "consecutive"
    no_approver: Who | None = None
    comment_on: tuple[str, ...] = ("reject", "return")
    leaver: Who | None = None
    substitution: str = "allow"


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
    sla: tuple[StateClock, ...] = ()
    timers: tuple[Timer, ...] = ()
    migrate: Mapping[str, str] = dataclasses.field(default_factory=dict)
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
