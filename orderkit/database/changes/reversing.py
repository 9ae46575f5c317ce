"""The changes that undo others: what the downgrade of a revision does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

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


def reverse(change: Change) -> Change:
    """Return the change that undoes `change`. A column dropped comes back empty, so it comes back optional."""
    match change:
        case CreateTable(table=table, later=later):
            return DropTable(table=table, later=later)
        case DropTable(table=table, later=later):
            return CreateTable(table=table, later=later)
        case RenameTable():
            return RenameTable(
                old=change.new, new=change.old, old_form=change.new_form, new_form=change.old_form
            )
        case AddColumn(table=name, column=column):
            return DropColumn(table=name, column=column)
        case DropColumn(table=name, column=column):
            is_nullable = column.is_nullable or column.backfill is None
            return AddColumn(table=name, column=replace(column, is_nullable=is_nullable))
        case RenameColumn(table=name, old=old, new=column):
            return RenameColumn(table=name, old=column.name, new=replace(column, name=old))
        case AlterColumn(table=name, old=before, new=after):
            return AlterColumn(table=name, old=after, new=before)
        case AddIndex(table=name, index=index):
            return DropIndex(table=name, index=index)
        case DropIndex(table=name, index=index):
            return AddIndex(table=name, index=index)
        case AddForeignKey(table=name, key=key):
            return DropForeignKey(table=name, key=key)
        case DropForeignKey(table=name, key=key):
            return AddForeignKey(table=name, key=key)
        case _:
            assert_never(change)


def reversed_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that undo `changes`, in order."""
    return tuple(reverse(change) for change in reversed(changes))
