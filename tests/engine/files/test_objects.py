"""Attachments in object storage: what goes in comes out, on another machine too, and failures say where."""

import hashlib
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from orderkit.engine.files import content_path, files_of, receive, remove_untied
from orderkit.engine.files.folder import Folder
from orderkit.engine.files.objects import FilesUnusable, Objects, remote_files
from orderkit.engine.opening import runtime_over
from orderkit.engine.runtime import SYSTEM, Channel, FileStore
from tests.support.clock import FakeClock
from tests.support.trade import trade

CONTENT = b"a drawing" * 1_000_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["a folder", "memory", "object storage on a disk"])
def store(request, tmp_path) -> FileStore:
    (tmp_path / "objects").mkdir()
    return {
        "a folder": Folder(tmp_path / "files"),
        "memory": Objects(MemoryStore(), place="memory"),
        "object storage on a disk": Objects(LocalStore(tmp_path / "objects"), place="disk"),
    }[request.param]


@pytest.fixture
def drawing(tmp_path) -> Path:
    path = tmp_path / "drawing"
    path.write_bytes(CONTENT)
    return path


def test_what_is_put_is_held_listed_fetched_and_removed(store, drawing, tmp_path):
    assert list(store.digests()) == []
    store.remove(DIGEST)
    store.put(DIGEST, drawing)
    store.put(DIGEST, drawing)
    assert store.holds(DIGEST)
    assert list(store.digests()) == [DIGEST]
    store.fetch(DIGEST, tmp_path / "deep" / "fetched")
    assert (tmp_path / "deep" / "fetched").read_bytes() == CONTENT
    store.remove(DIGEST)
    assert not store.holds(DIGEST)
    with pytest.raises(FileNotFoundError):
        store.fetch(DIGEST, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_an_upload_on_one_machine_is_opened_on_another_and_removed_for_both(make_database, tmp_path):
    clock = FakeClock()
    database = make_database(trade())
    bucket = Objects(MemoryStore(), place="memory")
    here, there = (
        runtime_over(trade(), database, files_folder=tmp_path / name, clock=clock, remote_files=bucket)
        for name in ("here", "there")
    )
    options = {"name": "d.bin", "chunks": [CONTENT], "extensions": (), "max_size": len(CONTENT)}
    stored = receive(here, SYSTEM, Channel.PAGE, **options)
    assert bucket.holds(stored.digest)
    with there.read(SYSTEM, Channel.PAGE) as unit:
        found = files_of(unit, [stored.id])[stored.id]
        assert content_path(unit, found).read_bytes() == CONTENT
    clock.advance(days=16)
    with here.write(SYSTEM, Channel.PAGE) as unit:
        assert remove_untied(unit) == 1
    assert not bucket.holds(stored.digest)


def test_without_the_variable_attachments_lie_in_a_folder():
    assert remote_files({}) is None


def test_the_variable_names_the_storage(tmp_path):
    (tmp_path / "bucket").mkdir()
    found = remote_files({"ORDERKIT_FILES_URL": (tmp_path / "bucket").as_uri()})
    assert found is not None
    assert found.place == (tmp_path / "bucket").as_uri()


def test_another_kind_of_address_is_refused_without_repeating_its_secrets():
    with pytest.raises(FilesUnusable) as refused:
        remote_files({"ORDERKIT_FILES_URL": "ftp://ann:geheim@host/files"})
    assert "geheim" not in str(refused.value.explain)


def test_a_failure_says_where_and_what_to_look_at():
    with pytest.raises(FilesUnusable, match=r"file:///proc/nothing/here .* check URL, keys and network"):
        remote_files({"ORDERKIT_FILES_URL": "file:///proc/nothing/here"})
