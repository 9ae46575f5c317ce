"""Trying something within a transaction: what is refused is taken back, it alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from orderkit.model.expressions.evaluation import EvaluationError

REFUSALS = (Refused, Conflict, Denied, NotFound, Stale, EvaluationError)
"""What says that something may not be done; anything else is no answer."""


@contextmanager
def attempt(unit: Unit) -> Iterator[None]:
    """Do something in a savepoint: where it raises, nothing of it is left, and what is in hand is read again."""
    after_commit, last_writes = list(unit.after_commit), list(unit.last_writes)
    try:
        with unit.connection.begin_nested():
            yield
    except BaseException:
        # In place: a unit that acts as another shares them.
        unit.after_commit[:] = after_commit
        unit.last_writes[:] = last_writes
        rows_of(unit).forget_everything()
        raise
