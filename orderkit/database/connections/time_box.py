"""A time box: what a statement has not worked out by then is given up, on either database, and nothing else is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_CANCELED = "57014"
# So many steps of SQLite's machine lie between two looks at the clock: well under a millisecond.
_STEPS = 10_000


class TookTooLong(Exception):
    """A statement was given up."""


@contextmanager
def time_boxed(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """Give up each statement of the block that takes longer. The transaction goes on as before it.

    Raises: TookTooLong.
    """
    boxed = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    try:
        with boxed(connection, seconds):
            yield
    except DBAPIError as error:
        if _is_given_up(error):
            raise TookTooLong from error
        raise


@contextmanager
def _on_postgresql(connection: sa.Connection, seconds: float) -> Iterator[None]:
    # A statement that is given up spoils its transaction: only as far as the savepoint.
    set_timeout = sa.text("SELECT set_config('statement_timeout', :limit, true)")
    with connection.begin_nested():
        before = connection.execute(sa.text("SELECT current_setting('statement_timeout')")).scalar_one()
        connection.execute(set_timeout, {"limit": str(max(1, int(seconds * 1000)))})
        yield
        connection.execute(set_timeout, {"limit": before})


@contextmanager
def _on_sqlite(connection: sa.Connection, seconds: float) -> Iterator[None]:
    raw: Any = connection.connection.driver_connection
    deadline = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def _is_given_up(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _CANCELED or str(error.orig) == "interrupted"
