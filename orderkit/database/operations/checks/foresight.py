"""Rows as they will be, without changing any: what the checks of a large revision are executed on beforehand.

Each operation that changes rows puts a temporary view in front of its table, under the table's name. Only
PostgreSQL needs it, and everything happens in a transaction that is rolled back.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from orderkit.database.operations.sql import execute, quoted


class Foresight:
    """The views made so far."""

    def __init__(self, connection: sa.Connection, number: str, now: datetime, timezone: str) -> None:
        self.connection, self.number, self.now, self.timezone = connection, number, now, timezone
        self._columns: dict[str, tuple[str, ...]] = {}
        self._count = 0

    def change(
        self, table: str, columns: Mapping[str, str | None], *, rename: Mapping[str, str] | None = None
    ) -> None:
        """Let the table have other values: SQL by column, None where a column goes; new ones come last."""
        names = rename or {}
        old = self._columns_of(table)
        source = self._source(table)
        kept = {
            names.get(name, name): columns.get(name, quoted(name))
            for name in old
            if columns.get(name, name) is not None
        }
        added = {name: sql for name, sql in columns.items() if name not in old and sql is not None}
        shown = {**kept, **added}
        listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in shown.items())
        execute(
            self.connection,
            f"CREATE TEMPORARY VIEW {quoted(table)} AS SELECT {listed} FROM {source} AS {quoted(table)}",
        )
        self._columns[table] = tuple(shown)

    def rename(self, old: str, new: str) -> None:
        """Let the table have another name."""
        columns = self._columns_of(old)
        execute(
            self.connection,
            f"CREATE TEMPORARY VIEW {quoted(new)} AS SELECT * FROM {self._source(old)}",
        )
        self._columns[new] = columns

    def create(self, table: str, definition: str, columns: tuple[str, ...]) -> None:
        """Let there be an empty table."""
        execute(self.connection, f"CREATE TEMPORARY TABLE {quoted(table)} ({definition})")
        self._columns[table] = columns

    def _columns_of(self, table: str) -> tuple[str, ...]:
        if table not in self._columns:
            found = sa.inspect(self.connection).get_columns(table)
            return tuple(column["name"] for column in found)
        return self._columns[table]

    def _source(self, table: str) -> str:
        """Return what stands under the name now, moved out of its way where it is ours."""
        if table not in self._columns:
            schema = execute(self.connection, "SELECT current_schema()").scalar_one()
            return f"{quoted(schema)}.{quoted(table)}"
        self._count += 1
        aside = f"ok_seen_{self._count}"
        execute(self.connection, f"ALTER TABLE pg_temp.{quoted(table)} RENAME TO {aside}")
        return f"pg_temp.{aside}"
