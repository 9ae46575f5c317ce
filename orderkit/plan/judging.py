"""What a change of the tables means for rows and for those who use them."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from orderkit.database.changes.checks import Casts, Check, NotEmpty, Unique
from orderkit.database.changes.kinds import AddColumn, AddIndex, AlterColumn, Change, DropColumn, DropTable
from orderkit.model.labels import Label, label


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
    """What a change means; `checks` must hold of the rows, in names before."""

    severity: Severity
    lock: Lock
    is_safe_for_older: bool
    is_reversible: bool
    reason: Label
    checks: tuple[Check, ...] = ()


def judge(change: Change) -> Judgement:
    """Return what the change means for the rows that exist."""
    checks: tuple[Check, ...] = ()
    severity, lock = Severity.SAFE, Lock.BRIEF
    match change:
        case DropTable() | DropColumn():
            severity = Severity.DESTRUCTIVE
        case AddColumn(column=column) if not column.is_nullable:
            severity = Severity.BACKFILL
        case AddIndex(table=table, index=index) if index.is_unique:
            severity, checks = Severity.BREAKING, (Unique(table=table, columns=index.columns),)
        case AlterColumn(table=table, old=before, new=after):
            if change.changes_type:
                lock = Lock.LONG
                severity = Severity.SAFE if change.is_widening else Severity.BREAKING
                checks = () if change.is_widening else (Casts(table=table, old=before, new=after),)
            if before.is_nullable and not after.is_nullable:
                severity = max(severity, Severity.BACKFILL)
                checks = (*checks, NotEmpty(table=table, column=before.name))
        case _:
            pass
    return Judgement(
        severity=severity,
        lock=lock,
        is_safe_for_older=True,
        is_reversible=True,
        reason=label(zh="", en=""),
        checks=checks,
    )
