"""The outbox and its worker on both databases: what commits is done, at least once, by one worker at a time."""

import contextlib
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from orderkit.catalog import built_in
from orderkit.engine import jobs
from orderkit.engine.jobs import (
    AttemptOutcome,
    JobState,
    Performed,
    Postponed,
    WakeUp,
    Worker,
    backoff,
    queue,
    rates,
)
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.errors import Conflict, ConnectorFailed, NotFound, Refused
from orderkit.model.labels import label
from orderkit.model.project import Project
from tests.support.clock import FakeClock

PROJECT = Project(
    id="small",
    label=MappingProxyType({"en": "Small"}),
    version="1",
    locale="en",
    locales=("en",),
    timezone="UTC",
    currency="CNY",
    channels={},
    forms=(),
)


class Recorder:
    """A handler that keeps what it was given and fails as it is told."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.performed = []
        self.buried = []
        self.saved = []
        self.before = lambda job: None

    def perform(self, runtime, job):
        self.performed.append(dict(job.payload))
        self.before(job)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        return Performed(summary="POST /x → 200", save=lambda unit: self.saved.append((job.id, unit.depth)))

    def delay_seconds(self, runtime, job):
        return backoff.delay_seconds(job.attempts, times=6, first=60, last=21600)

    def bury(self, unit, job, error):
        self.buried.append((job.id, error))


@pytest.fixture
def runtime(make_database, clock, tmp_path):
    return Runtime(
        project=PROJECT,
        model_hash="0" * 64,
        catalog=built_in(),
        database=make_database(PROJECT),
        files_folder=tmp_path,
        clock=clock,
        wake_worker=WakeUp(),
    )


def enqueue(runtime, n=1, *, depth=0, **more):
    with runtime.write(SYSTEM, Channel.PAGE, cause="the cause", depth=depth) as unit:
        return jobs.enqueue(unit, "send", {"n": n}, **more)


def the_job(runtime, job_id):
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        return next(job for job in jobs.find_jobs(unit) if job.id == job_id)


def attempts(runtime, job_id):
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        return [attempt.outcome for attempt in jobs.attempts_of(unit, job_id)]


def test_a_job_exists_only_if_its_unit_commits(runtime):
    handler = Recorder()
    with contextlib.suppress(ZeroDivisionError), runtime.write(SYSTEM, Channel.PAGE) as unit:
        jobs.enqueue(unit, "send", {"n": 1})
        raise ZeroDivisionError
    assert Worker(runtime, {"send": handler}).run_once() == 0


def test_jobs_run_once_in_order_of_priority_then_age(runtime):
    for n, priority in ((1, 5), (2, 0), (3, 0)):
        enqueue(runtime, n, priority=priority)
    handler = Recorder()
    worker = Worker(runtime, {"send": handler})
    assert worker.run_once() == 3
    assert worker.run_once() == 0
    assert [each["n"] for each in handler.performed] == [2, 3, 1]


def test_a_key_is_taken_once_for_ever(runtime):
    first = enqueue(runtime, key="receipt:1")
    assert enqueue(runtime, key="receipt:1") is None
    Worker(runtime, {"send": Recorder()}).run_once()
    assert enqueue(runtime, key="receipt:1") is None
    assert the_job(runtime, first).state is JobState.DONE


def test_what_is_due_later_waits(runtime, clock):
    enqueue(runtime, run_at=clock.now() + timedelta(hours=1))
    worker = Worker(runtime, {"send": Recorder()})
    assert worker.run_once() == 0
    clock.advance(hours=1)
    assert worker.run_once() == 1


def test_an_unknown_kind_waits_for_a_worker_that_knows_it(runtime):
    enqueue(runtime)
    assert Worker(runtime, {"other": Recorder()}).run_once() == 0
    assert Worker(runtime, {"send": Recorder()}).run_once() == 1


def test_a_failed_job_comes_back_after_its_delay_and_the_log_tells_both_attempts(runtime, clock):
    handler = Recorder(ConnectorFailed(label(en="answered 500"), is_outcome_unknown=True, summary="→ 500"))
    job_id = enqueue(runtime)
    worker = Worker(runtime, {"send": handler})
    worker.run_once()
    waiting = the_job(runtime, job_id)
    assert (waiting.state, waiting.error) == (JobState.READY, "answered 500")
    assert timedelta(seconds=50) < waiting.run_at - clock.now() < timedelta(seconds=70)
    clock.advance(seconds=71)
    worker.run_once()
    assert the_job(runtime, job_id).state is JobState.DONE
    assert attempts(runtime, job_id) == [AttemptOutcome.UNKNOWN_OUTCOME, AttemptOutcome.OK]
    assert handler.saved == [(job_id, 1)]


def test_a_system_that_says_when_is_asked_then(runtime, clock):
    handler = Recorder(ConnectorFailed(label(en="answered 429"), retry_after_seconds=600))
    job_id = enqueue(runtime)
    Worker(runtime, {"send": handler}).run_once()
    assert the_job(runtime, job_id).run_at == clock.now() + timedelta(seconds=600)
    assert attempts(runtime, job_id) == [AttemptOutcome.RATE_LIMITED]


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param(
            [ConnectorFailed(label(en="answered 400"), is_permanent=True)], id="at once when it is permanent"
        ),
        pytest.param([ConnectorFailed(label(en="answered 503"))] * 3, id="after the last attempt"),
    ],
)
def test_a_job_dies_is_told_of_and_can_be_replayed(runtime, clock, failures):
    handler = Recorder(*failures)
    job_id = enqueue(runtime, key="receipt:1", max_attempts=3)
    worker = Worker(runtime, {"send": handler})
    for _ in failures:
        worker.run_once()
        clock.advance(days=1)
    assert the_job(runtime, job_id).state is JobState.DEAD
    assert [each[0] for each in handler.buried] == [job_id]
    assert worker.run_once() == 0
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        jobs.replay(unit, job_id)
    assert worker.run_once() == 1
    assert the_job(runtime, job_id).state is JobState.DONE
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        with pytest.raises(Conflict):
            jobs.replay(unit, job_id)
        with pytest.raises(NotFound):
            jobs.cancel(unit, 999)


def test_a_job_dies_even_when_nobody_can_be_told(runtime):
    handler = Recorder(ConnectorFailed(label(en="no"), is_permanent=True))
    handler.bury = lambda unit, job, error: 1 / 0
    job_id = enqueue(runtime)
    Worker(runtime, {"send": handler}).run_once()
    assert the_job(runtime, job_id).state is JobState.DEAD


def test_a_fault_of_ours_costs_one_attempt_and_tells_no_secret(runtime):
    handler = Recorder(RuntimeError("password=abc"))
    job_id = enqueue(runtime)
    Worker(runtime, {"send": handler}).run_once()
    job = the_job(runtime, job_id)
    assert (job.state, job.error) == (JobState.READY, "RuntimeError")


def test_a_result_that_cannot_be_saved_is_tried_again(runtime, clock):
    handler = Recorder()
    refusals = [Refused((), label(en="the period is closed"))]
    perform = handler.perform

    def saving(runtime, job):
        done = perform(runtime, job)

        def save(unit):
            if refusals:
                raise refusals.pop()
            done.save(unit)

        return Performed(summary=done.summary, save=save)

    handler.perform = saving
    job_id = enqueue(runtime)
    worker = Worker(runtime, {"send": handler})
    worker.run_once()
    assert the_job(runtime, job_id).error == "the period is closed"
    clock.advance(hours=1)
    worker.run_once()
    assert len(handler.saved) == 1


def test_a_job_whose_worker_died_is_taken_over_and_the_dead_one_can_no_longer_finish(runtime, clock):
    job_id = enqueue(runtime)
    with runtime.database.write() as connection:
        (held,) = queue.claim(
            connection, worker="dead", now=clock.now(), lease=timedelta(seconds=60), kinds=["send"]
        )
    worker = Worker(runtime, {"send": Recorder()})
    assert worker.run_once() == 0
    clock.advance(seconds=61)
    assert worker.run_once() == 1
    assert attempts(runtime, job_id) == [AttemptOutcome.LEASE_LOST, AttemptOutcome.OK]
    attempt = jobs.Attempt(
        started_at=clock.now(), ended_at=clock.now(), outcome=AttemptOutcome.OK, summary="late"
    )
    with pytest.raises(queue.LeaseLost), runtime.database.write() as connection:
        queue.finish(connection, held, attempt)
    assert len(attempts(runtime, job_id)) == 2


def test_a_job_that_kills_its_workers_ends_dead(runtime, clock):
    job_id = enqueue(runtime, max_attempts=2)
    handler = Recorder()
    for _ in range(2):
        with runtime.database.write() as connection:
            queue.claim(
                connection, worker="dies", now=clock.now(), lease=timedelta(seconds=60), kinds=["send"]
            )
        clock.advance(seconds=61)
    Worker(runtime, {"send": handler}).run_once()
    assert handler.performed == []
    assert the_job(runtime, job_id).state is JobState.DEAD
    assert len(handler.buried) == 1


def test_a_heartbeat_keeps_the_lease(runtime, clock):
    enqueue(runtime)
    with runtime.database.write() as connection:
        (held,) = queue.claim(
            connection, worker="slow", now=clock.now(), lease=timedelta(seconds=60), kinds=["send"]
        )
    clock.advance(seconds=50)
    with runtime.database.write() as connection:
        until = clock.now() + timedelta(seconds=60)
        queue.heartbeat(connection, [held.id], worker="slow", lease_until=until)
    clock.advance(seconds=50)
    assert Worker(runtime, {"send": Recorder()}).run_once() == 0


def test_workers_side_by_side_do_each_job_once(runtime):
    for n in range(40):
        enqueue(runtime, n)
    handler = Recorder()
    workers = [Worker(runtime, {"send": handler}) for _ in range(4)]
    threads = [threading.Thread(target=worker.run_once) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(each["n"] for each in handler.performed) == Counter(range(40))


def test_a_running_worker_is_woken_by_a_commit_and_stops_when_asked(runtime):
    handler = Recorder()
    is_done = threading.Event()
    handler.before = lambda job: is_done.set()
    stop = threading.Event()
    worker = Worker(runtime, {"send": handler}, poll_seconds=3600)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    enqueue(runtime)
    assert is_done.wait(timeout=30)
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert len(handler.performed) == 1


@pytest.mark.postgres
def test_a_worker_of_another_process_hears_of_a_commit(databases, tmp_path, clock):
    mark = databases.mark()
    database = databases.make(PROJECT, "postgresql")
    common = {
        "project": PROJECT,
        "model_hash": "0",
        "catalog": built_in(),
        "files_folder": tmp_path,
        "clock": clock,
    }
    here, there = (Runtime(database=database, wake_worker=WakeUp(), **common) for _ in range(2))
    handler, stop = Recorder(), threading.Event()
    first, second = threading.Event(), threading.Event()
    handler.before = lambda job: (second if first.is_set() else first).set()
    thread = threading.Thread(target=Worker(there, {"send": handler}, poll_seconds=3600).run, args=(stop,))
    thread.start()
    for done in (first, second):
        enqueue(here)
        assert done.wait(timeout=30)
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()
    databases.clear(mark)


def test_a_job_without_a_token_waits_without_losing_an_attempt(runtime, clock):
    handler = Recorder(Postponed(30))
    job_id = enqueue(runtime)
    worker = Worker(runtime, {"send": handler})
    worker.run_once()
    waiting = the_job(runtime, job_id)
    assert (waiting.attempts, waiting.run_at) == (0, clock.now() + timedelta(seconds=30))
    clock.advance(seconds=30)
    worker.run_once()
    assert the_job(runtime, job_id).state is JobState.DONE


def test_a_chain_of_causes_comes_to_rest(runtime):
    job_id = enqueue(runtime, depth=jobs.MAX_DEPTH)
    assert the_job(runtime, job_id).state is JobState.DEAD
    assert Worker(runtime, {"send": Recorder()}).run_once() == 0


def test_purge_keeps_the_dead_and_the_young(runtime, clock):
    done, dead = enqueue(runtime, 1), enqueue(runtime, 2)
    handler = Recorder(None, ConnectorFailed(label(en="no"), is_permanent=True))
    Worker(runtime, {"send": handler}).run_once()
    clock.advance(days=40)
    young = enqueue(runtime, 3)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        assert jobs.purge(unit.connection, before=clock.now() - timedelta(days=30)) == 1
        assert {job.id for job in jobs.find_jobs(unit)} == {dead, young}
    assert done not in {dead, young}


def test_a_rate_limit_holds_over_time(runtime):
    clock = FakeClock()
    waits = []
    for _ in range(5):
        with runtime.database.write() as connection:
            waits.append(rates.take(connection, "finance", count=2, seconds=60, now=clock.now()))
        clock.advance(seconds=10)
    assert waits == [0, 0, 10, 0, 20]


def test_delays_grow_from_the_first_to_the_last():
    delays = [backoff.delay_seconds(n, times=6, first=60, last=21600) for n in range(1, 8)]
    assert delays[0] == 60
    assert delays == sorted(delays)
    assert delays[5] == delays[6] == pytest.approx(21600)


def test_a_chore_that_fails_leaves_the_others_alone(runtime, clock):
    done = []

    def broken(unit):
        raise RuntimeError

    Worker(runtime, {}, chores=(broken, lambda unit: done.append(unit.now))).tidy()
    assert done == [clock.now()]


def test_it_hears_of_jobs_by_the_direct_way_where_the_database_is_behind_a_pool(runtime):
    pooled = runtime.database.engine.url
    assert Worker(runtime, {})._direct_url() == pooled
    direct = "postgresql://orders@db.internal/orders"
    behind = replace(runtime, environment={"ORDERKIT_DIRECT_DATABASE_URL": direct}.get)
    assert Worker(behind, {})._direct_url().host == "db.internal"
