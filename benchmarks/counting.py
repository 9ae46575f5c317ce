"""Counting what is asked of a database: a figure that no busy neighbour changes."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from orderkit.engine.runtime import Runtime


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """Yield the statements that any thread sends to the runtime's database meanwhile, in their order."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = runtime.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
