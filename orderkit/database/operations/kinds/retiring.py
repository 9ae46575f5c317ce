"""What is dropped on purpose: its data goes to a shadow table, is kept for a while, and can be brought back.

A shadow table is named `retired_<revision>_<table>__<column>`; `ok_retired` says what it holds and how
long. `purge_expired` is the only thing that drops one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.kinds.alterations import AddedColumn, DroppedColumn
from orderkit.database.operations.kinds.altering import AlterTable
from orderkit.database.operations.operation import Context, InOneTransaction, Operation, Phase
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import execute, listed, quoted, text, type_name
from orderkit.database.operations.sqlite_copy import keep_ids
from orderkit.database.schema import system_tables
from orderkit.database.schema.tables import MAX_NAME_BYTES

KEPT_DAYS = 90


def retire_column(form: str, table: str, column: str, *, path: str, days: int = KEPT_DAYS) -> None:
    """Drop a column; its values are kept for `days`."""
    del form
    add(RetireColumn(table, column, path, days))


def restore_column(form: str, table: str, column: str, column_type: TypeEngine[Any], *, path: str) -> None:
    """Bring back a column, optional, with the values that were kept: what undoes `retire_column`."""
    del form
    add(RestoreColumn(table, column, sa.types.to_instance(column_type), path))


def retire_table(form: str, table: str, *, path: str, days: int = KEPT_DAYS) -> None:
    """Drop a table that nothing refers to; its rows are kept for `days`."""
    del form
    add(RetireTable(table, path, days))


def restore_table(form: str, table: str, *, path: str) -> None:
    """Fill a table made anew with the rows that were kept: what undoes `retire_table`, after `create_table`."""
    del form
    add(RestoreTable(table, path))


def shadow_name(context: Context, place: str) -> str:
    """Return the name of the shadow table for what this revision retires."""
    name = f"retired_{context.number}_{place}"
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    return f"{name[: MAX_NAME_BYTES - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def keep(context: Context, shadow: str, path: str, days: int, select: str) -> None:
    """Make a shadow table of what a SELECT gives, and note until when it is kept."""
    execute(context.connection, f"CREATE TABLE {quoted(shadow)} AS {select}")
    context.connection.execute(
        system_tables.retired.insert().values(
            shadow=shadow,
            number=context.number,
            path=path,
            retired_at=context.now,
            expires_at=context.now + timedelta(days=days),
        )
    )


def kept_in(connection: sa.Connection, number: str, path: str) -> str | None:
    """Return the shadow table in which a revision kept `path`; None when it has expired."""
    table = system_tables.retired
    return connection.execute(
        sa.select(table.c.shadow).where(table.c.number == number, table.c.path == path)
    ).scalar()


def forget(context: Context, shadow: str) -> None:
    """Drop a shadow table."""
    execute(context.connection, f"DROP TABLE {quoted(shadow)}")
    table = system_tables.retired
    context.connection.execute(table.delete().where(table.c.shadow == shadow))


def purge_expired(connection: sa.Connection, now: datetime) -> tuple[str, ...]:
    """Drop the shadow tables that have expired by `now`, and return what they held. Nothing goes earlier."""
    table = system_tables.retired
    expired = connection.execute(
        sa.select(table.c.shadow, table.c.path).where(table.c.expires_at <= now)
    ).all()
    for row in expired:
        execute(connection, f"DROP TABLE IF EXISTS {quoted(row.shadow)}")
        connection.execute(table.delete().where(table.c.shadow == row.shadow))
    return tuple(row.path for row in expired)


@dataclass(frozen=True, slots=True)
class RetireColumn(Operation):
    """A column that goes to a shadow table."""

    table: str
    column: str
    path: str
    days: int

    @property
    def title(self) -> str:
        return f"retire column {self.table}.{self.column}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        self._keep(context)
        self._drop(context)

    def phases(self) -> tuple[Phase, ...]:
        # In one transaction: a row written in between would be lost.
        def run(context: Context) -> None:
            execute(context.connection, f"LOCK TABLE {quoted(self.table)} IN SHARE ROW EXCLUSIVE MODE")
            self.apply(context)

        return (InOneTransaction(title=self.title, run=run, alters=self.table),)

    def foresee(self, foresight: Foresight) -> None:
        foresight.change(self.table, {self.column: None})

    def _keep(self, context: Context) -> None:
        keep(
            context,
            shadow_name(context, f"{self.table}__{self.column}"),
            self.path,
            self.days,
            f'SELECT "id", {quoted(self.column)} AS value FROM {quoted(self.table)} WHERE {quoted(self.column)} IS NOT NULL',
        )

    def _drop(self, context: Context) -> None:
        AlterTable(self.table, (DroppedColumn(self.column),)).apply(context)


@dataclass(frozen=True, slots=True)
class RestoreColumn(Operation):
    """A column that comes back from its shadow table."""

    table: str
    column: str
    type: TypeEngine[Any]
    path: str

    @property
    def title(self) -> str:
        return f"restore column {self.table}.{self.column}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        is_truth = isinstance(self.type, sa.Boolean)
        column = sa.Column(
            self.column, self.type, nullable=not is_truth, server_default=sa.false() if is_truth else None
        )
        AlterTable(self.table, (AddedColumn(column),)).apply(context)
        shadow = kept_in(context.connection, context.number, self.path)
        if shadow is None:
            return
        execute(
            context.connection,
            f"UPDATE {quoted(self.table)} SET {quoted(self.column)} = ({self._kept(shadow)}) "
            f'WHERE "id" IN (SELECT "id" FROM {quoted(shadow)})',
        )
        forget(context, shadow)

    def foresee(self, foresight: Foresight) -> None:
        kept = type_name(self.type, foresight.connection.dialect)
        shadow = kept_in(foresight.connection, foresight.number, self.path)
        value = "NULL" if shadow is None else f"({self._kept(shadow)})"
        default = ", false" if isinstance(self.type, sa.Boolean) else ""
        foresight.change(self.table, {self.column: f"coalesce(CAST({value} AS {kept}){default})"})

    def _kept(self, shadow: str) -> str:
        return f'SELECT ok_kept.value FROM {quoted(shadow)} AS ok_kept WHERE ok_kept."id" = {quoted(self.table)}."id"'


@dataclass(frozen=True, slots=True)
class RetireTable(Operation):
    """A table that becomes a shadow table, without its keys and indexes."""

    table: str
    path: str
    days: int

    @property
    def title(self) -> str:
        return f"retire table {self.table}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        shadow = shadow_name(context, self.table)
        keep(context, shadow, self.path, self.days, f"SELECT * FROM {quoted(self.table)}")
        execute(context.connection, f"DROP TABLE {quoted(self.table)}")


@dataclass(frozen=True, slots=True)
class RestoreTable(Operation):
    """A table made anew that gets its rows back."""

    table: str
    path: str

    @property
    def title(self) -> str:
        return f"restore table {self.table}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        connection = context.connection
        shadow = kept_in(connection, context.number, self.path)
        if shadow is None:
            return
        there = {column["name"] for column in sa.inspect(connection).get_columns(shadow)}
        columns = [
            column["name"]
            for column in sa.inspect(connection).get_columns(self.table)
            if column["name"] in there
        ]
        override = "" if context.is_sqlite else "OVERRIDING SYSTEM VALUE "
        execute(
            connection,
            f"INSERT INTO {quoted(self.table)} ({listed(columns)}) {override}SELECT {listed(columns)} FROM {quoted(shadow)}",
        )
        last_id = execute(connection, f'SELECT max("id") FROM {quoted(self.table)}').scalar()
        if context.is_sqlite:
            keep_ids(connection, self.table, last_id)
        elif last_id is not None:
            sequence = f"pg_get_serial_sequence({text(quoted(self.table))}, 'id')"
            execute(connection, f"SELECT setval({sequence}, {last_id})")
        forget(context, shadow)
