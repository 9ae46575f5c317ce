"""A copy of a SQLite database from before a migration, beside it in `backups/`; the last five are kept."""

import contextlib
import glob
import sqlite3
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.migrating.refusals import copy_not_made
from orderkit.database.operations.sql import execute, quoted

KEPT = 5


def has_rows(connection: sa.Connection) -> bool:
    """Return whether a table of the project has a row."""
    names = [name for name in sa.inspect(connection).get_table_names() if not name.startswith("ok_")]
    return any(
        execute(connection, f"SELECT EXISTS (SELECT 1 FROM {quoted(name)})").scalar() for name in names
    )


def back_up(path: Path, now: datetime) -> Path:
    """Copy the database as it stands for others, and return the copy's path. What a kill left half-made goes.

    Raises: DatabaseUnusable where there is no room for it; nothing of it is left then.
    """
    folder = path.parent / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    keep_newest(path)
    _remove_unfinished(path)
    target = folder / f"{path.stem}-{now:%Y%m%dT%H%M%S%f}.db"
    unfinished = target.with_suffix(".part")
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.replace(target)
    except sqlite3.Error as error:
        raise copy_not_made(folder, str(error)) from error
    finally:
        _remove_unfinished(path)
    return target


def keep_newest(path: Path) -> None:
    """Remove the copies of a database but for the last few. One that fails comes to nothing, so none goes for it."""
    for old in sorted((path.parent / "backups").glob(f"{glob.escape(path.stem)}-*T*.db"))[:-KEPT]:
        old.unlink()


def _remove_unfinished(path: Path) -> None:
    """Remove what was not copied to its end, and what SQLite kept beside it."""
    for left in (path.parent / "backups").glob(f"{glob.escape(path.stem)}-*T*.part*"):
        left.unlink()
