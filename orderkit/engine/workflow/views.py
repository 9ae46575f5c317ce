"""What pages and the API show of workflows: buttons, tasks, the timeline, results of a press.

Plain values with labels, ready for every locale; nothing here reads the database. `buttons`,
`pressing`, `tasks` and `timeline` make them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Ask


class Verb(StrEnum):
    """What can be done to an approval task. ANSWER is what whoever was asked for help does."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    ANSWER = "answer"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    ADD_SIGNER = "add_signer"
    REMOVE_SIGNER = "remove_signer"
    COPY = "copy"


class TaskState(StrEnum):
    """How a task stands or ended. `reason` of the task says why it was skipped or cancelled.

    WAITING for the turn in a sequence, PAUSED for somebody who was asked for help or to sign before or after.
    """

    OPEN = "open"
    WAITING = "waiting"
    PAUSED = "paused"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepName:
    """A step of an approval as people know it; `is_required` where it cannot begin without anybody."""

    id: str
    label: Label
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of a record that this person sees now; a grey one (`allowed` false) says why.

    `verb` says what it calls: `do` with `transition`, or a verb that is its own name, such as `withdraw`.
    `target` is the state it leads to. `chooses` are the steps for whose people it asks, `resumes` whether it
    asks how a returned approval goes on.
    """

    workflow: str
    transition: str
    label: Label
    allowed: bool
    target: str
    why: Label | None = None
    ask: tuple[Ask, ...] = ()
    verb: str = "do"
    chooses: tuple[StepName, ...] = ()
    resumes: bool = False

    @property
    def is_withdrawal(self) -> bool:
        """Whether it takes a record back from its approval."""
        return self.verb == "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a press led to. `is_repeated` means that it had been done before by the same click."""

    form: str
    record_id: int
    workflow: str
    transition: str
    state: str
    revision: int
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserName:
    """A person as others see them; `id` None is the system."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskItem:
    """One task for the inbox and for the record page.

    `verbs` are those that may be used now, `comment_on` those of them that need a comment. `seen`
    is handed back with the decision: it stands for the protected values as they are shown now.
    `leads_to` says where the record goes by each verb, once nobody else has anything left to decide.
    `also` is what may be done besides, `substitutes` whether it is the task of somebody for whom this person
    stands in. `asked_by` wants an answer only, or added this person as a signer. What a dialog asks for stands in
    `choices`, which a list of tasks leaves empty.
    `due_at` is None without a deadline, and while it stands still.
    """

    id: int
    workflow: str
    form: str
    record_id: int
    title: str
    form_label: Label
    step: str
    step_label: Label
    assignee: UserName
    requested_by: UserName
    since: datetime
    state: TaskState
    reason: str | None
    comment: str | None
    decided_by: UserName | None
    decided_at: datetime | None
    verbs: tuple[Verb, ...]
    comment_on: tuple[Verb, ...]
    leads_to: Mapping[Verb, str]
    seen: str
    due_at: datetime | None = None
    also: tuple[Verb, ...] = ()
    substitutes: bool = False
    is_help: bool = False
    asked_by: UserName | None = None
    may_remove: bool = False
    needs_signature: bool = False
    signature: int | None = None
    bulk: int = 0
    choices: "TaskChoices | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChoices:
    """What deciding a task may ask for: to whom it returns, how it goes on then, where signers are added, who comes next."""

    returns_to: tuple[StepName, ...] = ()
    resumes: bool = False
    places: tuple[str, ...] = ()
    approvers: tuple[StepName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision led to. `state` is the record's state after it; it rests there while it `awaits_others`."""

    task_id: int
    verb: Verb
    form: str
    record_id: int
    state: str
    is_repeated: bool = False
    awaits_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One step of a record's life. `label` names it (`placed`, `approved by …`) in every language.

    `verb` is a stable word: `start`, `do`, `enter_step`, `approve`, `reject`, `return`, `withdraw`,
    `skip`, `cancel`, `remind`, `overdue`, `escalate`. `on_behalf_of` is the person for whom the system decided.
    """

    id: int
    at: datetime
    actor: UserName
    on_behalf_of: UserName | None
    verb: str
    label: Label
    workflow: str
    transition: str | None
    source: str | None
    target: str | None
    source_label: Label | None
    target_label: Label | None
    step: str | None
    comment: str | None
    data: dict[str, object]
    channel: str
