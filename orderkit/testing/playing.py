"""Plays a story on an opened project: every step is a transaction of the person who takes it.

Days that have passed are played with a clock that stands back, so that the timeline of a record looks
as it would have. People that exist are left alone; the caller sees to it that steps are played once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from orderkit.engine import accounts, workflow
from orderkit.engine.importing.matching.mapping import keys_of
from orderkit.engine.importing.result import ImportResult
from orderkit.engine.importing.run import run
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.records import Create, LineChange, Update, apply
from orderkit.engine.runtime import SYSTEM, Channel, Clock, Person, Runtime, Unit
from orderkit.engine.workflow import Verb
from orderkit.fields.field_type import Invalid
from orderkit.language.expressions import Scope, check_expression
from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.expressions.evaluation import Environment, evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label, text_of
from orderkit.testing.story import StepWords, Story

OnStep = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """A clock that stands some days before or after another."""

    clock: Clock
    days: int

    def now(self) -> datetime:
        """Return the shifted instant."""
        return self.clock.now() + timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a story made: imports in order, and how many steps were taken."""

    people: tuple[str, ...]
    imports: tuple[ImportResult, ...]
    steps: int


@dataclass(slots=True)
class _Stage:
    """The records of a story by their names."""

    runtime: Runtime
    named: dict[str, tuple[str, int]] = field(default_factory=dict)


def make_people(runtime: Runtime, story: Story) -> tuple[str, ...]:
    """Make the people of a story that do not exist yet, and return the login names of all."""
    password_hash = None if story.password is None else accounts.hash_password(story.password)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        user = unit.runtime.database.tables["user"]
        known: dict[str, int] = {
            login: user_id for user_id, login in unit.connection.execute(sa.select(user.c.id, user.c.login))
        }
        new = [login for login in story.people if login not in known]
        for login in new:
            words = story.people[login]
            values: dict[str, Scalar] = {"locale": words.locale}
            if words.department is not None:
                values["department"] = _department(unit, words.department)
            known[login] = accounts.make_user(
                unit,
                login=login,
                name=words.name,
                roles=words.roles,
                password_hash=password_hash,
                values=values,
            )
        managers = {
            login: known[manager]
            for login in new
            if (manager := story.people[login].manager) is not None and manager in known
        }
        apply(unit, [Update(form="user", id=known[a], values={"manager": b}) for a, b in managers.items()])
    return tuple(story.people)


def play(runtime: Runtime, story: Story, folder: Path, *, on_step: OnStep = lambda *_: None) -> Played:
    """Play a story whose files lie in `folder`. Raises Refused, naming the step that failed."""
    people = make_people(runtime, story)
    imports = [
        run(runtime, SYSTEM, words.mapping, folder / file) for words in story.imports for file in words.files
    ]
    bad = next((each for each in imports if not each.is_clean), None)
    if bad is not None:
        raise Refused([], _import_failed(bad))
    stage = _Stage(runtime)
    day = 0
    for number, step in enumerate(story.steps, start=1):
        day = day if step.day is None else step.day
        shifted = replace(runtime, clock=ShiftedClock(runtime.clock, day))
        try:
            _take(stage, shifted, step)
        except OrderkitError as error:
            raise _step_failed(number, step, error) from error
        on_step(number, len(story.steps))
    return Played(people=people, imports=tuple(imports), steps=len(story.steps))


def _take(stage: _Stage, runtime: Runtime, step: StepWords) -> None:
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        person = _person(unit, step.by)
    with runtime.write(person, Channel.COMMAND) as unit:
        if step.create is not None:
            _create(stage, unit, step)
        elif step.do:
            form, record_id = _named(stage, step.on)
            for transition in step.do:
                values = _answers(stage, unit, form, transition, step.with_)
                workflow.do(unit, form, record_id, transition, values, step.comment)
        else:
            _decide(stage, unit, step)


def _create(stage: _Stage, unit: Unit, step: StepWords) -> None:
    assert step.create is not None
    form = unit.project.form_by_id.get(step.create)
    if form is None:
        raise _wrong(label(zh=f"没有表单“{step.create}”", en=f"there is no form `{step.create}`"))
    values: dict[str, Scalar] = {}
    lines: dict[str, Sequence[LineChange]] = {}
    for name, given in step.set.items():
        collection = form.collection_by_id.get(name)
        if isinstance(given, str):
            values[name] = _value(stage, unit, _field(form, name), given)
        elif isinstance(given, list) and collection is not None:
            rows = unit.project.form_by_id[collection.form]
            lines[name] = [
                LineChange(values={n: _value(stage, unit, _field(rows, n), v) for n, v in row.items()})
                for row in given
            ]
        else:
            raise _wrong(label(zh=f"“{name}”的写法不对", en=f"`{name}` is not written as its type needs"))
    change = Create(form=form.id, values=values, lines=lines)
    (made,) = apply(unit, [change], history=step.history)
    if step.name is not None:
        stage.named[step.name] = (form.id, made.id)


def _decide(stage: _Stage, unit: Unit, step: StepWords) -> None:
    verbs = {Verb.APPROVE: step.approve, Verb.REJECT: step.reject, Verb.RETURN: step.return_}
    verb, name = next((verb, name) for verb, name in verbs.items() if name is not None)
    form, record_id = _named(stage, name)
    mine = [each for each in workflow.tasks(unit) if each.form == form and each.record_id == record_id]
    if not mine:
        raise _wrong(
            label(zh=f"{unit.person.name} 没有待办“{name}”", en=f"{unit.person.name} has no task on `{name}`")
        )
    workflow.decide_task(unit, mine[0].id, verb, step.comment)


def _answers(
    stage: _Stage, unit: Unit, form: str, transition: str, given: Mapping[str, str]
) -> dict[str, object]:
    """Return what the transition asks for; what it does not ask for is another one's."""
    asks = {
        ask.field.id: ask.field
        for each in unit.project.workflows_by_form.get(form, ())
        if transition in each.transition_by_id
        for ask in each.transition_by_id[transition].ask
    }
    return {name: _value(stage, unit, asks[name], text) for name, text in given.items() if name in asks}


def _value(stage: _Stage, unit: Unit, field_: Field, text: str) -> Scalar:
    if text.startswith("="):
        return _evaluated(unit, text[1:])
    if isinstance(field_.value_type, Record):
        if text in stage.named:
            return stage.named[text][1]
        target = unit.project.form_by_id[field_.value_type.form]
        found = find_by_text(unit, target, text)
        if found is None:
            names = ", ".join(keys_of(target))
            raise _wrong(
                label(
                    zh=f"没有“{text}”（按 {names} 查找）", en=f"there is no `{text}` (looked for by {names})"
                )
            )
        return found
    value = unit.runtime.catalog.fields[field_.type].parse(field_.options, text)
    if isinstance(value, Invalid):
        raise _wrong(
            label(
                zh=f"{field_.id}：“{text}”{text_of(value.message, 'zh')}",
                en=f"{field_.id}: `{text}` is {text_of(value.message, 'en')}",
            )
        )
    return value


def _evaluated(unit: Unit, text: str) -> Scalar:
    checked = check_expression(text, Scope(forms={}, timezone=unit.project.timezone))
    if checked.expression is None:
        raise _wrong(label(zh=f"表达式有误：={text}", en=f"the expression is wrong: ={text}"))
    value = evaluate(checked.expression, Environment(now=unit.now, timezone=unit.runtime.timezone))
    assert value is None or isinstance(value, PLAIN)
    assert not isinstance(value, list | tuple | dict)
    return value


def _person(unit: Unit, login: str | None) -> Person:
    if login is None:
        return SYSTEM
    found = accounts.find_person(unit, login)
    if found is None:
        raise _wrong(label(zh=f"没有用户“{login}”", en=f"there is no user `{login}`"))
    return found


def _department(unit: Unit, name: str) -> int:
    form = unit.project.form_by_id["department"]
    found = find_by_text(unit, form, name)
    if found is None:
        (made,) = apply(unit, [Create(form=form.id, values={"name": name})])
        return made.id
    return found


def _field(form: Form, name: str) -> Field:
    found = form.by_id.get(name)
    if found is None:
        raise _wrong(label(zh=f"{form.id} 没有字段“{name}”", en=f"`{form.id}` has no field `{name}`"))
    return found


def _named(stage: _Stage, name: str | None) -> tuple[str, int]:
    found = stage.named.get(name or "")
    if found is None:
        raise _wrong(label(zh=f"前面没有名为“{name}”的记录", en=f"no earlier step made a record `{name}`"))
    return found


def _wrong(message: Label) -> Refused:
    return Refused([Problem(path="", code="story", message=message)])


def _step_failed(number: int, step: StepWords, error: OrderkitError) -> Refused:
    what = step.name or step.on or step.approve or step.reject or step.return_ or step.create or ""
    problems = error.problems if isinstance(error, Refused) else ()
    return Refused(
        problems,
        label(
            zh=f"第 {number} 步（{what}）失败：{text_of(error.explain, 'zh')}",
            en=f"step {number} ({what}) failed: {text_of(error.explain, 'en')}",
        ),
    )


def _import_failed(result: ImportResult) -> Label:
    first = result.problems[0] if result.problems else None
    zh = "" if first is None else f"{first.cell} {text_of(first.what, 'zh')}"
    en = "" if first is None else f"{first.cell} {text_of(first.what, 'en')}"
    return label(zh=f"导入 {result.file_name} 失败：{zh}", en=f"importing {result.file_name} failed: {en}")
