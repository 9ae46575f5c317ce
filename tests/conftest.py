"""What holds for every test: fixtures for databases and time, and what may be left out, by name only.

A missing PostgreSQL or browser fails the run unless ORDERKIT_SKIP names it; nothing is skipped in silence.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from structlog.dev import ConsoleRenderer, plain_traceback

from orderkit.database.connections.database import Database
from orderkit.model.project import Project
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.node import BrowserEvaluator
from tests.support.progress import Progress

# How long an example takes says more about the machine than about us. In CI the examples are fixed besides.
settings.register_profile("orderkit", settings(), deadline=None)
settings.load_profile("orderkit")

CAN_BE_LEFT_OUT = {"postgres", "browser", "pdf"}


# Where files cost no waiting for a disk: what a test writes need not outlive a power cut.
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """Let tests write into memory where there is room: each commit on SQLite waits for the disk otherwise."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    if has_room and not config.option.basetemp and "PYTEST_DEBUG_TEMPROOT" not in os.environ:
        folder = MEMORY / f"orderkit-tests-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files and snapshots anew; look at each"
    )


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files and snapshots are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {word.strip() for word in os.environ.get("ORDERKIT_SKIP", "").split(",")} - {""}
    unknown = left_out - CAN_BE_LEFT_OUT
    if unknown:
        raise pytest.UsageError(f"ORDERKIT_SKIP knows {sorted(CAN_BE_LEFT_OUT)}, not {sorted(unknown)}")
    for item in items:
        for word in sorted(left_out):
            if item.get_closest_marker(word) is not None:
                item.add_marker(pytest.mark.skip(reason=f"left out by ORDERKIT_SKIP={word}"))


@pytest.fixture(scope="session", autouse=True)
def _remember_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test see what a check of this user's remembers, nor leave anything there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERKIT_CACHE", str(tmp_path_factory.mktemp("checks")))
        yield


@pytest.fixture(autouse=True)
def _log_ends_with_its_test() -> Iterator[None]:
    """Let no later test write to a log whose stream is gone.

    Faults are written plainly: unless told, structlog draws each frame with what its names hold, and ours hold
    whole projects, which takes seconds for each fault.
    """
    *first, _ = structlog.get_config()["processors"]
    plain = ConsoleRenderer(colors=False, exception_formatter=plain_traceback)
    structlog.configure(processors=[*first, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return request.param


@pytest.fixture(scope="session")
def browser_evaluator() -> Iterator[BrowserEvaluator]:
    """The evaluator of the browser, in one Node process for the whole run."""
    made = BrowserEvaluator()
    yield made
    made.close()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """What makes databases; for fixtures of a module that keep one over several tests."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture
def database_url(databases: Databases, dialect: str) -> Iterator[str]:
    """The URL of an empty database, on each dialect in turn."""
    mark = databases.mark()
    yield databases.fresh_url(dialect)
    databases.clear(mark)


@pytest.fixture
def make_database(databases: Databases, dialect: str) -> Iterator[Callable[[Project], Database]]:
    """Makes an open database with the tables of a project, on each dialect in turn."""
    mark = databases.mark()
    yield lambda project: databases.make(project, dialect)
    databases.clear(mark)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()


@pytest.fixture
def progress(capsys: pytest.CaptureFixture[str]) -> Iterator[Progress]:
    """Tells whoever waits for a long proof how far it is."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text} ", end="", flush=True)  # noqa: T201 - to be seen at once, not with the report

    made = Progress(say)
    yield made
    made.end()
