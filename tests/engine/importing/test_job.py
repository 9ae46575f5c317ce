"""Imports in the background: queued by a page, done by the worker, told in the run."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from orderkit.database.connections.failures import DatabaseBusy
from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine import pacing
from orderkit.engine.files import content_path, files_of, receive
from orderkit.engine.importing import reversing
from orderkit.engine.importing import run as run_module
from orderkit.engine.importing.job import IMPORT_JOB, ImportHandler, enqueue_import, enqueue_reversal
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.reading.cells import text_of
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.importing.reversing import reverse
from orderkit.engine.importing.runs import ImportRun, RunState, find_run
from orderkit.engine.importing.transitions import NEW, claim, stop_run, to_go_on
from orderkit.engine.jobs import JobState, Worker, find_jobs
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Conflict, Denied
from tests.engine.importing.trading import HEADINGS, Shop, row


def queued(shop: Shop, path: Path, login: str = "root", mapping: str = "orders", **more: object) -> int:
    person = shop.office.person(login)
    stored = receive(
        shop.office.runtime,
        person,
        Channel.PAGE,
        name=path.name,
        chunks=[path.read_bytes()],
        extensions=("csv", "xlsx"),
        max_size=10_000_000,
    )
    with shop.office.act(login) as unit:
        return enqueue_import(unit, mapping, stored, **more)  # type: ignore[arg-type]


def work(shop: Shop) -> int:
    return Worker(shop.office.runtime, {IMPORT_JOB: ImportHandler()}).run_once()


def later(shop: Shop) -> int:
    """Let the worker try again what failed."""
    shop.office.runtime.clock.advance(hours=1)  # type: ignore[attr-defined]
    return work(shop)


def without_keys(count: int) -> list[tuple[object, ...]]:
    """Return rows of records that nothing tells apart."""
    return [row(单号="", 备注=str(number)) for number in range(count)]


@pytest.fixture
def breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first import break off after four records, in chunks of two."""
    for name in ("ALONE_ROWS", "FIRST_ROWS", "MOST_ROWS"):
        monkeypatch.setattr(run_module, name, 4)
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1_000)
    commit_chunk, calls = run_module.commit_chunk, []

    def failing(*words: object, **named: object) -> object:
        calls.append(words)
        if len(calls) == 3:
            raise DatabaseBusy
        return commit_chunk(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(run_module, "commit_chunk", failing)


def told(shop: Shop, run_id: int) -> ImportRun:
    with shop.office.look("root") as unit:
        return find_run(unit, run_id)


def test_the_worker_imports_what_a_page_queued(any_shop: Shop) -> None:
    run_id = queued(any_shop, any_shop.csv(row(), row(单号="A2")))
    assert (told(any_shop, run_id).state, told(any_shop, run_id).is_under_way) == (RunState.WAITING, True)
    assert work(any_shop) == 1
    done = told(any_shop, run_id)
    assert (done.state, done.created, done.file_name, done.mapping) == (
        RunState.DONE,
        2,
        "orders.csv",
        "orders",
    )
    assert done.finished_at is not None


def test_a_bad_file_is_told_in_the_run_and_not_tried_again(shop: Shop) -> None:
    run_id = queued(shop, shop.csv(row(数量="x")))
    assert work(shop) == 1
    found = told(shop, run_id)
    assert (found.state, [each.cell for each in found.problems]) == (RunState.REFUSED, ["G2"])
    assert work(shop) == 0


def test_a_dry_run_may_be_queued_too(shop: Shop) -> None:
    run_id = queued(shop, shop.csv(row()), dry_run=True)
    work(shop)
    assert (told(shop, run_id).is_dry, told(shop, run_id).created) == (True, 1)
    assert shop.count("order") == (0,)


def test_an_import_that_waits_may_be_called_off(shop: Shop) -> None:
    run_id = queued(shop, shop.csv(row()))
    with shop.office.act("root") as unit:
        stop_run(unit, run_id)
    work(shop)
    assert (told(shop, run_id).state, shop.count("order")) == (RunState.CANCELLED, (0,))
    with shop.office.act("root") as unit, pytest.raises(Conflict):
        stop_run(unit, run_id)


def test_a_file_that_is_gone_fails_the_run(shop: Shop) -> None:
    run_id = queued(shop, shop.csv(row()))
    with shop.office.act("root") as unit:
        unit.connection.execute(delete(file_table))
    work(shop)
    assert told(shop, run_id).state is RunState.FAILED


def test_the_rights_are_those_of_who_queued_it(shop: Shop) -> None:
    with pytest.raises(Denied):
        queued(shop, shop.csv(row()), login="rita")
    run_id = queued(shop, shop.csv(row()), login="ann")
    work(shop)
    assert told(shop, run_id).created == 1
    assert shop.stored("order", "owner") == [(shop.office.ids["ann"],)]


@pytest.mark.usefixtures("breaks_off")
def test_what_broke_off_goes_on_by_itself(any_shop: Shop) -> None:
    run_id = queued(any_shop, any_shop.csv(*without_keys(10)), mapping="notes")
    work(any_shop)
    assert (told(any_shop, run_id).state, any_shop.count("order")) == (RunState.FAILED, (4,))
    with any_shop.office.look(None) as unit, pytest.raises(Conflict, match="soon goes on by itself"):
        to_go_on(unit, run_id, "notes", any_shop.folder / "orders.csv")
    assert later(any_shop) == 1
    assert (told(any_shop, run_id).state, told(any_shop, run_id).created) == (RunState.DONE, 10)
    assert sorted(int(str(note)) for (note,) in any_shop.stored("order", "note")) == list(range(10))


@pytest.mark.usefixtures("breaks_off")
def test_what_was_taken_back_before_it_is_tried_again_is_not_imported(any_shop: Shop) -> None:
    run_id = queued(any_shop, any_shop.csv(*without_keys(10)), mapping="notes")
    work(any_shop)
    assert reverse(any_shop.office.runtime, SYSTEM, run_id) == ()
    assert later(any_shop) == 1
    assert (told(any_shop, run_id).state, any_shop.count("order")) == (RunState.REVERSED, (0,))
    with any_shop.office.look("root") as unit:
        (job,) = find_jobs(unit)
    assert job.state is JobState.DONE


def test_a_stop_holds_although_the_worker_died(shop: Shop) -> None:
    run_id = queued(shop, shop.csv(row()))
    with shop.office.act("root") as unit:
        claim(unit, run_id, NEW)
        stop_run(unit, run_id)
    work(shop)
    assert (told(shop, run_id).state, shop.count("order")) == (RunState.CANCELLED, (0,))


def test_a_reversal_that_failed_may_be_asked_for_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = queued(shop, shop.csv(row()))
    work(shop)

    def failing(*_: object, **__: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(reversing, "apply", failing)
        with shop.office.act("root") as unit:
            enqueue_reversal(unit, run_id)
        assert [work(shop), later(shop), later(shop), later(shop)] == [1, 1, 1, 0]
    assert (told(shop, run_id).state, shop.count("order")) == (RunState.REVERSAL_FAILED, (1,))
    with shop.office.act("root") as unit:
        enqueue_reversal(unit, run_id)
        enqueue_reversal(unit, run_id)
    assert work(shop) == 1
    assert (told(shop, run_id).state, shop.count("order")) == (RunState.REVERSED, (0,))


@pytest.mark.usefixtures("breaks_off")
def test_refused_rows_are_kept_although_the_import_breaks_off(shop: Shop) -> None:
    rows = [row(单号="", 备注="bad", 数量="x"), *without_keys(8)]
    run_id = queued(shop, shop.csv(*rows), mapping="notes", options=Options(keep_good=True))
    work(shop)
    broken = told(shop, run_id)
    assert (broken.state, broken.refused, broken.refused_rows) == (RunState.FAILED, 1, {2})
    first = notes_in(shop, run_id)
    assert first == ["bad"]
    # A customer that goes meanwhile has its rows refused as well.
    shop.office.update(None, "customer", 1, active=False)
    later(shop)
    again = told(shop, run_id)
    assert (again.state, again.refused) == (RunState.DONE, 6)
    assert notes_in(shop, run_id) == ["bad", "3", "4", "5", "6", "7"]


def notes_in(shop: Shop, run_id: int) -> list[str]:
    """Return the notes of the rows in the workbook of refused rows."""
    with shop.office.look("root") as unit:
        file_id = told(shop, run_id).refused_file
        assert file_id is not None
        path = content_path(unit, files_of(unit, [file_id])[file_id])
    (sheet,) = read_sheets(path, sheet=None, limits=Limits())
    return [text_of(each[HEADINGS.index("备注")]) for each in sheet.rows[1:]]
