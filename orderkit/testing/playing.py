"""Plays a story on an opened project: its words become values, and the stage does the rest.

Days that have passed are played with a clock that stands back, so that the timeline of a record looks
as it would have. People that exist are left alone; the caller sees to it that steps are played once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from orderkit.engine import accounts, ledger
from orderkit.engine.importing.matching.mapping import keys_of
from orderkit.engine.importing.result import ImportResult
from orderkit.engine.importing.run import run
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.records import LineChange
from orderkit.engine.runtime import SYSTEM, Clock, Runtime, Unit
from orderkit.engine.workflow import Verb
from orderkit.fields.field_type import Invalid
from orderkit.language.expressions import Scope, check_expression
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.expressions.evaluation import Environment, evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Date, Number, Record, Type
from orderkit.model.forms import Field
from orderkit.model.labels import Label, label, text_of
from orderkit.testing.stage import Somebody, Stage, asked_of, field_of, wrong
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


def make_people(runtime: Runtime, story: Story) -> tuple[str, ...]:
    """Make the people of a story that do not exist yet, and return the login names of all."""
    password_hash = None if story.password is None else accounts.hash_password(story.password)
    people = [
        Somebody(
            login=login,
            name=words.name,
            roles=tuple(words.roles),
            manager=words.manager,
            department=words.department,
            locale=words.locale,
        )
        for login, words in story.people.items()
    ]
    Stage(runtime).make_people(people, password_hash=password_hash)
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
    stage = Stage(runtime)
    day = 0
    for number, step in enumerate(story.steps, start=1):
        day = day if step.day is None else step.day
        try:
            _take(stage.at(ShiftedClock(runtime.clock, day)), step)
        except OrderkitError as error:
            raise _step_failed(number, step, error) from error
        on_step(number, len(story.steps))
    return Played(people=people, imports=tuple(imports), steps=len(story.steps))


def _take(stage: Stage, step: StepWords) -> None:
    with stage.acting(step.by) as unit:
        if step.create is not None:
            _create(stage, unit, step)
        elif step.post is not None:
            _post(stage, unit, step)
        elif step.do:
            form, _ = stage.place(step.on)
            for transition in step.do:
                answers = _answers(stage, unit, form, transition, step.with_)
                stage.press(unit, step.on, transition, answers, step.comment)
        else:
            verbs = {Verb.APPROVE: step.approve, Verb.REJECT: step.reject, Verb.RETURN: step.return_}
            verb, name = next((verb, name) for verb, name in verbs.items() if name is not None)
            stage.decide(unit, name, verb, step.comment)


def _create(stage: Stage, unit: Unit, step: StepWords) -> None:
    assert step.create is not None
    form = unit.project.form_by_id.get(step.create)
    if form is None:
        raise wrong(label(zh=f"没有表单“{step.create}”", en=f"there is no form `{step.create}`"))
    values: dict[str, Scalar] = {}
    lines: dict[str, Sequence[LineChange]] = {}
    for name, given in step.set.items():
        collection = form.collection_by_id.get(name)
        if isinstance(given, str):
            values[name] = _value(stage, unit, field_of(form, name), given)
        elif isinstance(given, list) and collection is not None:
            rows = unit.project.form_by_id[collection.form]
            lines[name] = [
                LineChange(values={n: _value(stage, unit, field_of(rows, n), v) for n, v in row.items()})
                for row in given
            ]
        else:
            raise wrong(label(zh=f"“{name}”的写法不对", en=f"`{name}` is not written as its type needs"))
    stage.create(unit, form.id, values, lines, name=step.name, is_history=step.history)


def _post(stage: Stage, unit: Unit, step: StepWords) -> None:
    assert step.post is not None
    found = unit.project.ledger_by_id.get(step.post.partition(".")[0])
    if found is None:
        raise wrong(label(zh=f"没有台账“{step.post}”", en=f"there is no ledger of `{step.post}`"))
    types = {each.id: each.type for each in found.keys}
    keys = {
        name: _key(stage, unit, types[name], text) if name in types else text
        for name, text in step.keys.items()
    }
    amounts = {name: Decimal(text) for name, text in step.amounts.items()}
    ledger.post_by_hand(unit, step.post, keys, amounts, reason=step.reason)


def _key(stage: Stage, unit: Unit, type_: Type, text: str) -> Scalar:
    match type_:
        case Record(form=form):
            return _record(stage, unit, form, text)
        case Date():
            return date.fromisoformat(text)
        case Number():
            return int(text)
        case _:
            return text


def _record(stage: Stage, unit: Unit, form: str, text: str) -> int:
    if text in stage.named:
        return stage.named[text][1]
    target = unit.project.form_by_id[form]
    found = find_by_text(unit, target, text)
    if found is None:
        names = ", ".join(keys_of(target))
        raise wrong(
            label(zh=f"没有“{text}”（按 {names} 查找）", en=f"there is no `{text}` (looked for by {names})")
        )
    return found


def _answers(
    stage: Stage, unit: Unit, form: str, transition: str, given: Mapping[str, str]
) -> dict[str, object]:
    """Return what the transition asks for; what it does not ask for is another one's."""
    asks = asked_of(unit, form, transition)
    return {name: _value(stage, unit, asks[name], text) for name, text in given.items() if name in asks}


def _value(stage: Stage, unit: Unit, field_: Field, text: str) -> Scalar:
    if text.startswith("="):
        return _evaluated(unit, text[1:])
    if isinstance(field_.value_type, Record):
        return _record(stage, unit, field_.value_type.form, text)
    value = unit.runtime.catalog.fields[field_.type].parse(field_.options, text)
    if isinstance(value, Invalid):
        raise wrong(
            label(
                zh=f"{field_.id}：“{text}”{text_of(value.message, 'zh')}",
                en=f"{field_.id}: `{text}` is {text_of(value.message, 'en')}",
            )
        )
    return value


def _evaluated(unit: Unit, text: str) -> Scalar:
    checked = check_expression(text, Scope(forms={}, timezone=unit.project.timezone))
    if checked.expression is None:
        raise wrong(label(zh=f"表达式有误：={text}", en=f"the expression is wrong: ={text}"))
    value = evaluate(checked.expression, Environment(now=unit.now, timezone=unit.runtime.timezone))
    assert value is None or isinstance(value, PLAIN)
    assert not isinstance(value, list | tuple | dict)
    return value


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
