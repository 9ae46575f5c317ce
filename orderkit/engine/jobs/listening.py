"""Hearing of new jobs from other processes: PostgreSQL tells every listener when a unit with jobs commits.

Nothing depends on it: who misses a notice finds the job at the next slow poll.
"""

import threading
from collections.abc import Callable

import psycopg
import sqlalchemy as sa
import structlog

from orderkit.engine.runtime import Unit

log = structlog.get_logger(__name__)

CHANNEL = "orderkit_jobs"
STOP_CHECK_SECONDS = 1.0
RECONNECT_SECONDS = 5.0


def tell_others(unit: Unit) -> None:
    """Let other processes know of this unit's jobs once it commits."""
    if unit.runtime.database.dialect == "postgresql":
        unit.connection.execute(sa.text(f"NOTIFY {CHANNEL}"))


def listen(url: sa.URL, wake_up: Callable[[], None], stop: threading.Event) -> None:
    """Call `wake_up` at every notice until `stop` is set; a lost connection is made again.

    `url` leads to the server itself: a pool that is shared by transactions hears nothing.
    """
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True, application_name="orderkit jobs") as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                # What was told before we listened would otherwise wait for the poll.
                wake_up()
                while not stop.is_set():
                    for _ in connection.notifies(timeout=STOP_CHECK_SECONDS, stop_after=1):
                        wake_up()
        except psycopg.Error as error:
            log.warning("listening_failed", action="jobs.listen", error=type(error).__name__)
            stop.wait(RECONNECT_SECONDS)
