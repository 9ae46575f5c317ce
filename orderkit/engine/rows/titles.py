"""The title of a record in hand, which need not be stored: one that has just been deleted, or lies in the bin."""

from orderkit.engine.rows.environments import evaluate_on
from orderkit.engine.rows.row import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import EvaluationError


def title_of(unit: Unit, row: RecordRow) -> str:
    """Return the title of a record as it is in hand; nothing, where it cannot be computed."""
    try:
        return str(evaluate_on(unit, row.shape.title, row) or "")
    except EvaluationError:
        return ""
