"""What people see of jobs: those of a state or a record, their attempts, and what may be done about them."""

from collections.abc import Mapping

from sqlalchemy import func, select, update

from orderkit.database.schema.system_tables import job as jobs
from orderkit.database.schema.system_tables import job_attempt
from orderkit.engine.jobs.job import Attempt, AttemptOutcome, Job, JobState
from orderkit.engine.jobs.listening import tell_others
from orderkit.engine.jobs.queue import job_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, NotFound
from orderkit.model.labels import label


def find_jobs(
    unit: Unit,
    *,
    state: JobState | None = None,
    form: str | None = None,
    record_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Job, ...]:
    """Return jobs, newest first; `before` is the id of the last job of the previous page."""
    found = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
    if state is not None:
        found = found.where(jobs.c.state == state)
    if form is not None:
        found = found.where(jobs.c.form == form)
    if record_id is not None:
        found = found.where(jobs.c.record_id == record_id)
    if before is not None:
        found = found.where(jobs.c.id < before)
    return tuple(job_of(row) for row in unit.connection.execute(found))


def find_job(unit: Unit, job_id: int) -> Job:
    """Return one job. Raises NotFound."""
    row = unit.connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(label(zh="没有这个任务", en="there is no such job"))
    return job_of(row)


def count_jobs(unit: Unit) -> Mapping[JobState, int]:
    """Return how many jobs there are in each state in which somebody may still want to do something."""
    alive = (JobState.READY, JobState.RUNNING, JobState.DEAD)
    found = select(jobs.c.state, func.count()).where(jobs.c.state.in_(alive)).group_by(jobs.c.state)
    counted = {JobState(state): count for state, count in unit.connection.execute(found)}
    return {state: counted.get(state, 0) for state in alive}


def attempts_of(unit: Unit, job_id: int) -> tuple[Attempt, ...]:
    """Return the attempts of a job, oldest first."""
    found = select(job_attempt).where(job_attempt.c.job_id == job_id).order_by(job_attempt.c.id)
    return tuple(
        Attempt(
            started_at=row.started_at,
            ended_at=row.ended_at,
            outcome=AttemptOutcome(row.outcome),
            summary=row.summary,
        )
        for row in unit.connection.execute(found)
    )


def replay(unit: Unit, job_id: int) -> None:
    """Give a dead job all its attempts again, under the same key. Raises NotFound, Conflict."""
    _change(
        unit, job_id, {JobState.DEAD}, state=JobState.READY, attempts=0, run_at=unit.now, finished_at=None
    )
    unit.after_commit.append(unit.runtime.wake_worker)
    tell_others(unit)


def replay_all(unit: Unit) -> int:
    """Give every dead job its attempts again, as after an outage of the other side; return how many there were."""
    values = {"state": JobState.READY, "attempts": 0, "run_at": unit.now, "finished_at": None}
    statement = update(jobs).where(jobs.c.state == JobState.DEAD).values(**values)
    count = unit.connection.execute(statement).rowcount
    if count:
        unit.after_commit.append(unit.runtime.wake_worker)
        tell_others(unit)
    return count


def cancel(unit: Unit, job_id: int) -> None:
    """Give a job up that waits or is dead. Raises NotFound, Conflict."""
    _change(unit, job_id, {JobState.DEAD, JobState.READY}, state=JobState.CANCELLED, finished_at=unit.now)


def settle(unit: Unit, job_id: int, *, is_done: bool) -> Job:
    """Note that a dead job needs no more attempts: somebody did it by hand, or it is left out. Return it.

    Raises: NotFound, Conflict.
    """
    state = JobState.DONE if is_done else JobState.CANCELLED
    _change(unit, job_id, {JobState.DEAD}, state=state, finished_at=unit.now)
    return job_of(unit.connection.execute(select(jobs).where(jobs.c.id == job_id)).one())


def _change(unit: Unit, job_id: int, expected: set[JobState], **values: object) -> None:
    is_it = jobs.c.id == job_id
    statement = update(jobs).where(is_it, jobs.c.state.in_(sorted(expected))).values(**values)
    if unit.connection.execute(statement).rowcount:
        return
    state = unit.connection.execute(select(jobs.c.state).where(is_it)).scalar_one_or_none()
    if state is None:
        raise NotFound(label(zh="没有这个任务", en="there is no such job"))
    raise Conflict(label(zh=f"任务已是 {state} 状态", en=f"the job is already {state}"))
