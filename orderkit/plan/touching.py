"""Which rows a change of the tables touches: its table and its column, by the names they have before it."""

from collections.abc import Iterable, Mapping

from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    Change,
    CreateTable,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
)


def tables_before(changes: Iterable[Change]) -> Mapping[str, str]:
    """Return what each renamed table was called."""
    return {change.new: change.old for change in changes if isinstance(change, RenameTable)}


def table_of(change: Change, before: Mapping[str, str]) -> str | None:
    """Return the table whose rows a change touches; None where there is none yet."""
    match change:
        case CreateTable():
            return None
        case DropTable(table=table):
            return before.get(table.name, table.name)
        case RenameTable(old=old):
            return old
        case DropIndex(table=table) | DropForeignKey(table=table):
            return table
        case (
            AddColumn(table=name)
            | DropColumn(table=name)
            | RenameColumn(table=name)
            | AlterColumn(table=name)
            | AddIndex(table=name)
            | AddForeignKey(table=name)
        ):
            return before.get(name, name)


def column_that_goes(change: Change, before: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the table and the column whose values would be lost, if a change loses those of one."""
    if isinstance(change, DropColumn):
        return before.get(change.table, change.table), change.column.name
    return None
