"""What a change means for the rows that exist, for the program of the revision before, and for those who wait.

Judged from values alone: the change and the tables before and after. Whether rows really fulfil the
checks is asked from a database, by `operations` and `plan`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import assert_never

from orderkit.database.changes import reasons
from orderkit.database.changes.checks import (
    Casts,
    Check,
    LeftBehind,
    Matches,
    NotChosen,
    NotEmpty,
    OneValue,
    Refers,
    Unique,
)
from orderkit.database.changes.finding.casting import always_fits
from orderkit.database.changes.finding.names import Names
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
from orderkit.database.schema.tables import Column, Tables
from orderkit.fields.field_type import ColumnKind
from orderkit.model.labels import Label


class Severity(IntEnum):
    """How careful people have to be, in order."""

    SAFE = 0
    BACKFILL = 1
    BREAKING = 2
    DESTRUCTIVE = 3


class Lock(StrEnum):
    """How long others wait at a large table: not at all, a moment, or while its rows are gone through."""

    NONE = "none"
    BRIEF = "brief"
    LONG = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a change means.

    `is_safe_for_older`: the program of the revision before may go on reading and writing.
    `is_reversible`: its reverse brings back what was. `checks` must hold of the rows, in names before.
    `left_behind`: the values that a move leaves to the shadow table alone, in names before.
    """

    severity: Severity
    lock: Lock
    is_safe_for_older: bool
    is_reversible: bool
    reason: Label
    checks: tuple[Check, ...] = ()
    left_behind: LeftBehind | None = None


def judge(change: Change, old: Tables, new: Tables) -> Judgement:
    """Return what the change means between these states of the tables."""
    return _judged(change, Names(old, new))


def judge_all(changes: Iterable[Change], old: Tables, new: Tables) -> tuple[tuple[Change, Judgement], ...]:
    """Return each change with what it means; the names of large models are matched once."""
    names = Names(old, new)
    return tuple((change, _judged(change, names)) for change in changes)


def _judged(change: Change, names: Names) -> Judgement:  # noqa: C901 - one case a change
    match change:
        case CreateTable():
            return _safe(reasons.NEW_TABLE, lock=Lock.NONE)
        case RestoreTable() | RestoreColumn() | RestoreOption():
            return _safe(reasons.RESTORED, lock=Lock.LONG)
        case DropTable() | DropColumn():
            return _destructive(reasons.DROPPED, is_reversible=False, lock=Lock.BRIEF)
        case RetireTable() | RetireColumn():
            return _destructive(reasons.RETIRED)
        case RetireOption():
            return _retired_option(change, names)
        case RenameTable() | RenameColumn():
            return _breaking(reasons.RENAMED)
        case LinesFromForm(old=table, link=link):
            return _breaking(reasons.BECAME_LINES, NotEmpty(table=table, column=link))
        case FormFromLines():
            return _breaking(reasons.CEASED_TO_BE_LINES)
        case AddColumn():
            return _added(change)
        case AlterColumn():
            return _altered(change, names)
        case AddOptions():
            return _safe(reasons.NEW_OPTIONS, lock=Lock.NONE)
        case RemoveOptions(table=table, column=column, options=options):
            checks = [_not_chosen(names, table, column, option) for option in options]
            return _breaking(reasons.REMOVED_OPTIONS, *checks)
        case ReorderOptions():
            return _safe(reasons.REORDERED, lock=Lock.NONE)
        case RenameOptions():
            return _breaking(reasons.RENAMED_OPTIONS)
        case SplitOption():
            return _breaking(reasons.SPLIT)
        case MergeOptions():
            return _breaking(reasons.MERGED, is_reversible=False)
        case MoveColumn():
            return _moved(change, names)
        case Retarget():
            return _retargeted(change, names)
        case Recompute() | RecomputeBefore():
            return Judgement(
                severity=Severity.BACKFILL,
                lock=Lock.BRIEF,
                is_safe_for_older=False,
                is_reversible=True,
                reason=reasons.RECOMPUTED,
            )
        case MakeBalances(is_anew=is_anew) | DropBalances(is_anew=is_anew):
            return _balanced(change, is_anew=is_anew)
        case AddIndex():
            return _indexed(change, names)
        case DropIndex(index=index):
            return _safe(reasons.LOOSER if index.is_unique else reasons.SLOWER)
        case AddForeignKey():
            return _referring(change, names)
        case DropForeignKey():
            return _safe(reasons.LOOSER)
        case _:
            assert_never(change)


def _safe(reason: Label, *, lock: Lock = Lock.BRIEF) -> Judgement:
    return Judgement(
        severity=Severity.SAFE, lock=lock, is_safe_for_older=True, is_reversible=True, reason=reason
    )


def _breaking(
    reason: Label, *checks: Check, is_reversible: bool = True, lock: Lock = Lock.BRIEF
) -> Judgement:
    return Judgement(
        severity=Severity.BREAKING,
        lock=lock,
        is_safe_for_older=False,
        is_reversible=is_reversible,
        reason=reason,
        checks=checks,
    )


def _balanced(change: MakeBalances | DropBalances, *, is_anew: bool) -> Judgement:
    """Return what it means for balances: they follow from entries, so nothing of them can be lost."""
    if isinstance(change, MakeBalances) and not is_anew:
        return _safe(reasons.NEW_TABLE, lock=Lock.NONE)
    return Judgement(
        severity=Severity.BACKFILL if is_anew else Severity.SAFE,
        lock=Lock.LONG if isinstance(change, MakeBalances) else Lock.BRIEF,
        is_safe_for_older=False,
        is_reversible=True,
        reason=reasons.BALANCES_ANEW if is_anew else reasons.BALANCES_GONE,
    )


def _destructive(
    reason: Label, *checks: Check, is_reversible: bool = True, lock: Lock = Lock.LONG
) -> Judgement:
    # What goes is copied first, and nobody may write meanwhile: it would be lost.
    return Judgement(
        severity=Severity.DESTRUCTIVE,
        lock=lock,
        is_safe_for_older=False,
        is_reversible=is_reversible,
        reason=reason,
        checks=checks,
    )


def _added(change: AddColumn) -> Judgement:
    column = change.column
    is_boolean = column.kind is ColumnKind.BOOLEAN
    if change.is_computed:
        reason, is_safe_for_older = reasons.NEW_COMPUTED, False
    elif change.filled_by is not None:
        reason, is_safe_for_older = reasons.FILLED, column.is_nullable or is_boolean
    elif column.is_nullable:
        return _safe(reasons.NEW_OPTIONAL)
    elif is_boolean:
        if not column.backfill:
            return _safe(reasons.NEW_BOOLEAN)
        reason, is_safe_for_older = reasons.FILLED, True
    else:
        reason, is_safe_for_older = reasons.FILLED, False
    return Judgement(
        severity=Severity.BACKFILL,
        lock=Lock.BRIEF,
        is_safe_for_older=is_safe_for_older,
        is_reversible=True,
        reason=reason,
    )


def _altered(change: AlterColumn, names: Names) -> Judgement:
    table, old = names.table_before(change.table), change.old
    before = names.column_before(change.table, old.name)
    if change.is_computed:
        return _breaking(reasons.RETYPED_COMPUTED, lock=Lock.LONG)
    if change.convert is not None:
        return _breaking(reasons.CONVERTED, is_reversible=False, lock=Lock.LONG)
    if change.changes_type:
        return _retyped(change, table, before)
    if not change.is_tightening:
        return _safe(reasons.LOOSER)
    if change.filled_by is not None or change.new.backfill is not None:
        return Judgement(
            severity=Severity.BACKFILL,
            lock=Lock.BRIEF,
            is_safe_for_older=False,
            is_reversible=True,
            reason=reasons.REQUIRED_FILLED,
        )
    return _breaking(reasons.REQUIRED, NotEmpty(table=table, column=before))


def _retyped(change: AlterColumn, table: str, before: str) -> Judgement:
    checks: tuple[Check, ...] = ()
    if not always_fits(change.old, change.new):
        checks = (Casts(table=table, old=_named(change.old, before), new=_named(change.new, before)),)
    if change.is_tightening and change.filled_by is None and change.new.backfill is None:
        checks = (*checks, NotEmpty(table=table, column=before))
    if change.is_widening:
        return Judgement(
            severity=Severity.BACKFILL,
            lock=Lock.LONG,
            is_safe_for_older=False,
            is_reversible=True,
            reason=reasons.MORE_PLACES,
            checks=checks,
        )
    return _breaking(reasons.RETYPED, *checks, lock=Lock.LONG)


def _named(column: Column, name: str) -> Column:
    return Column(name=name, kind=column.kind, scale=column.scale, is_nullable=column.is_nullable)


def _retired_option(change: RetireOption, names: Names) -> Judgement:
    table = names.new.get(change.table)
    column = table.column(change.column) if table is not None else None
    if column is None or column.is_nullable:
        return _destructive(reasons.RETIRED_OPTION)
    return _destructive(
        reasons.RETIRED_OPTION, _not_chosen(names, change.table, change.column, change.option)
    )


def _not_chosen(names: Names, table: str, column: str, option: str) -> NotChosen:
    return NotChosen(
        table=names.table_before(table), column=names.column_before(table, column), option=option
    )


def _moved(change: MoveColumn, names: Names) -> Judgement:
    holder = change.to_table if change.is_down else change.table
    link = names.column_before(holder, change.link)
    left = LeftBehind(
        table=names.table_before(change.table),
        column=names.column_before(change.table, change.column),
        link=None if names.is_new(holder, change.link) else link,
        below=names.table_before(change.to_table) if change.is_down else None,
    )
    if change.is_down:
        return replace(_breaking(reasons.MOVED_DOWN), left_behind=left)
    before = names.old.get(left.table)
    scales = before.scales((left.column,)) if before is not None else {}
    check = OneValue(table=left.table, column=left.column, link=link, scale=scales.get(left.column))
    return replace(_breaking(reasons.MOVED_UP, check), left_behind=left)


def _retargeted(change: Retarget, names: Names) -> Judgement:
    check = Matches(
        table=names.table_before(change.table),
        column=names.column_before(change.table, change.column),
        old_target=names.table_before(change.old_target),
        new_target=names.table_before(change.new_target),
        key=names.column_before(change.new_target, change.key),
    )
    # A target that is made by this revision has no rows yet; whoever refers to anything finds nothing there.
    is_there = change.new_target in names.tables_before
    return _breaking(reasons.RETARGETED, *((check,) if is_there else ()))


def _indexed(change: AddIndex, names: Names) -> Judgement:
    if not change.index.is_unique:
        return _safe(reasons.FASTER, lock=Lock.NONE)
    table = change.table
    columns = tuple(names.column_before(table, column) for column in change.index.columns)
    before = names.old.get(names.table_before(table))
    was_unique = before is not None and any(
        each.is_unique and set(each.columns) <= set(columns) for each in before.indexes
    )
    if was_unique:
        return _safe(reasons.STILL_UNIQUE)
    filled = [column for column in change.index.columns if names.is_new(table, column)]
    if filled:
        return _of_new_columns(change, names, filled)
    scales = before.scales(columns) if before is not None else {}
    places = tuple(map(scales.get, columns)) if scales else ()
    return _breaking(reasons.UNIQUE, Unique(table=names.table_before(table), columns=columns, scales=places))


def _of_new_columns(change: AddIndex, names: Names, columns: list[str]) -> Judgement:
    """Return what it means that new columns are unique: nothing as long as they are empty."""
    table = names.new.get(change.table)
    made = [table.column(column) for column in columns] if table is not None else []
    stays_empty = any(each is not None and each.is_nullable and each.backfill is None for each in made)
    return _safe(reasons.UNIQUE_AND_EMPTY) if stays_empty else _breaking(reasons.UNIQUE)


def _referring(change: AddForeignKey, names: Names) -> Judgement:
    table, column = change.table, change.key.column
    before = names.old.get(names.table_before(table))
    target = names.table_before(change.key.target)
    old_column = names.column_before(table, column)
    if names.is_new(table, column):
        return _safe(reasons.NEW_REFERENCE)
    if before is not None and any(k.column == old_column and k.target == target for k in before.foreign_keys):
        return _safe(reasons.SAME_REFERENCE)
    if before is not None and any(k.column == old_column for k in before.foreign_keys):
        # It was another form's; the retargeting before it has seen to the rows.
        return _breaking(reasons.RETARGETED)
    check = Refers(table=names.table_before(table), column=old_column, target=target)
    return _breaking(reasons.REFERRING, check)
