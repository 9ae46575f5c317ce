"""The job table and the six calls on it: enqueue, claim, heartbeat, finish, fail, purge.

A job is claimed by one conditional update and held by a lease, so any number of workers on any number
of machines may share the table. Only who holds the lease can finish or fail a job.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import job as jobs
from orderkit.database.schema.system_tables import job_attempt
from orderkit.engine.jobs.job import DEFAULT_QUEUE, MAX_DEPTH, Attempt, AttemptOutcome, Job, JobState
from orderkit.engine.jobs.listening import tell_others
from orderkit.engine.runtime import Unit
from orderkit.model.errors import OrderkitError

DEFAULT_ATTEMPTS = 7
MAX_ERROR = 2000
TOO_DEEP = f"too_deep: a chain of {MAX_DEPTH} causes led here; rules that set each other off"


class LeaseLost(OrderkitError):
    """Another worker has taken this job over; what this one did is not recorded."""


def enqueue(
    unit: Unit,
    kind: str,
    payload: Mapping[str, object],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    queue: str = DEFAULT_QUEUE,
    priority: int = 0,
    max_attempts: int = DEFAULT_ATTEMPTS,
    form: str | None = None,
    record_id: int | None = None,
    goes_on: bool = False,
) -> int | None:
    """Add a job that exists if and only if this unit commits; return None when the key is taken.

    `payload` is JSON without secrets. Smaller `priority` goes first. At the end of a chain of
    `MAX_DEPTH` causes the job is born dead, so that two rules that set each other off come to rest; one
    that `goes_on` with what the job of this unit began is no further cause.
    """
    depth = unit.depth if goes_on else unit.depth + 1
    is_too_deep = depth > MAX_DEPTH
    values = {
        "queue": queue,
        "kind": kind,
        "key": key,
        "payload": dict(payload),
        "state": JobState.DEAD if is_too_deep else JobState.READY,
        "priority": priority,
        "run_at": run_at or unit.now,
        "max_attempts": max_attempts,
        "cause": unit.cause or unit.request_id,
        "depth": depth,
        "form": form,
        "record_id": record_id,
        "error": TOO_DEEP if is_too_deep else None,
        "created_at": unit.now,
        "finished_at": unit.now if is_too_deep else None,
    }
    insert_into = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    statement = insert_into(jobs).values(**values).on_conflict_do_nothing(index_elements=["key"])
    made = unit.connection.execute(statement.returning(jobs.c.id)).scalar_one_or_none()
    if made is not None and unit.runtime.wake_worker not in unit.after_commit:
        unit.after_commit.append(unit.runtime.wake_worker)
        tell_others(unit)
    return made


def is_work_waiting(connection: Connection, *, now: datetime, kinds: Iterable[str]) -> bool:
    """Return whether a claim would find anything; needs no write lock."""
    is_expired = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < now)
    found = select(jobs.c.id).where(or_(_is_due(now), is_expired), jobs.c.kind.in_(sorted(kinds))).limit(1)
    return connection.execute(found).first() is not None


def claim(
    connection: Connection,
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    kinds: Iterable[str],
    limit: int = 1,
) -> tuple[Job, ...]:
    """Take up to `limit` due jobs, first those of the smallest priority, then the oldest."""
    names = sorted(kinds)
    _release_abandoned(connection, now, names)
    due = (
        select(jobs.c.id)
        .where(_is_due(now), jobs.c.kind.in_(names))
        .order_by(jobs.c.priority, jobs.c.run_at, jobs.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(jobs)
        .where(jobs.c.id.in_(select(due.c.id)))
        .values(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=now + lease,
            attempts=jobs.c.attempts + 1,
        )
        .returning(*jobs.c)
    )
    found = [job_of(row) for row in connection.execute(taken)]
    return tuple(sorted(found, key=lambda each: (each.run_at, each.id)))


def heartbeat(connection: Connection, held: Iterable[int], *, worker: str, lease_until: datetime) -> None:
    """Hold on to jobs that are still under way."""
    connection.execute(
        update(jobs)
        .where(jobs.c.id.in_(sorted(held)), jobs.c.state == JobState.RUNNING, jobs.c.worker == worker)
        .values(lease_until=lease_until)
    )


def finish(connection: Connection, job: Job, attempt: Attempt) -> None:
    """Mark a job done. Raises LeaseLost when it is no longer ours."""
    _leave(connection, job, state=JobState.DONE, error=None, finished_at=attempt.ended_at)
    log_attempt(connection, job.id, attempt)


def fail(
    connection: Connection, job: Job, attempt: Attempt, *, retry_at: datetime | None, error: str
) -> None:
    """Put a job back until `retry_at`, or mark it dead when that is None. Raises LeaseLost."""
    _leave(
        connection,
        job,
        state=JobState.DEAD if retry_at is None else JobState.READY,
        error=error[:MAX_ERROR],
        run_at=job.run_at if retry_at is None else retry_at,
        finished_at=attempt.ended_at if retry_at is None else None,
    )
    log_attempt(connection, job.id, attempt)


def postpone(connection: Connection, job: Job, *, until: datetime) -> None:
    """Put a job back as if it had not been claimed. Raises LeaseLost."""
    _leave(connection, job, state=JobState.READY, run_at=until, attempts=job.attempts - 1)


def purge(connection: Connection, *, before: datetime) -> int:
    """Delete jobs that ended well before `before`; the dead stay until someone has looked at them."""
    is_over = jobs.c.state.in_([JobState.DONE, JobState.CANCELLED])
    return connection.execute(delete(jobs).where(is_over, jobs.c.finished_at < before)).rowcount


def log_attempt(connection: Connection, job_id: int, attempt: Attempt) -> None:
    """Add one line to the attempt log of a job."""
    connection.execute(
        insert(job_attempt).values(
            job_id=job_id,
            started_at=attempt.started_at,
            ended_at=attempt.ended_at,
            outcome=attempt.outcome,
            summary=attempt.summary,
        )
    )


def job_of(row: Row[tuple[object, ...]]) -> Job:
    """Return a row of the job table as a value."""
    names = Job.__dataclass_fields__
    values = {name: value for name, value in row._mapping.items() if name in names}  # noqa: SLF001 - public despite its name
    values["state"] = JobState(str(values["state"]))
    return Job(**values)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.READY, jobs.c.run_at <= now)


def _release_abandoned(connection: Connection, now: datetime, kinds: list[str]) -> None:
    abandoned = connection.execute(
        update(jobs)
        .where(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < now, jobs.c.kind.in_(kinds))
        .values(state=JobState.READY, lease_until=None, run_at=now)
        .returning(jobs.c.id, jobs.c.worker)
    ).all()
    for job_id, worker in abandoned:
        summary = f"worker {worker} was not heard of again"
        log_attempt(
            connection,
            job_id,
            Attempt(started_at=now, ended_at=now, outcome=AttemptOutcome.LEASE_LOST, summary=summary),
        )


def _leave(connection: Connection, job: Job, **values: object) -> None:
    is_ours = and_(
        jobs.c.id == job.id,
        jobs.c.state == JobState.RUNNING,
        jobs.c.worker == job.worker,
        jobs.c.attempts == job.attempts,
    )
    changed = connection.execute(update(jobs).where(is_ours).values(lease_until=None, **values)).rowcount
    if changed == 0:
        raise LeaseLost
