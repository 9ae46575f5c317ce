"""The database: what happens to the tables, what each step means for rows, and how it is locked."""

from typing import assert_never

from orderkit.database.changes.judging import Lock
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
from orderkit.database.schema.tables import Column
from orderkit.model.labels import Label, label, text_of
from orderkit.plan.values import Area, Consequence, Entry, Manner, TableChange
from orderkit.plan.words.filling import code, filled

_LOCKED = label(
    zh="整张表在改写或检查期间被锁住", en="the table is locked while its rows are rewritten or looked through"
)
_NO_WAY_BACK = label(zh="不能降级撤销", en="cannot be undone by a downgrade")
_WORDS: dict[str, Label] = {
    "CreateTable": label(zh="新建表 {name}", en="create table {name}"),
    "DropTable": label(zh="删除表 {name}", en="drop table {name}"),
    "RenameTable": label(zh="表 {name} 改名为 {new}", en="rename table {name} to {new}"),
    "AddColumn": label(zh="新增列 {name}", en="add column {name}"),
    "DropColumn": label(zh="删除列 {name}", en="drop column {name}"),
    "RenameColumn": label(zh="列 {name} 改名为 {new}", en="rename column {name} to {new}"),
    "AlterColumn": label(zh="修改列 {name}", en="alter column {name}"),
    "AddUnique": label(zh="新增唯一键 {name}", en="add unique key {name}"),
    "AddIndex": label(zh="新增索引 {name}", en="add index {name}"),
    "DropIndex": label(zh="删除索引 {name}", en="drop index {name}"),
    "AddForeignKey": label(zh="新增外键 {name}", en="add foreign key {name}"),
    "DropForeignKey": label(zh="删除外键 {name}", en="drop foreign key {name}"),
    "RetireTable": label(zh="停用表 {name}", en="retire table {name}"),
    "RestoreTable": label(zh="恢复表 {name}", en="restore table {name}"),
    "LinesFromForm": label(zh="表 {name} 变成明细 {new}", en="table {name} becomes lines {new}"),
    "FormFromLines": label(zh="明细 {name} 变成表 {new}", en="lines {name} become table {new}"),
    "RetireColumn": label(zh="停用列 {name}", en="retire column {name}"),
    "RestoreColumn": label(zh="恢复列 {name}", en="restore column {name}"),
    "AddOptions": label(zh="{name} 新增选项 {new}", en="add options of {name}: {new}"),
    "RemoveOptions": label(zh="{name} 收回选项 {new}", en="remove options of {name}: {new}"),
    "ReorderOptions": label(zh="{name} 的选项换了顺序", en="reorder options of {name}"),
    "RenameOptions": label(zh="{name} 的选项改名：{new}", en="rename options of {name}: {new}"),
    "SplitOption": label(zh="{name} 的选项拆分：{new}", en="split an option of {name}: {new}"),
    "MergeOptions": label(zh="{name} 的选项合并：{new}", en="merge options of {name}: {new}"),
    "RetireOption": label(zh="停用 {name} 的选项 {new}", en="retire option {new} of {name}"),
    "RestoreOption": label(zh="恢复 {name} 的选项 {new}", en="restore option {new} of {name}"),
    "MoveColumn": label(zh="列 {name} 移到 {new}", en="move column {name} to {new}"),
    "Retarget": label(zh="列 {name} 改指 {new}", en="retarget {name} to {new}"),
    "Recompute": label(zh="重算列 {name}", en="recompute {name}"),
    "MakeBalances": label(zh="由分录汇总余额表 {name}", en="add up the balances {name} from their entries"),
    "DropBalances": label(zh="删除余额表 {name}", en="drop the balances {name}"),
    "RecomputeBefore": label(zh="按原公式重算列 {name}", en="recompute {name} as before"),
}


def table_entry(each: TableChange) -> Entry:
    """Return the entry of a change of the tables."""
    change, judgement = each.change, each.judgement
    words, subject, manner = described(change)
    told = [judgement.reason] if text_of(judgement.reason, "en") else []
    told += [_LOCKED] if judgement.lock is Lock.LONG else []
    told += [] if judgement.is_reversible else [_NO_WAY_BACK]
    before, after = _states(change)
    return Entry(
        severity=judgement.severity,
        area=Area.DATABASE,
        subject=subject,
        manner=manner,
        attribute=type(change).__name__,
        words=words,
        before=before,
        after=after,
        consequences=tuple(Consequence(words=words) for words in told),
    )


def described(change: Change) -> tuple[Label, str, Manner]:  # noqa: C901 - one case a change
    """Return a change in words, the table, column or key that it is about, and what happens to it."""
    kind = type(change).__name__
    match change:
        case CreateTable(table=table) | RestoreTable(table=table):
            return _said(kind, table.name), table.name, Manner.ADDED
        case DropTable(table=table) | RetireTable(table=table):
            return _said(kind, table.name), table.name, Manner.REMOVED
        case RenameTable(old=old, new=new):
            return _said(kind, old, new), new, Manner.RENAMED
        case LinesFromForm(old=old, new=new) | FormFromLines(old=old, new=new):
            return _said(kind, old, new), new, Manner.CHANGED
        case AddColumn(table=table_name, column=column) | RestoreColumn(table=table_name, column=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.ADDED
        case DropColumn(table=table_name, column=column) | RetireColumn(table=table_name, column=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.REMOVED
        case (
            AddOptions()
            | RemoveOptions()
            | ReorderOptions()
            | RenameOptions()
            | SplitOption()
            | MergeOptions()
            | RetireOption()
            | RestoreOption()
        ):
            subject = f"{change.table}.{change.column}"
            return _said(kind, subject, _options(change)), subject, Manner.CHANGED
        case MoveColumn():
            subject = f"{change.to_table}.{change.to_column}"
            return _said(kind, f"{change.table}.{change.column}", subject), subject, Manner.CHANGED
        case Retarget(table=table_name, column=column_name, new_target=target):
            subject = f"{table_name}.{column_name}"
            return _said(kind, subject, target), subject, Manner.CHANGED
        case Recompute(table=table_name, column=column_name):
            subject = f"{table_name}.{column_name}"
            return _said(kind, subject), subject, Manner.CHANGED
        case RecomputeBefore(undone=undone):
            subject = f"{undone.old_table}.{undone.old_column}"
            return _said(kind, subject), subject, Manner.CHANGED
        case RenameColumn(table=table_name, old=old, new=column):
            return (
                _said(kind, f"{table_name}.{old}", column.name),
                f"{table_name}.{column.name}",
                Manner.RENAMED,
            )
        case AlterColumn(table=table_name, new=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.CHANGED
        case MakeBalances(table=table):
            return _said(kind, table.name), table.name, Manner.CHANGED if change.is_anew else Manner.ADDED
        case DropBalances(table=table):
            return _said(kind, table.name), table.name, Manner.REMOVED
        case AddIndex(index=index):
            return _said("AddUnique" if index.is_unique else kind, index.name), index.name, Manner.ADDED
        case DropIndex(index=index):
            return _said(kind, index.name), index.name, Manner.REMOVED
        case AddForeignKey(key=key):
            return _said(kind, key.name), key.name, Manner.ADDED
        case DropForeignKey(key=key):
            return _said(kind, key.name), key.name, Manner.REMOVED
        case _:
            assert_never(change)


def _options(
    change: AddOptions
    | RemoveOptions
    | ReorderOptions
    | RenameOptions
    | SplitOption
    | MergeOptions
    | RetireOption
    | RestoreOption,
) -> str:
    match change:
        case AddOptions(options=options) | RemoveOptions(options=options):
            return ", ".join(options)
        case ReorderOptions(new=options):
            return ", ".join(options)
        case RenameOptions(mapping=mapping):
            return ", ".join(f"{old} → {new}" for old, new in mapping)
        case SplitOption(option=option, into=into):
            return f"{option} → {', '.join(into)}"
        case MergeOptions(option=option, merged=merged):
            return f"{', '.join(merged)} → {option}"
        case RetireOption(option=option) | RestoreOption(option=option):
            return option
        case _:
            assert_never(change)


def _said(kind: str, name: str, new: str = "") -> Label:
    return filled(_WORDS[kind], name=code(name), new=code(new))


def _states(change: Change) -> tuple[Label | None, Label | None]:
    match change:
        case AlterColumn(old=old, new=new):
            return code(_column(old)), code(_column(new))
        case AddColumn(column=column):
            return None, code(_column(column))
        case _:
            return None, None


def _column(column: Column) -> str:
    places = "" if column.scale is None else f"({column.scale})"
    return f"{column.kind.value}{places}{'' if column.is_nullable else ' not null'}"
