"""The departments as they stand above each other, as far as the reader may see them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, True_, case, func, select, type_coerce

from orderkit.engine.access import Action, decide, row_condition
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied
from orderkit.model.forms import FieldId

FORM = "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentPlace:
    """A department with its place in the tree: `depth` 0 is at the top.

    `members` are the active people in it whom the reader may see there; None where they may see nobody's department.
    """

    id: int
    name: str
    head: str
    depth: int
    members: int | None


def department_tree(unit: Unit) -> tuple[DepartmentPlace, ...]:
    """Return the departments, each followed by those below it, by name. Raises Denied.

    One whose parent the reader does not see stands at the top.
    """
    decision = decide(unit.person, Action.READ, FORM, unit=unit)
    if not decision:
        raise Denied(decision.why)
    table = unit.runtime.database.tables[FORM]
    columns = [table.c.id, *(_seen(unit, table, name) for name in ("name", "parent", "head"))]
    query = select(*columns).where(row_condition(unit, FORM, Action.READ, table))
    known = {row[0]: (row[1] or "", row[2], row[3]) for row in unit.connection.execute(query)}
    heads = rows_of(unit).titles("user", sorted({head for _, _, head in known.values() if head is not None}))
    members = _members(unit)
    below: dict[int | None, list[int]] = defaultdict(list)
    for each in sorted(known, key=lambda id_: (known[id_][0], id_)):
        parent = known[each][1]
        below[parent if parent in known else None].append(each)
    return tuple(
        DepartmentPlace(
            id=each,
            name=known[each][0],
            head=heads.get(known[each][2], ""),
            depth=depth,
            members=None if members is None else members.get(each, 0),
        )
        for each, depth in _walked(below, known)
    )


def _walked(below: Mapping[int | None, list[int]], known: Mapping[int, object]) -> Iterator[tuple[int, int]]:
    """Yield everything with its depth. A ring from before they were refused begins at its first department."""
    seen: set[int] = set()
    for first in (*below.get(None, ()), *sorted(known)):
        waiting = [(first, 0)]
        while waiting:
            here, depth = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            yield here, depth
            waiting.extend((each, depth + 1) for each in reversed(below.get(here, ())))


def _members(unit: Unit) -> Mapping[int, int] | None:
    if not decide(unit.person, Action.READ, "user", field=FORM, unit=unit):
        return None
    user = unit.runtime.database.tables["user"]
    column = user.c.department
    query = (
        select(column, func.count())
        .where(user.c.active, column.is_not(None))
        .where(row_condition(unit, "user", Action.READ, user))
        .where(row_condition(unit, "user", Action.READ, user, field=FORM))
        .group_by(column)
    )
    return {row[0]: row[1] for row in unit.connection.execute(query)}


def _seen(unit: Unit, table: Table, name: FieldId) -> ColumnElement[Any]:
    """Return a column where the reader sees it."""
    column: ColumnElement[Any] = table.c[name]
    seen = row_condition(unit, FORM, Action.READ, table, field=name)
    return column if isinstance(seen, True_) else type_coerce(case((seen, column)), column.type)
