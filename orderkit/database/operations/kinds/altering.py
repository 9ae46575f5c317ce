"""Alters one table: `with alter_table("order") as table:` collects what is altered, and does it at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.changes.checks import Casts, Check, NotEmpty, Refers
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.checks.refusing import refuse_failing
from orderkit.database.operations.kinds.alterations import (
    AddedColumn,
    AddedKey,
    Alteration,
    ChangedType,
    DroppedColumn,
    DroppedKey,
    Optional,
    RenamedColumn,
    Required,
)
from orderkit.database.operations.operation import Context, Operation, Phase
from orderkit.database.operations.script import add
from orderkit.database.operations.sqlite_copy import TableCopy


class TableAlterations:
    """Collects what is altered about one table, in order."""

    def __init__(self) -> None:
        self.collected: list[Alteration] = []

    def add_column(self, column: sa.Column[Any]) -> None:
        """Add a column that is optional or has a `server_default`."""
        self.collected.append(AddedColumn(column))

    def drop_column(self, name: str) -> None:
        """Drop a column, with its values: what undoes `add_column`."""
        self.collected.append(DroppedColumn(name))

    def rename_column(self, old: str, new: str, *, form: str | None = None) -> None:
        """Rename a column, and the field of `form` in what orderkit keeps beside it."""
        self.collected.append(RenamedColumn(old, new, form))

    def require(self, name: str) -> None:
        """Let the column be empty no more; refused while a row has no value."""
        self.collected.append(Required(name))

    def allow_empty(self, name: str) -> None:
        """Let the column be empty."""
        self.collected.append(Optional(name))

    def change_type(self, name: str, old_type: TypeEngine[Any], new_type: TypeEngine[Any]) -> None:
        """Keep the values in another type; refused while one would lose something."""
        self.collected.append(
            ChangedType(name, sa.types.to_instance(old_type), sa.types.to_instance(new_type))
        )

    def add_foreign_key(self, name: str, column: str, target: str, *, ondelete: str = "RESTRICT") -> None:
        """Let the column refer to the `id` of another table; refused while a row refers to nothing."""
        self.collected.append(AddedKey(name, column, target, ondelete))

    def drop_foreign_key(self, name: str) -> None:
        """Drop a reference; its column stays."""
        self.collected.append(DroppedKey(name))


@contextmanager
def alter_table(name: str) -> Iterator[TableAlterations]:
    """Yield what collects the alterations of one table; SQLite copies it once at most."""
    alterations = TableAlterations()
    yield alterations
    if alterations.collected:
        add(AlterTable(name, tuple(alterations.collected)))


@dataclass(frozen=True, slots=True)
class AlterTable(Operation):
    """The alterations of one table."""

    table: str
    alterations: tuple[Alteration, ...]

    @property
    def title(self) -> str:
        return "; ".join(each.title(self.table) for each in self.alterations)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    @property
    def changes_values(self) -> bool:
        # What comes new is empty; which fields there are, the index knows from the model.
        return any(isinstance(each, ChangedType) for each in self.alterations)

    def apply(self, context: Context) -> None:
        # Whoever has to correct rows hears of all of them at once.
        refuse_failing(context.connection, *_as_before(self.table, self.alterations))
        if context.is_sqlite and not all(each.is_plain_on_sqlite for each in self.alterations):
            copy = TableCopy(context.connection, self.table)
            for each in self.alterations:
                each.on_copy(copy)
            copy.make()
        else:
            for each in self.alterations:
                for check in each.checks(self.table):
                    refuse_failing(context.connection, check)
                each.apply(context, self.table)
        for each in self.alterations:
            each.note(context)

    def phases(self) -> tuple[Phase, ...]:
        return tuple(phase for each in self.alterations for phase in each.phases(self.table))

    def foresee(self, foresight: Foresight) -> None:
        refuse_failing(foresight.connection, *_as_before(self.table, self.alterations))
        for each in self.alterations:
            for check in each.checks(self.table):
                refuse_failing(foresight.connection, check)
            each.foresee(foresight, self.table)


def _as_before(table: str, alterations: Sequence[Alteration]) -> Iterator[Check]:
    """Yield the checks in the names that the columns have before the block."""
    before: dict[str, str] = {}
    new: set[str] = set()
    for each in alterations:
        match each:
            case AddedColumn(column=added):
                new.add(added.name)
            case RenamedColumn(old=old, new=name):
                before[name] = before.pop(old, old)
        for check in each.checks(table):
            match check:
                case NotEmpty(column=column) | Refers(column=column):
                    if column not in new:
                        yield replace(check, column=before.get(column, column))
                case Casts(old=old_column):
                    name = before.get(old_column.name, old_column.name)
                    yield replace(check, old=replace(old_column, name=name))
                case _:
                    yield check
