"""Indexes and unique keys; on a large table of PostgreSQL they are built while people go on writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from orderkit.database.changes.checks import Check, Unique
from orderkit.database.operations.operation import Context, Operation, Phase, Repeatable
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import execute, listed, quoted, text

_STATE = (
    "SELECT found.indisvalid FROM pg_index AS found JOIN pg_class AS named ON named.oid = found.indexrelid "
    "WHERE named.relnamespace = current_schema()::regnamespace AND named.relname = "
)


def create_index(
    name: str,
    table: str,
    columns: Sequence[str],
    *,
    unique: bool = False,
    scales: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Make an index; a unique one is refused while rows agree in the columns.

    `scales` are the decimal places of those that are decimals, by which a refusal shows what stands in them.
    """
    add(CreateIndex(name, table, tuple(columns), unique, tuple(map(scales.get, columns)) if scales else ()))


def drop_index(name: str, table: str) -> None:
    """Drop an index."""
    add(DropIndex(name, table))


@dataclass(frozen=True, slots=True)
class CreateIndex(Operation):
    """A new index."""

    name: str
    table: str
    columns: tuple[str, ...]
    is_unique: bool
    scales: tuple[int | None, ...] = ()

    @property
    def title(self) -> str:
        return f"create {'unique key' if self.is_unique else 'index'} {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def checks(self) -> tuple[Check, ...]:
        check = Unique(table=self.table, columns=self.columns, scales=self.scales)
        return (check,) if self.is_unique else ()

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        execute(context.connection, self._statement(""))

    def phases(self) -> tuple[Phase, ...]:
        def run(context: Context) -> None:
            is_valid = execute(context.connection, _STATE + text(self.name)).scalar()
            if is_valid:
                return
            if is_valid is False:
                execute(context.connection, f"DROP INDEX CONCURRENTLY {quoted(self.name)}")
            execute(context.connection, self._statement("CONCURRENTLY "))

        return (Repeatable(title=self.title, run=run, checks=self.checks()),)

    def _statement(self, how: str) -> str:
        unique = "UNIQUE " if self.is_unique else ""
        return (
            f"CREATE {unique}INDEX {how}{quoted(self.name)} ON {quoted(self.table)} ({listed(self.columns)})"
        )


@dataclass(frozen=True, slots=True)
class DropIndex(Operation):
    """An index that goes."""

    name: str
    table: str

    @property
    def title(self) -> str:
        return f"drop index {self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    @property
    def changes_values(self) -> bool:
        return False

    def apply(self, context: Context) -> None:
        execute(context.connection, f"DROP INDEX {quoted(self.name)}")

    def phases(self) -> tuple[Phase, ...]:
        def run(context: Context) -> None:
            execute(context.connection, f"DROP INDEX CONCURRENTLY IF EXISTS {quoted(self.name)}")

        return (Repeatable(title=self.title, run=run),)
