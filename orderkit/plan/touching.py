"""Which rows a change of the tables touches: its table and its column, by the names they have before it."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddOptions,
    AlterColumn,
    Change,
    CreateTable,
    DropBalances,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    FormFromLines,
    LinesFromForm,
    MakeBalances,
    MergeOptions,
    MoveColumn,
    Recompute,
    RecomputeBefore,
    RemoveOptions,
    RenameColumn,
    RenameOptions,
    RenameTable,
    ReorderOptions,
    RestoreColumn,
    RestoreOption,
    RestoreTable,
    Retarget,
    RetireColumn,
    RetireOption,
    RetireTable,
    SplitOption,
)


def tables_before(changes: Iterable[Change]) -> Mapping[str, str]:
    """Return what each renamed table was called."""
    renames = [each for each in changes if isinstance(each, RenameTable | LinesFromForm | FormFromLines)]
    return {change.new: change.old for change in renames}


def table_of(change: Change, before: Mapping[str, str]) -> str | None:
    """Return the table whose rows a change touches; None where there is none yet, or none is touched."""
    match change:
        case CreateTable() | RestoreTable() | AddOptions() | ReorderOptions():
            return None
        case MakeBalances(table=table, is_anew=is_anew):
            entries = None if table.balances is None else table.balances.entries
            return before.get(entries, entries) if is_anew and entries is not None else None
        case DropTable(table=table) | RetireTable(table=table) | DropBalances(table=table):
            return before.get(table.name, table.name)
        case RenameTable(old=old) | LinesFromForm(old=old) | FormFromLines(old=old):
            return old
        case DropIndex(table=table) | DropForeignKey(table=table):
            return table
        case RecomputeBefore(undone=undone):
            return undone.old_table
        case MoveColumn(to_table=name):
            return before.get(name, name)
        case (
            AddColumn(table=name)
            | DropColumn(table=name)
            | RetireColumn(table=name)
            | RestoreColumn(table=name)
            | RenameColumn(table=name)
            | AlterColumn(table=name)
            | RemoveOptions(table=name)
            | RenameOptions(table=name)
            | SplitOption(table=name)
            | MergeOptions(table=name)
            | RetireOption(table=name)
            | RestoreOption(table=name)
            | Retarget(table=name)
            | Recompute(table=name)
            | AddIndex(table=name)
            | AddForeignKey(table=name)
        ):
            return before.get(name, name)
        case _:
            assert_never(change)


def column_that_goes(change: Change, before: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the table and the column whose values would go, if a change takes those of one out of sight."""
    if isinstance(change, DropColumn | RetireColumn):
        return before.get(change.table, change.table), change.column.name
    return None
