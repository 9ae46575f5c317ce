"""The example as an app, with the people of its story at browsers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.importing import seeds
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import Office, Staff, open_office
from tests.support.projects import example
from tests.web.reader import Reader

KEY = "a key that is long enough"
STAFF = (
    Staff(login="li", roles=("lead",), values={"name": "李强"}),
    Staff(login="wang", roles=("director",), values={"name": "王雪"}),
    Staff(login="zhang", roles=("sales",), manager="li", values={"name": "张敏"}),
    Staff(login="zhao", roles=("planner",), values={"name": "赵刚"}),
    Staff(login="qian", roles=("warehouse",), values={"name": "钱红"}),
    Staff(login="sun", roles=("finance",), values={"name": "孙丽"}),
    Staff(login="root", roles=("admin",), values={"name": "管理员"}),
)
SignIn = Callable[[str], Reader]


@pytest.fixture(scope="session")
def furnished(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, int]]:
    """The URL of a database with the people and reference records of the example, and their ids by login."""
    url = databases.migrated_url(example(), "sqlite")
    database = Database.open(url, example(), built_in())
    opened = open_office(example(), database, tmp_path_factory.mktemp("furnished"), FakeClock(), STAFF)
    with opened.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        seeds.apply(unit)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return url, opened.ids


@pytest.fixture
def office(
    databases: Databases, furnished: tuple[str, dict[str, int]], tmp_path: Path, clock: FakeClock
) -> Iterator[Office]:
    """The example with its people and reference records, on SQLite; the engine's tests have both databases."""
    url, ids = furnished
    database = databases.open(databases.copied_url(url), example(), threads=8)
    opened = open_office(example(), database, tmp_path / "files", clock, ())
    opened.ids.update(ids)
    yield opened
    database.close()
    Path(database.engine.url.database or "").unlink()


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    """The app; whatever it answers, it never raises."""
    settings = Settings(secret_keys=SecretKeys([KEY]), threads=4)
    with TestClient(create_app(office.runtime, settings), base_url="http://shop.test") as client:
        client.headers["accept-language"] = "zh-CN"
        yield client


@pytest.fixture
def nobody(client: TestClient) -> Reader:
    """Somebody who has not signed in."""
    return Reader(client)


@pytest.fixture
def as_(office: Office, client: TestClient) -> SignIn:
    """Signs somebody in without the password, which costs a hash."""

    def sign_in(login: str) -> Reader:
        with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
            session = start_session(unit, office.ids[login])
        client.cookies.clear()
        client.cookies.set(SESSION, session.token, domain="shop.test")
        reader = Reader(client)
        reader.csrf = session.csrf
        return reader

    return sign_in


@pytest.fixture
def order(office: Office) -> int:
    """An order of 60,000 that 张敏 has entered."""
    return enter_order(office, qty="600")


def enter_order(office: Office, *, qty: str = "600", by: str = "zhang") -> int:
    """Enter an order of the first customer over laser-cut brackets at 100.00 each."""
    product = office.runtime.database.tables["product"]
    with office.look(None) as unit:
        wanted = select(product.c.id).where(product.c.code == "DZ-JG01")
        product_id = unit.connection.execute(wanted).scalar_one()
    return office.create(
        by,
        "order",
        {"customer": 1, "need_by": office.today + timedelta(days=20)},
        {"lines": [{"product": product_id, "qty": Decimal(qty)}]},
    )
