"""What can happen to the tables of a project, one frozen value each.

A change says what happens; `judging` says what that means for rows and people, `revisions.rendering`
writes it as a call of `operations`.
"""

from dataclasses import dataclass

from orderkit.database.schema.tables import Column, ForeignKey, FormTable, Index
from orderkit.fields.field_type import ColumnKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """A new table with its indexes. `later` are keys to tables that are made after it."""

    table: FormTable
    later: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """A table that goes, with everything in it."""

    table: FormTable
    later: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """A table under a new name, because its form has one."""

    old: str
    new: str
    old_form: str
    new_form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """A new column; rows that are there get its `backfill`."""

    table: str
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """A column that goes, with its values."""

    table: str
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """A column under a new name."""

    table: str
    old: str
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumn:
    """A column with another type, or another answer to whether it may be empty."""

    table: str
    old: Column
    new: Column

    @property
    def changes_type(self) -> bool:
        """Whether the type differs."""
        return (self.old.kind, self.old.scale) != (self.new.kind, self.new.scale)

    @property
    def is_widening(self) -> bool:
        """Whether every value of the old type is one of the new type: a number with more places."""
        numbers = {ColumnKind.INTEGER, ColumnKind.DECIMAL}
        return (
            self.old.kind in numbers
            and self.new.kind is ColumnKind.DECIMAL
            and (self.new.scale or 0) >= (self.old.scale or 0)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIndex:
    """A new index or unique key."""

    table: str
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """An index that goes."""

    table: str
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class AddForeignKey:
    """A new reference."""

    table: str
    key: ForeignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DropForeignKey:
    """A reference that goes; its column may stay."""

    table: str
    key: ForeignKey


Change = (
    CreateTable
    | DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | RenameColumn
    | AlterColumn
    | AddIndex
    | DropIndex
    | AddForeignKey
    | DropForeignKey
)
