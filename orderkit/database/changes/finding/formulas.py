"""Which stored values follow from a formula that is another one now, or from values that are.

Formulas are compared by what they mean: a field under a new name, and one more option of a choice that is
read, change nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Any

from orderkit.database.changes.finding.models import Cell, Models
from orderkit.database.changes.kinds import Recompute
from orderkit.model.expressions.nodes import Aggregate, Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Number, Record, Rows
from orderkit.model.project import Project


def recomputed(
    models: Models, changed: AbstractSet[Cell], emptied: AbstractSet[Cell] = frozenset()
) -> tuple[Recompute, ...]:
    """Return the columns to compute anew, each after those that it reads.

    Args:
        models: before and after.
        changed: fields whose values this revision changes otherwise, by the names of the new model.
        emptied: computed fields of another type, whose values wait for their formula.
    """
    formulas = {
        (form.id, field.id): field.compute
        for form in models.new.forms
        for field in form.stored_fields
        if field.compute is not None
    }
    reads = {cell: frozenset(_reads(formula, models.new)) for cell, formula in formulas.items()}
    stale = {cell for cell in formulas if cell in emptied or _is_new(cell, models)}
    todo = stale | set(changed)
    while more := {cell for cell, read in reads.items() if cell not in stale and read & todo}:
        stale |= more
        todo |= more
    with_rows = {cell for cell in stale if models.form_before(cell[0]) is not None}
    return tuple(_recompute(cell, models) for cell in _in_order(with_rows, reads))


def meaning(expression: Expression, names: Mapping[Cell, Cell] | None = None) -> object:
    """Return what two expressions have in common exactly when they mean the same, under the new names of `names`."""
    return _meaning(expression, names or {})


def _meaning(value: Any, names: Mapping[Cell, Cell]) -> Any:
    if isinstance(value, Get) and isinstance(value.base.type, Record):
        form, field = names.get((value.base.type.form, value.field), (value.base.type.form, value.field))
        return ("Get", form, field, _meaning(value.base, names))
    if isinstance(value, Number):
        return ("Number", value.scale)
    if isinstance(value, Expression) or (is_dataclass(value) and hasattr(value, "value")):
        kind = type(value).__name__
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        scale = parts.pop("type", None)
        inner = tuple((name, _meaning(part, names)) for name, part in parts.items())
        return (kind, inner, _meaning(scale, names) if isinstance(scale, Number) else None)
    if isinstance(value, tuple):
        return tuple(_meaning(each, names) for each in value)
    return (type(value).__name__, value)


def _is_new(cell: Cell, models: Models) -> bool:
    """Whether a computed field is new, or has another formula."""
    form, field = cell
    if models.form_before(form) is None:
        return False
    before, after = models.field_before(form, field), models.new.form_by_id[form].by_id[field]
    if before is None or before.compute is None or not before.is_stored:
        return True
    assert after.compute is not None
    if not models.renamed_fields and before.compute == after.compute:
        return False
    return meaning(before.compute, models.renamed_fields) != meaning(after.compute)


def _reads(formula: Expression, project: Project) -> Iterator[Cell]:
    """Yield the fields that a formula reads; virtual ones are none of them, since nothing stored may hang on them."""
    for node in walk(formula):
        if isinstance(node, Get) and isinstance(node.base.type, Record):
            yield node.base.type.form, node.field
        if isinstance(node, Aggregate):
            yield from _joining(node.rows, project)


def _joining(rows: Expression, project: Project) -> Iterable[Cell]:
    """Return the references by which rows belong together: which ones those are is a value as well."""
    if isinstance(rows, Get) and isinstance(rows.base.type, Record):
        collection = project.form_by_id[rows.base.type.form].collection_by_id.get(rows.field)
        if collection is not None:
            return [(collection.form, collection.via)]
    form = project.form_by_id.get(rows.type.form) if isinstance(rows.type, Rows) else None
    return [(form.id, each.id) for each in form.stored_fields if each.target] if form is not None else ()


def _in_order(cells: AbstractSet[Cell], reads: Mapping[Cell, AbstractSet[Cell]]) -> list[Cell]:
    """Return the cells, each after those of them that it reads; where they go round, by name."""
    ordered: list[Cell] = []
    waiting = sorted(cells)
    while waiting:
        ready = next((cell for cell in waiting if not (reads[cell] & set(waiting)) - {cell}), waiting[0])
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _recompute(cell: Cell, models: Models) -> Recompute:
    form, name = cell
    field = models.new.form_by_id[form].by_id[name]
    table = models.table_of(form)
    assert field.compute is not None
    assert table is not None
    before, form_before = models.field_before(form, name), models.form_before(form)
    return Recompute(
        table=table,
        form=form,
        column=name,
        formula=field.compute,
        before=before.compute if before is not None and before.is_stored else None,
        old_table=models.names.table_before(table),
        old_form=form_before.id if form_before is not None else form,
        old_column=models.names.column_before(table, name),
    )
