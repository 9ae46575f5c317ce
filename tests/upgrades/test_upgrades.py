"""Every release that was ever made: its artifact and its database under the code of today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from orderkit.artifact.reading import open_artifact
from orderkit.artifact.serving import Opened, app_of, open_served
from orderkit.artifact.writing import write
from orderkit.catalog import built_in
from orderkit.connectors.http.fake import FakeEndpoint
from orderkit.connectors.http.fake import serving as serving_fake
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.history import last_snapshot
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema import system_tables
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import FILE_TABLE, tables_of
from orderkit.engine.access.people import find_person
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.stored import from_json, model_hash
from orderkit.web.request.cookies import SESSION
from tests.database.models import field
from tests.database.schemas import schema_of
from tests.upgrades import keeping
from tests.upgrades.shop import CONTENT, bring
from tests.web.reader import Reader

LARGEST = 300_000


@dataclass(frozen=True)
class Kept:
    """A release, unpacked."""

    release: str
    folder: Path
    url: str


@pytest.fixture(params=keeping.releases())
def kept(request, databases, dialect, tmp_path) -> Iterator[Kept]:
    """What a release left behind, as it was then."""
    mark = databases.mark()
    url = databases.fresh_url(dialect, is_whole=True)
    keeping.unpack_project(request.param, tmp_path)
    if dialect == "sqlite":
        keeping.unpack_sqlite(request.param, Path(sa.make_url(url).database or ""))
    else:
        keeping.unpack_postgresql(request.param, database_url(url))
    yield Kept(request.param, tmp_path, url)
    databases.clear(mark)


@pytest.fixture
def endpoint() -> Iterator[tuple[FakeEndpoint, str]]:
    fake = FakeEndpoint()
    with serving_fake(fake) as url:
        yield fake, url


def schema(url: str, *, own: bool) -> dict:
    engine = open_engine(database_url(url))
    with engine.connect() as connection:
        found = schema_of(connection, own=own)
    engine.dispose()
    return {name: table for name, table in found.items() if not name.startswith("retired_")}


def fresh_url(databases, dialect: str, project) -> str:
    """Return a database that was made by the tables of today."""
    url = databases.fresh_url(dialect, is_whole=True)
    engine = open_engine(database_url(url), may_create=True).execution_options(orderkit_writes=True)
    metadata = metadata_of(tables_of(project, built_in()))
    with engine.begin() as connection:
        system_tables.metadata.create_all(connection)
        metadata.create_all(connection, [t for n, t in metadata.tables.items() if n != FILE_TABLE])
    engine.dispose()
    return url


def served(kept: Kept, erp: str = "http://127.0.0.1:9") -> Opened:
    environment = {"ORDERKIT_THREADS": "2", "ERP_URL": erp}
    return open_served(kept.folder, database=kept.url, environment=environment)


def sign_in(opened: Opened, client: TestClient, login: str) -> Reader:
    with opened.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        person = find_person(unit, login)
        assert person is not None
        assert person.id is not None
        session = start_session(unit, person.id)
    client.cookies.clear()
    client.cookies.set(SESSION, session.token, domain="shop.test")
    reader = Reader(client)
    reader.csrf = session.csrf
    return reader


def test_its_database_comes_to_the_tables_of_today(kept, databases, dialect):
    bring(kept.url, kept.folder)
    made = fresh_url(databases, dialect, open_artifact(kept.folder).project)
    for own in (False, True):
        assert schema(kept.url, own=own) == schema(made, own=own)


def test_its_records_are_on_pages_and_its_approvals_go_on(kept):
    bring(kept.url, kept.folder)
    opened = served(kept)
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        ann = sign_in(opened, client, "ann")
        listed = ann.get("/forms/order").text
        assert [code for code in ("A-1", "A-2", "A-3") if code not in listed] == []
        shown = ann.get("/forms/order/1").text
        assert [each for each in ("20.00", "螺栓", "1.25", "13812345678") if each not in shown] == []
        assert client.get("/files/1").content == CONTENT
        # The first order follows the definition of its day, in which the board has the last word.
        for login, order in (("bo", 1), ("lee", 2)):
            decide(sign_in(opened, client, login))
            press(sign_in(opened, client, "ann"), order, "finish")
        ann = sign_in(opened, client, "ann")
        assert "完成" in ann.get("/forms/order/1").text
        press(ann, 3, "place")
        ann.get("/forms/order/new")
        assert "A-4" in ann.post("/forms/order/new", {"code": "A-4"}).text
    assert states(kept) == ["done", "done", "review", "draft"]


def decide(reader: Reader) -> None:
    """Approve the only task in the inbox."""
    (link,) = {
        each.attributes["hx-get"]
        for each in reader.get("/inbox").all()
        if each.attributes.get("hx-get", "").endswith("/approve")
    }
    sent = reader.get(link).form(link)
    answer = reader.post(link, {name: values[0] for name, values in sent.items()})
    assert answer.status == 200, answer.text


def press(reader: Reader, order: int, transition: str) -> None:
    action = f"/forms/order/{order}/do/life/{transition}"
    sent = reader.get(f"/forms/order/{order}").form(action)
    answer = reader.post(action, {name: values[0] for name, values in sent.items()})
    assert answer.status == 200, answer.text


def states(kept: Kept) -> list[str]:
    engine = open_engine(database_url(kept.url))
    with engine.connect() as connection:
        found = connection.exec_driver_sql('SELECT status FROM "order" ORDER BY id').scalars().all()
    engine.dispose()
    return list(found)


def test_its_jobs_are_done_by_the_worker_of_today(kept, endpoint):
    fake, address = endpoint
    bring(kept.url, kept.folder)
    opened = served(kept, address)
    opened.worker().run_once()
    opened.close()
    assert sorted(fake.accepted) == ["made:A-1", "made:A-2", "made:A-3"]


def test_its_history_goes_on_with_the_next_change(kept):
    bring(kept.url, kept.folder)
    artifact = open_artifact(kept.folder)
    snapshot = last_snapshot(kept.folder / "migrations")
    assert snapshot is not None
    assert from_json(snapshot.model, built_in().fields) == artifact.project
    order = artifact.project.form_by_id["order"]
    longer = replace(order, fields=(*order.fields, field("colour")))
    after = replace(
        artifact.project,
        forms=tuple(longer if form.id == "order" else form for form in artifact.project.forms),
    )
    written = write_next_revision(after, built_in(), kept.folder / "migrations")
    assert written is not None
    write(after, built_in(), migrations=kept.folder / "migrations", target=kept.folder / "build")
    done = migrate(
        kept.url, after, built_in(), kept.folder / "build" / "migrations", model_hash=model_hash(after)
    )
    assert [step.revision for step in done.steps if step.line == "project"] == [written.number]
    assert "colour" in schema(kept.url, own=False)["order"]["columns"]


@pytest.mark.parametrize("release", keeping.releases())
def test_what_is_kept_of_a_release_is_small(release):
    assert sum(path.stat().st_size for path in (keeping.KEPT / release).iterdir()) < LARGEST
