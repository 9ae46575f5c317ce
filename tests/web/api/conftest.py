"""The shop of `shop.py` on each database in turn, and the people who call its API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from orderkit.engine.opening import runtime_over
from orderkit.engine.runtime import Runtime
from orderkit.model.project import Project
from orderkit.web.api import routes
from orderkit.web.middleware.locales import Locales
from orderkit.web.middleware.request_ids import RequestIds
from orderkit.web.server.threads import Threads
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.projects import project
from tests.web.api.shop import YAML, Caller, caller


@pytest.fixture(scope="session")
def shop() -> Project:
    """The checked model of the shop."""
    return project(*YAML.split("\n---\n"))


@pytest.fixture
def runtime(
    shop: Project, databases: Databases, dialect: str, clock: FakeClock, tmp_path: Path
) -> Iterator[Runtime]:
    """The opened shop, with nobody and nothing in it."""
    mark = databases.mark()
    database = databases.make(shop, dialect, threads=8)
    yield runtime_over(shop, database, files_folder=tmp_path / "files", clock=clock)
    databases.clear(mark)


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    """The API alone, behind the middleware that it relies on."""
    locales = runtime.project.locales
    app = Starlette(
        routes=routes(runtime, Threads(8)),
        middleware=[
            Middleware(RequestIds),
            Middleware(Locales, locales=locales, main=runtime.project.locale),
        ],
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def admin(client: TestClient, runtime: Runtime) -> Caller:
    """May do everything."""
    return caller(client, runtime, "admin", "admin")


@pytest.fixture
def clerk(client: TestClient, runtime: Runtime) -> Caller:
    """Enters orders and sees only their own."""
    return caller(client, runtime, "clerk", "clerk")


@pytest.fixture
def other_clerk(client: TestClient, runtime: Runtime) -> Caller:
    """Another one of these."""
    return caller(client, runtime, "other", "clerk")


@pytest.fixture
def boss(client: TestClient, runtime: Runtime) -> Caller:
    """Reads all orders and decides about them."""
    return caller(client, runtime, "boss", "boss")


@pytest.fixture
def writer(client: TestClient, runtime: Runtime) -> Caller:
    """May create customers and read nothing."""
    return caller(client, runtime, "writer", "writer")


@pytest.fixture
def nobody(client: TestClient, runtime: Runtime) -> Caller:
    """Has no role."""
    return caller(client, runtime, "nobody")


@pytest.fixture
def customer(admin: Caller) -> int:
    """The id of a customer called Acme."""
    return int(admin.post("/customer", {"code": "C001", "name": "Acme"})["id"])
