"""The worker: takes due jobs, lets their handler act, and records what came of it.

It runs inside `serve` or as `orderkit worker`; any number of them may share a database. An attempt is
made outside any transaction; its result is saved in the one that marks the job done.
"""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from orderkit.database.connections.defaults import DIRECT_VARIABLE
from orderkit.database.connections.urls import database_url
from orderkit.engine.incidents import note_incident
from orderkit.engine.jobs import backoff, queue
from orderkit.engine.jobs.job import Attempt, AttemptOutcome, Handler, Job, Performed, Postponed
from orderkit.engine.jobs.listening import listen
from orderkit.engine.jobs.queue import LeaseLost
from orderkit.engine.jobs.workers import forget_worker, note_worker
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import ConnectorFailed, OrderkitError

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
POLL_SECONDS = 5.0
KEPT = timedelta(days=30)
TIDY_EVERY = timedelta(hours=1)
ROUTINE_SECONDS = 3.0

# What must be done now and then, whoever does it: removes what has had its time, in its own unit.
Chore = Callable[[Unit], object]

# What must be done within seconds, whoever does it; it opens its own units.
Routine = Callable[[], object]


class WakeUp:
    """Wakes waiting workers of this process; it is `Runtime.wake_worker`, called after each commit."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> None:
        """Wake them."""
        self._event.set()

    def forget(self) -> None:
        """Begin to wait for the next call; the caller looks for work after this, not before."""
        self._event.clear()

    def wait(self, seconds: float) -> None:
        """Wait until called, at most `seconds`."""
        self._event.wait(seconds)


class Worker:
    """Performs jobs of the kinds in `handlers`, every few seconds the `routines`, and every hour the `chores`."""

    def __init__(
        self,
        runtime: Runtime,
        handlers: Mapping[str, Handler],
        *,
        chores: Sequence[Chore] = (),
        routines: Sequence[Routine] = (),
        threads: int = 2,
        lease: timedelta = LEASE,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.runtime = runtime
        self.handlers = dict(handlers)
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._chores = (_purge, *chores)
        self._routines = tuple(routines)
        self._threads = threads
        self._lease = lease
        self._poll_seconds = poll_seconds
        wake_up = runtime.wake_worker
        self._wake_up = wake_up if isinstance(wake_up, WakeUp) else WakeUp()
        self._held: set[int] = set()

    def run_once(self, *, limit: int = 1000) -> int:
        """Perform what is due now, in order, and return how many attempts were made."""
        made = 0
        while made < limit and (job := self._claim()) is not None:
            self._attempt(job)
            made += 1
        return made

    def run(self, stop: threading.Event) -> None:
        """Perform jobs until `stop` is set; those under way are finished first."""
        loops = [threading.Thread(target=self._loop, args=(stop,), daemon=True) for _ in range(self._threads)]
        if self.runtime.database.dialect == "postgresql":
            listening = (self._direct_url(), self._wake_up, stop)
            loops.append(threading.Thread(target=listen, args=listening, daemon=True))
        if self._routines:
            loops.append(threading.Thread(target=self._go_round, args=(stop,), daemon=True))
        for loop in loops:
            loop.start()
        beat = self._lease.total_seconds() / 3
        tidy_at = self.runtime.clock.now()
        self._show()
        while not stop.wait(beat):
            self._heartbeat()
            self._show()
            if self.runtime.clock.now() >= tidy_at:
                tidy_at = self.runtime.clock.now() + TIDY_EVERY
                self.tidy()
        self._wake_up()
        while any(loop.is_alive() for loop in loops):
            for loop in loops:
                loop.join(timeout=beat / len(loops))
            self._heartbeat()
        self._show(is_ending=True)

    def _direct_url(self) -> sa.URL:
        """Return where notices are heard: the server itself, if the database is reached through a pool."""
        direct = self.runtime.environment(DIRECT_VARIABLE)
        return database_url(direct) if direct else self.runtime.database.engine.url

    def _loop(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._wake_up.forget()
            try:
                made = self.run_once(limit=1)
            except Exception:
                log.exception("worker_failed", action="jobs.claim", worker=self.name)
                made = 0
            if made == 0 and not stop.is_set():
                self._wake_up.wait(self._poll_seconds)

    def _go_round(self, stop: threading.Event) -> None:
        while not stop.wait(ROUTINE_SECONDS):
            self.do_routines()
        # What was committed last is not left for the next start.
        self.do_routines()

    def do_routines(self) -> None:
        """Do the routines once; one that fails leaves the others alone and is tried again within seconds."""
        for routine in self._routines:
            try:
                routine()
            except Exception:
                log.exception("routine_failed", action="jobs.routine", worker=self.name)

    def _claim(self) -> Job | None:
        database = self.runtime.database
        now = self.runtime.clock.now()
        with database.read() as connection:
            if not queue.is_work_waiting(connection, now=now, kinds=self.handlers):
                return None
        with database.write() as connection:
            taken = queue.claim(connection, worker=self.name, now=now, lease=self._lease, kinds=self.handlers)
        return taken[0] if taken else None

    def _heartbeat(self) -> None:
        held = set(self._held)
        if not held:
            return
        try:
            with self.runtime.database.write() as connection:
                lease_until = self.runtime.clock.now() + self._lease
                queue.heartbeat(connection, held, worker=self.name, lease_until=lease_until)
        except OrderkitError:
            log.warning("heartbeat_failed", action="jobs.heartbeat", worker=self.name)

    def _show(self, *, is_ending: bool = False) -> None:
        """Let administrators see that this worker runs, or that it has ended; the jobs do not depend on it."""
        try:
            with self.runtime.database.write() as connection:
                if is_ending:
                    forget_worker(connection, self.name)
                else:
                    now = self.runtime.clock.now()
                    note_worker(connection, self.name, model_hash=self.runtime.model_hash, now=now)
        except OrderkitError:
            log.warning("worker_not_shown", action="jobs.show", worker=self.name)

    def tidy(self) -> None:
        """Do the chores; one that fails leaves the others alone and is tried again an hour later."""
        for chore in self._chores:
            try:
                with self.runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
                    chore(unit)
            except Exception:
                log.exception("chore_failed", action="jobs.tidy", worker=self.name)

    def _attempt(self, job: Job) -> None:
        started_at = self.runtime.clock.now()
        handler = self.handlers[job.kind]
        self._held.add(job.id)
        try:
            if job.attempts > job.max_attempts:
                error = "every attempt ended with its worker"
                self._failed(job, handler, started_at, ConnectorFailed({"en": error}, is_permanent=True))
                return
            performed = handler.perform(self.runtime, job)
            self._succeeded(job, performed, started_at)
        except Postponed as postponed:
            with self.runtime.database.write() as connection:
                until = self.runtime.clock.now() + timedelta(seconds=postponed.seconds)
                queue.postpone(connection, job, until=until)
        except LeaseLost:
            log.warning("lease_lost", action="jobs.finish", job=job.id, kind=job.kind)
        except ConnectorFailed as failure:
            self._failed(job, handler, started_at, failure)
        except OrderkitError as refusal:
            self._failed(job, handler, started_at, ConnectorFailed(refusal.explain))
        except Exception as error:
            log.exception("job_failed", action="jobs.perform", job=job.id, kind=job.kind)
            note_incident(
                self.runtime, error, reference=f"job-{job.id}", channel=Channel.AUTOMATION, place=job.kind
            )
            # The text of an unknown exception may hold anything, a secret included.
            self._failed(job, handler, started_at, ConnectorFailed({"en": type(error).__name__}))
        finally:
            self._held.discard(job.id)

    def _succeeded(self, job: Job, performed: Performed, started_at: datetime) -> None:
        try:
            with self._unit(job, performed.person) as unit:
                attempt = Attempt(
                    started_at=started_at,
                    ended_at=unit.now,
                    outcome=AttemptOutcome.OK,
                    summary=performed.summary,
                )
                queue.finish(unit.connection, job, attempt)
                if performed.save is not None:
                    performed.save(unit)
        except LeaseLost:
            raise
        except OrderkitError as refusal:
            raise ConnectorFailed(
                refusal.explain,
                is_permanent=isinstance(refusal, ConnectorFailed) and refusal.is_permanent,
                summary=f"{performed.summary}; not saved: {refusal}",
            ) from refusal

    def _failed(self, job: Job, handler: Handler, started_at: datetime, failure: ConnectorFailed) -> None:
        if not failure.is_permanent and job.attempts < job.max_attempts:
            wait = backoff.with_jitter(handler.delay_seconds(self.runtime, job))
            self._record_failure(job, started_at, failure, wait=max(wait, failure.retry_after_seconds or 0))
            return
        try:
            self._record_failure(job, started_at, failure, bury=handler)
        except Exception:
            log.exception("burial_failed", action="jobs.bury", job=job.id, kind=job.kind)
            self._record_failure(job, started_at, failure)

    def _record_failure(
        self,
        job: Job,
        started_at: datetime,
        failure: ConnectorFailed,
        *,
        wait: float | None = None,
        bury: Handler | None = None,
    ) -> None:
        error = str(failure)
        try:
            with self._unit(job, SYSTEM) as unit:
                attempt = Attempt(
                    started_at=started_at,
                    ended_at=unit.now,
                    outcome=_outcome_of(failure),
                    summary=failure.summary or error,
                )
                retry_at = None if wait is None else unit.now + timedelta(seconds=wait)
                queue.fail(unit.connection, job, attempt, retry_at=retry_at, error=error)
                if bury is not None:
                    bury.bury(unit, job, error)
        except LeaseLost:
            log.warning("lease_lost", action="jobs.fail", job=job.id, kind=job.kind)

    @contextmanager
    def _unit(self, job: Job, person: Person) -> Iterator[Unit]:
        cause = job.cause or f"job:{job.id}"
        with self.runtime.write(person, Channel.AUTOMATION, cause=cause, depth=job.depth) as unit:
            yield unit


def _outcome_of(failure: ConnectorFailed) -> AttemptOutcome:
    if failure.is_outcome_unknown:
        return AttemptOutcome.UNKNOWN_OUTCOME
    if failure.is_permanent:
        return AttemptOutcome.PERMANENT
    return AttemptOutcome.RETRY if failure.retry_after_seconds is None else AttemptOutcome.RATE_LIMITED


def _purge(unit: Unit) -> None:
    queue.purge(unit.connection, before=unit.now - KEPT)
