"""What happens at the moments of a clock: people are reminded and told, a task goes to others or is decided."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.following import note_changed
from orderkit.engine.messages import Recipients
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.deciding import decide_by_clock
from orderkit.engine.workflow.approvals.step_rows import HELP, find_step
from orderkit.engine.workflow.clocks.escalating import ESCALATE, escalate
from orderkit.engine.workflow.clocks.running import Running
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.clocks.telling import DUE_SOON, ESCALATED, OVERDUE, Occasion, Wording, tell
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.locating import names_of
from orderkit.engine.workflow.people import Circumstances, addresses_of, resolve
from orderkit.engine.workflow.transitions.moving import end_approval
from orderkit.engine.workflow.views import TaskState, Verb
from orderkit.engine.workflow.wording import listed, named, who_is
from orderkit.model.labels import Label, label
from orderkit.model.people import Who
from orderkit.model.workflow.clocks import Overdue, Reminder

_NOBODY = label(zh="相关人员", en="whoever is in charge")
REMIND = "remind"
LATE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A moment of a clock that has come; `task` is the one that the clock belongs to, still open."""

    unit: Unit
    instance: Instance
    row: RecordRow
    running: Running
    key: str
    task: Row[tuple[object, ...]] | None = None

    @property
    def step(self) -> str | None:
        """The step of the task."""
        return self.running.step

    def remind(self, entry: Reminder) -> None:
        """Tell whoever has to act, or whom the reminder names, that the deadline is near."""
        to = self._acting() if entry.to is None else self._named(entry.to)
        self._note(REMIND, to)
        self._tell(to, DUE_SOON, entry)

    def overdue(self, entry: Overdue) -> None:
        """Do what the definition says for a deadline that has passed."""
        if entry.decide is not None:
            self._decide(Verb(entry.decide))
        elif entry.escalate is not None:
            self._escalate(entry.escalate, entry)
        elif entry.notify is not None:
            to = self._named(entry.notify)
            self._note(LATE, to)
            self._tell(to, OVERDUE, entry)

    def _escalate(self, to: Who, entry: Overdue) -> None:
        former = self._who()
        if self.task is None:
            found = self._named(to)
            self._note(ESCALATE, found)
            self._tell(found, ESCALATED, entry, who=former)
            return
        if self.task.kind == HELP:
            # Help decides nothing that others could decide instead: its owner has the task again.
            self._decide(Verb.ANSWER)
            return
        takers = escalate(self.unit, self.instance, self.row, self.running, self.task, to)
        follow_tasks(self.unit, self.instance, self.row)
        note_changed(self.unit, self.instance.form, [self.instance.record_id])
        self._tell(Recipients(user_ids=takers), ESCALATED, entry, who=former)

    def _decide(self, verb: Verb) -> None:
        """Decide the task as the system, on behalf of whoever has not acted."""
        approval = approval_of(self.instance)
        if self.task is None or approval is None:
            return
        ended = decide_by_clock(self.unit, self.instance, self.row, self.task, verb)
        note_changed(self.unit, self.instance.form, [self.instance.record_id])
        if ended is not None:
            end_approval(self.unit, self.instance, self.row, ended)
        else:
            follow_tasks(self.unit, self.instance, self.row)

    def _note(self, verb: str, to: Recipients) -> None:
        assignee = None if self.task is None else cast("int", self.task.assignee_id)
        data = {"to": list(to.user_ids), **({} if self.task is not None else {"clock": self.running.name})}
        write_event(self.unit, self.instance, verb, on_behalf_of_id=assignee, step=self.step, data=data)

    def _tell(
        self, to: Recipients, wording: Wording, entry: Reminder | Overdue, *, who: Label | None = None
    ) -> None:
        assert self.running.due_at is not None, "without a deadline no timer of it is set"
        occasion = Occasion(
            row=self.row,
            what=self._what(),
            due_at=self.running.due_at,
            who=who or self._who(),
            key=self.key,
        )
        tell(self.unit, occasion, to, wording, message=entry.message, via=entry.via)

    def _what(self) -> Label:
        """Return what is due: the step, or the clock over states."""
        if self.running.task_id is not None:
            step = find_step(approval_of(self.instance), self.step or "")
            return named(self.step or "") if step is None else step.label
        found = next((each for each in self.instance.definition.sla if each.id == self.running.name), None)
        return named(self.running.name) if found is None else found.label

    def _who(self) -> Label:
        """Return who has to act, as people say it."""
        user_ids = self._acting().user_ids
        holder = self.instance.resting_in.holder
        if not user_ids:
            return _NOBODY if holder is None else who_is(self.unit.project, holder)
        names = names_of(self.unit, set(user_ids))
        return listed(named(names[each]) for each in user_ids if each in names)

    def _acting(self) -> Recipients:
        """Return who has to act now: the assignee, or those with open tasks, or the holder of the state."""
        if self.task is not None:
            return Recipients(user_ids=(cast("int", self.task.assignee_id),))
        found = (
            select(tasks.c.assignee_id)
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(steps.c.instance_id == self.instance.id, steps.c.visit == self.instance.visit)
            .where(tasks.c.state == TaskState.OPEN)
            .order_by(tasks.c.id)
        )
        assignees = tuple(dict.fromkeys(self.unit.connection.execute(found).scalars()))
        holder = self.instance.resting_in.holder
        return Recipients(user_ids=assignees) if assignees or holder is None else self._named(holder)

    def _named(self, who: Who) -> Recipients:
        circumstances = Circumstances(
            row=self.row,
            submitter_id=self.instance.submitter_id,
            holder=self.instance.resting_in.holder,
            approver_id=None if self.task is None else cast("int", self.task.assignee_id),
        )
        return Recipients(
            user_ids=tuple(each.user_id for each in resolve(self.unit, who, circumstances)),
            addresses=addresses_of(self.unit, who, circumstances),
        )
