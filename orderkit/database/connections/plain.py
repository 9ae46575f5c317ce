"""A question to a database by its driver alone: loading SQLAlchemy would take longer than the answer.

Only URLs in their plainest form are understood, and nothing is explained. Whoever gets no answer asks
again through `database`, which knows every form and says what is wrong.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from orderkit.database.connections.network_disks import NETWORK_FILE_SYSTEMS, file_system_of, mount_table

_SQLITE = re.compile(r"sqlite:///(?P<path>[^?]+)")
_POSTGRESQL = re.compile(
    r"postgresql://(?P<user>[\w.-]+)(?P<password>:[^@/?#]*)?@"
    r"(?P<place>([\w.-]+(:[0-9]+)?)?/[\w.-]+(\?(?!.*password)[\w.=&%-]+)?)",
    re.ASCII,
)

# Whoever has waited in vain waits again, on the way that explains why.
CONNECT_TIMEOUT_SECONDS = 3

Ask = Callable[..., Sequence[Sequence[Any]]]


class NoAnswer(Exception):
    """The URL is not plain, or the database does not answer as one that is in order."""


@contextmanager
def asking(url: str, folder: Path) -> Iterator[tuple[Ask, str]]:
    """Yield what answers queries (`?` for each value) from one snapshot, and the URL without its password.

    Args:
        url: as people write it.
        folder: where a relative SQLite path begins.

    Raises:
        NoAnswer: also in place of whatever the driver raises in the block.
    """
    if (match := _SQLITE.fullmatch(url)) and match["path"] != ":memory:":
        place = folder / match["path"]
        with _sqlite(place) as ask:
            yield ask, f"sqlite:///{place}"
    elif match := _POSTGRESQL.fullmatch(url):
        with _postgresql(url) as ask:
            yield ask, f"postgresql://{match['user']}{':***' if match['password'] else ''}@{match['place']}"
    else:
        raise NoAnswer


def quoted(name: str) -> str:
    """Return a name as SQL of both databases has it."""
    return '"{}"'.format(name.replace('"', '""'))


@contextmanager
def _sqlite(path: Path) -> Iterator[Ask]:
    if file_system_of(path, mount_table()) in NETWORK_FILE_SYSTEMS:
        raise NoAnswer
    try:
        # With `rw` a file that is not there is not made.
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield lambda query, *values: connection.execute(query, values).fetchall()
    except (sqlite3.Error, OSError) as error:
        raise NoAnswer from error


@contextmanager
def _postgresql(url: str) -> Iterator[Ask]:
    import psycopg  # noqa: PLC0415 - SQLite does without

    try:
        with closing(
            psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_SECONDS, application_name="orderkit")
        ) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield lambda query, *values: connection.execute(query.replace("?", "%s"), values).fetchall()
    except psycopg.Error as error:
        raise NoAnswer from error
