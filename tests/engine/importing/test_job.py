"""Imports in the background: queued by a page, done by the worker, told in the run."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.files import receive
from orderkit.engine.importing.job import IMPORT_JOB, ImportHandler, enqueue_import
from orderkit.engine.importing.runs import ImportRun, RunState, find_run, stop_run
from orderkit.engine.jobs import Worker
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Conflict, Denied
from tests.engine.importing.trading import Shop, row


def queued(shop: Shop, path: Path, login: str = "root", **more: object) -> int:
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
        return enqueue_import(unit, "orders", stored, **more)  # type: ignore[arg-type]


def work(shop: Shop) -> int:
    return Worker(shop.office.runtime, {IMPORT_JOB: ImportHandler()}).run_once()


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
