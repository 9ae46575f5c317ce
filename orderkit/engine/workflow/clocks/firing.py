"""Letting timers fire: by whatever worker comes first, in the order in which they were due, each once.

A worker looks every few seconds which moments have come and queues a job for each record, so that a failure is
retried and seen like any other. The job locks the record's life, looks at everything again and fires what is due;
that a timer has fired commits with what it did. What the rules refuse is noted, told to the administrators, and
holds nothing else up.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row, select, update

from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine import jobs, messages
from orderkit.engine.access.people import people_with_role
from orderkit.engine.jobs import Job, Performed, backoff
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.engine.workflow.acting import RecordContext, run_actions
from orderkit.engine.workflow.clocks.consequences import Fired
from orderkit.engine.workflow.clocks.dues import later
from orderkit.engine.workflow.clocks.following import clock_of, follow_calendar
from orderkit.engine.workflow.clocks.running import running_of
from orderkit.engine.workflow.clocks.setting import Setting, set_timers
from orderkit.engine.workflow.clocks.states import AWAITED_TIMERS, ClockState, TimerKind, TimerState
from orderkit.engine.workflow.instances import Instance, find_instance
from orderkit.engine.workflow.transitions.conditions import value_in
from orderkit.engine.workflow.transitions.moving import press_by_rule
from orderkit.engine.workflow.views import TaskState
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from orderkit.model.labels import Label, text_of
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.clocks import Clock
from orderkit.model.workflow.workflows import Timer, Workflow

log = structlog.get_logger(__name__)

TIMER_JOB = "timer"
MISSED_AFTER = timedelta(minutes=10)
"""Who says `misfire: skip` means: later than this it is not worth doing."""

CALLED_AT_ONCE = 500
FIRED_AT_ONCE = 50
COUNTED_THROUGH = 1000
FIRST_SECONDS, LAST_SECONDS, TIMES = 60, 21600, 6
MAX_ERROR = 500

REFUSALS = (Refused, Conflict, Denied, NotFound, Stale)


class Bell:
    """What a worker does every few seconds: it queues what is due.

    The first time it looks whether the calendar has changed since open deadlines were worked out.
    """

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._has_calendar = False

    def __call__(self) -> None:
        """Queue what is due."""
        if not self._has_calendar:
            follow_calendar(self.runtime)
            self._has_calendar = True
        ring(self.runtime)


def ring(runtime: Runtime) -> int:
    """Queue a job for every record of which a moment has come; return how many those are."""
    count = 0
    while _is_due(runtime):
        with runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
            called = _call(unit)
        count += called
        if not called:
            break
    return count


def _is_due(runtime: Runtime) -> bool:
    with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
        due = select(timers.c.id).where(timers.c.state == TimerState.READY, timers.c.due_at <= unit.now)
        return unit.connection.execute(due.limit(1)).first() is not None


def _call(unit: Unit) -> int:
    due = (
        select(timers)
        .where(timers.c.state == TimerState.READY, timers.c.due_at <= unit.now)
        .order_by(timers.c.due_at, timers.c.id)
        .limit(CALLED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = unit.connection.execute(due).all()
    called: set[int] = set()
    for row in found:
        if row.instance_id in called:
            continue
        called.add(row.instance_id)
        jobs.enqueue(
            unit,
            TIMER_JOB,
            {"workflow": row.workflow},
            key=f"timer/{row.id}/{row.due_at.isoformat()}",
            run_at=row.due_at,
            form=row.form,
            record_id=row.record_id,
        )
    ids = [row.id for row in found]
    unit.connection.execute(update(timers).where(timers.c.id.in_(ids)).values(state=TimerState.CALLED))
    return len(called)


class TimerHandler:
    """Fires what is due of the record that the job names."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:  # noqa: ARG002 - all of it happens in `save`
        """Return what to do; there is nothing outside to call."""
        return Performed(
            summary=f"timers of {job.payload['workflow']}", save=lambda unit: _fire_all(unit, job)
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every timer
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Tell the administrators."""
        _tell_administrators(unit, job, str(job.payload["workflow"]), named(error))


def _fire_all(unit: Unit, job: Job) -> None:
    assert job.form is not None and job.record_id is not None  # noqa: PT018 - one thought
    workflow = unit.project.workflow_by_id.get(str(job.payload["workflow"]))
    rows = rows_of(unit).load(job.form, [job.record_id], lock=True)
    instance = None if workflow is None else find_instance(unit, workflow, job.record_id, lock=True)
    if not rows or workflow is None or instance is None:
        return
    for _ in range(FIRED_AT_ONCE):
        timer = _next_due(unit, instance.id)
        if timer is None:
            return
        _fire(unit, workflow, timer)
    # What is left is rung for again: no record keeps a worker for long.
    unit.connection.execute(
        update(timers)
        .where(timers.c.instance_id == instance.id, timers.c.state == TimerState.CALLED)
        .values(state=TimerState.READY)
    )


def _next_due(unit: Unit, instance_id: int) -> Row[tuple[object, ...]] | None:
    due = (
        select(timers)
        .where(timers.c.instance_id == instance_id, timers.c.state.in_(AWAITED_TIMERS))
        .where(timers.c.due_at <= unit.now)
        .order_by(timers.c.due_at, timers.c.id)
        .limit(1)
    )
    return unit.connection.execute(due).one_or_none()


def _fire(unit: Unit, workflow: Workflow, timer: Row[tuple[object, ...]]) -> None:
    """Fire one timer; what it did is undone, and it alone, when the rules refuse it."""
    try:
        with unit.within() as inner:
            (row,) = rows_of(inner).load(timer.form, [timer.record_id], lock=True)
            instance = find_instance(inner, workflow, row.id, lock=True)
            assert instance is not None, "its life is locked"
            state = _happen(inner, instance, row, timer)
            _leave(inner, timer, state)
    except REFUSALS as refusal:
        _leave(unit, timer, TimerState.REFUSED, error=str(refusal))
        log.warning("timer_refused", action="timers.fire", timer=timer.id, error=type(refusal).__name__)
        what = timer.name if timer.kind == TimerKind.TIMER else timer.kind
        _tell_administrators(unit, timer, what, refusal.explain)
        # One refusal does not end what repeats.
        _repeat(unit, workflow, timer)


def _happen(unit: Unit, instance: Instance, row: RecordRow, timer: Row[tuple[object, ...]]) -> TimerState:
    """Do what belongs to a moment, if it still holds, and return how its timer ended."""
    if timer.kind == TimerKind.TIMER:
        return _happen_in_state(unit, instance, row, timer)
    found = unit.connection.execute(select(clocks).where(clocks.c.id == timer.clock_id)).one_or_none()
    running = None if found is None else running_of(found)
    clock = None if running is None else clock_of(instance, running)
    if running is None or clock is None or running.state is not ClockState.RUNNING or running.due_at is None:
        return TimerState.CANCELLED
    task = None
    if running.task_id is not None:
        task = unit.connection.execute(select(tasks).where(tasks.c.id == running.task_id)).one_or_none()
        if task is None or task.state != TaskState.OPEN:
            return TimerState.CANCELLED
    fired = Fired(unit=unit, instance=instance, row=row, running=running, task=task, key=f"timer/{timer.id}")
    return _happen_by_clock(fired, clock, timer)


def _happen_by_clock(fired: Fired, clock: Clock, timer: Row[tuple[object, ...]]) -> TimerState:
    entries = clock.remind if timer.kind == TimerKind.REMIND else clock.overdue
    number = int(timer.name)
    if number >= len(entries):
        return TimerState.CANCELLED
    if _is_missed(fired.unit, clock.misfire, timer.due_at):
        return TimerState.SKIPPED
    if timer.kind == TimerKind.REMIND:
        fired.remind(clock.remind[number])
    else:
        fired.overdue(clock.overdue[number])
    return TimerState.FIRED


def _happen_in_state(
    unit: Unit, instance: Instance, row: RecordRow, timer: Row[tuple[object, ...]]
) -> TimerState:
    found = _timer_of(instance, timer)
    if found is None:
        return TimerState.CANCELLED
    state = TimerState.SKIPPED
    holds = found.when is None or value_in(unit, instance, row, found.when) is True
    if holds and not _is_missed(unit, found.misfire, timer.due_at):
        context = RecordContext(unit=unit, row=row, instance=instance, press=press_by_rule)
        run_actions(found.actions, context)
        state = TimerState.FIRED
    _repeat(unit, unit.project.workflow_by_id[instance.workflow], timer)
    return state


def _repeat(unit: Unit, workflow: Workflow, timer: Row[tuple[object, ...]]) -> None:
    """Set a timer that repeats to its next moment to come, while the record is still where it was.

    Repetitions that were missed are not made up for.
    """
    instance = find_instance(unit, workflow, timer.record_id) if timer.kind == TimerKind.TIMER else None
    found = None if instance is None else _timer_of(instance, timer)
    if instance is None or found is None or found.every is None:
        return
    since = timer.due_at
    for number in range(COUNTED_THROUGH):
        moment = later(unit, since, found.every)
        if moment > unit.now:
            setting = Setting(
                kind=TimerKind.TIMER, name=found.id, since=since, due_at=moment, nth=timer.nth + 1
            )
            set_timers(unit, instance, [setting])
            return
        # What repeats in seconds begins anew after a long stop instead of being counted through.
        since = moment if number < COUNTED_THROUGH - 2 else unit.now


def _timer_of(instance: Instance, timer: Row[tuple[object, ...]]) -> Timer | None:
    """Return what a timer does in the definition that its record follows, if it is still in that visit."""
    if timer.visit != instance.visit:
        return None
    return next(
        (
            each
            for each in instance.definition.timers
            if each.id == timer.name and each.state == instance.state
        ),
        None,
    )


def _is_missed(unit: Unit, misfire: str, due_at: datetime) -> bool:
    return misfire == "skip" and unit.now - due_at > MISSED_AFTER


def _leave(unit: Unit, timer: Row[tuple[object, ...]], state: TimerState, error: str | None = None) -> None:
    unit.connection.execute(
        update(timers)
        .where(timers.c.id == timer.id)
        .values(state=state, ended_at=unit.now, error=None if error is None else error[:MAX_ERROR])
    )


def _tell_administrators(unit: Unit, about: Job | Row[tuple[object, ...]], what: str, why: Label) -> None:
    assert about.form is not None and about.record_id is not None  # noqa: PT018 - one thought
    row = rows_of(unit).row(about.form, about.record_id)
    if row is None:
        return
    message = of_both(
        "定时动作“{what}”没有执行：{why}",
        "the timed action “{what}” was not done: {why}",
        what=named(what),
        why=why,
    )
    messages.open_task(unit, row, people_with_role(unit, ADMIN), text_of(message, unit.project.locale))
