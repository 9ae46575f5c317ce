"""Deadlines: when something is due, who is reminded before, and what happens after."""

from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.values.durations import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """So long before it is due, people are told; `to` None means whoever has to act."""

    before_due: TimeSpan
    to: Who | None = None
    message: str | None = None
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """So long after it was due: exactly one of `escalate`, `notify` and, in approvals, `decide`.

    `escalate` gives the task to others, `notify` tells them, `decide` is `approve`, `reject` or `return`
    by the system on behalf of whoever has not acted.
    """

    after_due: TimeSpan
    escalate: Who | None = None
    notify: Who | None = None
    decide: str | None = None
    message: str | None = None
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`due` is a length of time from the beginning, or the moment itself."""

    due: TimeSpan | Expression
    remind: tuple[Reminder, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    misfire: str = "fire_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateClock:
    """A clock that runs from the entry into `start` to the entry into `stop`, and rests in `pause_in`."""

    id: str
    label: Label
    start: str
    stop: str
    clock: Clock
    pause_in: tuple[str, ...] = ()
