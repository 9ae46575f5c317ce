"""What goes wrong between us and a database server, in words that say what to do.

Faults of the data (a key taken twice, a reference still in use) are read by `violations`; anything
that is not listed here is a bug and stays the driver's exception.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orderkit.database.connections.codes import BY_REASON
from orderkit.database.expressions.failures import evaluation_failure
from orderkit.model.codes import Code
from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.labels import Label, label


class DatabaseUnusable(OrderkitError):
    """The database cannot be used; see the message and try again."""

    def __init__(self, reason: str, explain: Label, *, known_as: Code | None = None) -> None:
        self.reason = reason
        self.known_as = known_as
        super().__init__(explain)


class DatabaseBusy(OrderkitError):
    """Somebody else is writing for too long; try again in a moment."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh="数据库正忙：别的写入占用太久，请稍后重试",
                en="the database is busy: another write takes too long; try again in a moment",
            )
        )


_BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
_BUSY_TEXTS = ("database is locked", "database table is locked", "database is busy")


@contextmanager
def explained(url: sa.URL, *, is_reading: bool = False) -> Iterator[None]:
    """Turn a driver's exception about the connection into one of ours; others pass.

    With `is_reading`, an attempt to write is our own mistake and says nothing about the file.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy from error
    except DBAPIError as error:
        explanation = _explanation(error, url)
        if explanation is None or (is_reading and getattr(explanation, "reason", None) == "read_only"):
            raise
        if isinstance(explanation, DatabaseUnusable):
            explanation.known_as = explanation.known_as or BY_REASON.get(explanation.reason)
        raise explanation from error


def _explanation(error: DBAPIError, url: sa.URL) -> OrderkitError | None:
    text = str(error.orig).strip()
    state = getattr(error.orig, "sqlstate", None)
    if state in _BUSY_STATES or any(busy in text for busy in _BUSY_TEXTS):
        return DatabaseBusy()
    if (refused := evaluation_failure(error)) is not None:
        return refused
    if "NUL (0x00)" in text:
        message = label(
            zh="文本中有 PostgreSQL 不能保存或查找的空字符（NUL）",
            en="the text holds a NUL character, which PostgreSQL neither keeps nor looks for",
        )
        return Refused([Problem(path="", code="not_text", message=message)])
    return (
        _sqlite_explanation(text, url)
        if url.get_backend_name() == "sqlite"
        else _server_explanation(text, state, url)
    )


def _sqlite_explanation(text: str, url: sa.URL) -> OrderkitError | None:
    path = url.database or ""
    if "unable to open database file" in text:
        return DatabaseUnusable(
            "cannot_open",
            label(
                zh=f"无法打开数据库文件 {path}：请检查所在目录是否存在、是否有读写权限",
                en=f"cannot open the database file {path}: check that its folder exists and may be written",
            ),
        )
    if "readonly database" in text:
        return DatabaseUnusable(
            "read_only",
            label(
                zh=f"数据库文件 {path} 不可写：请检查文件和目录的权限",
                en=f"the database file {path} cannot be written: check the rights on the file and its folder",
            ),
        )
    if "not a database" in text or "malformed" in text:
        return DatabaseUnusable(
            "damaged",
            label(
                zh=f"{path} 不是 SQLite 数据库，或已损坏：请检查路径，或从备份恢复",
                en=f"{path} is not a SQLite database, or is damaged: check the path, or restore a backup",
            ),
        )
    if "disk is full" in text or "disk I/O error" in text:
        return DatabaseUnusable(
            "disk",
            label(
                zh=f"无法写入数据库文件 {path}：磁盘已满或出错；请腾出空间后重试",
                en=f"cannot write the database file {path}: the disk is full or failing; make room and try again",
            ),
        )
    return None


def _server_explanation(text: str, state: str | None, url: sa.URL) -> OrderkitError | None:
    """Explain a failure of PostgreSQL. libpq gives no code when connecting, so its words are read."""
    where = f"{url.host or 'localhost'}:{url.port or 5432}"
    if state == "3D000" or ("database" in text and "does not exist" in text):
        return DatabaseUnusable(
            "no_database",
            label(
                zh=f"服务器 {where} 上没有数据库 {url.database}：请先创建（createdb {url.database}），再运行 orderkit migrate",
                en=f"there is no database {url.database} on {where}: "
                f"create it (createdb {url.database}), then run `orderkit migrate`",
            ),
        )
    if (
        state in {"28P01", "28000"}
        or "authentication failed" in text
        or "no pg_hba.conf entry" in text
        or ("role" in text and "does not exist" in text)
        or "no password supplied" in text
    ):
        return DatabaseUnusable(
            "sign_in",
            label(
                zh=f"数据库服务器 {where} 拒绝用户 {url.username or ''} 登录：请检查数据库地址中的用户名和密码",
                en=f"the server {where} refuses the user {url.username or ''}: "
                "check user and password in the database URL",
            ),
        )
    if state == "42501" or "permission denied" in text:
        return DatabaseUnusable(
            "rights",
            label(
                zh=f"数据库用户 {url.username or ''} 权限不足（{text.splitlines()[0]}）：请授予其在数据库 {url.database} 中建表和读写的权限",
                en=f"the database user {url.username or ''} lacks rights ({text.splitlines()[0]}): "
                f"grant it to create and use tables in {url.database}",
            ),
        )
    if state == "53300" or "too many clients" in text or "remaining connection slots" in text:
        return DatabaseUnusable(
            "connections",
            label(
                zh=f"数据库服务器 {where} 的连接数已满：请调小 ORDERKIT_THREADS 或调大 max_connections",
                en=f"the server {where} has no connection left: lower ORDERKIT_THREADS or raise max_connections",
            ),
        )
    if any(sign in text for sign in _UNREACHABLE):
        return DatabaseUnusable(
            "unreachable",
            label(
                zh=f"连接不上数据库服务器 {where}：请检查它是否已启动、地址和端口是否正确",
                en=f"cannot reach the database server {where}: check that it runs, and its address and port",
            ),
        )
    return None


_UNREACHABLE = (
    "Connection refused",
    "could not translate host name",
    "failed to resolve host",
    "Name or service not known",
    "connection timeout expired",
    "timeout expired",
    "No such file or directory",
    "No route to host",
    "Network is unreachable",
    "server closed the connection",
    "terminating connection",
    "the connection is lost",
    "the database system is starting up",
    "the database system is shutting down",
)
