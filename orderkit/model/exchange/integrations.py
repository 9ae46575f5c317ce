"""External systems: connections, what is sent to them, and named messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orderkit.model.expressions.nodes import Expression, Template
from orderkit.model.forms import Origin
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Action


class EventKind(StrEnum):
    """What can happen to a record."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    CHANGED = "changed"
    ENTERED = "entered"
    DID = "did"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`receipt.entered(confirmed)`: `subject` is the field, state or transition, where the kind has one."""

    form: str
    kind: EventKind
    workflow: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How gently an external system is treated. Times are in seconds."""

    timeout_seconds: int = 30
    rate: tuple[int, int] | None = None
    retry_times: int = 6
    backoff_first_seconds: int = 60
    backoff_last_seconds: int = 21600


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An external system. Settings may hold `${NAME}`, read from the environment at run time only."""

    id: str
    label: Label
    connector: str
    settings: Mapping[str, object]
    limits: Limits
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """When `event` happens, `operation` of `connection` is called through the outbox.

    `arguments` is evaluated in the transaction that causes the call, so the call carries what was
    true then. `save` assigns fields from `Root("result")` after a successful call.
    """

    id: str
    label: Label
    event: Event
    connection: str
    operation: str
    key: Template
    arguments: Expression
    when: Expression | None = None
    save: tuple[tuple[str, Expression], ...] = ()
    on_dead: tuple[Action, ...] = ()
    run_as: str | None = None
    origin: Origin | None = None


class Scheme(StrEnum):
    """How a sender signs what it sends: as Standard Webhooks says, a plain HMAC of the body, a bearer token."""

    STANDARD = "standard"
    HMAC_SHA256 = "hmac_sha256"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """How a sender proves who it is. `secret` holds `${NAME}`, read from the environment at run time only."""

    secret: str
    scheme: Scheme = Scheme.STANDARD
    header: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """By a schedule, `operation` of `connection` is asked for rows, and each becomes a record of `form`.

    `when` and `set` are evaluated with `Root("row")`; `rows` finds them in `Root("result")` where the
    system gives an answer of any shape. `match` finds the record that a row is about.
    """

    id: str
    label: Label
    schedule: str
    connection: str
    operation: str
    arguments: Expression
    form: str
    match: tuple[str, ...]
    set: tuple[tuple[str, Expression], ...]
    rows: Expression | None = None
    when: Expression | None = None
    on_dead: tuple[Action, ...] = ()
    run_as: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What arrives at `path` and proves who sent it becomes a record of `form`.

    Expressions read `Root("body")` and `Root("headers")`. `key` names a delivery where the sender's own
    id does not.
    """

    id: str
    label: Label
    path: str
    verify: Verify
    form: str
    match: tuple[str, ...]
    set: tuple[tuple[str, Expression], ...]
    key: Template | None = None
    when: Expression | None = None
    on_dead: tuple[Action, ...] = ()
    run_as: str | None = None
    origin: Origin | None = None


class ChatFormat(StrEnum):
    """How a message looks in a chat."""

    TEXT = "text"
    MARKDOWN = "markdown"
    CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatText:
    """How a message looks in a chat app. Texts are by language; without `text` the message's own is meant."""

    title: Mapping[str, Template] = field(default_factory=dict)
    text: Mapping[str, Template] = field(default_factory=dict)
    format: ChatFormat = ChatFormat.MARKDOWN
    has_link: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsText:
    """A text message: a template that the provider registered, and what fills it, in order."""

    template: str
    args: tuple[tuple[str, Expression], ...] = ()
    sign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A named text. `subject` and `text` are by language, `chats` by app (`wecom`, `dingtalk`, `feishu`)."""

    id: str
    label: Label
    form: str
    subject: Mapping[str, Template]
    text: Mapping[str, Template]
    sms: SmsText | None = None
    chats: Mapping[str, ChatText] = field(default_factory=dict)
    origin: Origin | None = None
