"""Operations that give rows other values: in one statement, or in batches of ids where a table is large."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.changes.checks import Check
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.checks.incomputable import Try, naming_rows
from orderkit.database.operations.operation import Context, InBatches, Operation, Phase
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import execute, literal, quoted, with_moments

BySql = Mapping[str, str]
"""SQL by dialect, `sqlite` and `postgresql`."""


def fill(table: str, column: str, column_type: TypeEngine[Any], value: object) -> None:
    """Give the value to every row where the column is empty."""
    add(Fill(table, column, column_type, value))


def fill_by(table: str, column: str, *, source: str, sqlite: str, postgresql: str) -> None:
    """Give every row where the column is empty what an expression over the row gives.

    `source` is the expression as the project writes it; the SQL is the same for each database, over
    columns as they are named now. `:now` and `:today` in it are the time of the run.
    """
    add(
        Update(
            f"fill {table}.{column} by {source}",
            table,
            column,
            {"sqlite": sqlite, "postgresql": postgresql},
            f"{quoted(column)} IS NULL",
            source=source,
        )
    )


def recompute(table: str, column: str, *, source: str, sqlite: str, postgresql: str) -> None:
    """Give every row what an expression over it gives."""
    add(
        Update(
            f"recompute {table}.{column} = {source}",
            table,
            column,
            {"sqlite": sqlite, "postgresql": postgresql},
            source=source,
        )
    )


@dataclass(frozen=True, slots=True)
class Update(Operation):
    """New values of one column, by SQL over the row. `shown_as` is its name for people, where it is another."""

    words: str
    table: str
    column: str
    sql: BySql
    where: str | None = None
    demands: tuple[Check, ...] = ()
    source: str | None = None
    shown_as: str | None = None

    @property
    def title(self) -> str:
        return self.words

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def checks(self) -> tuple[Check, ...]:
        return self.demands

    def value(self, context: Context) -> str:
        """Return the SQL of the new value."""
        dialect = context.connection.dialect.name
        return with_moments(self.sql[dialect], context.now, context.timezone, dialect)

    def apply(self, context: Context) -> None:
        self._run(context, [])

    def phases(self) -> tuple[Phase, ...]:
        def run(context: Context, first: int, last: int) -> None:
            self._run(context, [f'{quoted(self.table)}."id" BETWEEN {first} AND {last}'])

        return (InBatches(title=self.title, table=self.table, run=run),)

    def foresee(self, foresight: Foresight) -> None:
        value = with_moments(self.sql["postgresql"], foresight.now, foresight.timezone, "postgresql")
        shown = f"({value})"
        if self.where is not None:
            shown = f"CASE WHEN {self.where} THEN {shown} ELSE {quoted(self.column)} END"
        foresight.change(self.table, {self.column: shown})

        def tried(condition: str | None) -> str:
            return f"SELECT count({quoted(self.column)}) FROM {quoted(self.table)}{_where([condition])}"

        with self._naming_rows(foresight.connection, tried):
            execute(foresight.connection, tried(None))

    def _run(self, context: Context, conditions: list[str]) -> None:
        change = f"UPDATE {quoted(self.table)} SET {quoted(self.column)} = ({self.value(context)})"

        def tried(condition: str | None) -> str:
            return change + _where([condition, self.where, *conditions])

        with self._naming_rows(context.connection, tried):
            execute(context.connection, tried(None))

    def _naming_rows(self, connection: sa.Connection, run: Try) -> AbstractContextManager[None]:
        if self.source is None:
            return nullcontext()
        return naming_rows(connection, self.table, self.shown_as or self.column, self.source, run)


def _where(conditions: Iterable[str | None]) -> str:
    given = [f"({each})" for each in conditions if each is not None]
    return f" WHERE {' AND '.join(given)}" if given else ""


@dataclass(frozen=True, slots=True)
class Fill(Operation):
    """A value for every row that has none."""

    table: str
    column: str
    type: TypeEngine[Any]
    content: object

    @property
    def title(self) -> str:
        return f"fill {self.table}.{self.column}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        self._update(context.connection.dialect).apply(context)

    def phases(self) -> tuple[Phase, ...]:
        def run(context: Context, first: int, last: int) -> None:
            for phase in self._update(context.connection.dialect).phases():
                assert isinstance(phase, InBatches)
                phase.run(context, first, last)

        return (InBatches(title=self.title, table=self.table, run=run),)

    def foresee(self, foresight: Foresight) -> None:
        self._update(foresight.connection.dialect).foresee(foresight)

    def _update(self, dialect: Any) -> Update:
        written = literal(self.content, self.type, dialect)
        # A truth value is never empty, but false until somebody says otherwise.
        empty = f"{quoted(self.column)} IS NULL" if not isinstance(self.content, bool) else None
        return Update(self.title, self.table, self.column, {dialect.name: written}, empty)
