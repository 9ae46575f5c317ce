"""The order in which changes are made: none meets a name that another still holds, or a value that is not there yet."""

from enum import IntEnum
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


class Phase(IntEnum):
    """When a change has its turn."""

    KEYS_GO = 0
    RENAMES = 1
    MAKES_ROOM = 2
    TABLES_COME = 3
    COLUMNS = 4
    VALUES = 5
    FILLS = 6
    DEMANDS = 7
    FORMULAS = 8
    KEYS_COME = 9
    COLUMNS_GO = 10
    TABLES_GO = 11


def phase(change: Change) -> Phase:
    """Return when a change has its turn."""
    match change:
        case DropForeignKey() | DropIndex() | DropBalances():
            return Phase.KEYS_GO
        case RenameTable() | LinesFromForm() | FormFromLines() | RenameColumn():
            return Phase.RENAMES
        case CreateTable() | RestoreTable():
            return Phase.TABLES_COME
        case RetireColumn(gives_way=True):
            return Phase.MAKES_ROOM
        case AddColumn() | RestoreColumn() | AlterColumn():
            return Phase.COLUMNS
        case (
            AddOptions()
            | RemoveOptions()
            | ReorderOptions()
            | RenameOptions()
            | SplitOption()
            | MergeOptions()
            | RetireOption()
            | RestoreOption()
            | MoveColumn()
            | Retarget()
        ):
            return Phase.VALUES
        case Recompute() | RecomputeBefore():
            return Phase.FORMULAS
        case AddForeignKey() | AddIndex() | MakeBalances():
            return Phase.KEYS_COME
        case DropColumn() | RetireColumn():
            return Phase.COLUMNS_GO
        case DropTable() | RetireTable():
            return Phase.TABLES_GO
        case _:
            assert_never(change)
