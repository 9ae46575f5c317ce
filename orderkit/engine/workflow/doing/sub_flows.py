"""Sub-flows: a record whose action began the life of another one, and who waits for whose end.

The end presses a transition of the one that waits in a job of its own, so that nobody holds two lives at once.
Where several were begun in one visit for one transition, it is pressed when the last of them has ended.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update

from orderkit.database.schema.system_tables import sub_flow as flows
from orderkit.engine.records.making.tracing import Trace, note_trace
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.queueing import go_on
from orderkit.engine.workflow.background.strands import Strand
from orderkit.engine.workflow.instances import Instance, find_instance
from orderkit.model.workflow.workflows import Action, Workflow


class FlowState(StrEnum):
    """Where a sub-flow stands. GONE: its record was deleted."""

    RUNNING = "running"
    ENDED = "ended"
    GONE = "gone"


# What sub-flows have in common that wait for each other.
_GROUP = (flows.c.form, flows.c.record_id, flows.c.workflow, flows.c.visit, flows.c.transition)
_IS_RUNNING = flows.c.state == FlowState.RUNNING


def note_start(
    unit: Unit,
    row: RecordRow,
    instance: Instance | None,
    *,
    workflow: Workflow,
    child_id: int,
    then: str | None,
) -> None:
    """Note that a record began the life of another one; `then` is pressed at its end."""
    note_trace(unit, Trace.MADE, [row], workflow.form, child_id)
    unit.connection.execute(
        insert(flows).values(
            form=row.form,
            record_id=row.id,
            workflow=None if instance is None else instance.workflow,
            visit=None if instance is None else instance.visit,
            transition=then,
            child_form=workflow.form,
            child_id=child_id,
            child_workflow=workflow.id,
            state=FlowState.RUNNING,
            begun_at=unit.now,
        )
    )


def note_end(unit: Unit, ended: Instance) -> None:
    """Let who waits for this life know, if it has come to its end."""
    if ended.resting_in.final is not None:
        _end(unit, ended.form, [ended.record_id], FlowState.ENDED, workflow=ended.workflow)


def note_gone(unit: Unit, form: str, record_ids: Sequence[int]) -> None:
    """Let who waits for the lives of deleted records know that there is nothing to wait for."""
    _end(unit, form, record_ids, FlowState.GONE)


def _end(
    unit: Unit, form: str, record_ids: Sequence[int], state: FlowState, *, workflow: str | None = None
) -> None:
    mine = [flows.c.child_form == form, flows.c.child_id.in_(sorted(record_ids))]
    if workflow is not None:
        mine.append(flows.c.child_workflow == workflow)
    found = unit.connection.execute(select(flows.c.id, *_GROUP).where(*mine, _IS_RUNNING)).all()
    if not found:
        return
    # All that one visit waits for are held together, so that of two that end at once one knows to be the last.
    groups = sorted({tuple(row[1:]) for row in found}, key=str)
    beside = or_(*(and_(*map(_is_it, _GROUP, group)) for group in groups))
    held = unit.connection.execute(select(flows).where(beside).order_by(flows.c.id).with_for_update()).all()
    ending = {row.id for row in found} & {row.id for row in held if row.state == FlowState.RUNNING}
    unit.connection.execute(
        update(flows).where(flows.c.id.in_(sorted(ending))).values(state=state, ended_at=unit.now)
    )
    for group in groups:
        rows = [row for row in held if tuple(getattr(row, each.name) for each in _GROUP) == group]
        own = [row for row in rows if row.id in ending]
        is_last = not any(row.state == FlowState.RUNNING for row in rows if row.id not in ending)
        if own and is_last and own[-1].transition is not None and not _has_ended_itself(unit, own[-1]):
            _press(unit, own[-1])


def _is_it(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _has_ended_itself(unit: Unit, flow: Row[Any]) -> bool:
    """Return whether who waited is gone, or at its own end: then nothing is left to press."""
    workflow = unit.project.workflow_by_id.get(flow.workflow or "")
    if workflow is None:
        return False
    instance = find_instance(unit, workflow, flow.record_id)
    return instance is None or instance.resting_in.final is not None


def _press(unit: Unit, flow: Row[Any]) -> None:
    go_on(
        unit,
        Strand(
            actions=(Action(kind="run", options={"run": flow.transition}),),
            key=f"sub_flow/{flow.id}",
            form=flow.form,
            record_id=flow.record_id,
            workflow=flow.workflow,
        ),
        is_new=True,
    )
