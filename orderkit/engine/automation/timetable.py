"""When automations are due: by a schedule, or when a date of a record is reached.

A routine of the worker looks every few seconds. What is due is noted in a row for each automation and queued
under a key of the moment, so that it runs once however many workers look, and again after none of them did.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cronsim import CronSim
from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import automation as automations
from orderkit.engine.automation.reaching import LOOK_AGAIN, reached
from orderkit.engine.automation.runs import Run, queue_run
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.workflow.automations import Automation, DateReached, Schedule

# Later than this it was missed: nobody looked, since nothing ran.
MISSED_AFTER = timedelta(minutes=5)
_SKIP = "skip"


class Timetable:
    """Queues what is due. A `Routine` of the worker."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._timed = [
            each for each in runtime.project.automations if isinstance(each.trigger, Schedule | DateReached)
        ]

    def __call__(self) -> None:
        """Queue what is due now."""
        if not self._timed:
            return
        with self.runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
            waiting = [each for each in self._timed if _is_waiting(unit, each)]
        for each in waiting:
            with self.runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
                _look(unit, each)


def next_due(runtime: Runtime, schedule: Schedule, after: datetime) -> datetime | None:
    """Return the first moment of a schedule after another, in UTC; None where there never is one."""
    return next(_moments(runtime, schedule, after, is_back=False), None)


def last_due(runtime: Runtime, schedule: Schedule, until: datetime) -> datetime | None:
    """Return the last moment of a schedule up to another, in UTC."""
    # The moment itself counts, and a schedule knows no seconds.
    return next(_moments(runtime, schedule, until + timedelta(minutes=1), is_back=True), None)


def _moments(runtime: Runtime, schedule: Schedule, start: datetime, *, is_back: bool) -> Iterator[datetime]:
    here = start.astimezone(runtime.timezone)
    for found in CronSim(schedule.cron, here, reverse=is_back):
        moment = found.astimezone(UTC)
        if not is_back or moment <= start - timedelta(minutes=1):
            yield moment


def rule_of(automation: Automation) -> str:
    """Return how the trigger is written, as far as what was noted of another one has no meaning for it."""
    trigger = automation.trigger
    if isinstance(trigger, Schedule):
        return trigger.cron[:200]
    assert isinstance(trigger, DateReached)
    return f"{trigger.form} -{trigger.before or ''} +{trigger.after or ''}"[:200]


def _is_waiting(unit: Unit, automation: Automation) -> bool:
    query = select(automations.c.rule, automations.c.due_at).where(automations.c.id == automation.id)
    found = unit.connection.execute(query).one_or_none()
    if found is None or found.rule != rule_of(automation):
        return True
    return found.due_at is not None and bool(found.due_at <= unit.now)


def _look(unit: Unit, automation: Automation) -> None:
    found = _held(unit, automation)
    if found.rule != rule_of(automation):
        # It is another one now: what was missed of the former is nobody's business.
        _note(unit, automation, rule=rule_of(automation), since=unit.now, **_first(unit, automation))
    elif found.due_at is None or found.due_at > unit.now:
        # Another worker was faster.
        return
    elif isinstance(automation.trigger, Schedule):
        _fire(unit, automation, automation.trigger, found.due_at)
    else:
        _reach(unit, automation, found)


def _held(unit: Unit, automation: Automation) -> Row[tuple[object, ...]]:
    """Return the row of an automation, locked; it begins to count when it is first seen."""
    insert_into = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    values = {"id": automation.id, "rule": rule_of(automation), "since": unit.now, **_first(unit, automation)}
    unit.connection.execute(
        insert_into(automations).values(**values).on_conflict_do_nothing(index_elements=["id"])
    )
    is_it = automations.c.id == automation.id
    return unit.connection.execute(select(automations).where(is_it).with_for_update()).one()


def _first(unit: Unit, automation: Automation) -> dict[str, datetime | None]:
    if isinstance(automation.trigger, Schedule):
        return {"due_at": next_due(unit.runtime, automation.trigger, unit.now), "seen_until": None}
    return {"due_at": unit.now + LOOK_AGAIN, "seen_until": unit.now}


def _fire(unit: Unit, automation: Automation, schedule: Schedule, due_at: datetime) -> None:
    """Run it once for all that is due, unless that was missed and such is to be left out."""
    due = last_due(unit.runtime, schedule, unit.now) or due_at
    following = next_due(unit.runtime, schedule, unit.now)
    is_missed = unit.now - due > MISSED_AFTER
    if is_missed and schedule.misfire == _SKIP:
        _note(unit, automation, due_at=following)
        return
    queue_run(unit, Run(automation=automation.id, key=f"{automation.id}/{due.isoformat()}"), at=due)
    _note(unit, automation, due_at=following, fired_at=unit.now)


def _reach(unit: Unit, automation: Automation, found: Row[tuple[object, ...]]) -> None:
    assert isinstance(automation.trigger, DateReached)
    since, seen_until = found.since, found.seen_until or found.since
    runs = reached(unit, automation, automation.trigger, since=since, seen_until=seen_until)
    # In the order in which they were due, also after a stop.
    new = [queue_run(unit, run, at=due) for due, run in sorted(runs, key=lambda pair: pair[0])]
    fired = {"fired_at": unit.now} if any(new) else {}
    _note(unit, automation, due_at=unit.now + LOOK_AGAIN, seen_until=unit.now, **fired)


def _note(unit: Unit, automation: Automation, **values: object) -> None:
    unit.connection.execute(update(automations).where(automations.c.id == automation.id).values(**values))
