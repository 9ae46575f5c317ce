"""Balances of ledgers: tables that are added up from the entries, made anew where they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orderkit.database.operations.operation import Context, InOneTransaction, Operation, Phase
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import ddl, execute, listed, quoted


@dataclass(frozen=True, slots=True)
class Floor:
    """What a row of balances must not fall below: the column of its floor, and the sum that is compared with it."""

    column: str
    name: str
    sqlite: str
    postgresql: str


def make_balances(
    name: str,
    *columns: sa.Column[Any],
    entries: str,
    keys: Sequence[str],
    measures: Sequence[str],
    unique: str,
    floors: Sequence[Floor] = (),
) -> None:
    """Make the table of a ledger's balances and add them up from its entries.

    A row that is below a bound keeps what it has as its floor, which can only rise; else the floor is 0.
    """
    add(_MakeBalances(name, columns, entries, tuple(keys), tuple(measures), unique, tuple(floors)))


def drop_balances(name: str) -> None:
    """Drop a table of balances; its entries stay, from which it can be made anew."""
    add(_DropBalances(name))


@dataclass(frozen=True, slots=True)
class _MakeBalances(Operation):
    name: str
    columns: tuple[sa.Column[Any], ...]
    entries: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    unique: str
    floors: tuple[Floor, ...]

    @property
    def title(self) -> str:
        return f"make balances {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.name, self.entries)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        if not context.is_sqlite:
            execute(context.connection, f"LOCK TABLE {quoted(self.entries)} IN SHARE MODE")
        checks = [
            sa.CheckConstraint(
                sa.text(f"{self._sum(each, context)} >= {quoted(each.column)}"), name=each.name
            )
            for each in self.floors
        ]
        ddl(context.connection).create_table(self.name, *self.columns, *checks, sqlite_autoincrement=True)
        execute(
            context.connection,
            f"CREATE UNIQUE INDEX {quoted(self.unique)} ON {quoted(self.name)} ({listed(self.keys)})",
        )
        execute(context.connection, self._filling(context))

    def phases(self) -> tuple[Phase, ...]:
        return (InOneTransaction(title=self.title, run=self.apply, alters=self.entries),)

    def _sum(self, floor: Floor, context: Context) -> str:
        return floor.sqlite if context.is_sqlite else floor.postgresql

    def _filling(self, context: Context) -> str:
        added = ", ".join(f"coalesce(sum({quoted(each)}), 0) AS {quoted(each)}" for each in self.measures)
        sums = [self._sum(each, context) for each in self.floors]
        floors = "".join(f", CASE WHEN {each} < 0 THEN {each} ELSE 0 END" for each in sums)
        columns = (*self.keys, *self.measures, *(each.column for each in self.floors))
        return (
            f"INSERT INTO {quoted(self.name)} ({listed(columns)}) "
            f"SELECT {listed((*self.keys, *self.measures))}{floors} FROM "
            f"(SELECT {listed(self.keys)}, {added} FROM {quoted(self.entries)} GROUP BY {listed(self.keys)}) "
            "AS ok_added"
        )


@dataclass(frozen=True, slots=True)
class _DropBalances(Operation):
    name: str

    @property
    def title(self) -> str:
        return f"drop balances {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        execute(context.connection, f"DROP TABLE {quoted(self.name)}")
