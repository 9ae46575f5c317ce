"""The database: what happens to the tables, what each step means for rows, and how it is locked."""

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
from orderkit.database.schema.tables import Column
from orderkit.model.labels import Label, label, text_of
from orderkit.plan.judging import Lock
from orderkit.plan.values import Area, Consequence, Entry, Manner, TableChange
from orderkit.plan.words.filling import code, filled

_LOCKED = label(
    zh="整张表在改写或检查期间被锁住", en="the table is locked while its rows are rewritten or looked through"
)
_OLDER = label(
    zh="旧版程序不能继续使用升级后的数据库",
    en="a program of the version before cannot go on with the database",
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
}


def table_entry(each: TableChange) -> Entry:
    """Return the entry of a change of the tables."""
    change, judgement = each.change, each.judgement
    words, subject, manner = described(change)
    told = [judgement.reason] if text_of(judgement.reason, "en") else []
    told += [_LOCKED] if judgement.lock is Lock.LONG else []
    told += [] if judgement.is_safe_for_older else [_OLDER]
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


def described(change: Change) -> tuple[Label, str, Manner]:
    """Return a change in words, the table, column or key that it is about, and what happens to it."""
    kind = type(change).__name__
    match change:
        case CreateTable(table=table):
            return _said(kind, table.name), table.name, Manner.ADDED
        case DropTable(table=table):
            return _said(kind, table.name), table.name, Manner.REMOVED
        case RenameTable(old=old, new=new):
            return _said(kind, old, new), new, Manner.RENAMED
        case AddColumn(table=table_name, column=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.ADDED
        case DropColumn(table=table_name, column=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.REMOVED
        case RenameColumn(table=table_name, old=old, new=column):
            return (
                _said(kind, f"{table_name}.{old}", column.name),
                f"{table_name}.{column.name}",
                Manner.RENAMED,
            )
        case AlterColumn(table=table_name, new=column):
            subject = f"{table_name}.{column.name}"
            return _said(kind, subject), subject, Manner.CHANGED
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
