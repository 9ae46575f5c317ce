"""How orderkit opens a SQLite file: safe with several processes on one machine, refused on a network disk.

Writers begin with BEGIN IMMEDIATE, so two of them queue up instead of failing half-way; readers keep
one snapshot (WAL). Whoever needs the engine itself calls `engine`; everyone else uses `Database`.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from orderkit.database.connections.codes import NO_FILE, NO_FOLDER
from orderkit.database.connections.defaults import BUILD_FOLDER, DEFAULT_SQLITE_PATH
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.network_disks import NETWORK_FILE_SYSTEMS, file_system_of, mount_table
from orderkit.model.labels import label

BUSY_TIMEOUT_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.005
"""How often a writer looks whether it is its turn. SQLite itself would look every 100 ms in the end, and so miss
most of the gaps that a long run of another process leaves for it."""
WRITES = "orderkit_writes"


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
    if may_create or not _is_default(path):
        require_folder(path)
    if not may_create and not path.exists():
        raise _missing(path)
    _refuse_network_disk(path, (read_mounts or mount_table)())
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
        # Else a row that gives way to `INSERT OR REPLACE` goes without the trigger that guards it.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA cache_size = -16000")
        if register_functions is not None:
            register_functions(connection)

    @sa.event.listens_for(made, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        # Nothing can go wrong with a pragma, so it needs none of what surrounds a statement.
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        if not writes:
            connection.exec_driver_sql("BEGIN")
            return
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            if not _has_begun(raw):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")

    return made


def _has_begun(raw: sqlite3.Connection) -> bool:
    """Begin to write as soon as nobody else does; false where that cannot be, or not in time."""
    until = monotonic() + BUSY_TIMEOUT_SECONDS
    while monotonic() < until:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            # The extended codes of being busy share its last byte.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            sleep(LOOK_AGAIN_SECONDS)
        else:
            return True
    return False


def require_folder(path: Path) -> None:
    """Refuse a file whose folder is not there: nobody knows whether it was meant, so none is made for it."""
    if path.parent.is_dir():
        return
    raise DatabaseUnusable(
        "no_folder",
        label(
            zh=f"没有目录 {path.parent}，数据库 {path.name} 无处可放：请改正数据库地址，或先建好目录"
            "（sqlite:/// 后的路径从项目文件夹算起，sqlite://// 从根目录算起）",
            en=f"there is no folder {path.parent} for the database {path.name}: mend the database URL, or make the "
            "folder first (a path after sqlite:/// counts from the project's folder, after sqlite://// from the root)",
        ),
        known_as=NO_FOLDER,
    )


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


def _missing(path: Path) -> DatabaseUnusable:
    other = _other_home(path)
    if other is not None:
        home = _as_typed(path.parent.parent)
        explain = label(
            zh=f"{home} 里没有数据库（{_as_typed(path)}），而 {other} 里有（{_as_typed(Path(other) / DEFAULT_SQLITE_PATH)}）："
            f"请把 DIR 写成 `{other}`，或用 --database 指明数据库",
            en=f"there is no database in {home} ({_as_typed(path)}), but there is one in {other} "
            f"({_as_typed(Path(other) / DEFAULT_SQLITE_PATH)}): write `{other}` for DIR, or name the database with --database",
        )
    else:
        explain = label(
            zh=f"还没有数据库 {path}：请先运行 orderkit migrate；若应用已有数据，请检查 DIR 和 --database",
            en=f"there is no database {path} yet: run `orderkit migrate` first; if the app has its data already, "
            "see whether DIR and --database are right",
        )
    return DatabaseUnusable("missing", explain, known_as=NO_FILE)


def _is_default(path: Path) -> bool:
    """Whether a project has its database there unless something else is said; the folder comes with the first migration."""
    return path.parts[-2:] == DEFAULT_SQLITE_PATH.parts and path.parent.parent.is_dir()


def _other_home(path: Path) -> str | None:
    """Return the folder that has the database which a project and its `build` may each have; None where neither has."""
    if not _is_default(path):
        return None
    home = path.parent.parent
    others = [home / BUILD_FOLDER, *([home.parent] if home.name == BUILD_FOLDER else [])]
    return next((_as_typed(each) for each in others if (each / DEFAULT_SQLITE_PATH).is_file()), None)


def _as_typed(path: Path) -> str:
    """Return a path as somebody in the current folder would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
