"""Simulates a workflow on the database of a project: in one transaction that is taken back at its end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.engine.access.people import everybody, find_person
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.engine.workflow.previewing import trial
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound, OrderkitError, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label, text_of
from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.workflow.workflows import Workflow
from orderkit.testing.scenarios.passing import StoryClock, office_hours
from orderkit.testing.simulating.moves import Subject
from orderkit.testing.simulating.samples import Draft, Sampler, create, is_given
from orderkit.testing.simulating.views import Walk
from orderkit.testing.simulating.walking import Walker

PACE = TimeSpan(1, TimeUnit.WORKING_HOURS)
MOST_RECORDS = 20
# Far enough for every step of a walk, near enough for a plan.
AHEAD = timedelta(days=30)

# A record as a file has it: texts by field, and rows of them by collection.
Given = Mapping[str, str | Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be simulated: new records of `given` values (a sample if there are none), or those that are there.

    `values` are given to each of them, also where they are computed; `login` makes the records and presses first;
    `pace` is how long everybody takes for what they do.
    """

    workflow: Workflow
    given: Sequence[Given] = ()
    is_about_existing: bool = False
    values: Mapping[str, str]
    login: str | None = None
    pace: TimeSpan = PACE


class _TakenBack(Exception):
    """Ends the transaction: nothing of it is to stay."""


def simulate(runtime: Runtime, wish: Wish) -> tuple[Walk, ...]:
    """Return the ways of the records, in which the people of the database would be asked. Nothing is stored.

    Raises: NotFound (no such person), Refused (a value that its field does not take, a record nobody may make).
    """
    found: list[Walk] = []
    with suppress(_TakenBack), runtime.write(SYSTEM, Channel.COMMAND) as unit:
        found += _walks(unit, wish)
        raise _TakenBack
    return tuple(found)


def _walks(unit: Unit, wish: Wish) -> Iterator[Walk]:
    first = None if wish.login is None else find_person(unit, wish.login)
    if wish.login is not None and first is None:
        raise NotFound(label(zh=f"没有用户“{wish.login}”", en=f"there is no user `{wish.login}`"))
    if wish.is_about_existing:
        for record_id in _newest(unit, wish.workflow.form):
            yield _walk(unit, wish, first, record_id=record_id)
        return
    for given in wish.given or ({},):
        yield _walk(unit, wish, first, given=given)


def _newest(unit: Unit, form: str) -> Sequence[int]:
    table = unit.runtime.database.tables[form]
    newest = sa.select(table.c.id).order_by(table.c.id.desc()).limit(MOST_RECORDS)
    return unit.connection.execute(newest).scalars().all()


def _walk(
    unit: Unit, wish: Wish, first: Person | None, *, record_id: int | None = None, given: Given | None = None
) -> Walk:
    clock = StoryClock(unit.now)
    with trial(unit, clock=clock) as trying:
        sampler = Sampler(unit=trying.unit, ahead=AHEAD)
        form = unit.project.form_by_id[wish.workflow.form]
        values = {name: typed(trying.unit, _field(form, name), text) for name, text in wish.values.items()}
        forced = dict(values)
        if record_id is None:
            draft = _draft(trying.unit, form, given or {}, sampler)
            for name in [name for name in forced if is_given(form.by_id[name])]:
                draft.values[name] = forced.pop(name)
            first, record_id = _made(trying.unit, draft, first, sampler)
        if forced:
            table = unit.runtime.database.tables[form.id]
            unit.connection.execute(sa.update(table).where(table.c.id == record_id).values(**forced))
        with trying.unit.within() as inner:
            title = rows_of(inner).title(form.id, record_id)
        walker = Walker(
            trial=trying,
            subject=Subject(unit=trying.unit, workflow=wish.workflow, record_id=record_id),
            sampler=sampler,
            clock=clock,
            hours=office_hours(unit.runtime),
            pace=wish.pace,
            first=first,
        )
        return walker.walk(title, sorted(forced))


def _draft(unit: Unit, form: Form, given: Given, sampler: Sampler) -> Draft:
    found = sampler.draft(form)
    for name, text in given.items():
        collection = form.collection_by_id.get(name)
        if isinstance(text, str):
            found.values[name] = typed(unit, _field(form, name), text)
        elif collection is not None:
            rows = unit.project.form_by_id[collection.form]
            found.lines[name] = [
                {inner: typed(unit, _field(rows, inner), value) for inner, value in row.items()}
                for row in text
            ]
    return found


def _made(unit: Unit, draft: Draft, first: Person | None, sampler: Sampler) -> tuple[Person, int]:
    why: Label | None = None
    candidates = [first] if first is not None else sorted(everybody(unit).values(), key=_admins_last)
    for person in candidates:
        try:
            return person, create(unit, person, draft, sampler)
        except OrderkitError as error:
            why = why or error.explain
    raise Refused((), why or label(zh="没有人可以新建记录", en="there is nobody who may make a record"))


def _admins_last(person: Person) -> tuple[bool, int]:
    return person.is_administrator, person.id or 0


def _field(form: Form, name: str) -> Field:
    found = form.by_id.get(name)
    if found is None or not found.is_stored:
        raise NotFound(
            label(
                zh=f"表单 {form.id} 没有可以赋值的字段“{name}”",
                en=f"the form `{form.id}` has no field `{name}` that can be given a value",
            )
        )
    return found


def typed(unit: Unit, field: Field, text: str) -> Scalar:
    """Return the value that a text means for a field; a record is named by its code. Raises Refused, NotFound."""
    if isinstance(field.value_type, Record):
        form = unit.project.form_by_id[field.value_type.form]
        found = find_by_text(unit, form, text)
        if found is None:
            name = text_of(form.label, "en").lower()
            raise NotFound(
                label(zh=f"没有这个{text_of(form.label, 'zh')}：{text}", en=f"there is no {name} `{text}`")
            )
        return found
    kind: Any = unit.runtime.catalog.fields[field.type]
    value: Scalar | Invalid = kind.parse(field.options, text)
    if isinstance(value, Invalid):
        raise Refused(
            (),
            label(
                zh=f"{field.id}：“{text}”{text_of(value.message, 'zh')}",
                en=f"{field.id}: `{text}` is {text_of(value.message, 'en')}",
            ),
        )
    return value
