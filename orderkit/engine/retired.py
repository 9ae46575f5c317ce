"""Data of fields and forms that were dropped on purpose: kept in shadow tables, and removed when its time is over."""

import structlog

from orderkit.database.operations.kinds.retiring import purge_expired
from orderkit.engine.runtime import Unit

log = structlog.get_logger(__name__)


def remove_expired(unit: Unit) -> int:
    """Drop what has expired, say so in the log, and return how much it was."""
    paths = purge_expired(unit.connection, unit.now)
    for path in paths:
        log.info("retired_data_removed", action="retired.remove", path=path)
    return len(paths)
