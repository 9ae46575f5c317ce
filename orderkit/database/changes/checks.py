"""What must hold of the rows before a change can be made, as values.

`operations` executes them before it begins, `migrate` before a revision begins, and `plan` against a
live database; so all three refuse, or foretell, the same. Names are those before the revision.
"""

from dataclasses import dataclass

from orderkit.database.schema.tables import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEmpty:
    """Every row has a value in the column."""

    table: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """No two rows agree in all of the columns; rows where one of them is empty never collide."""

    table: str
    columns: tuple[str, ...]
    scales: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Casts:
    """Every value of `old` can be written as one of `new` without loss: other type, fewer places."""

    table: str
    old: Column
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """Every value is the id of a row of `target`."""

    table: str
    column: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Whatever the column refers to in `old_target` has its like in `new_target`: the same value in `key`."""

    table: str
    column: str
    old_target: str
    new_target: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChosen:
    """No row has this option, alone or among several."""

    table: str
    column: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneValue:
    """All rows that refer to the same row by `link` agree in the column, so that it can move there."""

    table: str
    column: str
    link: str
    scale: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """Values of a column that moves which no row takes over. Nothing is demanded of them; they are counted.

    `link` is the reference by which values find their new rows: of the table itself upwards, or of the table
    `below`, each of whose rows takes a copy. It is None where it is not there yet, so that all are left.
    """

    table: str
    column: str
    link: str | None
    below: str | None = None


Check = NotEmpty | Unique | Casts | Refers | Matches | NotChosen | OneValue
