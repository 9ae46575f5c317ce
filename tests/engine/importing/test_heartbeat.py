"""Imports whose process was killed: nobody is heard of them any more, so others may go on."""

import threading
import time
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from orderkit.database.schema.system_tables import import_run
from orderkit.engine import pacing
from orderkit.engine.importing import heartbeat, runs
from orderkit.engine.importing import run as run_module
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.result import Stage
from orderkit.engine.importing.runs import RunState, recent_runs
from orderkit.engine.importing.transitions import BY_PEOPLE, LEASE, TakenOver, claim, to_go_on
from orderkit.model.errors import Conflict
from tests.engine.importing.trading import Shop, row
from tests.support.clock import FakeClock

MOMENT = timedelta(seconds=1)


def later(shop: Shop, span: timedelta) -> None:
    clock = shop.office.runtime.clock
    assert isinstance(clock, FakeClock)
    clock.advance(seconds=span.total_seconds())


def begun(shop: Shop) -> int:
    """Return a run whose process works on it just now."""
    with shop.office.act(None) as unit:
        digest = runs.digest_of(shop.csv(row()))
        run_id = runs.open_run(
            unit, mapping="orders", file_name="a", digest=digest, is_dry=False, options=Options()
        )
        claim(unit, run_id, {RunState.WAITING})
    return run_id


def test_what_is_left_for_a_minute_may_be_gone_on_with_by_one(any_shop: Shop) -> None:
    path, run_id = any_shop.csv(row()), begun(any_shop)
    later(any_shop, LEASE)
    with any_shop.office.act(None) as unit:
        with pytest.raises(Conflict, match="still under way"):
            to_go_on(unit, run_id, None, path)
        with pytest.raises(TakenOver):
            claim(unit, run_id, BY_PEOPLE)
    later(any_shop, MOMENT)
    with any_shop.office.act(None) as unit:
        assert to_go_on(unit, run_id, None, path).state is RunState.RUNNING
        claim(unit, run_id, BY_PEOPLE)
        with pytest.raises(TakenOver):
            claim(unit, run_id, BY_PEOPLE)


def test_one_begun_by_an_older_program_is_not_taken_for_left(shop: Shop) -> None:
    """It notes nothing, so that it may well be under way."""
    path, run_id = shop.csv(row()), begun(shop)
    with shop.office.act(None) as unit:
        unit.connection.execute(sa.update(import_run).values(seen_at=None))
    later(shop, LEASE + MOMENT)
    with shop.office.act(None) as unit, pytest.raises(Conflict, match="still under way"):
        to_go_on(unit, run_id, None, path)


def test_a_long_stretch_without_progress_is_not_taken_for_left(
    any_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is read for minutes writes nothing meanwhile, but its process is there."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)
    for name in ("ALONE_ROWS", "FIRST_ROWS", "MOST_ROWS"):
        monkeypatch.setattr(run_module, name, 4)
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1_000)

    def seen() -> datetime | None:
        with any_shop.office.look(None) as unit:
            return recent_runs(unit)[0].seen_at

    def long_while(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.READING:
            later(any_shop, 10 * LEASE)
            until = time.monotonic() + 60
            while seen() != any_shop.office.runtime.clock.now() and time.monotonic() < until:
                time.sleep(0.01)
            assert seen() == any_shop.office.runtime.clock.now()

    assert any_shop.load(any_shop.csv(row()), on_progress=long_while).is_clean


def test_a_connection_that_is_lost_once_does_not_end_the_noting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the lease of an import under way would lapse, and somebody else would take it over."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)
    tried = threading.Semaphore(0)

    def lost_at_first(connection: sa.Connection, run_id: int, now: datetime) -> None:
        tried.release()
        if not heard.is_set():
            heard.set()
            raise sa.exc.OperationalError("UPDATE", {}, Exception("server closed the connection"))

    heard = threading.Event()
    monkeypatch.setattr(heartbeat, "note_alive", lost_at_first)
    with heartbeat.kept_alive(shop.office.runtime, begun(shop)):
        assert tried.acquire(timeout=30)
        assert tried.acquire(timeout=5), "it was tried once and never again"
