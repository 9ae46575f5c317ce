"""The changes of the tables as SQL, for those who want to read it: the statements in their plain form.

`orderkit migrate` runs the revision that `build` writes. It may divide a statement into batches and smaller
steps, so that nobody waits, and on SQLite copies a table where SQLite cannot alter it; that stands here as
a remark.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex
from sqlalchemy.schema import CreateTable as CreateTableStatement

from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    Change,
    CreateTable,
    DropBalances,
    DropForeignKey,
    DropIndex,
    MakeBalances,
    RenameColumn,
    RenameTable,
)
from orderkit.database.schema.metadata import column_type, metadata_of
from orderkit.database.schema.tables import Column, Tables
from orderkit.plan.areas.tables import described
from orderkit.plan.values import TableChange

Dialect = Literal["sqlite", "postgresql"]
DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgresql")


# SQLAlchemy gives no types to what makes a dialect.
_MADE: Mapping[Dialect, sa.Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
}


def statements(tables: tuple[TableChange, ...], new: Tables, dialect: Dialect) -> tuple[str, ...]:
    """Return the statements of a dialect, in the order in which they are made.

    Args:
        tables: the changes.
        new: the tables that they lead to.
        dialect: whose SQL it is.
    """
    writer = _Writer(metadata_of(new), dialect)
    return tuple(statement for each in tables for statement in writer.written(each.change))


class _Writer:
    """Writes changes in one dialect."""

    def __init__(self, metadata: sa.MetaData, dialect: Dialect) -> None:
        self._metadata = metadata
        self._dialect: sa.Dialect = _MADE[dialect]
        self._is_sqlite = dialect == "sqlite"

    def written(self, change: Change) -> Iterator[str]:
        """Yield the statements of one change; what is done to rows alone is a remark."""
        match change:
            case CreateTable(table=table) | MakeBalances(table=table):
                made = self._metadata.tables[table.name]
                yield self._compiled(CreateTableStatement(made))
                for index in sorted(made.indexes, key=lambda each: str(each.name)):
                    yield self._compiled(CreateIndex(index))
            case DropBalances(table=table):
                yield f"DROP TABLE {self._name(table.name)};"
            case RenameTable(old=old, new=new):
                yield f"ALTER TABLE {self._name(old)} RENAME TO {self._name(new)};"
            case RenameColumn(table=table_name, old=old, new=column):
                renamed = f"RENAME COLUMN {self._name(old)} TO {self._name(column.name)}"
                yield f"ALTER TABLE {self._name(table_name)} {renamed};"
            case AddColumn(table=table_name, column=column):
                yield from self._added(table_name, column)
            case AlterColumn(table=table_name, old=before, new=column):
                yield from self._altered(table_name, before, column)
            case AddIndex(table=table_name, index=index):
                unique = "UNIQUE " if index.is_unique else ""
                columns = ", ".join(map(self._name, index.columns))
                yield f"CREATE {unique}INDEX {self._name(index.name)} ON {self._name(table_name)} ({columns});"
            case DropIndex(index=index):
                yield f"DROP INDEX {self._name(index.name)};"
            case AddForeignKey(table=table_name, key=key) if not self._is_sqlite:
                where = f"ALTER TABLE {self._name(table_name)}"
                refers = f"FOREIGN KEY ({self._name(key.column)}) REFERENCES {self._name(key.target)} (id)"
                yield f"{where} ADD CONSTRAINT {self._name(key.name)} {refers} ON DELETE {key.on_delete} NOT VALID;"
                yield f"{where} VALIDATE CONSTRAINT {self._name(key.name)};"
            case DropForeignKey(table=table_name, key=key) if not self._is_sqlite:
                yield f"ALTER TABLE {self._name(table_name)} DROP CONSTRAINT {self._name(key.name)};"
            case _:
                yield f"-- {described(change)[0]['en'].replace('`', '')}"

    def _added(self, table: str, column: Column) -> Iterator[str]:
        kind = column_type(column).compile(self._dialect)
        yield f"ALTER TABLE {self._name(table)} ADD COLUMN {self._name(column.name)} {kind};"
        if column.backfill is not None:
            value = sa.literal(column.backfill, column_type(column))
            bound = (
                self._compiled(sa.select(value), literal=True).removeprefix("SELECT ").partition(" AS ")[0]
            )
            yield f"UPDATE {self._name(table)} SET {self._name(column.name)} = {bound};"  # noqa: S608 - to be read
        if not column.is_nullable:
            yield from self._demand(table, column.name, "SET NOT NULL")

    def _altered(self, table: str, old: Column, new: Column) -> Iterator[str]:
        kinds = [column_type(each).compile(self._dialect) for each in (old, new)]
        name = self._name(new.name)
        if kinds[0] != kinds[1]:
            if self._is_sqlite:
                yield f"-- copies {table}: {new.name} becomes {kinds[1]}"
            else:
                changed = f"ALTER COLUMN {name} TYPE {kinds[1]} USING {name}::{kinds[1]}"
                yield f"ALTER TABLE {self._name(table)} {changed};"
        if old.is_nullable != new.is_nullable:
            yield from self._demand(table, new.name, "DROP NOT NULL" if new.is_nullable else "SET NOT NULL")

    def _demand(self, table: str, column: str, words: str) -> Iterator[str]:
        if self._is_sqlite:
            yield f"-- copies {table}: {column} {words}"
        else:
            yield f"ALTER TABLE {self._name(table)} ALTER COLUMN {self._name(column)} {words};"

    def _name(self, name: str) -> str:
        return self._dialect.identifier_preparer.quote(name)

    def _compiled(
        self, statement: sa.Select[Any] | sa.schema.ExecutableDDLElement, *, literal: bool = False
    ) -> str:
        options = {"literal_binds": True} if literal else {}
        text = str(statement.compile(dialect=self._dialect, compile_kwargs=options))
        return text if literal else "\n".join(line.rstrip() for line in text.strip().splitlines()) + ";"
