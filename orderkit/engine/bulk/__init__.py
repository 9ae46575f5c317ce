"""One thing done to many records: each for itself, by the same rules as alone, with a result of its own."""

from orderkit.engine.bulk.actions import BulkAction, Edit, Move, Remove
from orderkit.engine.bulk.job import AT_ONCE, BULK_JOB, BulkHandler, begin, work_off
from orderkit.engine.bulk.offering import MoveOffer, moves, writable
from orderkit.engine.bulk.runs import (
    MOST_RECORDS,
    BulkResult,
    BulkRun,
    Outcome,
    RunState,
    find_run,
    remove_old_runs,
    results,
    stop_run,
)

__all__ = [
    "AT_ONCE",
    "BULK_JOB",
    "MOST_RECORDS",
    "BulkAction",
    "BulkHandler",
    "BulkResult",
    "BulkRun",
    "Edit",
    "Move",
    "MoveOffer",
    "Outcome",
    "Remove",
    "RunState",
    "begin",
    "find_run",
    "moves",
    "remove_old_runs",
    "results",
    "stop_run",
    "work_off",
    "writable",
]
