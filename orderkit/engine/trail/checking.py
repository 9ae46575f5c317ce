"""Whether the audit is sealed and whole: what is known at once, and the whole verification as a job.

What a verification found is noted in the audit itself, where the next seal covers it. The page shows it for
convenience; who trusts nobody who can write to the database verifies from outside, with a head that was kept.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from orderkit.database.schema.system_tables import audit, audit_seal, job
from orderkit.engine.audit.digests import PURPOSE, SealingKeys
from orderkit.engine.audit.noting import note
from orderkit.engine.audit.verifying import Verified, verify
from orderkit.engine.jobs import Job, JobState, Performed, backoff, enqueue
from orderkit.engine.runtime import Runtime, Unit

AUDIT_JOB = "audit"
AUDIT, VERIFIED = "ok_audit", "verified"
MOST_TOLD = 20
MOST_COUNTED = 10_000
FIRST_SECONDS, LAST_SECONDS, TIMES = 60, 3600, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was wrong: `kind` is one of `Tampering`, `since` when it was right for the last time."""

    kind: str
    first: int
    last: int
    since: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVerified:
    """What the last verification came to. `count` is of all findings, of which the first are told."""

    at: datetime
    entries: int
    seals: int
    count: int
    found: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """How the audit stands. `waiting` counts unsealed entries up to a bound; `oldest` is when the first was written."""

    has_keys: bool
    sealed_at: datetime | None
    head: str
    waiting: int
    oldest: datetime | None
    verified: LastVerified | None
    is_under_way: bool


def seal_state(unit: Unit) -> SealState:
    """Return how the audit stands, without reading it."""
    newest = select(audit_seal.c.sealed_at, audit_seal.c.digest, audit_seal.c.last_id)
    last = unit.connection.execute(newest.order_by(audit_seal.c.number.desc()).limit(1)).one_or_none()
    beyond = audit.c.id > (0 if last is None else last.last_id)
    some = select(audit.c.id, audit.c.at).where(beyond).order_by(audit.c.id).limit(MOST_COUNTED).subquery()
    count, oldest = unit.connection.execute(select(func.count(), func.min(some.c.at))).one()
    return SealState(
        has_keys=bool(SealingKeys(unit.runtime.keys_for(PURPOSE))),
        sealed_at=None if last is None else last.sealed_at,
        head="" if last is None else last.digest,
        waiting=count,
        oldest=oldest,
        verified=_last_verified(unit),
        is_under_way=_is_under_way(unit),
    )


def ask_to_verify(unit: Unit) -> None:
    """Have a worker verify the whole audit, unless one is about to."""
    if not _is_under_way(unit):
        enqueue(unit, AUDIT_JOB, {}, priority=1)


class VerifyHandler:
    """Verifies the whole audit and notes what it came to."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:  # noqa: ARG002 - every one is the same
        """Go through the chain in one snapshot, which keeps nobody from writing."""
        with runtime.database.read() as connection:
            verified = verify(connection, SealingKeys(runtime.keys_for(PURPOSE)))

        def save(unit: Unit) -> None:
            note(unit, AUDIT, VERIFIED, _facts(verified))

        return Performed(summary=f"{len(verified.found) + verified.more} findings", save=save)

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every one
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Let it be: the page of jobs shows it."""


def _facts(verified: Verified) -> dict[str, object]:
    return {
        "entries": verified.entries,
        "seals": verified.seals,
        "head": verified.head,
        "findings": len(verified.found) + verified.more,
        "found": [
            {
                "kind": each.kind.value,
                "first": each.first,
                "last": each.last,
                "since": None if each.since is None else each.since.isoformat(),
                "detail": each.detail,
            }
            for each in verified.found[:MOST_TOLD]
        ],
    }


def _last_verified(unit: Unit) -> LastVerified | None:
    mine = (audit.c.form == AUDIT) & (audit.c.record_id == 0) & (audit.c.verb == VERIFIED)
    row = unit.connection.execute(
        select(audit.c.at, audit.c.changes).where(mine).order_by(audit.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    facts = {name: after for name, (_, after) in row.changes.items()}
    return LastVerified(
        at=row.at,
        entries=facts["entries"],
        seals=facts["seals"],
        count=facts["findings"],
        found=tuple(
            Finding(
                kind=each["kind"],
                first=each["first"],
                last=each["last"],
                since=None if each["since"] is None else datetime.fromisoformat(each["since"]),
                detail=each["detail"],
            )
            for each in facts["found"]
        ),
    )


def _is_under_way(unit: Unit) -> bool:
    waits = (job.c.kind == AUDIT_JOB) & job.c.state.in_((JobState.READY, JobState.RUNNING))
    return unit.connection.execute(select(job.c.id).where(waits).limit(1)).first() is not None
