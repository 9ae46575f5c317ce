"""How an approval goes on that was returned to its submitter: anew, or straight back to who returned it.

Going straight back is refused once a field changed on which the decisions before it rest.
"""

from typing import Any

from sqlalchemy import Row, func, insert, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.approvals.digests import deciding_digest
from orderkit.engine.workflow.approvals.leave import refused
from orderkit.engine.workflow.approvals.places import place_of
from orderkit.engine.workflow.approvals.step_rows import STEP_RETURNED, in_visit, rows_in
from orderkit.engine.workflow.approvals.tallies import Verdict
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Approval

RESTART, DIRECT, ASK = "restart", "direct", "ask"
RESUME = "resume"


def awaits_choice(unit: Unit, instance: Instance, approval: Approval) -> bool:
    """Return whether the submitter may choose how an approval goes on that was returned."""
    row = _returned(unit, instance, approval)
    return row is not None and row.resume == ASK


def choose_resume(unit: Unit, instance: Instance, record: RecordRow, approval: Approval, resume: str) -> None:
    """Note how the submitter wants a returned approval to go on.

    Raises: Refused where that is no choice, or nothing may go straight back since deciding fields changed.
    """
    returned = _returned(unit, instance, approval)
    if returned is None or returned.resume != ASK or resume not in {RESTART, DIRECT}:
        raise refused(
            "resume", label(zh="这里不能选择从哪一步继续", en="how it goes on cannot be chosen here"), RESUME
        )
    if resume == DIRECT and returned.digest != deciding_digest(approval, record):
        raise refused(
            "changed",
            label(
                zh="审批所依据的字段已变更，不能直接回到退回的步骤，请选择全部重审",
                en="fields on which the decisions rest have changed, so it cannot go straight back; choose to begin anew",
            ),
            RESUME,
        )
    unit.connection.execute(update(steps).where(steps.c.id == returned.id).values(resume=resume))


def carry_over(unit: Unit, instance: Instance, record: RecordRow, approval: Approval) -> None:
    """Let the decisions before a return hold in the new visit, where it goes straight back to who returned it.

    Where deciding fields changed meanwhile it begins anew, and the timeline says so.
    """
    returned = _returned(unit, instance, approval)
    if returned is None or returned.resume != DIRECT:
        return
    system = unit.acting_as(SYSTEM)
    here = place_of(approval.steps, returned.step, rows_in(returned.loop_rows))
    if here is None or returned.digest != deciding_digest(approval, record):
        write_event(system, instance, "restart", step=returned.step)
        return
    given = (
        select(steps)
        .where(
            steps.c.instance_id == instance.id,
            steps.c.visit == returned.visit,
            steps.c.host_id.is_(None),
            steps.c.state == Verdict.APPROVED,
        )
        .order_by(steps.c.position)
    )
    kept = []
    for row in unit.connection.execute(given).mappings().all():
        place = place_of(approval.steps, row["step"], rows_in(row["loop_rows"]))
        if place is not None and place[0] < here[0]:
            copied = {name: value for name, value in row.items() if name != "id"}
            kept.append({**copied, "visit": instance.visit, "carried_from": row["carried_from"] or row["id"]})
    if kept:
        unit.connection.execute(insert(steps), kept)
        write_event(system, instance, RESUME, step=returned.step)


def was_returned(unit: Unit, instance: Instance, step: str, loop_rows: str | None) -> bool:
    """Return whether a step returned the record in this visit, so that it looks at it again."""
    same = steps.c.loop_rows.is_(None) if loop_rows is None else steps.c.loop_rows == loop_rows
    found = select(steps.c.id).where(
        in_visit(instance), steps.c.step == step, same, steps.c.state == STEP_RETURNED
    )
    return unit.connection.execute(found.limit(1)).first() is not None


def _returned(unit: Unit, instance: Instance, approval: Approval) -> Row[Any] | None:
    """Return the step that returned the record to its submitter, when it was last in this approval."""
    last = (
        select(func.max(steps.c.visit))
        .where(
            steps.c.instance_id == instance.id,
            steps.c.approval == approval.id,
            steps.c.visit < instance.visit + (0 if _is_inside(instance, approval) else 1),
        )
        .scalar_subquery()
    )
    found = select(steps).where(
        steps.c.instance_id == instance.id,
        steps.c.approval == approval.id,
        steps.c.visit == last,
        steps.c.state == STEP_RETURNED,
        steps.c.resume.is_not(None),
    )
    return unit.connection.execute(found.order_by(steps.c.id.desc()).limit(1)).one_or_none()


def _is_inside(instance: Instance, approval: Approval) -> bool:
    return instance.resting_in.approval == approval.id
