"""SQLAlchemy tables from the plain ones of `tables`, for queries and for making a database in one go.

Databases that hold data are brought forward by revisions, never from here.
"""

from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from orderkit.database.schema import system_tables
from orderkit.database.schema.column_types import (
    BigId,
    CodePointText,
    ExactDecimal,
    ManyIds,
    ManyTexts,
    Seconds,
    UtcDateTime,
)
from orderkit.database.schema.tables import FILE_TABLE, Column, FormTable, Tables
from orderkit.fields.field_type import ColumnKind


def metadata_of(tables: Tables) -> sa.MetaData:
    """Return SQLAlchemy tables of the same names, and with them `ok_file`, to which file columns refer."""
    metadata = sa.MetaData()
    system_tables.metadata.tables[FILE_TABLE].to_metadata(metadata)
    for table in tables.values():
        _add(table, metadata)
    return metadata


def column_type(column: Column) -> TypeEngine[Any]:
    """Return the SQL type in which `column` is kept, the same in queries and in revisions."""
    match column.kind:
        case ColumnKind.TEXT | ColumnKind.JSON:
            return CodePointText
        case ColumnKind.INTEGER | ColumnKind.REFERENCE | ColumnKind.FILE:
            return BigId if column.is_id else sa.BigInteger()
        case ColumnKind.DECIMAL:
            return ExactDecimal(column.scale or 0)
        case ColumnKind.BOOLEAN:
            return sa.Boolean()
        case ColumnKind.DATE:
            return sa.Date()
        case ColumnKind.TIME:
            return sa.Time()
        case ColumnKind.DATETIME:
            return UtcDateTime()
        case ColumnKind.DURATION:
            return Seconds()
        case ColumnKind.TEXTS:
            return ManyTexts()
        case ColumnKind.REFERENCES | ColumnKind.FILES:
            return ManyIds()
        case ColumnKind.NONE:
            raise AssertionError(f"column {column.name} has no kind")


def kind_of(kept: TypeEngine[Any]) -> tuple[ColumnKind, int | None]:
    """Return kind and scale of a SQL type that `column_type` gave; kinds that SQL keeps alike are one."""
    match kept:
        case ManyIds():
            return ColumnKind.REFERENCES, None
        case ManyTexts():
            return ColumnKind.TEXTS, None
        case ExactDecimal():
            return ColumnKind.DECIMAL, kept.scale
        case Seconds():
            return ColumnKind.DURATION, None
        case UtcDateTime():
            return ColumnKind.DATETIME, None
        case sa.Boolean():
            return ColumnKind.BOOLEAN, None
        case sa.Date():
            return ColumnKind.DATE, None
        case sa.Time():
            return ColumnKind.TIME, None
        case sa.Integer():
            return ColumnKind.INTEGER, None
        case sa.Text():
            return ColumnKind.TEXT, None
        case _:
            raise ValueError(f"{kept!r} is no type of a column of ours")


def _add(table: FormTable, metadata: sa.MetaData) -> sa.Table:
    made = sa.Table(
        table.name,
        metadata,
        *(_column(column) for column in table.columns),
        *(
            sa.ForeignKeyConstraint([key.column], [f"{key.target}.id"], name=key.name, ondelete=key.on_delete)
            for key in table.foreign_keys
        ),
        *(check for dialect in ("sqlite", "postgresql") for check in _floors(table, dialect)),
        sqlite_autoincrement=True,
    )
    for index in table.indexes:
        sa.Index(index.name, *(made.c[name] for name in index.columns), unique=index.is_unique)
    return made


def _floors(table: FormTable, dialect: Literal["sqlite", "postgresql"]) -> Iterator[sa.CheckConstraint]:
    for name, condition in floor_conditions(table, dialect):
        check = sa.CheckConstraint(sa.text(condition), name=name)
        yield check.ddl_if(dialect=dialect)


def floor_conditions(table: FormTable, dialect: Literal["sqlite", "postgresql"]) -> Iterator[tuple[str, str]]:
    """Yield the name and the condition of each CHECK that a table of balances has."""
    for each in () if table.balances is None else table.balances.floors:
        yield each.name, f'{getattr(each, dialect)} >= "{each.column}"'


def _column(column: Column) -> sa.Column[Any]:
    if column.is_id:
        return sa.Column(column.name, column_type(column), sa.Identity(), primary_key=True)
    return sa.Column(
        column.name,
        column_type(column),
        nullable=column.is_nullable,
        server_default=sa.false() if column.kind is ColumnKind.BOOLEAN else None,
    )
