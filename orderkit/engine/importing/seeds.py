"""Reference records that stand in git: made where they are missing, brought to what the file says.

A field that the file does not name is left alone, so people may fill in the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.engine import records
from orderkit.engine.importing.cell_values import same
from orderkit.engine.importing.mapping import keys_of
from orderkit.engine.records import ChangesRefused, Create, Update
from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.evaluation import evaluate
from orderkit.model.evaluation.environment import PLAIN
from orderkit.model.expressions import Expression, Scalar
from orderkit.model.forms import Field, FieldId, Form
from orderkit.model.imports import Seed
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project
from orderkit.model.types import Record


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
    form = project.form_by_id[seed.form]
    named = {name for row in seed.rows for name, _ in row}
    types = (form.by_id[name].value_type for name in named)
    return {type_.form for type_ in types if isinstance(type_, Record)}


def _apply_row(unit: Unit, seed: Seed, number: int, row: Mapping[FieldId, Expression]) -> str:
    form = unit.project.form_by_id[seed.form]
    values = {name: _value(unit, seed, number, form.by_id[name], given) for name, given in row.items()}
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
        if not differing:
            return "unchanged"
        change = Update(form=form.id, id=record_id, values=differing)
    else:
        change = Create(form=form.id, values=values)
    try:
        records.apply(unit, [change])
    except ChangesRefused as refused:
        raise _refused(seed, number, refused.problems) from refused
    return "updated" if stored else "created"


def _value(unit: Unit, seed: Seed, number: int, field: Field, given: Expression) -> Scalar:
    value = evaluate(given, environment_of(unit))
    if value is not None and not isinstance(value, PLAIN):
        return value.id
    assert not isinstance(value, list | tuple | dict)
    type_ = field.value_type
    if isinstance(type_, Record) and isinstance(value, str):
        found = find_by_text(unit, unit.project.form_by_id[type_.form], value)
        if found is None:
            target = unit.project.form_by_id[type_.form].label
            what = label(
                zh=f"没有这个{text_of(target, 'zh')}：{value}",
                en=f"there is no {text_of(target, 'en').lower()} `{value}`",
            )
            raise _refused(seed, number, [Problem(path=field.id, code="unknown_reference", message=what)])
        return found
    return value


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
