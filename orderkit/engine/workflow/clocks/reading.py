"""What people see of the clocks over the states of a record. Those of tasks stand with the tasks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.engine.access import Right, field_rights
from orderkit.engine.rows import RecordRow, reads_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.states import LIVE_CLOCKS, ClockState
from orderkit.engine.workflow.definitions import definition_of
from orderkit.engine.workflow.locating import visible_row
from orderkit.engine.workflow.wording import named
from orderkit.model.labels import Label
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.clocks import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline of a record; `due_at` is None while its date is empty or it stands still (`is_resting`)."""

    workflow: str
    clock: str
    label: Label
    started_at: datetime
    due_at: datetime | None
    is_resting: bool
    is_overdue: bool


def _is_seen(unit: Unit, row: RecordRow, clock: Clock) -> bool:
    """Return whether this person may see what the deadline would tell them of a date."""
    if isinstance(clock.due, TimeSpan):
        return True
    own = field_rights(unit, row.form, row)
    return all(
        (field_rights(unit, read.form, None) if read.path else own).get(read.field, Right.HIDDEN)
        >= Right.READ
        for read in reads_of(unit.project, clock.due, row.form)
        if read.field is not None
    )


def due_of(unit: Unit, form_id: str, record_id: int) -> tuple[Due, ...]:
    """Return the clocks that run over the states of a record, in the order in which they began.

    One that goes by a date is left out for who may not see the date. Raises NotFound.
    """
    row_seen = visible_row(unit, form_id, record_id)
    workflows = [each.id for each in unit.project.workflows_by_form.get(form_id, ())]
    found = (
        select(clocks, instances.c.definition_hash)
        .join(instances, instances.c.id == clocks.c.instance_id)
        .where(instances.c.workflow.in_(workflows), instances.c.record_id == record_id)
        .where(clocks.c.task_id.is_(None), clocks.c.state.in_(LIVE_CLOCKS))
        .order_by(clocks.c.id)
    )
    dues = []
    for row in unit.connection.execute(found):
        workflow = unit.project.workflow_by_id.get(row.workflow)
        definition = None if workflow is None else definition_of(unit, workflow, row.definition_hash)
        over = () if definition is None else definition.sla
        state_clock = next((each for each in over if each.id == row.name), None)
        if state_clock is not None and not _is_seen(unit, row_seen, state_clock.clock):
            continue
        text = named(row.name) if state_clock is None else state_clock.label
        dues.append(
            Due(
                workflow=row.workflow,
                clock=row.name,
                label=text,
                started_at=row.started_at,
                due_at=row.due_at,
                is_resting=row.state == ClockState.RESTING,
                is_overdue=row.due_at is not None and row.due_at < unit.now,
            )
        )
    return tuple(dues)
