"""Where the figures come from: the rows behind each number, which the lists of records behind it show again.

Each source has the record (`instance_id`, `record_id`), a span (`since`, `until`) and what it is grouped by.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from orderkit.database.schema.column_types import UtcDateTime
from orderkit.database.schema.system_tables import workflow_event as events
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.lengths import now_as
from orderkit.engine.workflow.approvals.step_rows import STEP_OPEN
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Outcome

DECIDED = (TaskState.APPROVED, TaskState.REJECTED, TaskState.RETURNED)
# A path this long says that a record goes in circles; what follows is left out.
MOST_OF_PATH = 60

Rows = sa.Select[Any]


def visits(asked: Asked) -> Rows:
    """Return the visits of states that ended in the period, by `state`.

    A life that was imported, or begun before its workflow, lacks the entries of its beginning; where an entry does
    not follow the one before it, nobody knows when that visit ended.
    """
    lives = asked.lives()
    following = {"partition_by": events.c.instance_id, "order_by": events.c.id}
    entered = (
        sa.select(
            events.c.instance_id,
            events.c.record_id,
            events.c.target.label("state"),
            events.c.visit,
            events.c.at.label("since"),
            sa.func.lead(events.c.at, type_=UtcDateTime()).over(**following).label("until"),  # type: ignore[arg-type]
            sa.func.lead(events.c.visit).over(**following).label("next_visit"),  # type: ignore[arg-type]
        )
        .join(lives, lives.c.id == events.c.instance_id)
        .where(
            events.c.workflow == asked.workflow.id,
            events.c.record_id == lives.c.record_id,
            events.c.target.is_not(None),
            # No visit ended after the last one began.
            *asked.within(lives.c.entered_at, is_open_ended=True),
        )
        .subquery("entered")
    )
    return sa.select(
        entered.c.instance_id, entered.c.record_id, entered.c.since, entered.c.until, entered.c.state
    ).where(
        entered.c.until.is_not(None),
        entered.c.next_visit == entered.c.visit + 1,
        *asked.within(entered.c.until),
    )


def decided_steps(asked: Asked) -> Rows:
    """Return the steps that people decided in the period, by `approval` and `step`."""
    lives = asked.lives()
    is_by_people = (
        sa.select(tasks.c.id).where(tasks.c.step_id == steps.c.id, tasks.c.state.in_(DECIDED)).exists()
    )
    return (
        sa.select(
            steps.c.instance_id,
            lives.c.record_id,
            steps.c.started_at.label("since"),
            steps.c.ended_at.label("until"),
            steps.c.approval,
            steps.c.step,
        )
        .join(lives, lives.c.id == steps.c.instance_id)
        .where(
            steps.c.ended_at.is_not(None),
            steps.c.state.in_(DECIDED),
            is_by_people,
            *asked.within(steps.c.ended_at),
        )
    )


def decisions(asked: Asked) -> Rows:
    """Return what people decided in the period, by `person` and `step`; `state` says how."""
    lives = asked.lives()
    return (
        sa.select(
            tasks.c.instance_id,
            lives.c.record_id,
            tasks.c.created_at.label("since"),
            tasks.c.decided_at.label("until"),
            tasks.c.decided_by.label("person"),
            steps.c.approval,
            steps.c.step,
            tasks.c.state,
        )
        .join(lives, lives.c.id == tasks.c.instance_id)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(
            tasks.c.state.in_(DECIDED),
            tasks.c.decided_by.is_not(None),
            tasks.c.decided_at.is_not(None),
            *asked.within(tasks.c.decided_at),
        )
    )


def open_tasks(asked: Asked) -> Rows:
    """Return the tasks that wait now, by `state`, `approval`, `step` and `person`."""
    lives = asked.lives()
    return (
        sa.select(
            tasks.c.instance_id,
            lives.c.record_id,
            tasks.c.created_at.label("since"),
            now_as(asked.unit).label("until"),
            lives.c.state,
            steps.c.approval,
            steps.c.step,
            tasks.c.assignee_id.label("person"),
        )
        .join(lives, lives.c.id == tasks.c.instance_id)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(tasks.c.state == TaskState.OPEN, steps.c.state == STEP_OPEN, steps.c.visit == lives.c.visit)
    )


def resting(asked: Asked, *, in_approval: bool | None = None) -> Rows:
    """Return where the records stand that are not at their end, by `state`.

    `in_approval` picks those whose state is one of approval, or those whose state is not.
    """
    lives = asked.lives()
    found = sa.select(
        lives.c.id.label("instance_id"),
        lives.c.record_id,
        lives.c.entered_at.label("since"),
        now_as(asked.unit).label("until"),
        lives.c.state,
        lives.c.submitter_id,
    ).where(lives.c.state.not_in(asked.finals()))
    if in_approval is None:
        return found
    approved = [each.id for each in asked.states.values() if each.approval is not None]
    return found.where(lives.c.state.in_(approved) if in_approval else lives.c.state.not_in(approved))


def starts(asked: Asked) -> Rows:
    """Return the lives that began in the period."""
    lives = asked.lives()
    return (
        sa.select(
            events.c.instance_id, events.c.record_id, events.c.at.label("since"), events.c.at.label("until")
        )
        .join(lives, lives.c.id == events.c.instance_id)
        .where(
            events.c.workflow == asked.workflow.id,
            events.c.record_id == lives.c.record_id,
            events.c.verb == "start",
            *asked.within(events.c.at),
        )
    )


def ends(asked: Asked, outcome: Outcome | None = None) -> Rows:
    """Return the lives that stand at their end and came there in the period, by `state`.

    What was imported as history was never seen to end: when that was, only its own fields may say.
    """
    lives = asked.lives()
    was_seen = (
        sa.select(events.c.id)
        .where(
            events.c.instance_id == lives.c.id,
            events.c.visit == lives.c.visit,
            events.c.record_id == lives.c.record_id,
            events.c.target.is_not(None),
        )
        .exists()
    )
    return sa.select(
        lives.c.id.label("instance_id"),
        lives.c.record_id,
        lives.c.entered_at.label("since"),
        lives.c.entered_at.label("until"),
        lives.c.state,
    ).where(lives.c.state.in_(asked.finals(outcome)), was_seen, *asked.within(lives.c.entered_at))


def whole_lives(asked: Asked) -> Rows:
    """Return the lives that ended in the period and whose beginning is known, from the one to the other."""
    lives = asked.lives()
    return (
        sa.select(
            lives.c.id.label("instance_id"),
            lives.c.record_id,
            events.c.at.label("since"),
            lives.c.entered_at.label("until"),
            lives.c.visit,
        )
        .join(events, events.c.instance_id == lives.c.id)
        .where(
            lives.c.state.in_(asked.finals()),
            events.c.verb == "start",
            events.c.record_id == lives.c.record_id,
            *asked.within(lives.c.entered_at),
        )
    )


def paths(asked: Asked) -> Rows:
    """Return the same lives by `path`: their states in order."""
    lives = whole_lives(asked).subquery("whole")
    entered = (
        sa.select(*lives.c, events.c.target.label("state"), events.c.visit.label("number"))
        .join(lives, lives.c.instance_id == events.c.instance_id)
        .where(
            events.c.target.is_not(None),
            events.c.record_id == lives.c.record_id,
            events.c.visit <= MOST_OF_PATH,
        )
        .subquery("entered")
    )
    spans = (entered.c.instance_id, entered.c.record_id, entered.c.since, entered.c.until)
    if asked.unit.runtime.database.dialect == "postgresql":
        between: sa.ColumnElement[str] = aggregate_order_by(sa.literal_column("'>'"), entered.c.number)
        path = sa.func.string_agg(entered.c.state, between)
        return sa.select(*spans, path.label("path")).group_by(*spans)
    # An aggregate of SQLite takes rows in whatever order; as a window it goes by the number.
    so_far = sa.func.group_concat(entered.c.state, ">").over(
        partition_by=entered.c.instance_id, order_by=entered.c.number
    )
    grown = sa.select(*entered.c, so_far.label("path")).subquery("grown")
    last = sa.func.min(grown.c.visit, MOST_OF_PATH)
    return sa.select(
        grown.c.instance_id, grown.c.record_id, grown.c.since, grown.c.until, grown.c.path
    ).where(grown.c.number == last)
