"""Entries are sealed soon after they were committed, once each, in one chain, whoever seals."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import DatabaseError
from structlog.testing import capture_logs

from orderkit.database.schema import system_tables as tables
from orderkit.engine import audit
from orderkit.engine.audit import ids, sealing
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.jobs import Worker
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Conflict
from tests.engine.audit.conftest import KEYS


def covered(sealed):
    """Return every sealed id, in the order of the seals."""
    rows = sealed.rows("SELECT ids FROM ok_audit_seal ORDER BY number")
    return [each for row in rows for each in ids.read(row[0], most=10**6)]


def write_entries(runtime, count):
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        entry = audit.Entry(form="order", record_id=1, verb="updated", changes={"note": (None, "甲")})
        audit.write(unit, [entry] * count)


def test_every_entry_is_sealed_once_and_the_chain_is_whole(sealed):
    assert sorted(covered(sealed)) == [row[0] for row in sealed.rows("SELECT id FROM ok_audit ORDER BY id")]
    verified = sealed.verify()
    assert (verified.found, verified.seals, verified.waiting.count) == ((), 3, 0)
    assert verified.entries == len(covered(sealed))
    assert sealed.seal() == 0


def test_batches_are_bounded(sealed, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 10)
    write_entries(sealed.runtime, 34)
    assert sealed.seal() == 34
    assert [row[0] for row in sealed.rows("SELECT count FROM ok_audit_seal ORDER BY number")][3:] == [
        10,
        10,
        10,
        4,
    ]
    assert sealed.verify().found == ()


class Work:
    """Counts what a database does: steps of SQLite's machine, rows that PostgreSQL sends."""

    def __init__(self, engine):
        self.done = 0
        event.listen(engine, "before_cursor_execute", self.count_steps)
        event.listen(engine, "after_cursor_execute", self.count_rows)

    def count_steps(self, connection, *_):
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.set_progress_handler(self.step, 100)

    def count_rows(self, connection, cursor, *_):
        if connection.dialect.name == "postgresql":
            self.done += max(cursor.rowcount, 0)

    def step(self):
        self.done += 1


@pytest.mark.parametrize("age", [timedelta(), timedelta(hours=1)], ids=["of today", "older"])
def test_sealing_many_entries_costs_each_of_them_the_same(sealed, clock, monkeypatch, age):
    """As where an audit that was never sealed is large already."""
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 10)
    work = Work(sealed.runtime.database.engine)

    def cost(count):
        clock.advance(hours=1)
        write_entries(sealed.runtime, count)
        clock.advance(seconds=age.total_seconds())
        before = work.done
        assert sealed.seal() == count
        return (work.done - before) / count

    assert cost(800) < 1.5 * cost(100)
    assert sealed.verify().found == ()
    assert sorted(covered(sealed)) == [row[0] for row in sealed.rows("SELECT id FROM ok_audit ORDER BY id")]


def test_an_entry_that_commits_late_is_sealed_too(shop, sealed):
    """PostgreSQL gives ids before it commits: a smaller id may appear after a larger one was sealed."""
    (last,) = sealed.rows("SELECT max(id) FROM ok_audit")[0]
    values = {
        "at": sealed.runtime.clock.now(), "channel": "page", "model_hash": "", "form": "order",
        "record_id": 1, "verb": "updated", "changes": {},
    }  # fmt: skip
    late, early = last + 1, last + 2
    if sealed.runtime.database.dialect == "sqlite":
        early, late = late, early
    for each in (early, late):
        with sealed.runtime.database.write() as connection:
            connection.execute(insert(tables.audit).values(id=each, **values))
        assert sealed.seal() == 1
    assert covered(sealed)[-2:] == [early, late]
    assert sealed.verify().found == ()


def test_what_is_old_is_looked_at_no_more(sealed, clock):
    clock.advance(hours=1)
    write_entries(sealed.runtime, 1)
    sealed.seal()
    settled, last = sealed.rows("SELECT settled, last_id FROM ok_audit_seal ORDER BY number DESC LIMIT 1")[0]
    assert settled == (last if sealed.runtime.database.dialect == "sqlite" else last - 1)


def test_processes_that_seal_at_once_make_one_chain(sealed, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 7)
    writers = [threading.Thread(target=write_entries, args=(sealed.runtime, 30)) for _ in range(3)]
    done = threading.Event()
    failed = []

    def keep_sealing():
        sealer = Sealer(sealed.runtime)
        try:
            while not done.is_set():
                sealer()
            sealer()
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    sealers = [threading.Thread(target=keep_sealing) for _ in range(3)]
    for each in (*sealers, *writers):
        each.start()
    for each in writers:
        each.join()
    done.set()
    for each in sealers:
        each.join()
    assert not failed
    found = covered(sealed)
    assert sorted(found) == sorted(set(found))
    verified = sealed.verify()
    assert (verified.found, verified.waiting.count) == ((), 0)


def test_two_seals_with_one_predecessor_cannot_be_stored(sealed):
    other = Sealer(sealed.runtime)
    write_entries(sealed.runtime, 1)
    other._keys = sealed.seal._keys
    made = other._next(other._keys)
    sealed.seal()
    assert other._store(made) is False
    assert sealed.verify().found == ()


def test_a_worker_seals(sealed):
    write_entries(sealed.runtime, 1)
    Worker(sealed.runtime, {}, routines=(sealed.seal,)).do_routines()
    assert sealed.verify().waiting.count == 0


def test_without_keys_nothing_is_sealed(shop):
    assert Sealer(shop.office.runtime)() == 0


def test_a_key_may_be_replaced_and_forgotten(sealed):
    """A good signature vouches for everything before it, as whoever made it had the former key as well."""
    write_entries(sealed.runtime, 1)
    sealed.with_keys(b"the next key", *KEYS)()
    assert sealed.verify(keys=(b"the next key",)).found == ()
    (unknown,) = sealed.verify(keys=(b"another key",)).found
    assert (unknown.kind, unknown.first, unknown.last) == ("key_unknown", 1, 4)


def test_the_log_keeps_the_head_now_and_then(sealed, clock):
    with capture_logs() as logs:
        write_entries(sealed.runtime, 1)
        sealed.seal()
        clock.advance(minutes=11)
        write_entries(sealed.runtime, 1)
        sealed.seal()
    assert [each["head"] for each in logs] == [sealed.verify().head]


def test_a_sealer_says_when_the_chain_was_cut_under_it(sealed):
    sealed.tamper("DELETE FROM ok_audit_seal WHERE number = 3")
    with capture_logs() as logs:
        sealed.seal()
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["audit_chain_cut"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ok_audit SET verb = 'x'",
        "DELETE FROM ok_audit",
        "UPDATE ok_audit_seal SET count = 1",
        "DELETE FROM ok_audit_seal WHERE number = 1",
    ],
)
def test_the_database_itself_refuses_changes(sealed, statement):
    with pytest.raises((DatabaseError, Conflict)), sealed.runtime.database.write() as connection:
        connection.exec_driver_sql(statement)
    assert sealed.verify().found == ()


class TestSQLite:
    """What only its triggers can miss."""

    @pytest.fixture
    def dialect(self):
        return "sqlite"

    @pytest.mark.parametrize("table", [tables.audit, tables.audit_seal], ids=lambda table: table.name)
    def test_a_row_is_replaced_on_no_connection(self, sealed, table):
        engine = sealed.runtime.database.engine
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1
        # As a program of SQLite opens it, which knows nothing of us.
        with closing(sqlite3.connect(engine.url.database)) as foreign:
            assert foreign.execute("PRAGMA recursive_triggers").fetchone() == (0,)
            with pytest.raises(sqlite3.IntegrityError, match="is append-only"):
                foreign.execute(f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name} LIMIT 1")
            foreign.commit()
        assert sealed.verify().found == ()


def test_entries_wait_until_a_worker_runs(sealed, clock):
    began = clock.now()
    write_entries(sealed.runtime, 2)
    clock.advance(hours=3)
    waiting = sealed.verify().waiting
    assert (waiting.count, waiting.oldest) == (2, began)
    assert timedelta(0) < clock.now() - began
