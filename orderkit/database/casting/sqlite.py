"""The rules of `rules` as SQL of SQLite, which calls Python for each value.

The functions are put on a connection by `register`; nothing else than a migration needs them.
"""

import sqlite3
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from orderkit.database.casting import rules
from orderkit.database.casting.rules import DoesNotFit, Kept
from orderkit.database.schema.metadata import column_type
from orderkit.database.schema.tables import Column
from orderkit.fields.field_type import ColumnKind

_DIALECT = sqlite_dialect()


def register(connection: sa.Connection) -> None:
    """Put the functions on the connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.create_function("ok_cast", 5, _cast, deterministic=True)
    driver.create_function("ok_fits", 5, _fits, deterministic=True)


def fits(value: str, old: Kept, new: Kept) -> str:
    """Return the SQL of whether `value` fits."""
    return f"ok_fits({value}, {_arguments(old, new)})"


def cast(value: str, old: Kept, new: Kept) -> str:
    """Return the SQL of `value` as the new type."""
    return f"ok_cast({value}, {_arguments(old, new)})"


def _arguments(old: Kept, new: Kept) -> str:
    return f"'{old.kind.value}', {old.scale}, '{new.kind.value}', {new.scale}"


def _cast(value: Any, old: str, old_scale: int, new: str, new_scale: int) -> Any:
    source, target = _kept(old, old_scale), _kept(new, new_scale)
    return _stored(rules.cast(_read(value, source), source, target), target)


def _fits(value: Any, old: str, old_scale: int, new: str, new_scale: int) -> bool:
    source, target = _kept(old, old_scale), _kept(new, new_scale)
    try:
        rules.cast(_read(value, source), source, target)
    except DoesNotFit:
        return False
    return True


@cache
def _kept(kind: str, scale: int) -> Kept:
    return Kept(ColumnKind(kind), scale)


@cache
def _type(kept: Kept) -> Any:
    column = Column(name="value", kind=kept.kind, scale=kept.scale)
    return column_type(column).dialect_impl(_DIALECT)


@cache
def _reader(kept: Kept) -> Any:
    return _type(kept).result_processor(_DIALECT, None)


@cache
def _writer(kept: Kept) -> Any:
    return _type(kept).bind_processor(_DIALECT)


def _read(value: Any, kept: Kept) -> Any:
    reader = _reader(kept)
    return reader(value) if reader is not None and value is not None else value


def _stored(value: Any, kept: Kept) -> Any:
    writer = _writer(kept)
    return writer(value) if writer is not None else value
