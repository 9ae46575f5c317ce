"""Clocks and timers of running records when something that they go by has changed.

That is a date of the record, the definition that it follows, or the calendar of the project.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, union, update

from orderkit.database.schema.system_tables import setting as settings
from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_timer as timers
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.clocks.dues import hours_of, later
from orderkit.engine.workflow.clocks.entering import setting_of, start_of
from orderkit.engine.workflow.clocks.running import Running, end_clocks, live_clocks, renew, start_clocks
from orderkit.engine.workflow.clocks.setting import Setting, cancel_timers, follow_moment, set_timers
from orderkit.engine.workflow.clocks.states import (
    LIVE_CLOCKS,
    LIVE_TIMERS,
    ClockState,
    TimerKind,
    knows_time,
)
from orderkit.engine.workflow.clocks.tasks import deadline_of, follow_tasks
from orderkit.engine.workflow.instances import Instance, find_instance
from orderkit.model.stored import part_hash
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.clocks import Clock
from orderkit.model.workflow.workflows import Timer, Workflow, all_steps

WORKING_TIME = "working_time"


def goes_by_dates(definition: Workflow) -> bool:
    """Return whether a change of a record may move a deadline or a timer of it."""
    return (
        any(each.at is not None for each in definition.timers)
        or any(not isinstance(each.clock.due, TimeSpan) for each in definition.sla)
        or any(not isinstance(clock.due, TimeSpan) for clock in _deadlines(definition))
    )


def follow_record(unit: Unit, workflow: Workflow, row: RecordRow) -> None:
    """Let deadlines and timers follow the dates of a record that has changed; its life is locked here."""
    instance = find_instance(unit, workflow, row.id, lock=True)
    if instance is None or not goes_by_dates(instance.definition):
        return
    for running in live_clocks(unit, instance):
        clock = clock_of(instance, running)
        if clock is not None and not isinstance(clock.due, TimeSpan):
            renew(unit, instance, row, running, clock)
    _follow_timers(unit, instance, row, [each for each in instance.definition.timers if each.at is not None])


def follow_definition(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Let clocks and timers follow a definition that a record has begun to follow where it stands.

    What both definitions have goes on from where it began. What is new begins now: nobody could keep a
    deadline that did not exist.
    """
    definition = instance.definition
    live = live_clocks(unit, instance)
    known = {each.id for each in definition.sla}
    gone = [each.id for each in live if each.task_id is None and each.name not in known]
    end_clocks(unit, gone, ClockState.CANCELLED)
    for running in live:
        clock = clock_of(instance, running)
        if clock is not None:
            renew(unit, instance, row, running, clock)
    running_over = {each.name for each in live if each.task_id is None}
    starts = [
        start_of(unit, each)
        for each in definition.sla
        if each.start == instance.state and each.id not in running_over
    ]
    start_clocks(unit, instance, row, starts)
    _follow_timers(unit, instance, row, definition.timers, is_complete=True)
    follow_tasks(unit, instance, row, since=unit.now)


def follow_calendar(runtime: Runtime) -> int:
    """Work out every open deadline and timer again if the calendar or the zone has changed; return of how many records.

    It may be called by several processes and stopped at any time: done again, it gives the same.
    """
    digest = _digest(runtime)
    with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
        kept = unit.connection.execute(
            select(settings.c.value).where(settings.c.name == WORKING_TIME)
        ).scalar_one_or_none()
        if kept == digest:
            return 0
        lives = () if kept is None else _lives_with_time(unit)
    for workflow_id, form, record_id in lives:
        with runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
            _renew_all(unit, unit.project.workflow_by_id[workflow_id], form, record_id)
    with runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
        changed = update(settings).where(settings.c.name == WORKING_TIME).values(value=digest)
        if not unit.connection.execute(changed).rowcount:
            unit.connection.execute(insert(settings).values(name=WORKING_TIME, value=digest))
    return len(lives)


def _digest(runtime: Runtime) -> str:
    hours = hours_of(runtime)
    text = json.dumps([part_hash(hours.calendar), hours.zone.key])
    return hashlib.sha256(text.encode()).hexdigest()


def _lives_with_time(unit: Unit) -> Sequence[tuple[str, str, int]]:
    concerned = union(
        select(clocks.c.instance_id).where(clocks.c.state.in_(LIVE_CLOCKS)),
        select(timers.c.instance_id).where(timers.c.state.in_(LIVE_TIMERS)),
    ).subquery()
    found = (
        select(instances.c.workflow, instances.c.form, instances.c.record_id)
        .where(instances.c.id.in_(select(concerned.c.instance_id)))
        .where(instances.c.workflow.in_(sorted(unit.project.workflow_by_id)))
        .order_by(instances.c.id)
    )
    return [(row.workflow, row.form, row.record_id) for row in unit.connection.execute(found)]


def _renew_all(unit: Unit, workflow: Workflow, form: str, record_id: int) -> None:
    found = rows_of(unit).load(form, [record_id], lock=True)
    instance = find_instance(unit, workflow, record_id, lock=True)
    if not found or instance is None or not knows_time(instance.definition):
        return
    (row,) = found
    for running in live_clocks(unit, instance):
        clock = clock_of(instance, running)
        if clock is not None:
            renew(unit, instance, row, running, clock)
    _follow_timers(unit, instance, row, instance.definition.timers, is_live_only=True)


def _follow_timers(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    wanted: Sequence[Timer],
    *,
    is_complete: bool = False,
    is_live_only: bool = False,
) -> None:
    """Move the state's timers to their moments. With `is_complete` those are all that there are."""
    found = (
        select(timers)
        .where(timers.c.instance_id == instance.id, timers.c.visit == instance.visit)
        .where(timers.c.kind == TimerKind.TIMER)
        .order_by(timers.c.nth)
    )
    last = {each.name: each for each in unit.connection.execute(found)}
    new = []
    for timer in wanted:
        before = last.pop(timer.id, None) if timer.state == instance.state else None
        if timer.state != instance.state or (is_live_only and before is None):
            continue
        setting = setting_of(unit, instance, row, timer)
        if before is not None and timer.after is not None:
            span = timer.after if before.nth == 0 or timer.every is None else timer.every
            setting = _counted_from(unit, timer, before.since, before.nth, span)
        if setting is None:
            cancel_timers(unit, [] if before is None else [before.id])
            continue
        moved = follow_moment(unit, before, setting)
        if moved is not None and (before is None or timer.at is not None):
            new.append(moved)
    if is_complete:
        cancel_timers(unit, [each.id for each in last.values()])
    set_timers(unit, instance, new)


def _counted_from(unit: Unit, timer: Timer, since: datetime, nth: int, span: TimeSpan) -> Setting:
    return Setting(kind=TimerKind.TIMER, name=timer.id, since=since, due_at=later(unit, since, span), nth=nth)


def clock_of(instance: Instance, running: Running) -> Clock | None:
    """Return what a clock goes by in the definition that its record follows; None where it is gone from it."""
    if running.task_id is not None:
        return deadline_of(approval_of(instance), running.step)
    return next((each.clock for each in instance.definition.sla if each.id == running.name), None)


def _deadlines(definition: Workflow) -> Sequence[Clock]:
    found = [
        clock
        for approval in definition.approvals
        for clock in (approval.sla, *(step.sla for step in all_steps(approval.steps)))
    ]
    return [clock for clock in found if clock is not None]
