"""Executes the checks of `changes.checks`: how many rows do not fulfil one, and which come first.

Used by operations when their turn comes, by `migrate` before a large revision begins, and by `plan` on a
live database, which it only reads.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_never

import sqlalchemy as sa

from orderkit.database.casting import postgresql, sqlite
from orderkit.database.casting.rules import Kept
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
from orderkit.database.operations.sql import execute, listed, quoted, text
from orderkit.database.schema.tables import Column

MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The rows that do not fulfil a check: how many, and of the first ten the id and what stands there."""

    check: Check
    count: int
    ids: tuple[int, ...]
    values: tuple[tuple[Any, ...], ...]


def failing(connection: sa.Connection, check: Check) -> Failing | None:
    """Return the rows that do not fulfil the check; None when all do."""
    table, columns, condition = _question(check, connection)
    where = f"FROM {quoted(table)} WHERE {condition}"
    found = execute(
        connection, f'SELECT "id", {listed(columns)} {where} ORDER BY "id" LIMIT {MOST_NAMED}'
    ).all()
    if not found:
        return None
    count = len(found)
    if count == MOST_NAMED:
        count = execute(connection, f"SELECT count(*) {where}").scalar_one()
    return Failing(
        check=check,
        count=count,
        ids=tuple(row[0] for row in found),
        values=tuple(_in_units(tuple(row)[1:], check, connection) for row in found),
    )


def _in_units(values: tuple[Any, ...], check: Check, connection: sa.Connection) -> tuple[Any, ...]:
    """Return values as people know them; SQLite keeps decimals as whole numbers of their smallest unit."""
    scales = _scales(check)
    if connection.dialect.name != "sqlite" or not scales:
        return values
    return tuple(
        Decimal(value).scaleb(-scale) if scale is not None and isinstance(value, int) else value
        for value, scale in zip(values, scales, strict=True)
    )


def _scales(check: Check) -> tuple[int | None, ...]:
    """Return the decimal places of what is shown of a row, as far as the check knows them."""
    match check:
        case Casts(old=old):
            return (old.scale,)
        case Unique(scales=scales):
            return scales
        case OneValue(scale=scale):
            return (None, scale)
        case _:
            return ()


def count_left_behind(connection: sa.Connection, move: LeftBehind) -> int:
    """Return how many values no row takes over."""
    table, value = quoted(move.table), quoted(move.column)
    condition = f"{value} IS NOT NULL"
    if move.link is not None and move.below is None:
        condition += f" AND {quoted(move.link)} IS NULL"
    elif move.link is not None and move.below is not None:
        found = f'SELECT 1 FROM {quoted(move.below)} AS ok_below WHERE ok_below.{quoted(move.link)} = {table}."id"'
        condition += f" AND NOT EXISTS ({found})"
    count: int = execute(connection, f"SELECT count(*) FROM {table} WHERE {condition}").scalar_one()
    return count


def fits(connection: sa.Connection, value: str, old: Column, new: Column) -> str:
    """Return the SQL of whether `value` of one type can be written in the other."""
    source, target = Kept.of(old.kind, old.scale), Kept.of(new.kind, new.scale)
    if connection.dialect.name != "sqlite":
        return postgresql.fits(value, source, target)
    sqlite.register(connection)
    return sqlite.fits(value, source, target)


def cast(connection: sa.Connection, value: str, old: Column, new: Column) -> str:
    """Return the SQL of `value` in the other type."""
    source, target = Kept.of(old.kind, old.scale), Kept.of(new.kind, new.scale)
    if connection.dialect.name != "sqlite":
        return postgresql.cast(value, source, target)
    sqlite.register(connection)
    return sqlite.cast(value, source, target)


def _question(check: Check, connection: sa.Connection) -> tuple[str, tuple[str, ...], str]:
    """Return the table, the columns to show, and the condition of the rows that fail."""
    match check:
        case NotEmpty(table=table, column=column):
            return table, (column,), f"{quoted(column)} IS NULL"
        case Unique(table=table, columns=columns):
            filled = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
            twice = (
                f"SELECT {listed(columns)} FROM {quoted(table)} WHERE {filled} "
                f"GROUP BY {listed(columns)} HAVING count(*) > 1"
            )
            return table, columns, f"({listed(columns)}) IN ({twice})"
        case Casts(table=table, old=old, new=new):
            return table, (old.name,), f"NOT {fits(connection, quoted(old.name), old, new)}"
        case Refers(table=table, column=column, target=target):
            found = f'SELECT 1 FROM {quoted(target)} AS ok_target WHERE ok_target."id" = {quoted(table)}.{quoted(column)}'
            return table, (column,), f"{quoted(column)} IS NOT NULL AND NOT EXISTS ({found})"
        case Matches(table=table, column=column, old_target=old_target, new_target=new_target, key=key):
            like = (
                f"SELECT count(*) FROM {quoted(old_target)} AS ok_old JOIN {quoted(new_target)} AS ok_new "
                f"ON ok_new.{quoted(key)} = ok_old.{quoted(key)} "
                f'WHERE ok_old."id" = {quoted(table)}.{quoted(column)}'
            )
            return table, (column,), f"{quoted(column)} IS NOT NULL AND ({like}) <> 1"
        case NotChosen(table=table, column=column, option=option):
            find = "instr" if connection.dialect.name == "sqlite" else "strpos"
            among = f"{find}({quoted(column)}, {text(f'|{option}|')}) > 0"
            return table, (column,), f"({quoted(column)} = {text(option)} OR {among})"
        case OneValue(table=table, column=column, link=link):
            name = quoted(column)
            torn = (
                f"SELECT {quoted(link)} FROM {quoted(table)} GROUP BY {quoted(link)} "
                f"HAVING count(DISTINCT {name}) > 1 OR (count({name}) > 0 AND count({name}) < count(*))"
            )
            return table, (link, column), f"{quoted(link)} IN ({torn})"
        case _:
            assert_never(check)
