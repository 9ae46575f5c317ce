"""How orderkit opens a SQLite file: safe with several processes on one machine, refused on a network disk.

Writers begin with BEGIN IMMEDIATE, so two of them queue up instead of failing half-way; readers keep
one snapshot (WAL). Whoever needs the engine itself calls `engine`; everyone else uses `Database`.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.model.labels import label

BUSY_TIMEOUT_SECONDS = 30
WRITES = "orderkit_writes"

# Locks and shared memory of SQLite's write-ahead log do not hold across machines on these.
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "9p",
    }
    | {
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "fuse.rclone",
        "fuse.ceph-fuse",
        "fuse.glusterfs",
        "fuse.davfs2",
    }
)


def engine(
    url: sa.URL,
    *,
    threads: int,
    may_create: bool = False,
    register_functions: Callable[[sqlite3.Connection], None] | None = None,
    read_mounts: Callable[[], str] | None = None,
) -> sa.Engine:
    """Return an engine on the file of `url`, whose connections write only with the option WRITES."""
    path = Path(url.database or "")
    if not path.exists():
        if not may_create:
            raise _missing(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_network_disk(path, (read_mounts or _read_mounts)())
    made = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False, "isolation_level": None},
        pool_size=threads,
        max_overflow=threads,
        # What people entered does not belong in the text of an exception, which ends up in a log.
        hide_parameters=True,
    )

    @sa.event.listens_for(made, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        if register_functions is not None:
            register_functions(connection)

    @sa.event.listens_for(made, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("PRAGMA query_only = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")

    return made


def file_system_of(path: Path, mounts: str) -> str | None:
    """Return the file system type that holds `path`, read from the text of `/proc/mounts`."""
    place = os.path.realpath(path)
    found: tuple[str, str] | None = None
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        is_above = place == point or place.startswith(point.rstrip("/") + "/")
        # A later mount on the same point hides the earlier one.
        if is_above and (found is None or len(point) >= len(found[0])):
            found = (point, parts[2])
    return found[1] if found else None


def _refuse_network_disk(path: Path, mounts: str) -> None:
    kind = file_system_of(path, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise DatabaseUnusable(
            "network_disk",
            label(
                zh=f"{path} 位于网络磁盘（{kind}），SQLite 在其上会损坏数据：请放到本机磁盘，或改用 PostgreSQL",
                en=f"{path} is on a network disk ({kind}), where SQLite loses data: "
                "put it on a disk of this machine, or use PostgreSQL",
            ),
        )


def _read_mounts() -> str:
    """Return the machine's mount table; empty where the system has none, such as macOS."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _missing(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(
        "missing",
        label(
            zh=f"还没有数据库 {path}：请先运行 orderkit migrate",
            en=f"there is no database {path} yet: run `orderkit migrate` first",
        ),
    )
