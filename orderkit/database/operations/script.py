"""Which script is running: where the functions that revisions call put their operations.

A script of ours only collects; one that also uses Alembic's own `op` has its operations applied at once,
so that both kinds keep their order.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from orderkit.database.operations.operation import Operation

_taker: ContextVar[Callable[[Operation], None]] = ContextVar("taker")


def add(operation: Operation) -> None:
    """Give the operation to whoever runs the script."""
    try:
        taker = _taker.get()
    except LookupError:
        raise RuntimeError("operations are called by revisions, which `orderkit migrate` runs") from None
    taker(operation)


@contextmanager
def giving(taker: Callable[[Operation], None]) -> Iterator[None]:
    """Give every operation to `taker` while the block runs."""
    token = _taker.set(taker)
    try:
        yield
    finally:
        _taker.reset(token)
