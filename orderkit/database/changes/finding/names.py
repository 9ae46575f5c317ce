"""Which table and column of the state before is which of the state after."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orderkit.database.schema.tables import FormTable, Tables


@dataclass(frozen=True)
class Names:
    """The names of what is there before and after. Tables and columns that come or go are in none of the maps."""

    old: Tables
    new: Tables

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """Tables that stay, old names to new ones."""
        renamed = {t.renamed_from or "": t.name for t in self.new.values() if self._is_renamed(t)}
        named = {name: renamed.get(name, name) for name in self.old}
        return {before: after for before, after in named.items() if after in self.new}

    @cached_property
    def tables_before(self) -> Mapping[str, str]:
        """Tables that stay, new names to old ones."""
        return {after: before for before, after in self.tables.items()}

    @cached_property
    def _columns(self) -> Mapping[str, Mapping[str, str]]:
        return {
            after: renamed_columns(self.old[before], self.new[after]) for before, after in self.tables.items()
        }

    @cached_property
    def _columns_before(self) -> Mapping[str, Mapping[str, str]]:
        return {table: {new: old for old, new in columns.items()} for table, columns in self._columns.items()}

    def columns(self, table: str) -> Mapping[str, str]:
        """Return the columns of a table that have another name, old to new; the table by its new name."""
        return self._columns.get(table, {})

    def pairs(self) -> tuple[tuple[FormTable, FormTable], ...]:
        """Return the tables that stay, before and after, in the order of those before."""
        return tuple((self.old[before], self.new[after]) for before, after in self.tables.items())

    def table_before(self, table: str) -> str:
        """Return what a table was called; its own name where it is new."""
        return self.tables_before.get(table, table)

    def column_before(self, table: str, column: str) -> str:
        """Return what a column was called; its own name where it is new. The table by its new name."""
        return self._columns_before.get(table, {}).get(column, column)

    def is_new(self, table: str, column: str) -> bool:
        """Return whether the column was not there before."""
        before = self.tables_before.get(table)
        return before is None or self.old[before].column(self.column_before(table, column)) is None

    def _is_renamed(self, table: FormTable) -> bool:
        before = table.renamed_from
        return (
            before is not None
            and table.name not in self.old
            and before in self.old
            and before not in self.new
        )


def renamed_columns(first: FormTable, after: FormTable) -> Mapping[str, str]:
    """Return the columns that have another name, old to new."""
    return {
        column.renamed_from: column.name
        for column in after.columns
        if column.renamed_from is not None
        and first.column(column.name) is None
        and first.column(column.renamed_from) is not None
        and after.column(column.renamed_from) is None
    }
