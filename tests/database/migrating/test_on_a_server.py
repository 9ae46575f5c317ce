"""What only a server can do to a migration: locks, lost connections, people who go on working."""

import re
import threading
import time
from typing import Any

import pytest

from orderkit.catalog import built_in
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.locking import Patience
from orderkit.database.migrating.refusals import Stopped
from tests.database.migrating import story
from tests.database.migrating.conftest import Shop, refused, script, write
from tests.support.proxy import Proxy

pytestmark = pytest.mark.postgres
# Longer than people may be kept waiting.
HELD_SECONDS = 2.0


@pytest.fixture(scope="session")
def dialect() -> str:
    return "postgresql"


def test_who_holds_the_lock_is_named_and_it_goes_on_afterwards(started):
    engine = open_engine(parsed(started.url))
    with engine.begin() as connection:
        connection.exec_driver_sql('LOCK TABLE "order" IN ACCESS EXCLUSIVE MODE')
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        error = refused(started)
    engine.dispose()
    assert error.known_as.id == "OK6306"
    assert f"process {pid} (" in str(error)
    story.bring(started.url, started.folder)


def test_another_migration_that_does_not_end_is_named(started):
    engine = open_engine(parsed(started.url))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({0x6F6B6D69}, hashtext(current_schema()))")
        patience = story.PATIENCE.__class__(turn_seconds=0.1)
        with pytest.raises(DatabaseUnusable, match="process") as caught:
            story.migrate(
                started.url, story.AFTER, built_in(), started.folder, model_hash="", patience=patience
            )
    engine.dispose()
    assert caught.value.known_as.id == "OK6306"


def test_a_connection_that_is_lost_says_what_was_done_and_goes_on(started):
    engine = open_engine(parsed(started.url))

    def cut(progress: Any) -> None:
        if progress.title.startswith("rename options"):
            with engine.begin() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    error = refused(started, on_progress=cut)
    engine.dispose()
    assert error.known_as.id == "OK6305"
    assert re.search(r"was lost \(project 0002 \(\d+/\d+\)\)", str(error)), error
    story.bring(started.url, started.folder)
    assert story.everything(started.url)[1]["ok_project_version"] == [("0002",)]


def test_a_way_that_is_cut_and_stays_so_is_no_server_that_never_was_there(started):
    way = Proxy(started.url)

    def cut(progress: Any) -> None:
        if progress.title.startswith("rename options"):
            way.cut()

    error = refused(Shop(way.url, started.folder), on_progress=cut)
    way.close()
    assert error.known_as.id == "OK6305"
    assert "project 0002 (" in str(error)
    assert refused(Shop(way.url, started.folder)).known_as.id == "OK6352"
    story.bring(started.url, started.folder)
    assert story.everything(started.url)[1]["ok_project_version"] == [("0002",)]


def test_an_index_that_was_left_half_built_is_built_anew(started):
    engine = open_engine(parsed(started.url))
    told: list[Any] = []
    with pytest.raises(Stopped):
        story.bring(
            started.url,
            started.folder,
            on_progress=told.append,
            should_stop=lambda: bool(told) and told[-1].title == "create unique key customer__no_key",
        )
    write(
        started.url,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'customer__no_key'::regclass",
    )
    write(started.url, "DELETE FROM ok_migration_step WHERE title LIKE 'create unique key%%'")
    story.bring(started.url, started.folder)
    with engine.connect() as connection:
        state = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'customer__no_key'::regclass"
        assert connection.exec_driver_sql(state).scalar() is True
    engine.dispose()


def test_a_revision_that_was_begun_and_is_gone(started):
    told: list[Any] = []
    with pytest.raises(Stopped):
        story.bring(started.url, started.folder, on_progress=told.append, should_stop=lambda: len(told) > 3)
    script(started).unlink()
    with pytest.raises(DatabaseUnusable) as caught:
        story.migrate(started.url, story.BEFORE, built_in(), started.folder, model_hash="before")
    assert caught.value.known_as.id == "OK6309"


def test_rows_of_the_meantime_are_filled_again(started):
    def write_on(progress: Any) -> None:
        if progress.title == "require customer.note":
            write(
                started.url,
                "INSERT INTO customer (no, name, created_at, updated_at, revision) "
                "VALUES ('late', '晚', now(), now(), 1)",
            )

    story.bring(started.url, started.folder, on_progress=write_on)
    rows = story.everything(started.url)[1]["customer"]
    assert any("late" in row and row.count("late") == 2 for row in rows)


def test_people_go_on_reading_and_writing_meanwhile(started):
    engine, failures, written = open_engine(parsed(started.url)), [], []
    ends = threading.Event()

    def work() -> None:
        while not ends.is_set():
            try:
                with engine.begin() as connection:
                    connection.exec_driver_sql('UPDATE "order" SET revision = revision + 1 WHERE id = 40')
                written.append(1)
            except Exception as error:  # noqa: BLE001 - told below
                failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        story.bring(started.url, started.folder)
    finally:
        ends.set()
        worker.join()
        engine.dispose()
    assert failures == []
    assert written


@pytest.mark.parametrize(
    ("mode", "patience"),
    [("SHARE UPDATE EXCLUSIVE", Patience(lock_seconds=30)), ("ACCESS SHARE", Patience())],
    ids=["vacuum", "report"],
)
def test_nobody_waits_long_behind_a_step_that_waits_itself(started, mode, patience):
    """A vacuum is waited for with nobody behind us; a long report is asked again and again, for a moment each time."""
    engine, waits, ends = open_engine(parsed(started.url), threads=3), [], threading.Event()

    def hold(progress: Any) -> None:
        if progress.title == "require customer.note":
            holder.start()
            assert held.wait(5)

    def hold_for_a_while() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"LOCK TABLE customer IN {mode} MODE")
            held.set()
            ends.wait(HELD_SECONDS)

    def work() -> None:
        while not ends.is_set():
            start = time.perf_counter()
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE customer SET revision = revision + 1 WHERE id = 1")
            waits.append(time.perf_counter() - start)

    held = threading.Event()
    holder, worker = threading.Thread(target=hold_for_a_while), threading.Thread(target=work)
    worker.start()
    try:
        story.bring(started.url, started.folder, patience=patience, on_progress=hold)
    finally:
        ends.set()
        worker.join()
        holder.join()
        engine.dispose()
    assert held.is_set()
    assert max(waits) < HELD_SECONDS * 0.8
