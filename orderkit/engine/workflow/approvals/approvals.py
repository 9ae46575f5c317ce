"""An approval inside one state: its steps, their tasks, and what a decision leads to.

Everything here happens under the lock of the instance. It never moves the record itself: it says how
the approval ended, and `moving` does the rest.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.approvals.assigning import EMPTY, Assignment, Earlier, Past, assign
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.paths import next_step
from orderkit.engine.workflow.approvals.tallies import Verdict, verdict
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.transitions.conditions import value_in
from orderkit.engine.workflow.views import TaskState, Verb
from orderkit.model.expressions.nodes import Expression
from orderkit.model.workflow.workflows import Approval, Ending, Mode, Step, all_steps

STEP_OPEN = "open"
TIMEOUT = "auto:timeout"
UNDECIDED = (TaskState.OPEN, TaskState.WAITING)

_ENDED_BY = {
    Verb.APPROVE: TaskState.APPROVED,
    Verb.REJECT: TaskState.REJECTED,
    Verb.RETURN: TaskState.RETURNED,
}


class EndingName(StrEnum):
    """How an approval ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def approval_of(instance: Instance) -> Approval | None:
    """Return the approval of the state that the record rests in."""
    name = instance.resting_in.approval
    return None if name is None else instance.definition.approval_by_id[name]


def ending_of(approval: Approval, name: EndingName) -> Ending | None:
    """Return where an approval leads when it ends so; None where it cannot."""
    return approval.endings.get(name)


def step_of(approval: Approval, step_id: str) -> Step:
    """Return a step by id, on whatever branch it is; the definition of an open step has it."""
    found = find_step(approval, step_id)
    assert found is not None, f"{approval.id} has no step {step_id}"
    return found


def find_step(approval: Approval | None, step_id: str) -> Step | None:
    """Return a step by id; None where a newer definition, which its record follows by now, lacks it."""
    steps_of = () if approval is None else all_steps(approval.steps)
    return next((step for step in steps_of if step.id == step_id), None)


class Review:
    """The approval that a record is in, during one visit of its state."""

    def __init__(self, unit: Unit, instance: Instance, row: RecordRow, approval: Approval) -> None:
        self.unit = unit
        self.instance = instance
        self.row = row
        self.approval = approval
        self._system = unit.acting_as(SYSTEM)

    def begin(self) -> EndingName | None:
        """Start the first step; return how the approval ended if no person has anything to decide."""
        return self._advance(None)

    def decide(
        self,
        task: Row[tuple[object, ...]],
        verb: Verb,
        comment: str | None,
        *,
        reason: str | None = None,
    ) -> EndingName | None:
        """Record one decision about an open task; return how the approval ended, if it did.

        With a `reason` the system decides for whoever has not: an approval so is a task that was skipped.
        """
        unit = self.unit
        step_id = task.step_id
        step = step_of(
            self.approval,
            unit.connection.execute(select(steps.c.step).where(steps.c.id == step_id)).scalar_one(),
        )
        unit.connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                state=TaskState.SKIPPED if reason and verb is Verb.APPROVE else _ENDED_BY[verb],
                reason=reason,
                comment=comment,
                protected_digest=protected_digest(self.approval, self.row),
                decided_at=unit.now,
                decided_by=unit.person.id,
            )
        )
        behalf = task.assignee_id if task.assignee_id != unit.person.id else None
        data = None if reason is None else {"reason": reason}
        write_event(
            unit, self.instance, verb, on_behalf_of_id=behalf, step=step.id, comment=comment, data=data
        )
        if verb is Verb.RETURN:
            _end_step(unit, step_id, EndingName.RETURNED)
            return EndingName.RETURNED
        match _judge(unit, step, step_id):
            case Verdict.PENDING:
                return None
            case Verdict.REJECTED:
                return EndingName.REJECTED
            case Verdict.APPROVED:
                return self._advance(step.id)

    def restart(self) -> EndingName | None:
        """Begin again from the first step, because protected values changed."""
        close(self.unit, self.instance, "superseded")
        write_event(self._system, self.instance, "restart")
        return self.begin()

    def has_changed(self) -> bool:
        """Return whether protected values differ from what the open tasks were made for."""
        made_for = (
            select(tasks.c.protected_digest)
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(_in_visit(self.instance), steps.c.state == STEP_OPEN, tasks.c.state.in_(UNDECIDED))
        )
        digests = set(self.unit.connection.execute(made_for).scalars())
        return bool(digests - {protected_digest(self.approval, self.row)})

    def _advance(self, after: str | None) -> EndingName | None:
        while (step := next_step(self.approval.steps, after, self._holds)) is not None:
            ended = self._open(step)
            if ended is Verdict.PENDING:
                return None
            if ended is Verdict.REJECTED:
                return EndingName.REJECTED
            after = step.id
        if after is None:
            write_event(self._system, self.instance, "skip", data={"reason": EMPTY})
            return EndingName.REJECTED if self.approval.if_empty == "reject" else EndingName.APPROVED
        return EndingName.APPROVED

    def _holds(self, condition: Expression) -> bool:
        holds = value_in(self.unit, self.instance, self.row, condition) is True
        self.unit.runtime.hooks.weighed(self.unit, self.instance.workflow, condition, holds=holds)
        return holds

    def _open(self, step: Step) -> Verdict:
        digest = protected_digest(self.approval, self.row)
        past = Past(earlier=self._earlier(), digest=digest)
        assignment = assign(self.unit, self.instance, self.row, step, past)
        step_id = self._insert_step(step, assignment)
        for note in assignment.notes:
            data = {"reason": note.reason, "to": list(note.user_ids)}
            self._note("assign", step, note.instead_of, data)
        if assignment.verdict is not Verdict.PENDING:
            self._note("skip", step, None, {"reason": EMPTY})
            _end_step(self._system, step_id, assignment.verdict)
            return assignment.verdict
        self._insert_tasks(step, step_id, assignment, digest)
        return _judge(self._system, step, step_id)

    def _note(self, verb: str, step: Step, on_behalf_of_id: int | None, data: Mapping[str, object]) -> None:
        write_event(
            self._system, self.instance, verb, on_behalf_of_id=on_behalf_of_id, step=step.id, data=data
        )

    def _insert_step(self, step: Step, assignment: Assignment) -> int:
        connection = self.unit.connection
        taken = select(steps.c.position).where(_in_visit(self.instance))
        position = max(connection.execute(taken).scalars(), default=0) + 1
        made = insert(steps).values(
            instance_id=self.instance.id,
            visit=self.instance.visit,
            approval=self.approval.id,
            step=step.id,
            position=position,
            mode=step.mode,
            state=STEP_OPEN,
            people=[{"user": each.user_id, "how": each.how} for each in assignment.people],
            started_at=self.unit.now,
        )
        step_id: int = connection.execute(made.returning(steps.c.id)).scalar_one()
        return step_id

    def _insert_tasks(self, step: Step, step_id: int, assignment: Assignment, digest: str) -> None:
        rows = []
        has_open = False
        for each in assignment.people:
            state = TaskState.SKIPPED
            if each.skip is None:
                state = TaskState.WAITING if step.mode is Mode.SEQUENCE and has_open else TaskState.OPEN
                has_open = True
            else:
                self._note("skip", step, each.user_id, {"reason": each.skip})
            rows.append(
                {
                    "step_id": step_id,
                    "instance_id": self.instance.id,
                    "workflow": self.instance.workflow,
                    "form": self.instance.form,
                    "record_id": self.instance.record_id,
                    "assignee_id": each.user_id,
                    "state": state,
                    "reason": each.skip,
                    "protected_digest": digest,
                    "created_at": self.unit.now,
                    "decided_at": None if each.skip is None else self.unit.now,
                }
            )
        self.unit.connection.execute(insert(tasks), rows)

    def _earlier(self) -> tuple[Earlier, ...]:
        given = (
            select(
                tasks.c.decided_by,
                tasks.c.assignee_id,
                tasks.c.protected_digest,
                tasks.c.reason,
                steps.c.position,
            )
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(_in_visit(self.instance), steps.c.state == Verdict.APPROVED)
            .where(tasks.c.state.in_([TaskState.APPROVED, TaskState.SKIPPED]))
            .order_by(steps.c.position, tasks.c.id)
        )
        return tuple(
            Earlier(
                user_id=row.decided_by or row.assignee_id,
                position=row.position,
                # Whoever let the time run out has not seen anything.
                digest=None if row.reason == TIMEOUT else row.protected_digest,
            )
            for row in self.unit.connection.execute(given)
        )


def close(unit: Unit, instance: Instance, reason: str) -> None:
    """End whatever is still open in this visit, because the record leaves it another way."""
    is_open = select(steps.c.id).where(_in_visit(instance), steps.c.state == STEP_OPEN)
    for step_id in unit.connection.execute(is_open).scalars().all():
        _end_step(unit, step_id, reason)


def is_decided(unit: Unit, instance: Instance) -> bool:
    """Return whether a person has decided anything in this visit."""
    decided = (
        select(tasks.c.id)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(_in_visit(instance), tasks.c.state.in_(sorted(_ENDED_BY.values())))
        .limit(1)
    )
    return unit.connection.execute(decided).first() is not None


def _in_visit(instance: Instance) -> ColumnElement[bool]:
    return and_(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)


def _judge(unit: Unit, step: Step, step_id: int) -> Verdict:
    """Return what the step has come to, end it if it has, and call the next person of a sequence."""
    rows = unit.connection.execute(
        select(tasks.c.id, tasks.c.state).where(tasks.c.step_id == step_id).order_by(tasks.c.id)
    ).all()
    states = [TaskState(row.state) for row in rows]
    found = verdict(step.mode, states, veto=step.veto, vote=step.vote)
    if found is not Verdict.PENDING:
        _end_step(unit, step_id, found)
    elif step.mode is Mode.SEQUENCE and TaskState.OPEN not in states:
        waiting = next(row.id for row in rows if row.state == TaskState.WAITING)
        unit.connection.execute(
            update(tasks).where(tasks.c.id == waiting).values(state=TaskState.OPEN, created_at=unit.now)
        )
    return found


def _end_step(unit: Unit, step_id: int, state: str) -> None:
    """End a step; who had not decided has nothing more to do: their tasks are cancelled, never approved."""
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.step_id == step_id, tasks.c.state.in_(UNDECIDED))
        .values(state=TaskState.CANCELLED, reason=state, decided_at=unit.now, decided_by=unit.person.id)
    )
    unit.connection.execute(update(steps).where(steps.c.id == step_id).values(state=state, ended_at=unit.now))
