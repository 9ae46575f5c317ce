"""PostgreSQL's own tools: dumping a state that a transaction holds, and bringing a dump back as a whole.

No shell is involved, and a password never stands on a command line, where everybody on the machine can
read it: it goes by the environment, or comes from `~/.pgpass`.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from orderkit.model.labels import label
from orderkit.upkeep.backup.refusals import NO_TOOLS, TOOL_FAILED, BackupRefused

TOOLS_VARIABLE = "ORDERKIT_POSTGRESQL_TOOLS"
DUMP, RESTORE = "pg_dump", "pg_restore"


def tool(name: str, environment: Mapping[str, str]) -> str:
    """Return the path of one of PostgreSQL's tools. Raises BackupRefused."""
    found = shutil.which(name, path=environment.get(TOOLS_VARIABLE) or environment.get("PATH"))
    if found is None:
        raise BackupRefused(
            NO_TOOLS,
            label(
                zh=f"找不到 {name}：请安装 PostgreSQL 客户端（apt install postgresql-client），"
                f"或在 {TOOLS_VARIABLE} 中写明其目录",
                en=f"{name} is not here: install PostgreSQL's client (apt install postgresql-client), "
                f"or name its folder in {TOOLS_VARIABLE}",
            ),
        )
    return found


def dump(url: sa.URL, *, schema: str, snapshot: str, target: Path, environment: Mapping[str, str]) -> None:
    """Write the dump of one schema, in the state that `snapshot` names. Raises BackupRefused."""
    options = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={target}",
    ]
    _run(DUMP, [*options, f"--schema={_exactly(schema)}"], url, environment)


def restore(url: sa.URL, *, schema: str, source: Path, environment: Mapping[str, str]) -> None:
    """Bring a dump into a database, whole or not at all. Raises BackupRefused."""
    options = [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--schema={schema}",
    ]
    _run(RESTORE, [*options, str(source)], url, environment)


def _run(name: str, options: Sequence[str], url: sa.URL, environment: Mapping[str, str]) -> None:
    words = [tool(name, environment), "--no-password", f"--dbname={_without_password(url)}", *options]
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, and the tool by its whole path
        words,
        env={**os.environ, **_secrets(url), "PGCONNECT_TIMEOUT": "10", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _, said = process.communicate()
    except BaseException:
        process.terminate()
        process.communicate()
        raise
    if process.returncode != 0:
        why = " ".join(said.decode(errors="replace").split())[-400:] or f"exit {process.returncode}"
        raise BackupRefused(
            TOOL_FAILED,
            label(zh=f"{name} 没有成功：{why}", en=f"{name} did not succeed: {why}"),
        )


def _without_password(url: sa.URL) -> str:
    """Return the URL as the tools read it, without what nobody else may see."""
    # `set` takes None for "as it was".
    shown = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return shown.difference_update_query(["password"]).render_as_string(hide_password=False)


def _secrets(url: sa.URL) -> dict[str, str]:
    given = url.password or url.query.get("password")
    return {"PGPASSWORD": given} if isinstance(given, str) else {}


def _exactly(schema: str) -> str:
    """Return a name as a pattern of `pg_dump` that means just this one."""
    return '"' + schema.replace('"', '""') + '"'
