"""Returning: to the submitter, or to a step that was passed. What was decided stays to be read, but counts no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import EndingName, Review
from orderkit.engine.workflow.approvals.digests import deciding_digest
from orderkit.engine.workflow.approvals.paths import Opening, Rows
from orderkit.engine.workflow.approvals.places import Place, comes_before, place_of, taken_back
from orderkit.engine.workflow.approvals.step_rows import (
    STEP_RETURNED,
    SUPERSEDED,
    counting,
    end_step,
    in_visit,
    rows_in,
    step_of,
)
from orderkit.engine.workflow.approvals.tallies import Verdict
from orderkit.engine.workflow.instances import Instance
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Approval, May

SUBMITTER = "submitter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnChoice:
    """To whom a task may be returned: `to` is `submitter` or the id of a step."""

    to: str
    label: Label


@dataclass(frozen=True, slots=True)
class _Passed:
    """A step that was approved before the one at hand."""

    step: str
    rows: Rows
    position: int


def return_choices(
    unit: Unit, instance: Instance, approval: Approval, may: May, step_row: Row[Any]
) -> tuple[ReturnChoice, ...]:
    """Return to whom a task of a step may be returned now, the submitter first, then steps as they were passed."""
    kinds = {each.kind for each in may.returns}
    found = []
    if approval.returned is not None and kinds & {"submitter", "any"}:
        found.append(ReturnChoice(to=SUBMITTER, label=label(zh="提交人", en="the submitter")))
    if kinds <= {"submitter"}:
        return tuple(found)
    passed = _passed(unit, instance, approval, step_row)
    named = {each.step for each in may.returns if each.kind == "step"}
    if "any" in kinds:
        named |= {each.step for each in passed}
    if "previous" in kinds and passed:
        named.add(max(passed, key=lambda each: each.position).step)
    names = dict.fromkeys(each.step for each in passed if each.step in named)
    return (*found, *(ReturnChoice(to=name, label=step_of(approval, name).label) for name in names))


def return_to_submitter(review: Review, step_row: Row[Any], may: May) -> EndingName:
    """End the approval by sending the record back, and note how it goes on once it is submitted again."""
    values = {"resume": may.resume, "digest": deciding_digest(review.approval, review.row)}
    end_step(review.unit, step_row.id, STEP_RETURNED)
    review.unit.connection.execute(update(steps).where(steps.c.id == step_row.id).values(**values))
    return EndingName.RETURNED


def return_to_step(review: Review, step_row: Row[Any], target: str, *, direct: bool) -> EndingName | None:
    """Begin a step again that was passed; return how the approval ended if a rule decides all that follows."""
    unit, instance, parts = review.unit, review.instance, review.approval.steps
    passed = [each for each in _passed(unit, instance, review.approval, step_row) if each.step == target]
    here = place_of(parts, step_row.step, rows_in(step_row.loop_rows))
    assert here is not None, "an open step stands somewhere"
    rows = unit.connection.execute(select(steps).where(in_visit(instance), steps.c.state != SUPERSEDED)).all()
    places: dict[int, Place] = {}
    for row in rows:
        place = place_of(parts, row.step, rows_in(row.loop_rows))
        if place is not None and row.state != STEP_RETURNED:
            places[row.id] = place
    gone: set[int] = set()
    for each in passed:
        there = place_of(parts, each.step, each.rows)
        assert there is not None
        gone |= taken_back(places, there, here, direct=direct)
    for row_id in sorted(gone):
        state = STEP_RETURNED if row_id == step_row.id else SUPERSEDED
        end_step(unit, row_id, state)
    for each in passed:
        opening = Opening(step=step_of(review.approval, target), rows=each.rows)
        review.open(opening, is_returned=True)
    return review.go_on()


def _passed(unit: Unit, instance: Instance, approval: Approval, step_row: Row[Any]) -> Sequence[_Passed]:
    """Return the approved steps before one, in the order in which they began."""
    here = place_of(approval.steps, step_row.step, rows_in(step_row.loop_rows))
    found = []
    for row in unit.connection.execute(counting(instance).where(steps.c.state == Verdict.APPROVED)):
        rows = rows_in(row.loop_rows)
        there = place_of(approval.steps, row.step, rows)
        if here is not None and there is not None and comes_before(there, here):
            found.append(_Passed(row.step, rows, row.position))
    return found
