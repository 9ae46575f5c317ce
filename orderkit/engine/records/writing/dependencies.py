"""Which computed values elsewhere hang on what was written, found along references and back.

The ways are worked out once from the model; finding the records takes at most one statement for
each step of a way, however many records were written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from orderkit.engine.records.documents.plans import is_local
from orderkit.engine.rows import Path, ToRecord, reads_of
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, FormId
from orderkit.model.project import Project

IDS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A row that was written. `came_or_went` is true for a new or deleted one."""

    form: FormId
    id: int
    changed: frozenset[FieldId]
    before: Mapping[FieldId, Scalar] = field(default_factory=dict)
    after: Mapping[FieldId, Scalar] = field(default_factory=dict)
    came_or_went: bool = False


@dataclass(frozen=True, slots=True)
class _Dependant:
    """A computed field and the way from its record to what it reads."""

    form: FormId
    field: FieldId
    path: Path


# By the place that is read; None is which rows of the form there are.
class _Dependants(dict[tuple[FormId, FieldId | None], list[_Dependant]]):
    pass


Affected = Mapping[FormId, Mapping[int, frozenset[FieldId]]]


def affected_by(unit: Unit, touched: Sequence[Touched]) -> Affected:
    """Return the records whose computed fields may differ now: form → id → fields."""
    dependants = _dependants_of(unit.runtime)
    causes: dict[_Dependant, list[Touched]] = {}
    for each in touched:
        places: list[FieldId | None] = [*each.changed, *([None] if each.came_or_went else [])]
        found = {d for place in places for d in dependants.get((each.form, place), ())}
        for dependant in found:
            causes.setdefault(dependant, []).append(each)
    affected: dict[FormId, dict[int, set[FieldId]]] = {}
    for dependant in sorted(causes, key=lambda d: (d.form, d.field)):
        for record_id in _back(unit, dependant.path, causes[dependant]):
            fields = affected.setdefault(dependant.form, {}).setdefault(record_id, set())
            fields.add(dependant.field)
    return {form: {i: frozenset(fields) for i, fields in ids.items()} for form, ids in affected.items()}


def is_counted(runtime: Runtime, form_id: FormId) -> bool:
    """Whether some computed value elsewhere hangs on which records of this form there are."""
    return (form_id, None) in _dependants_of(runtime)


def _dependants_of(runtime: Runtime) -> _Dependants:
    return runtime.keep(_Dependants, lambda: _find_dependants(runtime.project))


def _find_dependants(project: Project) -> _Dependants:
    found = _Dependants()
    for form in project.forms:
        for each in form.fields:
            if each.compute is None:
                continue
            for read in sorted(reads_of(project, each.compute, form.id), key=str):
                if is_local(project, read, form.id):
                    continue
                dependant = _Dependant(form.id, each.id, read.path)
                last = read.path[-1]
                if read.field is not None:
                    found.setdefault((read.form, read.field), []).append(dependant)
                elif not isinstance(last, ToRecord):
                    found.setdefault((read.form, None), []).append(dependant)
                    found.setdefault((read.form, last.via), []).append(dependant)
    return found


def _back(unit: Unit, path: Path, causes: Iterable[Touched]) -> set[int]:
    """Return the records from which `path` leads to one of the causes, or led there before."""
    first, *others = reversed(path)
    if isinstance(first, ToRecord):
        here = _select(unit, first.form, "id", first.field, {each.id for each in causes})
    else:
        values = (side.get(first.via) for each in causes for side in (each.before, each.after))
        here = {value for value in values if isinstance(value, int)}
    for step in others:
        if isinstance(step, ToRecord):
            here = _select(unit, step.form, "id", step.field, here)
        else:
            here = _select(unit, step.rows_form, step.via, "id", here)
    return here


def _select(unit: Unit, form: FormId, wanted: FieldId, known: FieldId, ids: Iterable[int]) -> set[int]:
    table = unit.runtime.database.tables[form]
    listed = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(listed), IDS_AT_ONCE):
        some = listed[start : start + IDS_AT_ONCE]
        query = select(table.c[wanted]).where(table.c[known].in_(some)).distinct()
        found.update(each for each in unit.connection.execute(query).scalars() if each is not None)
    return found
