"""What the attacks share: every address of the app, and a count of all that a database holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from starlette.routing import Route
from starlette.testclient import TestClient

from orderkit.database.schema.system_tables import address_failure, session
from tests.support.office import Office

# A stream has no end to wait for; `tests/web/live` opens it, with and without a session.
STREAMS = frozenset({"/live"})
# Who comes and goes is no change of the business, nor is how often somebody guessed at a link.
PASSING = frozenset({address_failure.name, session.name})
Contents = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Address:
    """A page's address with its methods."""

    path: str
    method: str

    def filled(self, **parts: str) -> str:
        """Return it with its parts filled in; those that are not given are `1`."""
        path = self.path
        while "{" in path:
            before, _, rest = path.partition("{")
            name, _, after = rest.partition("}")
            path = f"{before}{parts.get(name.partition(':')[0], '1')}{after}"
        return path


def addresses(client: TestClient, method: str) -> list[Address]:
    """Return the addresses of all pages that take a method."""
    return [
        Address(route.path, method)
        for route in _routes(client)
        if method in (route.methods or ())
        and route.path not in STREAMS
        and not route.path.startswith(("/api", "/static"))
    ]


def _routes(client: TestClient) -> Iterator[Route]:
    yield from (each for each in client.app.routes if isinstance(each, Route))  # type: ignore[attr-defined]  # an ASGI app to the client, Starlette to us


@pytest.fixture
def contents(office: Office) -> Callable[[], Contents]:
    """Return all rows of all tables."""

    def read() -> Contents:
        metadata = sa.MetaData()
        metadata.reflect(office.runtime.database.engine)
        with office.runtime.database.read() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
                for table in metadata.tables.values()
                if table.name not in PASSING
            }

    return read
