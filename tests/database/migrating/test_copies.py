"""A SQLite file is copied before its rows are touched."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.database.migrating import backups
from tests.database.migrating import story
from tests.database.migrating.conftest import refused


@pytest.fixture(scope="session")
def dialect() -> str:
    return "sqlite"


def test_it_holds_what_was_there_before(started):
    before = story.everything(started.url)
    done = story.bring(started.url, started.folder)
    assert done.backup is not None
    assert done.backup.parent.name == "backups"
    assert story.everything(f"sqlite:///{done.backup}") == before


def test_the_last_five_are_kept(started):
    for _ in range(4):
        story.bring(started.url, started.folder)
        last = story.bring(started.url, started.folder, target="0001").backup
    copies = sorted((Path(sa.make_url(started.url).database or "").parent / "backups").iterdir())
    assert len(copies) == backups.KEPT
    assert copies[-1] == last


def test_none_is_made_where_nothing_is_to_do_or_there_are_no_rows(started, tmp_path):
    story.bring(started.url, started.folder)
    assert story.bring(started.url, started.folder).backup is None
    assert story.bring(f"sqlite:///{tmp_path / 'new.db'}", started.folder).backup is None


def test_a_full_disk_is_told_and_nothing_is_changed(started, monkeypatch):
    path = Path(sa.make_url(started.url).database or "")

    @sa.event.listens_for(sa.Engine, "connect")
    def small(connection: sqlite3.Connection, _entry: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    try:
        before = story.everything(started.url)
        error = refused(started)
    finally:
        sa.event.remove(sa.Engine, "connect", small)
    assert error.known_as.id == "OK6304"
    assert story.everything(started.url) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
