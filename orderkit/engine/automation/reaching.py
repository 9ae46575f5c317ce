"""Dates of records that are reached: looked for between the last look and now, a little further back.

A record whose date was written only after its moment had passed is found for a day; each moment counts once.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from orderkit.database.expressions import SqlScope, TableRow, compile_condition
from orderkit.engine.automation.runs import Run, workflow_about
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow.background.delays import moment_of, office_hours
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Literal
from orderkit.model.expressions.types import Boolean, Date, DateTime
from orderkit.model.workflow.automations import Automation, DateReached
from orderkit.model.working_time import moment_after, moment_before

LOOK_AGAIN = timedelta(minutes=1)
_LATE_FOR = timedelta(days=1)
_DAY = timedelta(days=1)


def reached(
    unit: Unit, automation: Automation, trigger: DateReached, *, since: datetime, seen_until: datetime
) -> Iterator[tuple[datetime, Run]]:
    """Yield what is due up to now, with its moment. What was due before `since` is left out."""
    after = max(since, seen_until - _LATE_FOR)
    days = _days_between(unit.runtime, trigger, after, unit.now)
    if days is None:
        return
    for row in rows_of(unit).load(trigger.form, _ids(unit, trigger, *days)):
        moment = moment_of(unit.runtime, evaluate(trigger.date, environment_of(unit, row)))
        due = None if moment is None else due_at(unit.runtime, trigger, moment)
        if due is not None and after < due <= unit.now:
            yield (
                due,
                Run(
                    automation=automation.id,
                    key=f"{automation.id}/{row.id}/{due.isoformat()}",
                    form=trigger.form,
                    record_id=row.id,
                    workflow=workflow_about(unit, trigger.form, None),
                ),
            )


def due_at(runtime: Runtime, trigger: DateReached, moment: datetime) -> datetime:
    """Return when a date that is reached at `moment` sets the automation off."""
    if trigger.before is not None:
        return moment_before(moment, trigger.before, office_hours(runtime))
    if trigger.after is not None:
        return moment_after(moment, trigger.after, office_hours(runtime))
    return moment


def _days_between(
    runtime: Runtime, trigger: DateReached, after: datetime, until: datetime
) -> tuple[date, date] | None:
    """Return the first and the last day whose dates may be due in between: later dates are never due earlier."""

    def due(day: date) -> datetime:
        return due_at(runtime, trigger, datetime.combine(day, time(), runtime.timezone).astimezone(UTC))

    first = _around(runtime, trigger, after)
    while due(first) > after:
        first -= _DAY
    last = max(first, _around(runtime, trigger, until))
    while due(last) <= until:
        last += _DAY
    return first, last


def _around(runtime: Runtime, trigger: DateReached, due: datetime) -> date:
    """Return about which day is due at a moment."""
    hours = office_hours(runtime)
    if trigger.before is not None:
        due = moment_after(due, trigger.before, hours)
    elif trigger.after is not None:
        due = moment_before(due, trigger.after, hours)
    return due.astimezone(runtime.timezone).date()


def _ids(unit: Unit, trigger: DateReached, first: date, last: date) -> list[int]:
    database = unit.runtime.database
    table = database.tables[trigger.form]
    scope = SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={"record": TableRow(trigger.form, table)},
        constants=environment_of(unit),
    )
    condition = compile_condition(_between(unit.runtime, trigger.date, first, last), scope)
    query = select(table.c.id).where(condition).order_by(table.c.id)
    return list(unit.connection.execute(query).scalars())


def _between(runtime: Runtime, value: Expression, first: date, last: date) -> Expression:
    """Return the condition that a date or moment lies on these days."""
    low, high = Literal(first, Date()), Literal(last, Date())
    if isinstance(value.type, DateTime):
        begin = datetime.combine(first, time(), runtime.timezone).astimezone(UTC)
        end = datetime.combine(last + _DAY, time(), runtime.timezone).astimezone(UTC)
        low, high = Literal(begin, DateTime()), Literal(end, DateTime())
    is_after = Binary(BinaryOperator.AT_LEAST, value, low, Boolean())
    is_before = Binary(BinaryOperator.AT_MOST, value, high, Boolean())
    return Binary(BinaryOperator.AND, is_after, is_before, Boolean())
