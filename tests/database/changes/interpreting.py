"""Changes applied to plain tables: a second opinion on what they mean, and that their order can be kept."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, assert_never

from orderkit.database.changes.kinds import (
    WITHOUT_SQL,
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
from orderkit.database.schema.tables import FormTable, Tables

State = dict[str, dict[str, Any]]


def state_of(tables: Tables) -> State:
    """Return tables as sets of what they have, so that order does not matter."""
    return {name: _table(table) for name, table in tables.items()}


def applied(state: State, changes: Iterable[Change]) -> State:
    """Return the state after the changes. Fails where one meets what is not there, or is there already."""
    now = {name: {key: dict(part) for key, part in table.items()} for name, table in state.items()}
    for change in changes:
        _apply(now, change)
    return now


def _table(table: FormTable) -> dict[str, Any]:
    return {
        "columns": {column.name: column for column in table.columns},
        "indexes": {index.name: index for index in table.indexes},
        "keys": {key.name: key for key in table.foreign_keys},
    }


def _apply(now: State, change: Change) -> None:  # noqa: C901 - one case a change
    match change:
        case CreateTable(table=table) | RestoreTable(table=table):
            assert table.name not in now
            now[table.name] = _table(table)
        case DropTable(table=table) | RetireTable(table=table):
            del now[table.name]
            for other in now.values():
                assert all(key.target != table.name for key in other["keys"].values()) or change.later
        case RenameTable() | LinesFromForm() | FormFromLines():
            assert change.new not in now
            now[change.new] = now.pop(change.old)
            for other in now.values():
                for name, key in other["keys"].items():
                    if key.target == change.old:
                        other["keys"][name] = replace(key, target=change.new)
        case AddColumn(table=name, column=column) | RestoreColumn(table=name, column=column):
            assert column.name not in now[name]["columns"]
            now[name]["columns"][column.name] = column
        case DropColumn(table=name, column=column) | RetireColumn(table=name, column=column):
            assert not any(column.name in index.columns for index in now[name]["indexes"].values())
            assert not any(column.name == key.column for key in now[name]["keys"].values())
            del now[name]["columns"][column.name]
        case RenameColumn(table=name, old=old, new=column):
            _rename_column(now[name], old, column.name)
        case AlterColumn(table=name, old=old_column, new=column):
            assert now[name]["columns"][column.name] == old_column
            now[name]["columns"][column.name] = column
        case MoveColumn():
            assert change.column in now[change.table]["columns"]
            assert change.to_column in now[change.to_table]["columns"]
            assert change.link in now[change.to_table if change.is_down else change.table]["columns"]
        case Retarget(table=name, column=column_name):
            assert not any(key.column == column_name for key in now[name]["keys"].values())
            assert change.key in now[change.old_target]["columns"]
            assert change.key in now[change.new_target]["columns"]
        case Recompute(table=name, column=column_name):
            assert column_name in now[name]["columns"]
        case RecomputeBefore(undone=undone):
            assert undone.before is None or undone.old_column in now[undone.old_table]["columns"]
        case MakeBalances(table=table):
            assert table.name not in now
            assert table.balances is not None
            assert {*table.balances.keys, *table.balances.measures} <= now[table.balances.entries][
                "columns"
            ].keys()
            now[table.name] = _table(table)
        case DropBalances(table=table):
            assert now.pop(table.name) == _table(table)
        case AddIndex(table=name, index=index):
            assert index.name not in now[name]["indexes"]
            assert set(index.columns) <= now[name]["columns"].keys()
            now[name]["indexes"][index.name] = index
        case DropIndex(table=name, index=index):
            assert now[name]["indexes"].pop(index.name) == index
        case AddForeignKey(table=name, key=key):
            assert key.name not in now[name]["keys"]
            assert key.target in now or key.target == "ok_file"
            now[name]["keys"][key.name] = key
        case DropForeignKey(table=name, key=key):
            assert now[name]["keys"].pop(key.name).column == key.column
        case AddOptions() | RemoveOptions() | ReorderOptions():
            assert isinstance(change, WITHOUT_SQL)
        case RenameOptions() | SplitOption() | MergeOptions() | RetireOption() | RestoreOption():
            assert change.column in now[change.table]["columns"]
        case _:
            assert_never(change)


def _rename_column(table: dict[str, Any], old: str, new: str) -> None:
    assert new not in table["columns"]
    table["columns"][new] = replace(table["columns"].pop(old), name=new)
    for name, index in table["indexes"].items():
        columns = tuple(new if each == old else each for each in index.columns)
        table["indexes"][name] = replace(index, columns=columns)
    for name, key in table["keys"].items():
        if key.column == old:
            table["keys"][name] = replace(key, column=new)
