"""The questions by which rows are loaded, put together once in a process: every unit asks them.

Putting a statement together costs more than most of these cost the database.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Select, Table, bindparam, select

from orderkit.engine.runtime import Runtime
from orderkit.model.forms import Collection, FormId


class Queries:
    """Statements by what they load; each is asked with `ids`."""

    def __init__(self, tables: Mapping[FormId, Table]) -> None:
        self._tables = tables
        self._by_id: dict[tuple[FormId, bool], Select[Any]] = {}
        self._by_parent: dict[tuple[FormId, str, bool], Select[Any]] = {}

    def with_ids(self, form_id: FormId, *, lock: bool) -> Select[Any]:
        """Return the question for records of a form, in the order of their ids."""
        found = self._by_id.get((form_id, lock))
        if found is None:
            table = self._tables[form_id]
            found = select(table).where(table.c.id.in_(_IDS)).order_by(table.c.id)
            if lock:
                # Not against those who only refer to the record: two of them would wait for each other.
                found = found.with_for_update(key_share=True)
            self._by_id[form_id, lock] = found
        return found

    def of_parents(self, collection: Collection) -> Select[Any]:
        """Return the question for the rows of a collection of these records, in their order."""
        key = (collection.form, collection.via, collection.is_lines)
        found = self._by_parent.get(key)
        if found is None:
            table = self._tables[collection.form]
            order = [table.c.position, table.c.id] if collection.is_lines else [table.c.id]
            found = select(table).where(table.c[collection.via].in_(_IDS)).order_by(*order)
            self._by_parent[key] = found
        return found


_IDS: BindParameter[int] = bindparam("ids", expanding=True)


def queries_of(runtime: Runtime) -> Queries:
    """Return the questions of this process."""
    return runtime.keep(Queries, lambda: Queries(runtime.database.tables))
