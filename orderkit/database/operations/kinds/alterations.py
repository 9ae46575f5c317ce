"""What can be altered about one table, one frozen value each; `altering` collects and applies them.

On PostgreSQL each is a statement or a few; SQLite gets all of a block at once, by a copy of the table.
"""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.changes.checks import Casts, Check, NotEmpty, Refers
from orderkit.database.operations.checks.checking import cast
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.operation import Context, InOneTransaction, Phase
from orderkit.database.operations.renamings import note_renaming
from orderkit.database.operations.sql import ddl, execute, quoted, type_name
from orderkit.database.operations.sqlite_copy import TableCopy
from orderkit.database.schema import system_tables
from orderkit.database.schema.metadata import kind_of
from orderkit.database.schema.tables import Column


class Alteration(ABC):
    """One thing that is altered about a table."""

    __slots__ = ()

    is_plain_on_sqlite = False
    """Whether SQLite can do it without a copy of the table."""

    @abstractmethod
    def title(self, table: str) -> str:
        """Return it in words."""

    def checks(self, table: str) -> tuple[Check, ...]:
        """Return what must hold of the rows."""
        del table
        return ()

    @abstractmethod
    def apply(self, context: Context, table: str) -> None:
        """Do it on PostgreSQL, and where it is plain on SQLite too."""

    @abstractmethod
    def on_copy(self, copy: TableCopy) -> None:
        """Do it to a copy of the table."""

    def note(self, context: Context) -> None:
        """Keep in orderkit's own tables what they must know of it."""

    def phases(self, table: str) -> tuple[Phase, ...]:
        """Return it in parts for a large table."""

        def run(context: Context) -> None:
            self.apply(context, table)
            self.note(context)

        checks = self.checks(table)
        return (InOneTransaction(title=self.title(table), run=run, checks=checks, alters=table),)

    def foresee(self, foresight: Foresight, table: str) -> None:
        """Make later checks see it done."""


@dataclass(frozen=True, slots=True)
class AddedColumn(Alteration):
    """A new column, optional or with a default."""

    column: sa.Column[Any]

    @property
    def is_plain_on_sqlite(self) -> bool:  # type: ignore[override] # a class says it for all, this one for each
        return not self.column.foreign_keys

    def title(self, table: str) -> str:
        return f"add column {table}.{self.column.name}"

    def apply(self, context: Context, table: str) -> None:
        ddl(context.connection).add_column(table, self.column._copy())  # noqa: SLF001 - a column is of one table only

    def on_copy(self, copy: TableCopy) -> None:
        copy.add_column(self.column)

    def foresee(self, foresight: Foresight, table: str) -> None:
        dialect = foresight.connection.dialect
        default = self.column.server_default
        if isinstance(default, sa.DefaultClause):
            value = (
                str(default.arg)
                if isinstance(default.arg, str)
                else str(default.arg.compile(dialect=dialect))
            )
        else:
            value = "NULL"
        foresight.change(
            table, {self.column.name: f"CAST({value} AS {type_name(self.column.type, dialect)})"}
        )


@dataclass(frozen=True, slots=True)
class DroppedColumn(Alteration):
    """A column that goes, with its values."""

    name: str

    def title(self, table: str) -> str:
        return f"drop column {table}.{self.name}"

    def apply(self, context: Context, table: str) -> None:
        execute(context.connection, f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(self.name)}")

    def on_copy(self, copy: TableCopy) -> None:
        copy.drop_column(self.name)

    def foresee(self, foresight: Foresight, table: str) -> None:
        foresight.change(table, {self.name: None})


@dataclass(frozen=True, slots=True)
class RenamedColumn(Alteration):
    """A column with another name. `form` is where it is a field, if it is one."""

    old: str
    new: str
    form: str | None

    is_plain_on_sqlite = True

    def title(self, table: str) -> str:
        return f"rename column {table}.{self.old} to {self.new}"

    def apply(self, context: Context, table: str) -> None:
        execute(
            context.connection,
            f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(self.old)} TO {quoted(self.new)}",
        )

    def on_copy(self, copy: TableCopy) -> None:
        copy.rename_column(self.old, self.new)

    def note(self, context: Context) -> None:
        if self.form is None:
            return
        file = system_tables.file
        context.connection.execute(
            file.update().where(file.c.form == self.form, file.c.field == self.old).values(field=self.new)
        )
        note_renaming(context, "field", self.form, self.old, self.new)

    def foresee(self, foresight: Foresight, table: str) -> None:
        foresight.change(table, {}, rename={self.old: self.new})


@dataclass(frozen=True, slots=True)
class Required(Alteration):
    """A column that may not be empty any more."""

    name: str

    def title(self, table: str) -> str:
        return f"require {table}.{self.name}"

    def checks(self, table: str) -> tuple[Check, ...]:
        return (NotEmpty(table=table, column=self.name),)

    def apply(self, context: Context, table: str) -> None:
        execute(
            context.connection, f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(self.name)} SET NOT NULL"
        )

    def on_copy(self, copy: TableCopy) -> None:
        copy.set_nullable(self.name, is_nullable=False)

    def phases(self, table: str) -> tuple[Phase, ...]:
        digest = hashlib.sha256(f"{table}.{self.name}".encode()).hexdigest()[:12]
        rule = f'"ok_filled_{digest}"'
        alter = f"ALTER TABLE {quoted(table)}"

        def promise(context: Context) -> None:
            execute(
                context.connection,
                f"{alter} ADD CONSTRAINT {rule} CHECK ({quoted(self.name)} IS NOT NULL) NOT VALID",
            )

        def validate(context: Context) -> None:
            execute(context.connection, f"{alter} VALIDATE CONSTRAINT {rule}")

        def finish(context: Context) -> None:
            # PostgreSQL sees that the rule says it already, and does not look at the rows again.
            self.apply(context, table)
            execute(context.connection, f"{alter} DROP CONSTRAINT {rule}")

        title, checks = self.title(table), self.checks(table)
        return (
            InOneTransaction(title=title, run=promise, alters=table),
            InOneTransaction(title=f"{title}: rows", run=validate, checks=checks, alters=table),
            InOneTransaction(title=f"{title}: column", run=finish, alters=table),
        )


@dataclass(frozen=True, slots=True)
class Optional(Alteration):
    """A column that may be empty from now on."""

    name: str

    def title(self, table: str) -> str:
        return f"allow {table}.{self.name} to be empty"

    def apply(self, context: Context, table: str) -> None:
        execute(
            context.connection, f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(self.name)} DROP NOT NULL"
        )

    def on_copy(self, copy: TableCopy) -> None:
        copy.set_nullable(self.name, is_nullable=True)


@dataclass(frozen=True, slots=True)
class ChangedType(Alteration):
    """A column of another type; no value may lose anything."""

    name: str
    old: TypeEngine[Any]
    new: TypeEngine[Any]

    def title(self, table: str) -> str:
        return f"change type of {table}.{self.name}"

    def checks(self, table: str) -> tuple[Check, ...]:
        return (Casts(table=table, old=self._column(self.old), new=self._column(self.new)),)

    def apply(self, context: Context, table: str) -> None:
        name, dialect = quoted(self.name), context.connection.dialect
        made = cast(context.connection, name, self._column(self.old), self._column(self.new))
        alter = f"ALTER TABLE {quoted(table)} ALTER COLUMN {name}"
        kept = dialect.type_compiler_instance.process(self.new)
        execute(context.connection, f"{alter} DROP DEFAULT")
        execute(context.connection, f"{alter} TYPE {kept} USING {made}")
        if isinstance(self.new, sa.Boolean):
            execute(context.connection, f"{alter} SET DEFAULT false")

    def on_copy(self, copy: TableCopy) -> None:
        source = copy.source_of(self.name)
        assert source is not None, "a new column has its type already"
        made = cast(copy.connection, source, self._column(self.old), self._column(self.new))
        copy.set_type(self.name, self.new, made)

    def foresee(self, foresight: Foresight, table: str) -> None:
        old, new = self._column(self.old), self._column(self.new)
        foresight.change(table, {self.name: cast(foresight.connection, quoted(self.name), old, new)})

    def _column(self, kept: TypeEngine[Any]) -> Column:
        kind, scale = kind_of(kept)
        return Column(name=self.name, kind=kind, scale=scale)


@dataclass(frozen=True, slots=True)
class AddedKey(Alteration):
    """A new reference."""

    name: str
    column: str
    target: str
    ondelete: str

    def title(self, table: str) -> str:
        return f"add foreign key {self.name}"

    def checks(self, table: str) -> tuple[Check, ...]:
        return (Refers(table=table, column=self.column, target=self.target),)

    def apply(self, context: Context, table: str) -> None:
        execute(context.connection, self._statement(table))

    def on_copy(self, copy: TableCopy) -> None:
        copy.add_key(self.name, self.column, self.target, self.ondelete)

    def phases(self, table: str) -> tuple[Phase, ...]:
        def promise(context: Context) -> None:
            execute(context.connection, f"{self._statement(table)} NOT VALID")

        def validate(context: Context) -> None:
            execute(
                context.connection, f"ALTER TABLE {quoted(table)} VALIDATE CONSTRAINT {quoted(self.name)}"
            )

        title = self.title(table)
        return (
            InOneTransaction(title=title, run=promise, alters=table),
            InOneTransaction(title=f"{title}: rows", run=validate, checks=self.checks(table), alters=table),
        )

    def _statement(self, table: str) -> str:
        return (
            f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(self.name)} FOREIGN KEY ({quoted(self.column)}) "
            f'REFERENCES {quoted(self.target)} ("id") ON DELETE {self.ondelete}'
        )


@dataclass(frozen=True, slots=True)
class DroppedKey(Alteration):
    """A reference that goes; its column may stay."""

    name: str

    def title(self, table: str) -> str:
        return f"drop foreign key {self.name}"

    def apply(self, context: Context, table: str) -> None:
        execute(context.connection, f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(self.name)}")

    def on_copy(self, copy: TableCopy) -> None:
        copy.drop_key(self.name)
