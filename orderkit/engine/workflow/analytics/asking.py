"""What is asked about a workflow, by whom, and which lives of records the answer may be taken from.

Nobody learns a number about records that they may not read: every source is cut by the row rules of its reader,
for the state of the record, and for its owner where the question is about owners.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_event as events
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.engine.access import Action, RefusedAccess, decide, may_see_analytics, row_condition
from orderkit.engine.periods import Period
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.analytics.lengths import Lengths
from orderkit.engine.workflow.definitions import definition_of
from orderkit.model.errors import Denied, NotFound
from orderkit.model.forms import Form, SystemRole
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Outcome, State, Workflow

Condition = sa.ColumnElement[bool]
ALL_TIME = Period(start=None, end=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: what happened in `period`, to records of an owner or of the owners of a department.

    Where something stands now does not depend on the period.
    """

    workflow: str
    period: Period = ALL_TIME
    department_id: int | None = None
    owner_id: int | None = None


class Asked:
    """A question that this reader may ask, with what every answer to it needs.

    With `is_leaving` the answer is to be taken along: it is of what the reader may export.
    """

    def __init__(self, unit: Unit, question: Question, *, is_leaving: bool = False) -> None:
        """Raises: NotFound (no such workflow), Denied (no right to its figures, its export, or the owners asked for)."""
        self.unit = unit
        self.question = question
        self._is_leaving = is_leaving
        self.workflow = readable_workflow(unit, question.workflow)
        self.form: Form = unit.project.form_by_id[self.workflow.form]
        self._visible = self._condition()

    @property
    def owner_field(self) -> str | None:
        """The field of the record's owner, if it has one."""
        return next((each.id for each in self.form.fields if each.system is SystemRole.OWNER), None)

    @cached_property
    def lengths(self) -> Lengths:
        """How long things take: in working time where the project has a calendar."""
        first = sa.select(sa.func.min(events.c.at)).where(events.c.workflow == self.workflow.id)
        return Lengths.of(self.unit, self.unit.connection.execute(first).scalar_one_or_none())

    @cached_property
    def states(self) -> Mapping[str, State]:
        """Every state that a record may stand in: those of today, and those of definitions that are still followed."""
        follows = sa.select(instances.c.definition_hash).where(instances.c.workflow == self.workflow.id)
        found: dict[str, State] = {}
        for each in self.unit.connection.execute(follows.distinct()).scalars():
            found |= definition_of(self.unit, self.workflow, each).state_by_id
        return {**found, **self.workflow.state_by_id}

    def finals(self, outcome: Outcome | None = None) -> tuple[str, ...]:
        """Return the states in which a life ends, or ends so."""
        ends = (each for each in self.states.values() if each.final is not None)
        return tuple(sorted(each.id for each in ends if outcome in {None, each.final}))

    def lives(self) -> sa.Subquery:
        """Return the lives of the records that the reader may see and asks about, as they stand."""
        columns = instances.c
        return (
            sa.select(
                columns.id,
                columns.record_id,
                columns.state,
                columns.visit,
                columns.entered_at,
                columns.submitter_id,
                columns.definition_hash,
            )
            .where(columns.workflow == self.workflow.id, *self._visible)
            .subquery("lives")
        )

    def within(self, moment: sa.ColumnElement[Any], *, is_open_ended: bool = False) -> tuple[Condition, ...]:
        """Return that a moment lies in the period asked about, or if it `is_open_ended`, not before it."""
        period = self.question.period
        found: list[Condition] = []
        if period.start is not None:
            found.append(moment >= self._instant(period.start))
        if period.end is not None and not is_open_ended:
            found.append(moment < self._instant(period.end))
        return tuple(found)

    def _instant(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.unit.runtime.timezone).astimezone(UTC)

    def _condition(self) -> tuple[Condition, ...]:
        unit, question = self.unit, self.question
        table = unit.runtime.database.tables[self.form.id]
        visible = [
            row_condition(unit, self.form.id, Action.READ, table),
            row_condition(unit, self.form.id, Action.READ, table, field=self.workflow.state_field),
        ]
        if self._is_leaving:
            decision = decide(unit.person, Action.EXPORT, self.form.id, unit=unit)
            if isinstance(decision, RefusedAccess):
                raise Denied(decision.why)
            visible.append(row_condition(unit, self.form.id, Action.EXPORT, table))
        if question.department_id is not None or question.owner_id is not None:
            visible += self._of_owners(table)
        narrowing = [each for each in visible if not isinstance(each, sa.True_)]
        if not narrowing:
            return ()
        return (instances.c.record_id.in_(sa.select(table.c.id).where(*narrowing)),)

    def _of_owners(self, table: sa.Table) -> list[Condition]:
        owner = self.owner_field
        if owner is None or not decide(
            self.unit.person, Action.READ, self.form.id, None, owner, unit=self.unit
        ):
            raise Denied(label(zh="没有查看负责人的权限", en="you may not see whose records these are"))
        found = [row_condition(self.unit, self.form.id, Action.READ, table, field=owner)]
        if self.question.owner_id is not None:
            found.append(table.c[owner] == self.question.owner_id)
        if self.question.department_id is not None:
            user = self.unit.runtime.database.tables["user"]
            members = sa.select(user.c.id).where(user.c.department == self.question.department_id)
            found.append(table.c[owner].in_(members))
        return found


def readable_workflow(unit: Unit, workflow_id: str) -> Workflow:
    """Return a workflow whose figures this reader may see. Raises NotFound, Denied."""
    workflow = unit.project.workflow_by_id.get(workflow_id)
    if workflow is None:
        raise NotFound(label(zh=f"没有流程“{workflow_id}”", en=f"there is no workflow `{workflow_id}`"))
    decision = may_see_analytics(unit, workflow_id)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    return workflow
