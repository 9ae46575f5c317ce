"""That somebody works on an import, noted beside it every few seconds, also while a file is read for minutes.

One whose process was killed notes nothing any more; `transitions` says when others may go on with it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from orderkit.engine.importing.transitions import LEASE, note_alive
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import OrderkitError

BEAT_SECONDS = LEASE.total_seconds() / 6


@contextmanager
def kept_alive(runtime: Runtime, run_id: int) -> Iterator[None]:
    """Note while the block runs that somebody works on this import."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_SECONDS):
            # Where the database is too busy or not to be reached for once, the next time will do.
            with suppress(OrderkitError, SQLAlchemyError), runtime.database.write() as connection:
                note_alive(connection, run_id, runtime.clock.now())

    thread = threading.Thread(target=beat, name=f"import {run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
