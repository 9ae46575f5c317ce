"""External systems: connections, what is sent to them, and named messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orderkit.model.expressions import Expression, Template
from orderkit.model.forms import Origin
from orderkit.model.labels import Label
from orderkit.model.workflows import Action


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A named text. `subject` and `text` are by language."""

    id: str
    label: Label
    form: str
    subject: Mapping[str, Template]
    text: Mapping[str, Template]
    origin: Origin | None = None
