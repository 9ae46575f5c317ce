"""An approval inside one state: its steps, their tasks, and what a decision leads to.

Everything here happens under the lock of the instance. It never moves the record itself: it says how
the approval ended, and `moving` does the rest.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from sqlalchemy import select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.approvals.assigning import EMPTY, Assignment, Earlier, Past, assign
from orderkit.engine.workflow.approvals.choosing import chosen_for
from orderkit.engine.workflow.approvals.copies import send_copies
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.outlook import RecordOutlook
from orderkit.engine.workflow.approvals.paths import Course, Opening, Rows, progress
from orderkit.engine.workflow.approvals.places import Place, part_before, place_of
from orderkit.engine.workflow.approvals.resuming import carry_over, was_returned
from orderkit.engine.workflow.approvals.step_rows import (
    CANCELLED,
    STEP_OPEN,
    UNDECIDED,
    StepRow,
    end_inserted,
    end_step,
    in_visit,
    insert_step,
    insert_tasks,
    judge,
    open_row,
    rows_in,
    step_of,
    step_row,
    supersede,
    task_values,
    traces_of,
    would_end,
    written_rows,
)
from orderkit.engine.workflow.approvals.tallies import Verdict
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Approval, Ending, Mode, Step

TIMEOUT = "auto:timeout"
BEFORE = "before"
BY_SIGNER = "signer"


class EndingName(StrEnum):
    """How an approval ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    TERMINATED = "terminated"


def approval_of(instance: Instance) -> Approval | None:
    """Return the approval of the state that the record rests in."""
    name = instance.resting_in.approval
    return None if name is None else instance.definition.approval_by_id[name]


def ending_of(approval: Approval, name: EndingName) -> Ending | None:
    """Return where an approval leads when it ends so; None where it cannot."""
    return approval.endings.get(name)


class Review:
    """The approval that a record is in, during one visit of its state."""

    def __init__(self, unit: Unit, instance: Instance, row: RecordRow, approval: Approval) -> None:
        self.unit = unit
        self.instance = instance
        self.row = row
        self.approval = approval
        self.outlook = RecordOutlook(unit, instance, row, approval)
        self._system = unit.acting_as(SYSTEM)

    def begin(self) -> EndingName | None:
        """Start the first steps, or go on after a return; return how the approval ended if nobody has to decide."""
        carry_over(self.unit, self.instance, self.row, self.approval)
        return self.go_on()

    def conclude(self, row: StepRow) -> EndingName | None:
        """Judge a step after a decision, and go on if it has ended; return how the approval ended, if it did."""
        step = step_of(self.approval, row.step)
        found = judge(self.unit, row, step)
        if found is Verdict.PENDING:
            return None
        if row.host_id is not None:
            return self.come_back(row, found)
        send_copies(self.unit, self.instance, self.row, self.approval, "decided", step=row.step)
        return self.go_on()

    def following(self, row: StepRow, task_id: int) -> tuple[Step, ...]:
        """Return the steps that would begin if a task of a step were approved now."""
        if row.host_id is not None or not would_end(
            self.unit, row, step_of(self.approval, row.step), task_id
        ):
            return ()
        ended = (row.step, rows_in(row.loop_rows))
        traces = [
            replace(each, course=Course.APPROVED) if (each.step, each.rows) == ended else each
            for each in traces_of(self.unit, self.instance, self.approval)
        ]
        found = progress(self.approval.steps, traces, self.outlook)
        return tuple(each.step for each in found.opens)

    def restart(self) -> EndingName | None:
        """Begin again from the first step, because protected values changed."""
        supersede(self.unit, self.instance)
        write_event(self._system, self.instance, "restart")
        return self.go_on()

    def has_changed(self) -> bool:
        """Return whether protected values differ from what the open tasks were made for."""
        made_for = (
            select(tasks.c.protected_digest)
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(in_visit(self.instance), steps.c.state == STEP_OPEN, tasks.c.state.in_(UNDECIDED))
        )
        digests = set(self.unit.connection.execute(made_for).scalars())
        return bool(digests - {protected_digest(self.approval, self.row)})

    def go_on(self) -> EndingName | None:
        """Begin every step whose turn it is; return how the approval ended, if it did."""
        while True:
            found = progress(
                self.approval.steps, traces_of(self.unit, self.instance, self.approval), self.outlook
            )
            for trace in found.cancels:
                end_step(self._system, open_row(self.unit, self.instance, trace), CANCELLED)
            match found.course:
                case Course.EMPTY:
                    write_event(self._system, self.instance, "skip", data={"reason": EMPTY})
                    is_refused = self.approval.if_empty == "reject"
                    return EndingName.REJECTED if is_refused else EndingName.APPROVED
                case Course.APPROVED:
                    return EndingName.APPROVED
                case Course.REJECTED | Course.CANCELLED:
                    return EndingName.REJECTED
                case Course.PENDING:
                    if not found.opens:
                        return None
                case _:
                    assert_never(found.course)
            for opening in found.opens:
                self.open(opening)

    def open(self, opening: Opening, *, is_returned: bool = False) -> None:
        """Begin a step: find its people, and decide for those for whom a rule does."""
        step, rows = opening.step, opening.rows
        digest = protected_digest(self.approval, self.row)
        written = written_rows(rows)
        is_returned = is_returned or was_returned(self.unit, self.instance, step.id, written)
        past = Past(earlier=self._earlier(opening), digest=digest, is_returned=is_returned)
        assignment = assign(self.unit, self.instance, self._circumstances(step, rows), step, past)
        people = [{"user": each.user_id, "how": each.how} for each in assignment.people]
        values = {"step": step.id, "mode": step.mode, "loop_rows": written, "people": people}
        row_id = insert_step(self.unit, self.instance, self.approval, values)
        for note in assignment.notes:
            data = {"reason": note.reason, "to": list(note.user_ids)}
            self._note("assign", step, note.instead_of, data)
        if assignment.verdict is not Verdict.PENDING:
            self._note("skip", step, None, {"reason": EMPTY})
            end_step(self._system, row_id, assignment.verdict)
            return
        self._insert_tasks(step, row_id, assignment, digest)
        judge(self._system, step_row(self.unit, row_id), step)

    def people_of(self, step: Step, rows: Rows) -> Assignment:
        """Return who would decide a step if it began now; nobody is passed over. Raises Refused when nobody can."""
        past = Past(digest=protected_digest(self.approval, self.row), is_returned=True)
        return assign(self.unit, self.instance, self._circumstances(step, rows), step, past)

    def _circumstances(self, step: Step, rows: Rows) -> Circumstances:
        return Circumstances(
            row=self.row,
            submitter_id=self.instance.submitter_id,
            item=self.outlook.item(step.id, rows),
            chosen=chosen_for(self.unit, self.instance, step.id),
        )

    def come_back(self, row: StepRow, found: Verdict = Verdict.APPROVED) -> EndingName | None:
        """Let a task go on into which signers were inserted: by their approval, or rejected with them."""
        host = self.unit.connection.execute(select(tasks).where(tasks.c.id == row.host_id)).one()
        if found is Verdict.REJECTED:
            values: dict[str, object] = {
                "state": TaskState.REJECTED,
                "reason": BY_SIGNER,
                "decided_at": self.unit.now,
                "decided_by": self.unit.person.id,
            }
            end_inserted(self.unit, [host.id])
        elif row.place == BEFORE:
            values = {"state": TaskState.OPEN, "reason": None}
        else:
            others = select(steps.c.id).where(steps.c.host_id == host.id, steps.c.state == STEP_OPEN)
            if self.unit.connection.execute(others).first() is not None:
                return None
            values = {"state": TaskState.APPROVED, "reason": None}
        self.unit.connection.execute(update(tasks).where(tasks.c.id == host.id).values(**values))
        if values["state"] == TaskState.OPEN:
            return None
        return self.conclude(step_row(self.unit, host.step_id))

    def _note(self, verb: str, step: Step, on_behalf_of_id: int | None, data: Mapping[str, object]) -> None:
        write_event(
            self._system, self.instance, verb, on_behalf_of_id=on_behalf_of_id, step=step.id, data=data
        )

    def _insert_tasks(self, step: Step, row_id: int, assignment: Assignment, digest: str) -> None:
        rows = []
        has_open = False
        for each in assignment.people:
            values = task_values(self.unit, self.instance, row_id, each.user_id, digest)
            if each.skip is not None:
                self._note("skip", step, each.user_id, {"reason": each.skip})
                values |= {"state": TaskState.SKIPPED, "reason": each.skip, "decided_at": self.unit.now}
            elif step.mode is Mode.SEQUENCE and has_open:
                values["state"] = TaskState.WAITING
            has_open = has_open or each.skip is None
            rows.append(values)
        insert_tasks(self.unit, rows)

    def _earlier(self, opening: Opening) -> tuple[Earlier, ...]:
        """Return the approvals that were given in this visit, with how far before the step at hand."""
        given = (
            select(
                tasks.c.decided_by,
                tasks.c.assignee_id,
                tasks.c.protected_digest,
                tasks.c.reason,
                steps.c.step,
                steps.c.loop_rows,
            )
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(in_visit(self.instance), steps.c.state == Verdict.APPROVED, tasks.c.kind.is_(None))
            .where(tasks.c.state.in_([TaskState.APPROVED, TaskState.SKIPPED]))
            .order_by(steps.c.position, tasks.c.id)
        )
        here = place_of(self.approval.steps, opening.step.id, opening.rows)
        return tuple(
            Earlier(
                user_id=row.decided_by or row.assignee_id,
                place=self._distance(row.step, rows_in(row.loop_rows), here),
                # Whoever let the time run out has not seen anything.
                digest=None if row.reason == TIMEOUT else row.protected_digest,
            )
            for row in self.unit.connection.execute(given)
        )

    def _distance(self, step: str, rows: Rows, here: Place | None) -> Place | None:
        there = place_of(self.approval.steps, step, rows)
        return None if there is None or here is None else part_before(there, here)
