"""Tables as a whole: made, dropped, renamed; and keys between tables that refer to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.operation import Context, Operation
from orderkit.database.operations.renamings import note_renaming
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import ddl, execute, quoted, text, type_name
from orderkit.database.schema import system_tables

ENTRIES = "__entries"
_ENTRY_COLUMNS = frozenset({"posting", "row_form", "uses_id", "reverses_id"})


def create_table(name: str, *items: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    """Make a table of columns and keys."""
    add(_CreateTable(name, items))


def drop_table(name: str) -> None:
    """Drop a table, with its rows: what undoes `create_table`."""
    add(DropTable(name))


def rename_form(old_table: str, new_table: str, old_form: str, new_form: str) -> None:
    """Rename a table, and the form in what orderkit keeps beside it: files, jobs, running workflows."""
    add(_RenameForm(old_table, new_table, old_form, new_form))


def add_ring_key(name: str, table: str, target: str, column: str, *, ondelete: str) -> None:
    """Add a key between new tables that refer to each other; SQLite has it from `create_table` already."""
    add(_AddRingKey(name, table, target, column, ondelete))


def drop_ring_key(name: str, table: str) -> None:
    """Drop a key between tables that refer to each other; on SQLite it goes with its table."""
    add(_DropRingKey(name, table))


@dataclass(frozen=True, slots=True)
class _CreateTable(Operation):
    name: str
    items: tuple[sa.Column[Any] | sa.ForeignKeyConstraint, ...]

    @property
    def title(self) -> str:
        return f"create table {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        ddl(context.connection).create_table(self.name, *self.items, sqlite_autoincrement=True)

    def foresee(self, foresight: Foresight) -> None:
        columns = [item for item in self.items if isinstance(item, sa.Column)]
        dialect = foresight.connection.dialect
        definition = ", ".join(f"{quoted(each.name)} {type_name(each.type, dialect)}" for each in columns)
        foresight.create(self.name, definition, tuple(each.name for each in columns))


@dataclass(frozen=True, slots=True)
class DropTable(Operation):
    """A table that goes, with its rows."""

    name: str

    @property
    def title(self) -> str:
        return f"drop table {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.name,)

    def apply(self, context: Context) -> None:
        execute(context.connection, f"DROP TABLE {quoted(self.name)}")


@dataclass(frozen=True, slots=True)
class _RenameForm(Operation):
    old_table: str
    new_table: str
    old_form: str
    new_form: str

    @property
    def title(self) -> str:
        return f"rename table {self.old_table} to {self.new_table}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.old_table,)

    @property
    def renames(self) -> tuple[str, str] | None:
        return self.old_table, self.new_table

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        execute(
            context.connection, f"ALTER TABLE {quoted(self.old_table)} RENAME TO {quoted(self.new_table)}"
        )
        for table in system_tables.metadata.sorted_tables:
            # Entries of the audit are sealed as they were written; `ok_renaming` tells whose they are.
            for column in () if table is system_tables.audit else table.c:
                if column.name == "form" or column.name.endswith("_form"):
                    context.connection.execute(
                        table.update().where(column == self.old_form).values({column: self.new_form})
                    )
        for entries in _tables_of_entries(context):
            for name in ("form", "row_form"):
                execute(
                    context.connection,
                    f"UPDATE {quoted(entries)} SET {quoted(name)} = {text(self.new_form)} "
                    f"WHERE {quoted(name)} = {text(self.old_form)}",
                )
        note_renaming(context, "form", None, self.old_form, self.new_form)

    def foresee(self, foresight: Foresight) -> None:
        foresight.rename(self.old_table, self.new_table)


def _tables_of_entries(context: Context) -> Iterator[str]:
    """Yield the tables of entries of ledgers, whatever they are called by now."""
    inspector = sa.inspect(context.connection)
    for name in sorted(inspector.get_table_names()):
        if (
            name.endswith(ENTRIES)
            and {each["name"] for each in inspector.get_columns(name)} >= _ENTRY_COLUMNS
        ):
            yield name


@dataclass(frozen=True, slots=True)
class _AddRingKey(Operation):
    name: str
    table: str
    target: str
    column: str
    ondelete: str

    @property
    def title(self) -> str:
        return f"add foreign key {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        if not context.is_sqlite:
            ddl(context.connection).create_foreign_key(
                self.name, self.table, self.target, [self.column], ["id"], ondelete=self.ondelete
            )


@dataclass(frozen=True, slots=True)
class _DropRingKey(Operation):
    name: str
    table: str

    @property
    def title(self) -> str:
        return f"drop foreign key {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        if not context.is_sqlite:
            execute(
                context.connection, f"ALTER TABLE {quoted(self.table)} DROP CONSTRAINT {quoted(self.name)}"
            )
