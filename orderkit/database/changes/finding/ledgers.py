"""What becomes of the entries of ledgers: a measure begins at zero, a key is unknown of what was posted before.

Balances are no matter of theirs: they are added up anew (`diff`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.database.changes.finding.casting import can_become, unfit
from orderkit.database.changes.finding.dropping import Allowance, dropped_ledger, dropped_part
from orderkit.database.changes.finding.names import Names
from orderkit.database.changes.kinds import (
    AddColumn,
    AlterColumn,
    Change,
    DropColumn,
    DropTable,
    RetireColumn,
    RetireTable,
)
from orderkit.database.schema.tables import FormTable, Tables
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label


@dataclass(slots=True, kw_only=True)
class EntryChanges:
    """Finds what the changes of entries mean; `problems` and `notes` are what there is to say of them."""

    names: Names
    allowance: Allowance
    problems: list[Problem]
    notes: list[Label]

    def is_meant(self, table: str) -> bool:
        """Return whether a table, by its name before or after, holds the entries of a ledger."""
        return table in _entries(self.names.old) or table in _entries(self.names.new)

    def of(self, change: Change) -> Iterator[Change]:
        """Yield a change of entries as it can be made."""
        match change:
            case DropTable(table=table):
                if not self.allowance.takes(table.form):
                    self.problems.append(dropped_ledger(_ledger(table)))
                yield RetireTable(table=table, later=change.later)
            case DropColumn(table=name, column=column):
                table = self.names.new[name]
                path = f"{_ledger(self.names.old[self.names.table_before(name)])}.{column.name}"
                if not self.allowance.takes(path):
                    self.problems.append(dropped_part(*path.split(".")))
                yield RetireColumn(table=name, form=table.form, column=column, path=path)
            case AddColumn(table=name, column=column):
                if column.is_nullable:
                    self.notes.append(_unknown_before(_ledger(self.names.new[name]), column.name))
                yield change
            case AlterColumn(table=name, old=old, new=new):
                if change.changes_type and not can_become(old, new):
                    self.problems.append(unfit(self.names.new[name].form, old, new))
                yield change
            case _:
                yield change


def _entries(tables: Tables) -> frozenset[str]:
    return frozenset(table.balances.entries for table in tables.values() if table.balances is not None)


def _ledger(entries: FormTable) -> str:
    return entries.form.removesuffix(".entries")


def _unknown_before(ledger: str, key: str) -> Label:
    return label(
        zh=f"台账 {ledger} 新增键 {key}：以前的分录没有这个键，它们的余额记在空键下",
        en=f"the ledger {ledger} has a new key {key}: what was posted before has none, and its balance stands "
        "under an empty key",
    )
