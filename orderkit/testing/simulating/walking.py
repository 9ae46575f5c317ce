"""Walks a record to the end of its workflow: the first way in the order written that leads on, everybody approving.

It happens in a trial, on a clock that goes on a little with each thing that somebody does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_clock, workflow_event
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Person
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.locating import user_name
from orderkit.engine.workflow.previewing import Trial, WeighedCondition
from orderkit.engine.workflow.previewing.preview import conditions_by_step, found_by, weighed_condition
from orderkit.engine.workflow.wording import of_both
from orderkit.model.labels import Label, label
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.ways import reached, turned, ways_of
from orderkit.model.workflow.workflows import Outcome, Transition, Workflow, all_steps
from orderkit.model.working_time import OfficeHours, moment_after
from orderkit.testing.scenarios.passing import StoryClock
from orderkit.testing.simulating.moves import (
    COMMENT,
    Pressed,
    Subject,
    decide,
    for_people,
    press,
    why_it_rests,
)
from orderkit.testing.simulating.samples import Sampler
from orderkit.testing.simulating.views import Walk, WalkedStep

MOST_STEPS = 100


@dataclass(kw_only=True)
class Walker:
    """Walks one record; `pace` is how long everybody takes, by the working hours of the project."""

    trial: Trial
    subject: Subject
    sampler: Sampler
    clock: StoryClock
    hours: OfficeHours
    pace: TimeSpan
    first: Person | None
    _steps: list[WalkedStep] = field(default_factory=list)
    _told: int = 0

    def walk(self, title: str, forced: Sequence[str] = ()) -> Walk:
        """Return the way of the record from the state that it is in."""
        begins = self.subject.instance().state
        self._told = self._last_event()
        seen = {begins}
        stopped: Label | None = None
        for _ in range(MOST_STEPS):
            instance = self.subject.instance()
            seen.add(instance.state)
            if instance.resting_in.final is not None:
                break
            if self._steps:
                self._pass()
            stopped = self._approve() if approval_of(instance) is not None else self._press(seen)
            if stopped is not None:
                break
        end = self.subject.instance()
        return Walk(
            record=title,
            begins=begins,
            steps=tuple(self._steps),
            ends=end.state,
            is_final=end.resting_in.final is not None,
            forced=tuple(forced),
            stopped=stopped,
        )

    def _press(self, seen: set[str]) -> Label | None:
        state = self.subject.instance().state
        refusals: list[Label] = []
        for transition in self._leading_on(seen):
            pressed = press(self.subject, transition, self.sampler, first=self.first)
            if isinstance(pressed, Pressed):
                self._tell(state, transition.label, pressed.person, None, ())
                return None
            refusals.append(of_both("{what}：{why}", "{what}: {why}", what=transition.label, why=pressed))
        if refusals:
            return refusals[0]
        return why_it_rests(self.subject)

    def _leading_on(self, seen: set[str]) -> list[Transition]:
        """Return the buttons that lead to where the record was not yet; those that lead to success come first."""
        definition = self.subject.instance().definition
        completed = [each.id for each in definition.states if each.final is Outcome.COMPLETED]
        good = reached(completed, turned(ways_of(definition)))
        on = [each for each in for_people(self.subject) if each.target not in seen]
        return [each for each in on if each.target in good] or [each for each in on if not completed]

    def _approve(self) -> Label | None:
        waiting = next(iter(self.subject.open_tasks()), None)
        if waiting is None:
            return label(zh="审批没有待办", en="the approval has no task")
        person = self.subject.person(waiting.assignee_id)
        if person is None:
            return label(zh="审批人已停用", en="whoever is asked is no longer active")
        instance = self.subject.instance()
        approval = approval_of(instance)
        assert approval is not None, "only then is anything approved"
        step = next((each for each in all_steps(approval.steps) if each.id == waiting.step), None)
        how = next((str(each["how"]) for each in waiting.people if each["user"] == waiting.assignee_id), "")
        conditions = self._conditions(waiting.step)
        due = self._due(waiting.id)
        why = decide(self.subject, waiting.id, person, Verb.APPROVE, COMMENT)
        if why is not None:
            return why
        what = label(zh=waiting.step, en=waiting.step) if step is None else step.label
        found = None if step is None else found_by(self.subject.unit, step, how)
        self._tell(
            instance.state,
            of_both("批准：{step}", "approves: {step}", step=what),
            person,
            found,
            conditions,
            due=due,
        )
        return None

    def _conditions(self, step_id: str) -> tuple[WeighedCondition, ...]:
        approval = approval_of(self.subject.instance())
        assert approval is not None, "only then is anything approved"
        row: RecordRow = self.subject.row()
        found = conditions_by_step(approval).get(step_id, ())
        return tuple(weighed_condition(self.trial, row.shape, row, each) for each in found)

    def _due(self, task_id: int) -> datetime | None:
        due = select(workflow_clock.c.due_at).where(workflow_clock.c.task_id == task_id)
        found: datetime | None = self.subject.unit.connection.execute(due).scalars().first()
        return found

    def _pass(self) -> None:
        self.clock.set(moment_after(self.clock.now(), self.pace, self.hours))

    def _tell(
        self,
        state: str,
        what: Label,
        person: Person,
        why: Label | None,
        conditions: tuple[WeighedCondition, ...],
        *,
        due: datetime | None = None,
    ) -> None:
        """Tell of a deed, and then of what the system did after it."""
        events = self._events()
        own = next((each for each in events if each.target is not None), None)
        at = self.clock.now()
        target = None if own is None else own.target
        self._steps.append(
            WalkedStep(
                at=at,
                state=state,
                what=what,
                who=person.login,
                why=why,
                target=target,
                conditions=conditions,
                due=due,
            )
        )
        for each in events:
            if each is not own and each.actor_id is None:
                self._steps.append(self._by_itself(each, at))

    def _by_itself(self, event: Row[Any], at: datetime) -> WalkedStep:
        definition: Workflow = self.subject.instance().definition
        transition = definition.transition_by_id.get(event.transition or "")
        what = label(zh="自动", en="by itself") if transition is None else transition.label
        if event.verb == "skip":
            reason = str(event.data.get("reason", ""))
            what = label(
                zh=f"自动通过 {event.step or ''}（{reason}）",
                en=f"passes {event.step or ''} by itself ({reason})",
            )
        elif event.verb == "assign":
            who = ", ".join(user_name(self.subject.unit, each).name for each in event.data.get("to", ()))
            what = label(zh=f"改派 {event.step} → {who}", en=f"{event.step} goes to {who} instead")
        return WalkedStep(at=at, state=event.source or "", what=what, target=event.target)

    def _last_event(self) -> int:
        return max((each.id for each in self._events()), default=self._told)

    def _events(self) -> list[Row[Any]]:
        found = (
            select(workflow_event)
            .where(
                workflow_event.c.instance_id == self.subject.instance().id, workflow_event.c.id > self._told
            )
            .order_by(workflow_event.c.id)
        )
        rows = list(self.subject.unit.connection.execute(found).all())
        self._told = max((each.id for each in rows), default=self._told)
        return rows
