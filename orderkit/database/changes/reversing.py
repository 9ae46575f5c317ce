"""The changes that undo others: what the downgrade of a revision does."""

from collections.abc import Sequence
from dataclasses import replace
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


def reverse(change: Change) -> Change:  # noqa: C901 - one case a change
    """Return the change that undoes `change`.

    A column dropped comes back empty, so it comes back optional. What the expressions of a change do to
    values cannot be undone; whether that matters is for `judging` to say.
    """
    match change:
        case CreateTable(table=table, later=later):
            return DropTable(table=table, later=later)
        case DropTable(table=table, later=later):
            return CreateTable(table=table, later=later)
        case RetireTable(table=table, later=later):
            return RestoreTable(table=table, later=later)
        case RestoreTable(table=table, later=later):
            return RetireTable(table=table, later=later)
        case RenameTable():
            return RenameTable(
                old=change.new, new=change.old, old_form=change.new_form, new_form=change.old_form
            )
        case LinesFromForm() | FormFromLines():
            back = FormFromLines if isinstance(change, LinesFromForm) else LinesFromForm
            return back(
                old=change.new,
                new=change.old,
                old_form=change.new_form,
                new_form=change.old_form,
                link=change.link,
            )
        case AddColumn(table=name, column=column):
            return DropColumn(table=name, column=column)
        case DropColumn(table=name, column=column):
            is_nullable = column.is_nullable or column.backfill is None
            return AddColumn(table=name, column=replace(column, is_nullable=is_nullable))
        case RetireColumn() | RestoreColumn():
            back_column = RestoreColumn if isinstance(change, RetireColumn) else RetireColumn
            return back_column(
                table=change.table,
                form=change.form,
                column=change.column,
                path=change.path,
                gives_way=change.gives_way,
            )
        case RenameColumn(old=old, new=column):
            return replace(change, old=column.name, new=replace(column, name=old))
        case AlterColumn(old=before, new=after):
            convert = change.convert if change.is_computed else None
            return replace(change, old=after, new=before, convert=convert, filled_by=None)
        case AddOptions() | RemoveOptions():
            other = RemoveOptions if isinstance(change, AddOptions) else AddOptions
            return other(table=change.table, form=change.form, column=change.column, options=change.options)
        case ReorderOptions(old=first, new=second):
            return replace(change, old=second, new=first)
        case RenameOptions(mapping=mapping):
            return replace(change, mapping=tuple((new, old) for old, new in mapping))
        case SplitOption():
            return MergeOptions(
                table=change.table,
                form=change.form,
                column=change.column,
                option=change.option,
                merged=change.into,
            )
        case MergeOptions(merged=merged):
            mapping = tuple((each, change.option) for each in merged)
            # What they were before they became one, nobody knows any more; the first stands for all.
            return RenameOptions(
                table=change.table,
                form=change.form,
                column=change.column,
                mapping=tuple((old, new) for new, old in mapping[:1]),
            )
        case RetireOption() | RestoreOption():
            back_option = RestoreOption if isinstance(change, RetireOption) else RetireOption
            return back_option(
                table=change.table,
                form=change.form,
                column=change.column,
                option=change.option,
                path=change.path,
            )
        case MoveColumn():
            return MoveColumn(
                form=change.to_form,
                table=change.to_table,
                column=change.to_column,
                to_form=change.form,
                to_table=change.table,
                to_column=change.column,
                link=change.link,
                is_down=not change.is_down,
            )
        case Retarget():
            return replace(change, old_target=change.new_target, new_target=change.old_target)
        case Recompute():
            return RecomputeBefore(undone=change)
        case RecomputeBefore(undone=undone):
            return undone
        case MakeBalances(table=table, is_anew=is_anew):
            return DropBalances(table=table, is_anew=is_anew)
        case DropBalances(table=table, is_anew=is_anew):
            return MakeBalances(table=table, is_anew=is_anew)
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
    """Return the changes that undo `changes`, in order.

    Formulas of the model before are computed when everything stands as it did then, so at the end; and in
    the order of `changes`, for a sum still comes after what it adds up.
    """
    undone = [reverse(change) for change in reversed(changes)]
    formulas = [change for change in reversed(undone) if isinstance(change, RecomputeBefore)]
    return (*(change for change in undone if not isinstance(change, RecomputeBefore)), *formulas)
