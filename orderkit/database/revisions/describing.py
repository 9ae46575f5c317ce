"""Changes in a few words: the head of a revision, the summary of `build`, the name of a file."""

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


def describe(change: Change) -> str:  # noqa: C901 - one case a change
    """Return the change in a few words."""
    match change:
        case CreateTable(table=table):
            return f"create table {table.name}"
        case DropTable(table=table):
            return f"drop table {table.name}"
        case RetireTable(table=table):
            return f"retire table {table.name}"
        case RestoreTable(table=table):
            return f"restore table {table.name}"
        case RenameTable(old=old, new=new):
            return f"rename table {old} to {new}"
        case LinesFromForm(old=old, new=new):
            return f"table {old} becomes lines {new}"
        case FormFromLines(old=old, new=new):
            return f"lines {old} become table {new}"
        case AddColumn(table=name, column=column):
            return f"add column {name}.{column.name}"
        case DropColumn(table=name, column=column):
            return f"drop column {name}.{column.name}"
        case RetireColumn(table=name, column=column):
            return f"retire column {name}.{column.name}"
        case RestoreColumn(table=name, column=column):
            return f"restore column {name}.{column.name}"
        case RenameColumn(table=name, old=old, new=column):
            return f"rename column {name}.{old} to {column.name}"
        case AlterColumn(table=name, new=column):
            return f"alter column {name}.{column.name}"
        case AddOptions(table=name, column=column_name, options=options):
            return f"add options of {name}.{column_name}: {', '.join(options)}"
        case RemoveOptions(table=name, column=column_name, options=options):
            return f"remove options of {name}.{column_name}: {', '.join(options)}"
        case ReorderOptions(table=name, column=column_name):
            return f"reorder options of {name}.{column_name}"
        case RenameOptions(table=name, column=column_name, mapping=mapping):
            pairs = ", ".join(f"{old} to {new}" for old, new in mapping)
            return f"rename options of {name}.{column_name}: {pairs}"
        case SplitOption(table=name, column=column_name, option=option, into=into):
            return f"split option {option} of {name}.{column_name} into {', '.join(into)}"
        case MergeOptions(table=name, column=column_name, option=option, merged=merged):
            return f"merge options {', '.join(merged)} of {name}.{column_name} into {option}"
        case RetireOption(table=name, column=column_name, option=option):
            return f"retire option {option} of {name}.{column_name}"
        case RestoreOption(table=name, column=column_name, option=option):
            return f"restore option {option} of {name}.{column_name}"
        case MoveColumn():
            return f"move column {change.table}.{change.column} to {change.to_table}.{change.to_column}"
        case Retarget(table=name, column=column_name, new_target=target):
            return f"retarget {name}.{column_name} to {target}"
        case Recompute(table=name, column=column_name):
            return f"recompute {name}.{column_name}"
        case RecomputeBefore(undone=undone):
            return f"recompute {undone.old_table}.{undone.old_column} as before"
        case MakeBalances(table=table, is_anew=is_anew):
            return f"add up balances {table.name}{' anew' if is_anew else ''}"
        case DropBalances(table=table):
            return f"drop balances {table.name}"
        case AddIndex(index=index):
            return f"add {'unique key' if index.is_unique else 'index'} {index.name}"
        case DropIndex(index=index):
            return f"drop {'unique key' if index.is_unique else 'index'} {index.name}"
        case AddForeignKey(key=key):
            return f"add foreign key {key.name}"
        case DropForeignKey(key=key):
            return f"drop foreign key {key.name}"
        case _:
            assert_never(change)
