"""Reference records that stand in git: made where they are missing, brought to what the file says.

A field that the file does not name is left alone, so people may fill in the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import sqlalchemy as sa

from orderkit.engine import records
from orderkit.engine.importing.cell_values import same
from orderkit.engine.importing.matching.mapping import as_named, keys_of
from orderkit.engine.records import ChangesRefused, Create, LineChange, Update
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.exchange.imports import Seed
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Expression, Items, Scalar, Structure
from orderkit.model.forms import Field, FieldId, Form
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """How many records of all seeds were made, changed, or stood there already."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def apply(unit: Unit) -> SeedResult:
    """Bring the records of every seed to what their files say, in one transaction.

    Raises: Refused, with a problem at the seed and row (from 1): `warehouses.2.code`.
    """
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for seed in in_order(unit.project):
        for number, row in enumerate(seed.rows, start=1):
            counts[_apply_row(unit, seed, number, dict(row))] += 1
    return SeedResult(**counts)


def in_order(project: Project) -> list[Seed]:
    """Return the seeds so that what others refer to comes first; in a circle, by id."""
    waiting = {seed.id: seed for seed in sorted(project.seeds, key=lambda each: each.id)}
    needs = {seed.id: _targets(project, seed) for seed in waiting.values()}
    found: list[Seed] = []
    while waiting:
        unseeded = {seed.form for seed in waiting.values()}
        ready = [s for s in waiting.values() if not (needs[s.id] - {s.form}) & unseeded]
        found += [waiting.pop(seed.id) for seed in ready or list(waiting.values())]
    return found


def _targets(project: Project, seed: Seed) -> set[str]:
    """Return the forms that the records of a seed refer to."""
    form = project.form_by_id[seed.form]
    fields: list[Field] = []
    for name, given in (pair for row in seed.rows for pair in row):
        if isinstance(given, Items):
            lines = project.form_by_id[form.collection_by_id[name].form]
            named = (
                entry.name for item in given.items if isinstance(item, Structure) for entry in item.entries
            )
            fields += [lines.by_id[each] for each in named]
        else:
            fields.append(form.by_id[name])
    return {each.target for each in fields if each.target is not None}


def _apply_row(unit: Unit, seed: Seed, number: int, row: Mapping[FieldId, Expression]) -> str:
    form = unit.project.form_by_id[seed.form]
    values = {
        name: _value(unit, seed, number, form.by_id[name], given)
        for name, given in row.items()
        if not isinstance(given, Items)
    }
    lines = {
        name: _lines(unit, seed, number, unit.project.form_by_id[form.collection_by_id[name].form], given)
        for name, given in row.items()
        if isinstance(given, Items)
    }
    table = unit.runtime.database.tables[form.id]
    query = sa.select(table.c.id, *(table.c[name] for name in values))
    for name in seed.match:
        value = values.get(name)
        query = query.where(table.c[name].is_(None) if value is None else table.c[name] == value)
    stored = unit.connection.execute(query.order_by(table.c.id)).all()
    if len(stored) > 1:
        what = label(
            zh=f"有 {len(stored)} 条记录符合",
            en=f"{len(stored)} records fit, so it is not clear which is meant",
        )
        raise _refused(seed, number, [Problem(path=".".join(seed.match), code="ambiguous", message=what)])
    change: Create | Update
    if stored:
        record_id, *kept = stored[0]
        differing = {
            name: value
            for (name, value), old in zip(values.items(), kept, strict=True)
            if not same(value, old)
        }
        other_lines = _differing_lines(unit, form.id, record_id, lines)
        if not differing and not other_lines:
            return "unchanged"
        change = Update(form=form.id, id=record_id, values=differing, lines=other_lines)
    else:
        change = Create(form=form.id, values=values, lines=lines)
    try:
        records.apply(unit, [change])
    except ChangesRefused as refused:
        raise _refused(seed, number, refused.problems) from refused
    return "updated" if stored else "created"


def _lines(unit: Unit, seed: Seed, number: int, form: Form, given: Items) -> list[LineChange]:
    return [
        LineChange(
            values={
                entry.name: _value(unit, seed, number, form.by_id[entry.name], entry.value)
                for entry in item.entries
            }
        )
        for item in given.items
        if isinstance(item, Structure)
    ]


def _differing_lines(
    unit: Unit, form_id: str, record_id: int, lines: Mapping[str, Sequence[LineChange]]
) -> dict[str, list[LineChange]]:
    """Return the collections whose stored lines are not these, each new line on a stored one as far as they go."""
    row = rows_of(unit).row(form_id, record_id)
    assert row is not None
    found = {}
    for name, wanted in lines.items():
        kept = row.rows(name)
        is_same = len(kept) == len(wanted) and all(
            same(value, old.get(field))
            for line, old in zip(wanted, kept, strict=True)
            for field, value in line.values.items()
        )
        if not is_same:
            ids = [*(each.id for each in kept), *([None] * len(wanted))]
            found[name] = [replace(line, id=ids[index]) for index, line in enumerate(wanted)]
    return found


def _value(unit: Unit, seed: Seed, number: int, field: Field, given: Expression) -> Scalar:
    value: Any = evaluate(as_named(given) or given, environment_of(unit))
    if isinstance(value, list):
        each_value = (_one(unit, seed, number, field, each) for each in value)
        return tuple(each for each in each_value if isinstance(each, str | int))
    return _one(unit, seed, number, field, value)


def _one(unit: Unit, seed: Seed, number: int, field: Field, value: Any) -> Scalar:
    """Return a value; of a record its id, found by the text by which people know it."""
    if value is not None and not isinstance(value, PLAIN):
        identity: int = value.id
        return identity
    if field.target is not None and isinstance(value, str):
        form = unit.project.form_by_id[field.target]
        found = find_by_text(unit, form, value)
        if found is None:
            target = form.label
            what = label(
                zh=f"没有这个{text_of(target, 'zh')}：{value}",
                en=f"there is no {text_of(target, 'en').lower()} `{value}`",
            )
            raise _refused(seed, number, [Problem(path=field.id, code="unknown_reference", message=what)])
        return found
    return cast("Scalar", value)


def find_by_text(unit: Unit, form: Form, text: str) -> int | None:
    """Return the one record that a text names: by its unique fields, else by what its title is made of."""
    table = unit.runtime.database.tables[form.id]
    for name in keys_of(form):
        found = unit.connection.execute(sa.select(table.c.id).where(table.c[name] == text).limit(2)).all()
        if len(found) == 1:
            return int(found[0][0])
    return None


def _refused(seed: Seed, number: int, problems: tuple[Problem, ...] | list[Problem]) -> Refused:
    return Refused(
        [
            Problem(
                path=f"{seed.id}.{number}.{each.path}" if each.path else f"{seed.id}.{number}",
                code=each.code,
                message=each.message,
                help=each.help,
            )
            for each in problems
        ]
    )
