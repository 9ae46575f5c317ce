"""Opening databases: who sees what while others write, and what people are told when it does not work."""

import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from orderkit.catalog import built_in
from orderkit.database.connections import sqlite
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.defaults import default_url
from orderkit.database.connections.failures import DatabaseBusy, DatabaseUnusable
from orderkit.database.connections.network_disks import file_system_of
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.connections.urls import shown
from orderkit.database.schema import system_tables
from orderkit.model.errors import Conflict
from tests.database.models import shop

SHOP = shop()
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def add(database: Database, code: str) -> None:
    with database.write() as connection:
        connection.execute(
            database.tables["customer"]
            .insert()
            .values(code=code, name=code, created_at=NOW, updated_at=NOW, revision=1)
        )


def count(connection: sa.Connection, database: Database) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(database.tables["customer"])) or 0


def test_a_reader_sees_one_snapshot_while_others_write(make_database):
    database = make_database(SHOP)
    add(database, "1")
    with database.read() as connection:
        assert count(connection, database) == 1
        add(database, "2")
        assert count(connection, database) == 1
    with database.read() as connection:
        assert count(connection, database) == 2


def test_a_reader_cannot_write(make_database):
    database = make_database(SHOP)
    with pytest.raises(DBAPIError), database.read() as connection:
        connection.execute(database.tables["customer"].delete())
    add(database, "after a reader, a connection can write again")


def test_what_raises_is_undone(make_database):
    database = make_database(SHOP)
    row = {"code": "1", "name": "1", "created_at": NOW, "updated_at": NOW, "revision": 1}
    with pytest.raises(Conflict), database.write() as connection:
        connection.execute(database.tables["customer"].insert(), [row, row])
    with database.read() as connection:
        assert count(connection, database) == 0


def test_a_key_taken_in_between_is_told_in_the_words_of_the_project(make_database):
    database = make_database(SHOP)
    add(database, "1")
    with pytest.raises(Conflict, match="another customer has the same code"):
        add(database, "1")


def test_writers_of_one_process_queue_up(make_database):
    database = make_database(SHOP)
    threads = [threading.Thread(target=add, args=(database, str(number))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert count(connection, database) == 20


def test_two_processes_read_then_write_one_sqlite_file_without_losing_an_update(databases):
    """A writer that began by reading would fail half-way; BEGIN IMMEDIATE makes it wait at the start."""
    url = databases.migrated_url(SHOP, "sqlite")
    script = (
        "import sys; from tests.database.models import shop, built_in; import sqlalchemy as sa;"
        "from orderkit.database.connections.database import Database; from orderkit.database.schema import system_tables as s;"
        "d = Database.open(sys.argv[1], shop(), built_in())\n"
        "for _ in range(50):\n"
        "  with d.write() as c:\n"
        "    value = c.scalar(sa.select(s.counter.c.value))\n"
        "    c.execute(s.counter.update().values(value=value + 1))\n"
        "d.close()"
    )
    with closing(Database.open(url, SHOP, built_in())) as database:
        with database.write() as connection:
            connection.execute(system_tables.counter.insert().values(name="n", value=0))
        processes = [
            subprocess.Popen([sys.executable, "-c", script, url], cwd=Path(__file__).parents[2])
            for _ in range(2)
        ]
        assert [process.wait() for process in processes] == [0, 0]
        with database.read() as connection:
            assert connection.scalar(sa.select(system_tables.counter.c.value)) == 100


def test_sqlite_keeps_what_it_confirmed(databases):
    with closing(databases.make(SHOP, "sqlite")) as database, database.read() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 30_000]


def test_a_writer_of_another_process_begins_as_soon_as_it_is_let_in(databases, monkeypatch):
    """A run leaves it gaps of 50 ms, of which SQLite's own way of waiting, 100 ms at a time, misses most."""
    with (
        closing(databases.make(SHOP, "sqlite")) as database,
        closing(_another(database)) as other,
        ExitStack() as held,
    ):
        held.enter_context(database.write())
        looks = []

        def sleep(seconds: float) -> None:
            looks.append(seconds)
            if len(looks) == 3:
                held.close()

        monkeypatch.setattr(sqlite, "sleep", sleep)
        with other.write() as connection:
            assert looks == [sqlite.LOOK_AGAIN_SECONDS] * 3
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000


def test_a_writer_gives_up_after_a_while_and_says_why(databases, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", 0)
    with closing(databases.make(SHOP, "sqlite")) as database, closing(_another(database)) as other:
        with database.write(), pytest.raises(DatabaseBusy), other.write():
            raise AssertionError
        add(other, "1")


def _another(database: Database) -> Database:
    """Return the same database, opened as another process does."""
    return Database.open(database.engine.url.render_as_string(), SHOP, built_in())


@pytest.mark.postgres
def test_a_deadlock_is_told_as_busy(databases):
    database = databases.make(SHOP, "postgresql")
    add(database, "1")
    add(database, "2")
    table = database.tables["customer"]
    both_hold = threading.Barrier(2)
    told: list[str] = []

    def take(first: str, second: str) -> None:
        try:
            with database.write() as connection:
                connection.execute(table.update().where(table.c.code == first).values(name=first))
                both_hold.wait()
                connection.execute(table.update().where(table.c.code == second).values(name=first))
                told.append("done")
        except DatabaseBusy:
            told.append("busy")

    threads = [threading.Thread(target=take, args=pair) for pair in (("1", "2"), ("2", "1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["busy", "done"]
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("app.db", id="a path is no URL"),
        pytest.param("mysql://u:geheim@host/db", id="a database that we do not serve"),
        pytest.param("postgresql://host", id="no database is named"),
        pytest.param("sqlite://", id="a database in memory is gone at the end"),
        pytest.param("sqlite:///:memory:", id="by its other name"),
        pytest.param("postgresql://u:geheim@host:port/db", id="a port that is no number"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_wrong_url_is_refused_without_telling_the_password(url):
    with pytest.raises(DatabaseUnusable) as refused:
        parsed(url)
    assert refused.value.reason == "wrong_url"
    assert "geheim" not in str(refused.value.explain)


def test_urls_get_our_driver_and_paths_their_folder(tmp_path):
    assert parsed("postgresql://u:p@h/d").drivername == "postgresql+psycopg"
    assert parsed("postgres://u:p@h/d").drivername == "postgresql+psycopg"
    assert parsed("sqlite:///var/app.db", folder=tmp_path).database == str(tmp_path / "var" / "app.db")
    assert parsed(default_url(tmp_path)).database == str(tmp_path / "var" / "app.db")
    assert shown(parsed("postgresql://u:p@h/d")) == "postgresql://u:***@h/d"


def reason(url: str) -> str:
    try:
        open_engine(parsed(url)).dispose()
    except DatabaseUnusable as error:
        return error.reason if {"zh", "en"} <= error.explain.keys() else "no words"
    return "opened"


class TestRefusals:
    """What people are told when a database cannot be used."""

    def test_a_sqlite_file_that_is_not_there(self, tmp_path):
        assert reason(f"sqlite:///{tmp_path}/app.db") == "missing"

    def test_a_sqlite_file_that_is_something_else(self, tmp_path):
        (tmp_path / "app.db").write_text("不是数据库" * 1000)
        assert reason(f"sqlite:///{tmp_path}/app.db") == "damaged"

    def test_a_folder(self, tmp_path):
        assert reason(f"sqlite:///{tmp_path}") == "cannot_open"

    def test_a_server_that_does_not_run(self):
        assert reason("postgresql://u:p@127.0.0.1:9/d") == "unreachable"

    def test_a_host_that_does_not_exist(self):
        assert reason("postgresql://u:p@no-such-host.invalid/d") == "unreachable"

    @pytest.mark.postgres
    def test_a_database_that_is_not_there(self, databases):
        url = sa.make_url(databases.fresh_url("postgresql")).set(database="no_such_database")
        assert reason(url.render_as_string(hide_password=False)) == "no_database"

    @pytest.mark.postgres
    def test_a_user_that_is_not_there(self, databases):
        url = sa.make_url(databases.fresh_url("postgresql")).set(username="no_such_user", password="x")
        assert reason(url.render_as_string(hide_password=False)) == "sign_in"


MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /srv/share nfs4 rw 0 0
//host/daten /srv/my\\040disk cifs rw 0 0
/dev/vdb /srv/share/local ext4 rw 0 0
C: /mnt/c 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/app.db", "ext4"),
        ("/srv/share/var/app.db", "nfs4"),
        ("/srv/shared/app.db", "ext4"),
        ("/srv/my disk/app.db", "cifs"),
        ("/srv/share/local/app.db", "ext4"),
        ("/mnt/c/Users/app.db", "9p"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_mount(path, kind):
    assert file_system_of(Path(path), MOUNTS) == kind


def test_a_network_disk_is_refused_before_a_file_is_made(tmp_path):
    mounts = f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path} nfs rw 0 0\n"
    with pytest.raises(DatabaseUnusable) as refused:
        sqlite.engine(
            parsed(f"sqlite:///{tmp_path}/app.db"), threads=1, may_create=True, read_mounts=lambda: mounts
        )
    assert refused.value.reason == "network_disk"
    assert list(tmp_path.iterdir()) == []
