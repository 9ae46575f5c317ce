"""What can happen to the tables of a project, one frozen value each.

A change says what happens; `judging` says what that means for rows and people, `revisions.rendering`
writes it as a call of `operations`. Tables bear the names that they have once tables are renamed, but for
indexes and keys that go, which go before.
"""

from dataclasses import dataclass

from orderkit.database.schema.tables import Column, ForeignKey, FormTable, Index
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.nodes import Expression

NUMBERS = frozenset({ColumnKind.INTEGER, ColumnKind.DECIMAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """A new table with its indexes. `later` are keys to tables that are made after it."""

    table: FormTable
    later: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """A table that goes with everything in it: what undoes its creation, and nothing else."""

    table: FormTable
    later: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireTable:
    """A table that goes because its form did; its rows stay in a shadow table for a while."""

    table: FormTable
    later: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTable:
    """A retired table that comes back, with the rows that its shadow kept."""

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
class LinesFromForm:
    """The table of a form whose records become the lines of others: `link` refers to what they belong to.

    `link` bears its old name. The columns that lines have and records do not, and the other way round, are
    changes of their own.
    """

    old: str
    new: str
    old_form: str
    new_form: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFromLines:
    """The table of lines that become records of their own; `link`, by its old name, goes on referring."""

    old: str
    new: str
    old_form: str
    new_form: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfParent:
    """What the row of another table has in a column: the row to which `link` refers."""

    table: str
    column: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAmong:
    """The place of a row among those with the same `link`, counted from 0 in the order in which they came."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """A new column. Rows that are there get what `filled_by` is for them, else the column's `backfill`.

    With `is_computed` the engine keeps it true from then on, and a `Recompute` follows.
    """

    table: str
    column: Column
    filled_by: Expression | OfParent | PlaceAmong | None = None
    is_computed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """A column that goes with its values: what undoes its addition, and nothing else."""

    table: str
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireColumn:
    """A column that goes because its field did, or moved; its values stay in a shadow table for a while.

    With `gives_way` another column of its name comes in the same revision.
    """

    table: str
    form: str
    column: Column
    path: str
    gives_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreColumn:
    """A retired column that comes back, with the values that its shadow kept."""

    table: str
    form: str
    column: Column
    path: str
    gives_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """A column under a new name."""

    table: str
    form: str
    old: str
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumn:
    """A column with another type, or another answer to whether it may be empty.

    `convert` makes the new value out of the old one (`Root("value")`); without it, values are cast.
    `filled_by` is for the rows where the column is empty, once it may not be. With `is_computed` a formula
    gives the values before and after: none has to fit, `convert` empties the column, and a `Recompute` follows.
    """

    table: str
    form: str
    old: Column
    new: Column
    convert: Expression | None = None
    filled_by: Expression | None = None
    is_computed: bool = False

    @property
    def changes_type(self) -> bool:
        """Whether the type differs."""
        return (self.old.kind, self.old.scale) != (self.new.kind, self.new.scale)

    @property
    def is_tightening(self) -> bool:
        """Whether the column may not be empty any more."""
        return self.old.is_nullable and not self.new.is_nullable

    @property
    def is_widening(self) -> bool:
        """Whether every value of the old type that has room is one of the new type: a number with more places."""
        return (
            self.old.kind in NUMBERS
            and self.new.kind is ColumnKind.DECIMAL
            and (self.new.scale or 0) >= (self.old.scale or 0)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOptions:
    """Options that a choice field offers besides; the database is as it was."""

    table: str
    form: str
    column: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOptions:
    """Options that a choice field offers no more: what undoes that they were added."""

    table: str
    form: str
    column: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderOptions:
    """The options of a choice field in another order; the database is as it was."""

    table: str
    form: str
    column: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameOptions:
    """Options of a choice field under new names, old ones to new ones."""

    table: str
    form: str
    column: str
    mapping: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOption:
    """An option that becomes several; `by` says which one a row gets, the first of `into` where it does not."""

    table: str
    form: str
    column: str
    option: str
    into: tuple[str, ...]
    by: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions:
    """Options that become one again: what undoes a split."""

    table: str
    form: str
    column: str
    option: str
    merged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireOption:
    """An option that goes; rows that have it are emptied, which a shadow table remembers for a while."""

    table: str
    form: str
    column: str
    option: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOption:
    """A retired option that comes back to the rows that had it and are still empty."""

    table: str
    form: str
    column: str
    option: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveColumn:
    """Values that go to a column of another table, which is there already; the old one is retired next.

    Down: rows of `to_table` refer to rows of `table` by their column `link`, and each takes a copy.
    Up: rows of `table` refer to rows of `to_table` by `link`, and those that share one agree.
    """

    form: str
    table: str
    column: str
    to_form: str
    to_table: str
    to_column: str
    link: str
    is_down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarget:
    """A reference that leads to another form: to the record that has the same value in `key`."""

    table: str
    form: str
    column: str
    old_target: str
    new_target: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recompute:
    """Every row's stored value anew, since its `compute`, or what it is computed from, is another one.

    `before` is the formula of the model before; None where the field was no computed one.
    """

    table: str
    form: str
    column: str
    formula: Expression
    before: Expression | None
    old_table: str
    old_form: str
    old_column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeBefore:
    """Every row's stored value by the formula of the model before: what undoes a `Recompute`."""

    undone: Recompute


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBalances:
    """The balances of a ledger, made and added up from its entries; `is_anew` where they were there in another shape."""

    table: FormTable
    is_anew: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBalances:
    """The balances of a ledger that go, or make room for those in another shape; the entries tell them at any time."""

    table: FormTable
    is_anew: bool


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
    | RetireTable
    | RestoreTable
    | RenameTable
    | LinesFromForm
    | FormFromLines
    | AddColumn
    | DropColumn
    | RetireColumn
    | RestoreColumn
    | RenameColumn
    | AlterColumn
    | AddOptions
    | RemoveOptions
    | ReorderOptions
    | RenameOptions
    | SplitOption
    | MergeOptions
    | RetireOption
    | RestoreOption
    | MoveColumn
    | Retarget
    | Recompute
    | RecomputeBefore
    | MakeBalances
    | DropBalances
    | AddIndex
    | DropIndex
    | AddForeignKey
    | DropForeignKey
)

# They change what the model says of a column, and nothing in the database.
WITHOUT_SQL = (AddOptions, RemoveOptions, ReorderOptions)
