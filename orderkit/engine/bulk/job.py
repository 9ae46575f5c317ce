"""Doing a run: a transaction does a few records and notes what became of each; a refusal undoes no other record.

A run of few records is done while the person waits; a job stands behind every run all the same, so that
one whose server died is brought to its end. Two that work off one run never do a record twice.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

from orderkit.database.connections.failures import DatabaseBusy
from orderkit.engine import access
from orderkit.engine.access.people import people_of
from orderkit.engine.bulk import runs
from orderkit.engine.bulk.actions import BulkAction, Move
from orderkit.engine.bulk.doing import REFUSALS, most_together, perform, reason_of
from orderkit.engine.bulk.runs import Outcome, RunState
from orderkit.engine.jobs import Job, Performed, enqueue
from orderkit.engine.pacing import Pace
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.engine.scopes import scope_of_json
from orderkit.model.errors import ConnectorFailed, Denied, OrderkitError
from orderkit.model.forms import FormId
from orderkit.model.labels import label

BULK_JOB = "bulk"
AT_ONCE = 20
_TAKEN_UP_AFTER = timedelta(minutes=1)
_ATTEMPTS = 3


def begin(
    unit: Unit,
    form_id: FormId,
    action: BulkAction,
    ids: Sequence[int],
    *,
    key: str,
    channel: Channel = Channel.PAGE,
) -> int:
    """Note a run in this transaction and return its id; with few records the caller then works it off.

    Raises: Refused, Conflict, as `runs.open_run` says; Denied for what a token of the caller does not reach.
    """
    is_move = isinstance(action, Move)
    decision = access.may_act(unit, form_id) if is_move else access.may_reach(unit, form_id)
    if not decision:
        raise Denied(decision.why)
    run_id, is_new = runs.open_run(unit, form_id, action, ids, key)
    if is_new:
        is_small = len(set(ids)) <= AT_ONCE
        scope = unit.person.scope
        payload = {
            "run": run_id,
            "person": unit.person.id,
            "channel": channel.value,
            # The worker acts for the same token, not for its user.
            "scope": None if scope is None else scope.as_json(),
        }
        enqueue(
            unit,
            BULK_JOB,
            payload,
            key=f"bulk:{run_id}",
            max_attempts=_ATTEMPTS,
            run_at=unit.now + _TAKEN_UP_AFTER if is_small else None,
        )
    return run_id


def work_off(
    runtime: Runtime,
    person: Person,
    run_id: int,
    *,
    request_id: str | None = None,
    channel: Channel = Channel.PAGE,
) -> None:
    """Do what is left of a run, with the rights of its person."""
    with runtime.write(person, channel, request_id=request_id) as unit:
        runs.set_state(unit, run_id, RunState.RUNNING)
        run = runs.find_run(unit, run_id)
        left = runs.waiting(unit, run_id)
    if not run.is_under_way:
        return
    working = _Working(runtime=runtime, person=person, run=run, request_id=request_id, channel=channel)
    is_whole = working.do_all(left)
    with runtime.write(person, channel, request_id=request_id) as unit:
        runs.set_state(unit, run_id, RunState.DONE if is_whole else RunState.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Working:
    runtime: Runtime
    person: Person
    run: runs.BulkRun
    request_id: str | None
    channel: Channel

    def do_all(self, ids: Sequence[int]) -> bool:
        """Do it to these records, unless it was done already; return false when the run is to stop."""
        pace = Pace(most=most_together(self.run.action, self.runtime.database.dialect))
        done = 0
        while done < len(ids):
            some = ids[done : done + pace.size]
            try:
                count = self._do(some, pace)
                if count is None:
                    return False
            except (*REFUSALS, DatabaseBusy) as error:
                if len(some) > 1:
                    # Nothing of it is kept. Whoever is refused is refused alone, for a reason of its own.
                    pace.broke_off(error, len(some))
                    continue
                if isinstance(error, DatabaseBusy):
                    raise
                self._refuse(some[0], error)
                count = 1
            done += count
        return True

    def _do(self, some: Sequence[int], pace: Pace) -> int | None:
        """Do it to the first of these records and return how many they are; None when the run is to stop."""
        run, form = self.run, self.runtime.project.form_by_id[self.run.form]
        with self._unit() as unit:
            begun = perf_counter()
            if runs.state_held(unit, run.id) is RunState.STOPPING:
                return None
            # Taken first: whoever else works at this run waits before it, and then passes by.
            taken = runs.take(unit, run.id, some)
            outcomes = perform(unit, run.form, taken, run.action)
            left = taken[len(outcomes) :]
            runs.give_back(unit, run.id, left)
            unchanged = []
            for each, outcome in zip(taken, outcomes, strict=False):
                if isinstance(outcome, OrderkitError):
                    runs.note_refused(unit, run.id, each, reason_of(outcome, form))
                elif outcome is Outcome.UNCHANGED:
                    unchanged.append(each)
            runs.note_unchanged(unit, run.id, unchanged)
        count = some.index(left[0]) if left else len(some)
        pace.took(perf_counter() - begun, count)
        return count

    def _refuse(self, record_id: int, error: OrderkitError) -> None:
        form = self.runtime.project.form_by_id[self.run.form]
        with self._unit() as unit:
            runs.refuse(unit, self.run.id, record_id, reason_of(error, form))

    def _unit(self) -> AbstractContextManager[Unit]:
        return self.runtime.write(
            self.person, self.channel, request_id=self.request_id, cause=f"bulk:{self.run.id}"
        )


@dataclass(frozen=True, slots=True)
class BulkHandler:
    """Does the runs of the queue."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Do what is left of a run; what was refused stands in its results."""
        run_id, person_id = job.payload["run"], job.payload["person"]
        assert isinstance(run_id, int)
        assert isinstance(person_id, int)
        with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
            person = people_of(unit, [person_id]).get(person_id)
        if person is None:
            raise ConnectorFailed(
                label(zh="操作人已停用", en="who asked for it may no longer sign in"), is_permanent=True
            )
        person = replace(person, scope=scope_of_json(job.payload.get("scope")))
        # Jobs of before this was noted are all of pages.
        work_off(runtime, person, run_id, channel=Channel(str(job.payload.get("channel", Channel.PAGE))))
        return Performed(summary=f"run {run_id} is done")

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the port's signature
        """Return a short wait: what failed is the database or the machine, never a record."""
        return 10.0 * job.attempts

    def bury(self, unit: Unit, job: Job, error: str) -> None:  # noqa: ARG002 - the port's signature
        """Say in the run that it failed."""
        run_id = job.payload["run"]
        assert isinstance(run_id, int)
        runs.set_state(unit, run_id, RunState.FAILED)
