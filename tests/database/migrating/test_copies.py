"""A SQLite file is copied before its rows are touched."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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


def copies_of(started) -> list[str]:
    folder = Path(sa.make_url(started.url).database or "").parent / "backups"
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_the_copy_is_told_and_nothing_of_it_is_left(started):
    before = story.everything(started.url)
    # More than SQLite's log needs to begin, less than the copy.
    with files_no_larger_than(60_000):
        error = refused(started)
    assert error.known_as.id == "OK6304"
    assert "the copy from before cannot be written to" in str(error)
    assert copies_of(started) == []
    assert story.everything(started.url) == before


def test_a_migration_that_comes_to_nothing_keeps_no_copy_and_drops_none(started):
    for _ in range(3):
        story.bring(started.url, started.folder)
        story.bring(started.url, started.folder, target="0001")
    kept = copies_of(started)
    assert len(kept) == backups.KEPT
    for _ in range(2):
        assert refused(started, on_progress=fails).known_as.id == "OK6308"
    assert copies_of(started) == kept


def fails(_: object) -> None:
    raise RuntimeError


def test_what_a_kill_left_of_a_copy_goes_with_the_next(started):
    folder = Path(sa.make_url(started.url).database or "").parent / "backups"
    folder.mkdir()
    stem = Path(sa.make_url(started.url).database or "").stem
    for ending in (".part", ".part-journal"):
        (folder / f"{stem}-20260302T010000000000{ending}").write_text("half")
    done = story.bring(started.url, started.folder)
    assert copies_of(started) == [done.backup.name]
