"""Random projects, made, filled and opened."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import open_office
from tests.web.permissions.drawing import FORMS, ROLES, Drawing
from tests.web.permissions.filling import Filler
from tests.web.permissions.markers import Mint
from tests.web.permissions.walk import Walk, walking

Drawn = Callable[..., AbstractContextManager[Walk]]
PEOPLE = 3
SOME = 2


@pytest.fixture
def drawn(databases: Databases, tmp_path: Path, clock: FakeClock) -> Drawn:
    """Return what draws, fills and opens the project of a seed, on SQLite if no other database is named."""

    @contextmanager
    def draw(seed: int, most: int = SOME, dialect: str = "sqlite") -> Iterator[Walk]:
        random = Random(seed)
        project = Drawing(random).project()
        mark = databases.mark()
        try:
            database = databases.make(project, dialect, threads=8)
            office = open_office(project, database, tmp_path / str(seed), clock, ())
            filler = Filler(office, Mint(), random)
            filler.people(ROLES, PEOPLE)
            filler.forms([project.form_by_id[each] for each in FORMS])
            with walking(office, filler, most=most) as walk:
                yield walk
        finally:
            databases.clear(mark)

    return draw
