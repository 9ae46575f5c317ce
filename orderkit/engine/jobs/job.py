"""A job: one short piece of work that happens after the commit that asked for it, at least once.

What it does is the business of a handler, found by `kind`. Storage is `queue`, running `worker`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from orderkit.engine.runtime import SYSTEM, Person, Runtime, Unit

DEFAULT_QUEUE = "default"
MAX_DEPTH = 10


class JobState(StrEnum):
    """Where a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    """How one attempt ended. LEASE_LOST: its worker was not heard of again."""

    OK = "ok"
    RETRY = "retry"
    RATE_LIMITED = "rate_limited"
    PERMANENT = "permanent"
    UNKNOWN_OUTCOME = "unknown_outcome"
    LEASE_LOST = "lease_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as it stands in the queue. Under way, `attempts` counts the current one."""

    id: int
    queue: str
    kind: str
    key: str | None
    payload: Mapping[str, object]
    state: JobState
    run_at: datetime
    attempts: int
    max_attempts: int
    lease_until: datetime | None
    worker: str | None
    cause: str | None
    depth: int
    form: str | None
    record_id: int | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt as the log keeps it; `summary` is redacted."""

    started_at: datetime
    ended_at: datetime
    outcome: AttemptOutcome
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """A successful attempt. `save` runs as `person` in the transaction that marks the job done."""

    summary: str
    save: Callable[[Unit], None] | None = None
    person: Person = SYSTEM


class Postponed(Exception):
    """The job cannot run yet; it is put back without counting the attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} s from now")
        self.seconds = seconds


class Handler(Protocol):
    """What is done for one kind of job."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Make one attempt, outside any transaction. Raises ConnectorFailed or Postponed."""

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:
        """Return how long to wait after this failed attempt, before jitter."""

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Tell people that the job is dead, in the transaction that marks it so."""
