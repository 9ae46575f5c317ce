"""What computed fields of stored records are, against what the evaluator makes of their formulas."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orderkit.engine.records.documents.values import stored_value
from orderkit.engine.rows import evaluate_on, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.project import Project
from tests.properties.walking.scene import Cell

# A formula that reads another comes after it in one of these rounds.
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Wrong:
    """A stored value that is not what its formula gives."""

    form: str
    id: int
    field: str
    stored: Any
    computed: Any


def computed_cells(project: Project) -> frozenset[Cell]:
    """Return every stored field that a formula gives."""
    return frozenset(
        (form.id, each.id)
        for form in project.forms
        for each in form.stored_fields
        if each.compute is not None
    )


def wrong_values(runtime: Runtime) -> list[Wrong]:
    """Return the stored values of computed fields that a fresh computation does not give."""
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        return list(_wrong(unit))


def compute_all(runtime: Runtime) -> None:
    """Write what the formulas give, after rows were written past the engine."""
    for _ in range(_MOST_ROUNDS):
        wrong = wrong_values(runtime)
        if not wrong:
            return
        with runtime.database.write() as connection:
            for each in wrong:
                table = runtime.database.tables[each.form]
                change = sa.update(table).where(table.c.id == each.id)
                connection.execute(change.values({each.field: each.computed}))
    raise AssertionError(f"the computation does not end: {wrong}")


def _wrong(unit: Unit) -> Iterator[Wrong]:
    rows, tables = rows_of(unit), unit.runtime.database.tables
    for form_id, name in sorted(computed_cells(unit.project)):
        field = unit.project.form_by_id[form_id].by_id[name]
        assert field.compute is not None
        ids = unit.connection.execute(sa.select(tables[form_id].c.id)).scalars().all()
        for row in rows.load(form_id, ids):
            found = stored_value(unit.runtime.catalog, field, evaluate_on(unit, field.compute, row))
            if found != row.values[name]:
                yield Wrong(form_id, row.id, name, row.values[name], found)
