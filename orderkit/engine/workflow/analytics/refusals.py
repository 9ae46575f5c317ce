"""What was sent back and turned down: at which step, by how much of what was decided there, and with which words."""

from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.sources import decisions
from orderkit.engine.workflow.analytics.times import step_label
from orderkit.engine.workflow.views import TaskState
from orderkit.model.labels import Label

MOST_STEPS = 100
MOST_REASONS = 20
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRefusals:
    """How often a step was decided against, of all its decisions."""

    approval: str
    step: str
    label: Label
    decided: int
    rejected: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Words that were given with rejections and returns, and how often; empty where none were."""

    text: str
    rejected: int
    returned: int

    @property
    def count(self) -> int:
        """How often in all."""
        return self.rejected + self.returned


def step_refusals(asked: Asked) -> tuple[StepRefusals, ...]:
    """Return the steps at which anything was rejected or returned in the period, the most often first."""
    rows = decisions(asked).subquery("decisions")
    rejected, returned = _sums(rows)
    found = (
        sa.select(rows.c.approval, rows.c.step, sa.func.count(), rejected, returned)
        .group_by(rows.c.approval, rows.c.step)
        .having(rejected + returned > 0)
        .order_by((rejected + returned).desc(), rows.c.approval, rows.c.step)
        .limit(MOST_STEPS)
    )
    return tuple(
        StepRefusals(
            approval=approval,
            step=step,
            label=step_label(asked, approval, step),
            decided=decided,
            rejected=int(no),
            returned=int(back),
        )
        for approval, step, decided, no, back in asked.unit.connection.execute(found)
    )


def reasons(asked: Asked) -> tuple[Reason, ...]:
    """Return what was said with rejections and returns in the period, the most often first.

    Words are the same where they are once blanks around them are gone.
    """
    rows = decisions(asked).add_columns(said().label("said")).subquery("decisions")
    rejected, returned = _sums(rows)
    found = (
        sa.select(rows.c.said, rejected, returned)
        .where(rows.c.state != TaskState.APPROVED)
        .group_by(rows.c.said)
        .order_by(sa.func.count().desc(), rows.c.said)
        .limit(MOST_REASONS)
    )
    return tuple(
        Reason(text=text, rejected=int(no), returned=int(back))
        for text, no, back in asked.unit.connection.execute(found)
    )


def said() -> sa.ColumnElement[str]:
    """Return the beginning of what was said with a decision."""
    return sa.func.substr(sa.func.trim(sa.func.coalesce(tasks.c.comment, "")), 1, LONGEST_REASON)


def _sums(rows: sa.FromClause) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    rejected, returned = (
        sa.func.sum(sa.case((rows.c.state == state, 1), else_=0))
        for state in (TaskState.REJECTED, TaskState.RETURNED)
    )
    return rejected, returned
