"""What one step of work writes, found out by looking, and the same written again with no more than Core.

Between two looks at all tables a row may have come or changed. Writing it again gives each new row an id of
its own, and lets whatever points at it point at the new one.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema import system_tables as own
from orderkit.engine.runtime import Runtime

Row = Mapping[str, Any]
Looked = dict[sa.Table, dict[tuple[Any, ...], Row]]
# Ids of the copies of one life, by table and the id that was seen.
Copies = dict[tuple[str, int], int]

# The search index and what is kept once for a process are ours alone: nobody would write them by hand.
_NOT_COPIED = (own.search_entry, own.search_form, own.idempotency, own.workflow_definition)
_TARGETS = {
    "instance_id": own.workflow_instance.name,
    "step_id": own.workflow_step.name,
    "task_id": own.workflow_task.name,
}
_marks = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What one step of work wrote: rows that are new, and the columns that changed of those there were."""

    form: str
    new: Sequence[tuple[sa.Table, Sequence[Row]]]
    changed: Sequence[tuple[sa.Table, Row, Row]] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each table."""
        found: dict[str, int] = {}
        for table, rows in self.new:
            found[table.name] = found.get(table.name, 0) + len(rows)
        for table, _, _ in self.changed:
            found[f"{table.name} changed"] = found.get(f"{table.name} changed", 0) + 1
        return found

    def write_again(self, connection: sa.Connection, copies: Copies) -> None:
        """Write copies of the rows; `copies` knows those of earlier steps, and gets these."""
        for table, rows in self.new:
            values = [self._copy(table, row, copies) for row in rows]
            if table.name not in self._pointed_at():
                connection.execute(sa.insert(table), values)
                continue
            for row, value in zip(rows, values, strict=True):
                made = connection.execute(sa.insert(table).values(value).returning(table.c.id)).scalar_one()
                copies[table.name, row["id"]] = made
        for table, key, changes in self.changed:
            named = {
                name: copies.get((table.name, value), value) if name == "id" else value
                for name, value in key.items()
            }
            conditions = [table.c[name] == value for name, value in named.items()]
            connection.execute(sa.update(table).where(*conditions).values(dict(changes)))

    def _pointed_at(self) -> set[str]:
        return {self.form, *_TARGETS.values()}

    def _copy(self, table: sa.Table, row: Row, copies: Copies) -> dict[str, Any]:
        has_own_id = "id" in table.primary_key.columns
        found: dict[str, Any] = {}
        for name, value in row.items():
            if name == "id" and has_own_id:
                continue
            target = self.form if name == "record_id" else _TARGETS.get(name)
            if target is not None:
                found[name] = copies.get((target, value), value)
            elif table.c[name].unique and value is not None:
                found[name] = f"bare:{next(_marks)}"
            else:
                found[name] = value
        return found


def written_by(runtime: Runtime, form: str, work: Callable[[], object]) -> Written:
    """Do something once and return what it wrote."""
    tables = _tables(runtime, form)
    before = _look(runtime, tables)
    work()
    after = _look(runtime, tables)
    new, changed = [], []
    for table in tables:
        rows = after[table]
        fresh = [row for key, row in rows.items() if key not in before[table]]
        if fresh:
            new.append((table, fresh))
        for key, row in rows.items():
            was = before[table].get(key)
            if was is not None and was != row:
                names = [column.name for column in table.primary_key.columns]
                values = {name: value for name, value in row.items() if value != was[name]}
                changed.append((table, dict(zip(names, key, strict=True)), values))
    return Written(form=form, new=new, changed=changed)


def _tables(runtime: Runtime, form: str) -> list[sa.Table]:
    """Return all tables, those first that others point at."""
    forms = runtime.database.tables
    rest = [table for each, table in forms.items() if each != form]
    system = [each for each in own.metadata.sorted_tables if each not in _NOT_COPIED]
    first = (own.workflow_instance, own.workflow_step, own.workflow_task)
    return [forms[form], *first, *rest, *(each for each in system if each not in first)]


def _look(runtime: Runtime, tables: Iterable[sa.Table]) -> Looked:
    found: Looked = {}
    with runtime.database.read() as connection:
        for table in tables:
            keys = [column.name for column in table.primary_key.columns]
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            found[table] = {tuple(row[name] for name in keys): row for row in rows}
    return found
