"""Why a database is not brought forward: each reason a code, a place and a remedy.

Rows that do not fit are refused by `operations.refusing`; what is wrong with a connection as such is in
`connections.failures`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from orderkit.database.connections.failures import DatabaseBusy, DatabaseUnusable, explained
from orderkit.database.operations.checks.refusing import ROWS_DO_NOT_FIT
from orderkit.database.schema.drift import Drift
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label, text_of


class Stopped(OrderkitError):
    """Stopped between two steps, as asked; run `orderkit migrate` again to go on."""

    def __init__(self, done: str) -> None:
        super().__init__(
            label(
                zh=f"已按要求停在两步之间（{done or '尚未执行'}）；再次运行 `orderkit migrate` 即可继续",
                en=f"stopped between two steps, as asked ({done or 'nothing was done yet'}); "
                "run `orderkit migrate` again to go on",
            )
        )


def known(code: Code, reason: str, zh: str, en: str) -> DatabaseUnusable:
    """Return a refusal that is known by a code."""
    return DatabaseUnusable(reason, label(zh=zh, en=en), known_as=code)


def other_start(number: str, starts_from: str, found: str) -> DatabaseUnusable:
    """Refuse a revision that was written for another model than the one the database stands at."""
    return known(
        OTHER_START,
        "other_start",
        f"版本 {number} 从模型 {starts_from[:12]} 出发，而数据库处于模型 {found[:12]}："
        "migrations/ 与建立此数据库时的不是同一历史，请使用当时的构建，或恢复备份",
        f"revision {number} starts from the model {starts_from[:12]}, but the database stands at {found[:12]}: "
        "migrations/ has another history than the one this database was made with; use the build of then, or restore a backup",
    )


def script_missing(number: str) -> DatabaseUnusable:
    """Refuse to go on with a revision that was begun, but is not among the scripts."""
    return known(
        SCRIPT_MISSING,
        "script_missing",
        f"数据库正停在版本 {number} 的中途，但构建中没有这个版本（或其步骤已改变）：请用开始时的那次构建再次运行 `orderkit migrate`",
        f"the database is in the middle of revision {number}, which this build does not have, or has with other steps: "
        "run `orderkit migrate` with the build that began it",
    )


def script_raised(number: str, error: Exception) -> DatabaseUnusable:
    """Refuse a revision whose script fails by itself."""
    what = f"{type(error).__name__}: {error}"
    return known(
        SCRIPT_RAISED,
        "script",
        f"版本 {number} 的脚本出错（{what}）；本步未做更改。请修正 migrations/versions/{number}_….py 后重新构建",
        f"the script of revision {number} failed ({what}); this step changed nothing. "
        f"Mend migrations/versions/{number}_….py and build again",
    )


def irreversible(number: str, why: str, zh: str | None) -> DatabaseUnusable:
    """Refuse to undo a revision that says it cannot be undone."""
    return known(
        IRREVERSIBLE,
        "irreversible",
        f"版本 {number} 无法撤销（{zh or why}）：请恢复迁移前的备份",
        f"revision {number} cannot be undone ({why}): restore the backup from before it",
    )


def lock_not_obtained(what: str, holders: tuple[str, ...], done: str) -> DatabaseUnusable:
    """Refuse to wait any longer for a lock, naming who holds it."""
    who = "; ".join(holders)
    return known(
        LOCK_NOT_OBTAINED,
        "lock",
        f"等不到 {what} 的锁{f'，占用者：{who}' if who else ''}；请结束占用者后再次运行 `orderkit migrate`（{done or '尚未执行任何步骤'}）",
        f"could not get the lock on {what}{f', held by {who}' if who else ''}; "
        f"end what holds it and run `orderkit migrate` again ({done or 'nothing was done yet'})",
    )


def copy_not_made(folder: Path, why: str) -> DatabaseUnusable:
    """Refuse to migrate a SQLite file of which no copy could be made beforehand."""
    return known(
        DISK_FULL,
        "disk_full",
        f"迁移前的备份无法写入 {folder}（{why}），未做任何更改：请腾出与数据库文件一样大的空间后再次运行 `orderkit migrate`",
        f"the copy from before cannot be written to {folder} ({why}), nothing was changed: "
        "make room for as much as the database file holds and run `orderkit migrate` again",
    )


def connection_lost(done: str) -> DatabaseUnusable:
    """Say that the database went away in the middle, and what is committed."""
    return known(
        CONNECTION_LOST,
        "connection_lost",
        f"与数据库的连接中断（{done or '未做任何更改'}）：恢复后再次运行 `orderkit migrate` 即可继续",
        f"the connection to the database was lost ({done or 'nothing was changed'}): "
        "once it is back, run `orderkit migrate` again, which goes on from there",
    )


def drifted(found: tuple[Drift, ...]) -> DatabaseUnusable:
    """Refuse a database that is not what the revisions should have made of it."""
    zh = "；".join(text_of(each.words, "zh") for each in found)
    en = "; ".join(text_of(each.words, "en") for each in found)
    return known(
        DRIFTED,
        "drift",
        f"迁移后的数据库与模型不一致：{zh}。有人绕过迁移改过结构，或手改的版本有误；请改正后再次运行 `orderkit migrate`",
        f"after the migration the database is not what the model says: {en}. Somebody changed it past the revisions, "
        "or a revision edited by hand is wrong; mend it and run `orderkit migrate` again",
    )


@contextmanager
def told(url: sa.URL, done: Callable[[], str | None]) -> Iterator[None]:
    """Turn what the database says while a migration runs into a refusal with a code.

    `done` says how far it came, and None before it had its turn.
    """
    try:
        with explained(url):
            try:
                yield
            except DBAPIError as error:
                refusal = _refusal(error, done() or "")
                if refusal is None:
                    raise
                raise refusal from error
    except DatabaseUnusable as error:
        if error.reason == "unreachable" and (so_far := done()) is not None:
            # It was there when we began: what runs next found it gone when it asked for another connection.
            raise connection_lost(so_far) from error
        error.known_as = _BY_REASON.get(error.reason, error.known_as)
        raise
    except DatabaseBusy as error:
        raise lock_not_obtained("the database", (), done() or "") from error


def _refusal(error: DBAPIError, done: str) -> DatabaseUnusable | None:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    text = " ".join(str(error.orig).split())
    if state == "53100" or "database or disk is full" in text:
        return known(
            DISK_FULL,
            "disk_full",
            f"磁盘已满（{done or '未做任何更改'}）：请腾出空间后再次运行 `orderkit migrate`",
            f"the disk is full ({done or 'nothing was changed'}): make room and run `orderkit migrate` again",
        )
    if error.connection_invalidated or state in {"57P01", "57P02", "57P03"}:
        return connection_lost(done)
    if isinstance(error, IntegrityError) or state == "42P07" or state.startswith("22"):
        return known(
            ROWS_DO_NOT_FIT,
            "data",
            f"已有数据不符合新的结构（{text}）。请先改正数据，再运行 `orderkit migrate`",
            f"data that exists does not fit the new structure ({text}). "
            "Correct the data, then run `orderkit migrate` again",
        )
    return None


def _code(number: str, name: str, explain: str, zh: str) -> Code:
    return Code(number, name, ERROR, since="0.1", explain=explain, zh=zh)


OTHER_START = _code(
    "OK6302",
    "revision-starts-elsewhere",
    """
    The next revision was written for another state of the model than the one the database stands at: the
    history in `migrations/` was rewritten after this database was brought forward, or the database was
    made by another branch. Nothing was changed. Deploy the build whose history the database has, or
    restore a backup, and re-base the revisions with `orderkit build --rebase`.
    """,
    "下一个版本是为另一个模型状态写的：数据库升级之后 `migrations/` 的历史被改写，或数据库来自另一个分支。未做任何更改。"
    "请部署与数据库历史一致的构建或恢复备份，并用 `orderkit build --rebase` 重新排列版本。",
)
NO_RIGHTS = _code(
    "OK6303",
    "no-rights",
    """
    The user of the database URL may not create or alter tables. Grant it the right to create in the schema
    and to own its tables, or run `orderkit migrate` with a URL of a user who has it.
    """,
    "数据库地址中的用户无权建表或改表。请授予其在该模式中建表的权限，或用有权限的用户运行 `orderkit migrate`。",
)
DISK_FULL = _code(
    "OK6304",
    "disk-full",
    """
    The disk of the database, or of its backups, is full. What was committed stays, the step that failed was
    undone. Make room (a copy of a table needs its size again, a SQLite backup that of the file) and run
    `orderkit migrate` again; it goes on from there.
    """,
    "数据库或其备份所在的磁盘已满。已提交的保留，失败的一步已撤销。请腾出空间后再次运行 `orderkit migrate`，它会接着做。",
)
CONNECTION_LOST = _code(
    "OK6305",
    "connection-lost",
    """
    The connection to the database broke while a migration ran. What was committed stays, the step that was
    running was undone by the database. Run `orderkit migrate` again; it goes on with the first step that is
    not done.
    """,
    "迁移途中与数据库的连接中断。已提交的保留，正在执行的一步由数据库撤销。请再次运行 `orderkit migrate`，它会从未完成的一步继续。",
)
LOCK_NOT_OBTAINED = _code(
    "OK6306",
    "lock-not-obtained",
    """
    Somebody else holds what a step needs, for longer than `migrate` waits: another migration, or a
    connection that left its transaction open. The message names the holder where PostgreSQL can say. End
    it, and run `orderkit migrate` again; nobody queued behind the wait, since each try gives up after a few
    seconds.
    """,
    "某一步需要的锁被占用太久：另一次迁移，或一个未结束事务的连接。PostgreSQL 能说明时，提示会指出占用者。请结束它后再次运行 "
    "`orderkit migrate`；每次尝试几秒后即放弃，因此不会让别人排队。",
)
DRIFTED = _code(
    "OK6307",
    "schema-drifted",
    """
    After the last revision the database is not what the model says: a table, column, index or key is
    missing, or has another type. Somebody changed it past the revisions, or a revision edited by hand does
    something else. Mend the database or the revision, and run `orderkit migrate` again.
    """,
    "执行完最后一个版本后，数据库与模型不一致：缺少表、列、索引或外键，或类型不同。有人绕过迁移改过结构，或手改的版本有误。"
    "请改正数据库或版本后再次运行 `orderkit migrate`。",
)
SCRIPT_RAISED = _code(
    "OK6308",
    "revision-failed",
    """
    The Python of a revision raised an exception. The step it was in was undone. Mend the script, build
    again, and run `orderkit migrate` with the new build.
    """,
    "版本脚本中的 Python 抛出异常，所在的一步已撤销。请修正脚本、重新构建，再用新的构建运行 `orderkit migrate`。",
)
SCRIPT_MISSING = _code(
    "OK6309",
    "revision-missing",
    """
    The database is in the middle of a revision that this build does not have, or has with other steps. Run
    `orderkit migrate` with the build that began it; then deploy the new one.
    """,
    "数据库停在某个版本的中途，而这次构建没有该版本，或其步骤已改变。请先用开始时的构建运行 `orderkit migrate`，再部署新的构建。",
)
IRREVERSIBLE = _code(
    "OK6310",
    "irreversible",
    """
    A revision says that it cannot be undone, and why. Nothing was changed by trying. Restore the backup that
    was made before it.
    """,
    "版本声明无法撤销并说明了原因；尝试撤销没有做任何更改。请恢复在它之前所做的备份。",
)
NOT_EMPTY = _code(
    "OK6312",
    "database-not-empty",
    """
    The database holds tables of the same names that orderkit did not make. Nothing was changed. Use an empty
    database, or on PostgreSQL an empty schema.
    """,
    "数据库里已有同名的、不是 orderkit 建的表。未做任何更改。请使用空数据库，或 PostgreSQL 上的空模式。",
)
UNKNOWN_TARGET = _code(
    "OK6313",
    "unknown-revision",
    """
    `orderkit migrate --to` names a revision that this build does not have. `0000` is the state before the
    first.
    """,
    "`orderkit migrate --to` 指定的版本在这次构建中不存在。`0000` 表示第一个版本之前。",
)

_BY_REASON = {"rights": NO_RIGHTS, "not_empty": NOT_EMPTY, "disk": DISK_FULL}


def unknown_target(target: str, head: str | None) -> DatabaseUnusable:
    """Refuse to go to a revision that there is not."""
    return known(
        UNKNOWN_TARGET,
        "unknown_target",
        f"没有版本 {target}：这次构建有 0001 至 {head or '0000'}（0000 为最初）",
        f"there is no revision {target}: this build has 0001 to {head or '0000'}, and 0000 is the beginning",
    )
