"""What people do with a record: press a button, decide a task, withdraw. Each is one transaction, within a trial."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import workflow
from orderkit.engine.access.people import everybody, people_of
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Person, Unit
from orderkit.engine.workflow import TaskState, Verb
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.instances import Instance, find_instance, instance_of
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.labels import Label, label
from orderkit.model.people import NamedPerson
from orderkit.model.workflow.workflows import Transition, Workflow
from orderkit.testing.simulating.samples import REQUIRED, Sampler

COMMENT = "…"
_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The record that is moved, in the transaction of a trial."""

    unit: Unit
    workflow: Workflow
    record_id: int

    def row(self) -> RecordRow:
        """Return the record as it is now."""
        with self.unit.within() as inner:
            (found,) = rows_of(inner).load(self.workflow.form, [self.record_id])
        return found

    def instance(self) -> Instance:
        """Return its life as it is now."""
        found = find_instance(self.unit, self.workflow, self.record_id)
        return found or instance_of(self.unit, self.workflow, self.row())

    def open_tasks(self) -> Sequence[Row[int, int, str, Any]]:
        """Return its open tasks with the step of each, in the order in which they were made."""
        instance = self.instance()
        found = (
            select(tasks.c.id, tasks.c.assignee_id, steps.c.step, steps.c.people)
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)
            .where(tasks.c.state == TaskState.OPEN)
            .order_by(tasks.c.id)
        )
        return self.unit.connection.execute(found).all()

    def person(self, user_id: int | None) -> Person | None:
        """Return an active user."""
        return None if user_id is None else people_of(self.unit, [user_id]).get(user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that was pressed, by whom, with what it asked for."""

    transition: Transition
    person: Person
    answers: Mapping[str, object]


def for_people(subject: Subject) -> tuple[Transition, ...]:
    """Return the transitions out of the state that somebody presses, in the order written."""
    instance = subject.instance()
    return tuple(
        each
        for each in instance.definition.transitions
        if instance.state in each.sources and each.by is not None and each.by != NamedPerson("system")
    )


def who_may_press(subject: Subject, transition: Transition, *, first: Person | None) -> Iterator[Person]:
    """Yield those whom a transition is for: `first` before all others, then by the order of their accounts."""
    instance = subject.instance()
    circumstances = circumstances_of(instance, subject.row())
    people = [each for each in everybody(subject.unit).values() if first is None or each.id != first.id]
    for person in ([] if first is None else [first]) + sorted(people, key=lambda each: each.id or 0):
        if includes(subject.unit, transition.by, circumstances, person):
            yield person


def press(
    subject: Subject, transition: Transition, sampler: Sampler, *, first: Person | None
) -> Pressed | Label:
    """Press a button as the first person who can; return why nobody could. What it asks for is filled in."""
    why: Label = label(zh="没有人可以操作", en="there is nobody who may do it")
    for person in who_may_press(subject, transition, first=first):
        answers: dict[str, object] = {}
        for ask in transition.ask:
            if ask.required:
                answers[ask.field.id] = sampler.plainest(ask.field)
        for _ in range(_TRIES):
            try:
                with subject.unit.acting_as(person).within() as inner:
                    workflow.do(inner, subject.workflow.form, subject.record_id, transition.id, answers)
                return Pressed(transition=transition, person=person, answers=answers)
            except OrderkitError as error:
                why = error.explain
                if not _answered(transition, error, answers, sampler):
                    break
    return why


def _answered(
    transition: Transition, error: OrderkitError, answers: dict[str, object], sampler: Sampler
) -> bool:
    """Fill in what a refusal says is missing, as far as the button asks for it; return whether it does."""
    missing = (
        {each.path for each in error.problems if each.code == REQUIRED}
        if isinstance(error, Refused)
        else set()
    )
    asked = [
        each.field for each in transition.ask if each.field.id in missing and each.field.id not in answers
    ]
    for each in asked:
        answers[each.id] = sampler.plainest(each)
    return bool(asked)


def why_it_rests(subject: Subject) -> Label:
    """Return why nobody can move a record on from its state."""
    instance = subject.instance()
    waiting = [
        each for each in instance.definition.transitions if instance.state in each.sources and each.auto
    ]
    if waiting:
        return of_both(
            "等待自动流转“{what}”的条件满足",
            "it waits until “{what}” follows by itself",
            what=waiting[0].label,
        )
    return label(zh="没有可走的下一步", en="there is no way on")


def decide(subject: Subject, task_id: int, person: Person, verb: Verb, comment: str | None) -> Label | None:
    """Decide a task; return why it was refused."""
    try:
        with subject.unit.acting_as(person).within() as inner:
            workflow.decide_task(inner, task_id, verb, comment)
    except OrderkitError as error:
        return error.explain
    return None


def withdraw(subject: Subject, person: Person) -> Label | None:
    """Take the record back from its approval; return why it was refused."""
    try:
        with subject.unit.acting_as(person).within() as inner:
            workflow.withdraw(inner, subject.workflow.form, subject.record_id)
    except OrderkitError as error:
        return error.explain
    return None
