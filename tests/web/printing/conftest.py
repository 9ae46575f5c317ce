"""Counting what the database is asked."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa

from tests.support.office import Office

Statements = Callable[[Office], AbstractContextManager[list[str]]]


@pytest.fixture
def statements() -> Statements:
    """Returns what collects the statements of an office."""

    @contextmanager
    def collect(office: Office) -> Iterator[list[str]]:
        found: list[str] = []

        def note(*given: object) -> None:
            found.append(str(given[2]))

        engine = office.runtime.database.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        yield found
        sa.event.remove(engine, "before_cursor_execute", note)

    return collect
