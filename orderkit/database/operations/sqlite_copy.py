"""Changes a table of SQLite by making it anew and copying the rows, since SQLite alters little in place.

Foreign keys are off while this runs (see `migrating`): rows that refer to the table must stay.
No id is given out twice afterwards.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.operations.sql import execute, listed, quoted, text

_NEW = "ok_copied"


@dataclass(slots=True)
class _Copied:
    """A column of the new table, and the SQL over the old one that fills it."""

    name: str
    type: TypeEngine[Any]
    is_nullable: bool
    default: Any
    source: str | None


@dataclass(slots=True, frozen=True)
class _Key:
    name: str | None
    column: str
    target: str
    ondelete: str | None


class TableCopy:
    """The table as it will be; `make` makes it."""

    def __init__(self, connection: sa.Connection, table: str) -> None:
        self.connection, self.table = connection, table
        inspector = sa.inspect(connection)
        self.columns = [
            _Copied(
                column["name"],
                column["type"],
                column["nullable"],
                sa.text(column["default"]) if column["default"] is not None else None,
                quoted(column["name"]),
            )
            for column in inspector.get_columns(table)
        ]
        self.keys = [
            _Key(
                key["name"],
                key["constrained_columns"][0],
                key["referred_table"],
                key.get("options", {}).get("ondelete"),
            )
            for key in inspector.get_foreign_keys(table)
        ]
        self.indexes = [
            (str(index["name"]), [str(name) for name in index["column_names"]], bool(index["unique"]))
            for index in inspector.get_indexes(table)
        ]

    def add_column(self, column: sa.Column[Any]) -> None:
        """Add a column; rows get its default."""
        default = column.server_default
        sql = default.arg if isinstance(default, sa.DefaultClause) else None
        self.columns.append(_Copied(column.name, column.type, bool(column.nullable), sql, None))
        for key in column.foreign_keys:
            name = key.constraint.name if key.constraint is not None else key.name
            target = key.target_fullname.split(".")[0]
            self.keys.append(_Key(None if name is None else str(name), column.name, target, key.ondelete))

    def drop_column(self, name: str) -> None:
        """Leave a column out, and what stands on it."""
        self.columns = [column for column in self.columns if column.name != name]
        self.keys = [key for key in self.keys if key.column != name]
        self.indexes = [index for index in self.indexes if name not in index[1]]

    def rename_column(self, old: str, new: str) -> None:
        """Give a column another name."""
        self._column(old).name = new
        self.keys = [
            _Key(key.name, new if key.column == old else key.column, key.target, key.ondelete)
            for key in self.keys
        ]
        self.indexes = [
            (name, [new if each == old else each for each in columns], unique)
            for name, columns, unique in self.indexes
        ]

    def set_nullable(self, name: str, *, is_nullable: bool) -> None:
        """Let a column be empty, or not."""
        self._column(name).is_nullable = is_nullable

    def set_type(self, name: str, kept: TypeEngine[Any], source: str) -> None:
        """Let a column have another type, filled by SQL over the old table."""
        column = self._column(name)
        column.type, column.source = kept, source
        column.default = sa.false() if isinstance(kept, sa.Boolean) else None

    def source_of(self, name: str) -> str | None:
        """Return the SQL over the old table that fills the column."""
        return self._column(name).source

    def add_key(self, name: str, column: str, target: str, ondelete: str) -> None:
        """Add a reference."""
        self.keys.append(_Key(name, column, target, ondelete))

    def drop_key(self, name: str) -> None:
        """Leave a reference out."""
        self.keys = [key for key in self.keys if key.name != name]

    def make(self) -> None:
        """Make the new table in place of the old one."""
        last_id = execute(
            self.connection, f"SELECT seq FROM sqlite_sequence WHERE name = {text(self.table)}"
        ).scalar()
        # What a broken attempt left was rolled back with it.
        self._definition().create(self.connection)
        filled = [column for column in self.columns if column.source is not None]
        execute(
            self.connection,
            f"INSERT INTO {_NEW} ({listed(column.name for column in filled)}) "
            f"SELECT {', '.join(column.source or '' for column in filled)} FROM {quoted(self.table)}",
        )
        execute(self.connection, f"DROP TABLE {quoted(self.table)}")
        execute(self.connection, f"ALTER TABLE {_NEW} RENAME TO {quoted(self.table)}")
        for name, columns, is_unique in self.indexes:
            unique = "UNIQUE " if is_unique else ""
            execute(
                self.connection,
                f"CREATE {unique}INDEX {quoted(name)} ON {quoted(self.table)} ({listed(columns)})",
            )
        keep_ids(self.connection, self.table, last_id)

    def _definition(self) -> sa.Table:
        metadata = sa.MetaData()
        for target in {key.target for key in self.keys}:
            sa.Table(target, metadata, sa.Column("id", sa.Integer(), primary_key=True))
        return sa.Table(
            _NEW,
            metadata,
            *(
                sa.Column(column.name, sa.Integer(), primary_key=True)
                if column.name == "id"
                else sa.Column(
                    column.name, column.type, nullable=column.is_nullable, server_default=column.default
                )
                for column in self.columns
            ),
            *(
                sa.ForeignKeyConstraint(
                    [key.column], [f"{key.target}.id"], name=key.name, ondelete=key.ondelete
                )
                for key in self.keys
            ),
            sqlite_autoincrement=True,
        )

    def _column(self, name: str) -> _Copied:
        return next(column for column in self.columns if column.name == name)


def keep_ids(connection: sa.Connection, table: str, last_id: int | None) -> None:
    """Let SQLite go on counting after `last_id`."""
    if last_id is None:
        return
    execute(connection, f"DELETE FROM sqlite_sequence WHERE name = {text(table)}")
    execute(connection, f"INSERT INTO sqlite_sequence (name, seq) VALUES ({text(table)}, {last_id})")
