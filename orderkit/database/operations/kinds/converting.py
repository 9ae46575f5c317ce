"""Gives a column another type by an expression of the project (`convert:`), where no rule would do."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.changes.checks import NotEmpty
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.checks.refusing import refuse_failing
from orderkit.database.operations.kinds.alterations import AddedColumn
from orderkit.database.operations.kinds.updates import BySql, Update
from orderkit.database.operations.operation import Context, InOneTransaction, Operation, Phase
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import execute, quoted
from orderkit.database.operations.sqlite_copy import TableCopy

_VALUE = "ok_converted"


def convert(
    table: str,
    column: str,
    old_type: TypeEngine[Any],
    new_type: TypeEngine[Any],
    *,
    source: str,
    sqlite: str,
    postgresql: str,
) -> None:
    """Give a column another type; the expression gives the value, over the row as it is now."""
    del old_type  # For readers, and for whoever undoes it.
    sql = {"sqlite": sqlite, "postgresql": postgresql}
    add(Convert(table, column, sa.types.to_instance(new_type), source, sql))


@dataclass(frozen=True, slots=True)
class Convert(Operation):
    """A column of another type. The values are made beside it first, since an expression may ask other tables."""

    table: str
    column: str
    type: TypeEngine[Any]
    source: str
    sql: BySql

    @property
    def title(self) -> str:
        return f"convert {self.table}.{self.column} by {self.source}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        self._prepare(context)
        self._update.apply(context)
        self._swap(context)

    def phases(self) -> tuple[Phase, ...]:
        return (
            InOneTransaction(title=f"{self.title}: column", run=self._prepare, alters=self.table),
            *self._update.phases(),
            InOneTransaction(title=f"{self.title}: exchange", run=self._swap, alters=self.table),
        )

    def foresee(self, foresight: Foresight) -> None:
        self._added.foresee(foresight, self.table)
        self._update.foresee(foresight)
        if not self._is_nullable(foresight.connection):
            refuse_failing(foresight.connection, NotEmpty(table=self.table, column=_VALUE))
        foresight.change(self.table, {self.column: quoted(_VALUE), _VALUE: None})

    @property
    def _added(self) -> AddedColumn:
        return AddedColumn(sa.Column(_VALUE, self.type))

    @property
    def _update(self) -> Update:
        return Update(self.title, self.table, _VALUE, self.sql, source=self.source, shown_as=self.column)

    def _prepare(self, context: Context) -> None:
        self._added.apply(context, self.table)

    def _swap(self, context: Context) -> None:
        connection = context.connection
        if not self._is_nullable(connection):
            refuse_failing(connection, NotEmpty(table=self.table, column=_VALUE))
        if context.is_sqlite:
            copy = TableCopy(connection, self.table)
            copy.set_type(self.column, self.type, quoted(_VALUE))
            copy.drop_column(_VALUE)
            copy.make()
            return
        alter = f"ALTER TABLE {quoted(self.table)}"
        dialect = connection.dialect
        kept = dialect.type_compiler_instance.process(self.type)
        execute(connection, f"{alter} ALTER COLUMN {quoted(self.column)} DROP DEFAULT")
        execute(connection, f"{alter} ALTER COLUMN {quoted(self.column)} TYPE {kept} USING {quoted(_VALUE)}")
        if isinstance(self.type, sa.Boolean):
            execute(connection, f"{alter} ALTER COLUMN {quoted(self.column)} SET DEFAULT false")
        execute(connection, f"{alter} DROP COLUMN {quoted(_VALUE)}")

    def _is_nullable(self, connection: sa.Connection) -> bool:
        columns = sa.inspect(connection).get_columns(self.table)
        return all(column["nullable"] for column in columns if column["name"] == self.column)
