"""A copy of a SQLite database from before a migration, beside it in `backups/`; the last five are kept."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.operations.sql import execute, quoted

KEPT = 5


def has_rows(connection: sa.Connection) -> bool:
    """Return whether a table of the project has a row."""
    names = [name for name in sa.inspect(connection).get_table_names() if not name.startswith("ok_")]
    return any(
        execute(connection, f"SELECT EXISTS (SELECT 1 FROM {quoted(name)})").scalar() for name in names
    )


def back_up(path: Path, now: datetime) -> Path:
    """Copy the database as it stands for others, and return the copy's path. Older copies go, all but four."""
    folder = path.parent / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}-{now:%Y%m%dT%H%M%S%f}.db"
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.replace(target)
    for old in sorted(folder.glob(f"{path.stem}-*T*.db"))[:-KEPT]:
        old.unlink()
    return target
