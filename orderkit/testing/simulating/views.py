"""What a simulation tells: each step with who takes it, why it is them, and when."""

from dataclasses import dataclass
from datetime import datetime

from orderkit.engine.workflow.previewing import WeighedCondition
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedStep:
    """One thing that happens. `who` is a login name, None for the system; `why` says how they were found.

    `due` is until when a task should be decided, where the workflow says so.
    """

    at: datetime
    state: str
    what: Label
    who: str | None = None
    why: Label | None = None
    target: str | None = None
    conditions: tuple[WeighedCondition, ...] = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The way of one record. `stopped` says why it went no further, unless it is at its end."""

    record: str
    begins: str
    steps: tuple[WalkedStep, ...]
    ends: str
    is_final: bool
    forced: tuple[str, ...] = ()
    stopped: Label | None = None
