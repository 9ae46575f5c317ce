"""The stage on which every story is played, be it sample data or a scenario: who is there, what was made, what is done.

Each deed is a transaction of the person who does it, with their rights and by every rule of the project.
The words of a story are none of its business: values come as fields take them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from orderkit.engine import accounts, workflow
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.records import Create, LineChange, Update, apply
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Clock, Person, Runtime, Unit
from orderkit.engine.workflow import TaskItem, Verb
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label

Lines = Mapping[str, Sequence[LineChange]]


class Mistold(Refused):
    """A step cannot be meant so; mend the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person of a story. `manager` is the login name of another, `department` the name of theirs."""

    login: str
    name: str
    roles: tuple[str, ...] = ()
    manager: str | None = None
    department: str | None = None
    locale: str | None = None


@dataclass(slots=True)
class Stage:
    """An opened project with the records of a story by their names: form and id."""

    runtime: Runtime
    named: dict[str, tuple[str, int]] = field(default_factory=dict)

    def at(self, clock: Clock) -> "Stage":
        """Return the same stage at another time."""
        return Stage(replace(self.runtime, clock=clock), self.named)

    @contextmanager
    def acting(self, login: str | None) -> Iterator[Unit]:
        """Open the transaction of a person; None is the system. Raises Refused when there is nobody of that name."""
        with self.runtime.read(SYSTEM, Channel.COMMAND) as unit:
            person = _person(unit, login)
        with self.runtime.write(person, Channel.COMMAND) as unit:
            yield unit

    @contextmanager
    def looking(self) -> Iterator[Unit]:
        """Open a unit that sees everything and changes nothing."""
        with self.runtime.read(SYSTEM, Channel.COMMAND) as unit:
            yield unit

    def place(self, name: str | None) -> tuple[str, int]:
        """Return form and id of a record. Raises Refused for a name that nothing has."""
        found = self.named.get(name or "")
        if found is None:
            raise wrong(label(zh=f"前面没有名为“{name}”的记录", en=f"no earlier step made a record `{name}`"))
        return found

    def row(self, unit: Unit, name: str | None) -> RecordRow | None:
        """Return a record as it is; None when it is gone."""
        form, record_id = self.place(name)
        return rows_of(unit).row(form, record_id)

    def make_people(self, people: Sequence[Somebody], *, password_hash: str | None = None) -> None:
        """Make the people that do not exist yet, with their managers and departments."""
        with self.runtime.write(SYSTEM, Channel.COMMAND) as unit:
            user = unit.runtime.database.tables["user"]
            known: dict[str, int] = {
                login: user_id
                for user_id, login in unit.connection.execute(sa.select(user.c.id, user.c.login))
            }
            new = [each for each in people if each.login not in known]
            for each in new:
                values: dict[str, Scalar] = {"locale": each.locale}
                if each.department is not None:
                    values["department"] = _department(unit, each.department)
                known[each.login] = accounts.make_user(
                    unit,
                    login=each.login,
                    name=each.name,
                    roles=each.roles,
                    password_hash=password_hash,
                    values=values,
                )
            managed = [each for each in new if each.manager in known]
            apply(
                unit,
                [
                    Update(form="user", id=known[each.login], values={"manager": known[each.manager or ""]})
                    for each in managed
                ],
            )

    def create(
        self,
        unit: Unit,
        form: str,
        values: Mapping[str, Scalar],
        lines: Lines,
        *,
        name: str | None = None,
        is_history: bool = False,
    ) -> int:
        """Make a record and give it its name."""
        (made,) = apply(unit, [Create(form=form, values=values, lines=lines)], history=is_history)
        if name is not None:
            self.named[name] = (form, made.id)
        return made.id

    def set(self, unit: Unit, name: str | None, values: Mapping[str, Scalar], lines: Lines) -> None:
        """Write fields of a record; a collection is replaced as a whole."""
        form, record_id = self.place(name)
        row = rows_of(unit).row(form, record_id)
        kept = {} if row is None else {each: row.rows(each) for each in lines}
        matched = {
            each: [
                replace(line, id=kept[each][index].id if index < len(kept[each]) else None)
                for index, line in enumerate(wanted)
            ]
            for each, wanted in lines.items()
            if each in kept
        }
        apply(unit, [Update(form=form, id=record_id, values=values, lines=matched)])

    def press(
        self,
        unit: Unit,
        name: str | None,
        transition: str,
        answers: Mapping[str, object],
        comment: str | None = None,
    ) -> None:
        """Press a button of a record."""
        form, record_id = self.place(name)
        workflow.do(unit, form, record_id, transition, answers, comment)

    def decide(self, unit: Unit, name: str | None, verb: Verb, comment: str | None = None) -> None:
        """Decide the task that the person has on a record. Raises Refused when they have none."""
        form, record_id = self.place(name)
        mine = self.tasks_of(unit, form, record_id)
        if not mine:
            who = unit.person.name
            what = label(zh=f"{who} 没有待办“{name}”", en=f"{who} has no task on `{name}`")
            raise Refused([Problem(path="", code="no_task", message=what)])
        workflow.decide_task(unit, mine[0].id, verb, comment)

    def withdraw(self, unit: Unit, name: str | None, comment: str | None = None) -> None:
        """Take a record back from its approval."""
        form, record_id = self.place(name)
        workflow.withdraw(unit, form, record_id, comment)

    @staticmethod
    def tasks_of(unit: Unit, form: str, record_id: int) -> Sequence[TaskItem]:
        """Return the open tasks that the person of the unit has on a record."""
        return [each for each in workflow.tasks(unit) if each.form == form and each.record_id == record_id]


def asked_of(unit: Unit, form: str, transition: str) -> Mapping[str, Field]:
    """Return the fields that a button of a form asks for, by name."""
    return {
        ask.field.id: ask.field
        for each in unit.project.workflows_by_form.get(form, ())
        if transition in each.transition_by_id
        for ask in each.transition_by_id[transition].ask
    }


def field_of(form: Form, name: str) -> Field:
    """Return a field of a form. Raises Refused when it has none of that name."""
    found = form.by_id.get(name)
    if found is None:
        raise wrong(label(zh=f"{form.id} 没有字段“{name}”", en=f"`{form.id}` has no field `{name}`"))
    return found


def wrong(message: Label) -> Mistold:
    """Return the refusal of a step that cannot be meant so."""
    return Mistold([Problem(path="", code="story", message=message)])


def _person(unit: Unit, login: str | None) -> Person:
    if login is None:
        return SYSTEM
    found = accounts.find_person(unit, login)
    if found is None:
        raise wrong(label(zh=f"没有用户“{login}”", en=f"there is no user `{login}`"))
    return found


def _department(unit: Unit, name: str) -> int:
    form = unit.project.form_by_id["department"]
    found = find_by_text(unit, form, name)
    if found is None:
        (made,) = apply(unit, [Create(form=form.id, values={"name": name})])
        return made.id
    return found
