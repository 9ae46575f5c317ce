"""An older artifact over tables that a newer one has extended: what servers do while they are updated in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from orderkit.artifact.reading import open_artifact
from orderkit.artifact.serving import app_of, open_served
from orderkit.artifact.writing import write
from orderkit.catalog import built_in
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.system_tables import revision, user_role
from orderkit.engine import records
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.records import Create
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.request.cookies import SESSION
from tests.support.projects import project
from tests.web.reader import Reader

FORM = """
form: order
label: {zh: 订单, en: Order}
title: "{code}"
fields:
  code:  {type: text, label: {zh: 编号, en: Code}, required: true, unique: true}
"""
ROLE = "role: clerk\nlabel: {zh: 文员, en: Clerk}\nforms: {order: {create: true, read: true, update: true}}\n"
MORE = "  note:  {type: text, label: {zh: 备注, en: Note}}\n  paid:  {type: boolean, label: {zh: 已付, en: Paid}}\n"
OLD = project(FORM, ROLE)
NEW = project(FORM + MORE, ROLE)


@pytest.fixture
def old_and_new(tmp_path) -> tuple[Path, Path]:
    """The folders of two projects, the second one revision further, both built."""
    folders = (tmp_path / "old", tmp_path / "new")
    for folder, versions in zip(folders, ((OLD,), (OLD, NEW)), strict=True):
        for model in versions:
            write_next_revision(model, built_in(), folder / "migrations")
        write(versions[-1], built_in(), migrations=folder / "migrations", target=folder / "build")
    return folders


def bring(url: str, folder: Path) -> None:
    artifact = open_artifact(folder)
    migrate(url, artifact.project, built_in(), artifact.migrations, model_hash=artifact.model_hash)


def note(url: str, *, is_safe: bool) -> None:
    """Record how the second revision was judged."""
    engine = open_engine(parsed(url)).execution_options(orderkit_writes=True)
    values = {"title": "t", "is_safe_for_older": is_safe, "applied_at": datetime(2026, 3, 2, tzinfo=UTC)}
    with engine.begin() as connection:
        connection.execute(revision.delete().where(revision.c.line == "project"))
        connection.execute(revision.insert().values(line="project", number="0002", **values))
    engine.dispose()


@contextmanager
def browser(folder: Path, url: str) -> Iterator[Reader]:
    """Serve an artifact and yield a clerk at a browser; everything ends with the block."""
    opened = open_served(folder, database=url, environment={"ORDERKIT_THREADS": "2"})
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        with opened.runtime.write(SYSTEM, Channel.COMMAND) as unit:
            user = opened.runtime.database.tables["user"]
            found = unit.connection.execute(sa.select(user.c.id).where(user.c.login == "ann")).scalar()
            if found is None:
                (made,) = records.apply(unit, [Create(form="user", values={"login": "ann", "name": "Ann"})])
                found = made.id
                unit.connection.execute(user_role.insert().values(user_id=found, role="clerk"))
            session = start_session(unit, found)
        client.cookies.set(SESSION, session.token, domain="shop.test")
        reader = Reader(client)
        reader.csrf = session.csrf
        yield reader


def enter(reader: Reader, code: str) -> None:
    reader.get("/forms/order/new")
    answer = reader.post("/forms/order/new", {"code": code})
    assert answer.status == 200, answer.text
    assert code in answer.text


def test_an_older_server_writes_and_reads_pages_over_newer_tables_and_starts_again(database_url, old_and_new):
    old, new = old_and_new
    bring(database_url, old)
    with browser(old, database_url) as reader:
        enter(reader, "A-1")
        bring(database_url, new)
        note(database_url, is_safe=True)
        enter(reader, "A-2")  # the server that was running goes on
    with browser(new, database_url) as reader:
        enter(reader, "A-3")
    with browser(old, database_url) as reader:  # and one that starts now is let in
        enter(reader, "A-4")
        listed = reader.get("/forms/order").text
        assert [code for code in ("A-1", "A-2", "A-3", "A-4") if code not in listed] == []


def test_it_is_not_let_in_when_a_revision_was_not_safe_for_it(database_url, old_and_new):
    old, new = old_and_new
    bring(database_url, old)
    bring(database_url, new)
    note(database_url, is_safe=False)
    with pytest.raises(DatabaseUnusable, match="revision 0002 is not safe") as refused:
        open_served(old, database=database_url, environment={})
    assert refused.value.reason == "ahead"
