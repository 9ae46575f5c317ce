"""Rows of the audit as they stand, whatever somebody made their columns hold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select

from orderkit.database.schema.system_tables import audit
from orderkit.engine.audit.digests import ENTRY_COLUMNS, entry_digest

AT_ONCE = 500


def entries_between(connection: Connection, wanted: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
    """Yield the digests of those of `wanted` that are there; None for one that cannot be read."""
    asked = set(wanted)
    reached, end = wanted[0] - 1, wanted[-1]
    while reached < end:
        page = rows(connection, audit, audit.c.id, after=reached, limit=AT_ONCE, upto=end)
        for each, values in page:
            reached = each
            if each in asked:
                yield each, None if values is None else entry_digest(values)
        if len(page) < AT_ONCE:
            return


def rows(
    connection: Connection,
    table: Table,
    key: ColumnElement[int],
    *,
    after: int | None,
    limit: int | None,
    upto: int | None = None,
    is_newest_first: bool = False,
) -> list[tuple[int, Mapping[str, Any] | None]]:
    """Return rows by their key, rising unless it is said otherwise; None for one that cannot be read any more."""
    names = ENTRY_COLUMNS if table is audit else tuple(table.c.keys())
    query = select(*(table.c[name] for name in names))
    if after is not None:
        query = query.where(key > after)
    if upto is not None:
        query = query.where(key <= upto)
    query = query.order_by(key.desc() if is_newest_first else key).limit(limit)
    try:
        return [(row[0], dict(zip(names, row, strict=True))) for row in connection.execute(query).all()]
    except (ValueError, TypeError):
        pass
    found: list[tuple[int, Mapping[str, Any] | None]] = []
    for each in connection.execute(query.with_only_columns(key)).scalars().all():
        try:
            row = connection.execute(query.where(key == each)).one()
            found.append((each, dict(zip(names, row, strict=True))))
        except (ValueError, TypeError):
            found.append((each, None))
    return found


def instant(value: object) -> datetime | None:
    """Return what a column of instants holds, if it holds one."""
    return value if isinstance(value, datetime) else None
