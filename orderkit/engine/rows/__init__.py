"""Records as expressions see them: loaded when asked for, in batches where known before, one object each."""

from orderkit.engine.rows.environments import environment_of, evaluate_on, holds
from orderkit.engine.rows.reads import NO_STEPS, Path, Read, Steps, ToRecord, ToRows, path_steps, reads_of
from orderkit.engine.rows.row import RecordRow
from orderkit.engine.rows.store import RowsOfUnit, rows_of
from orderkit.engine.rows.titles import title_of

__all__ = [
    "NO_STEPS",
    "Path",
    "Read",
    "RecordRow",
    "RowsOfUnit",
    "Steps",
    "ToRecord",
    "ToRows",
    "environment_of",
    "evaluate_on",
    "holds",
    "path_steps",
    "reads_of",
    "rows_of",
    "title_of",
]
