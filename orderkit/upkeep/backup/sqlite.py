"""Copying a SQLite database that is in use: by SQLite's own backup, from one state, while others write."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from orderkit.database.connections.codes import DAMAGED, DISK_FAILS
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.model.labels import label

_PAGES_AT_ONCE = 2_000
BESIDE = ("-wal", "-shm", "-journal")


def copy_database(source: Path, target: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write a copy of `source` to `target` as one file without a log beside it. Raises DatabaseUnusable."""
    with (
        _explained(target),
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        # An open transaction holds the state: without it every write of others would begin the copy anew.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(
            writing,
            pages=_PAGES_AT_ONCE,
            progress=lambda _, left, total: on_progress(total - left, total),
            sleep=0,
        )
        writing.execute("PRAGMA journal_mode = DELETE")
        (answer,) = writing.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise _damaged(source, answer)


def remove_database(path: Path) -> None:
    """Delete a database with what SQLite keeps beside it."""
    for ending in ("", *BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if "disk is full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise DatabaseUnusable(
            "disk",
            label(
                zh=f"无法把数据库复制到 {target}（{error}）：磁盘可能已满，或源文件已损坏",
                en=f"cannot copy the database to {target} ({error}): the disk may be full, or the source damaged",
            ),
            known_as=DISK_FAILS,
        ) from error


def _damaged(path: Path, answer: str) -> DatabaseUnusable:
    return DatabaseUnusable(
        "damaged",
        label(
            zh=f"数据库 {path} 已损坏（{answer}）：请从较早的备份恢复",
            en=f"the database {path} is damaged ({answer}): restore an earlier backup",
        ),
        known_as=DAMAGED,
    )
