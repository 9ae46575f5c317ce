"""Runs on both databases: every record once, whoever works at them and whenever it breaks off."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from orderkit.database.schema.system_tables import bulk_result, bulk_run
from orderkit.engine import bulk, pacing, records
from orderkit.engine.bulk import BulkHandler, Edit, Move, Outcome, Remove, RunState
from orderkit.engine.bulk import job as working
from orderkit.engine.bulk.doing import perform
from orderkit.engine.jobs import Worker
from orderkit.engine.records import ChangesRefused, Create, Update
from orderkit.model.errors import Conflict, NotFound, Refused
from tests.support.databases import Databases
from tests.support.deliveries import Yard, open_yard, shipping


@pytest.fixture(params=["sqlite", "postgresql"])
def yard(request, databases: Databases, tmp_path, clock):
    mark = databases.mark()
    yield open_yard(databases.make(shipping(), request.param), tmp_path / "files", clock)
    databases.clear(mark)


def begun(yard: Yard, action, ids, *, login: str = "root", key: str = "k") -> int:
    with yard.office.act(login) as unit:
        return bulk.begin(unit, "order", action, ids, key=key)


def outcomes(yard: Yard, run_id: int, login: str = "root") -> list[Outcome]:
    with yard.office.look(login) as unit:
        return [each.outcome for each in bulk.results(unit, bulk.find_run(unit, run_id))]


def test_each_record_is_changed_alone_and_told_alone(yard: Yard) -> None:
    mine, other = yard.order(1, seller=yard.office.ids["sam"]), yard.order(2)
    run_id = begun(yard, Edit(values={"ready": False}), [mine, other, 4711], login="sam")
    bulk.work_off(yard.office.runtime, yard.office.person("sam"), run_id)
    assert outcomes(yard, run_id, "sam") == [Outcome.DONE, Outcome.REFUSED, Outcome.REFUSED]
    assert (yard.office.value("order", mine, "ready"), yard.office.value("order", other, "ready")) == (
        False,
        True,
    )
    with yard.office.look("sam") as unit:
        run = bulk.find_run(unit, run_id)
        titles = [each.title for each in bulk.results(unit, run)]
    assert (run.state, titles) == (RunState.DONE, ["SO-001", "", ""])


def test_two_that_work_at_one_run_do_no_record_twice(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [yard.order(1) for _ in range(6)]
    run_id = begun(yard, Edit(values={"secret": "x"}), orders)
    person = yard.office.person("root")
    done: list[int] = []

    def counted(unit, form_id, ids, action):
        done.extend(ids)
        return perform(unit, form_id, ids, action)

    monkeypatch.setattr(working, "perform", counted)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: bulk.work_off(yard.office.runtime, person, run_id), range(3)))
    assert sorted(done) == orders
    assert outcomes(yard, run_id) == [Outcome.DONE] * 6


def test_what_breaks_off_is_taken_up_where_it_was(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [yard.order(1) for _ in range(3)]
    run_id = begun(yard, Edit(values={"secret": "x"}), orders)
    person = yard.office.person("root")

    def breaks(unit, form_id, ids, action):
        outcomes = perform(unit, form_id, ids, action)
        if orders[1] in ids:
            raise OSError("the machine went down")
        return outcomes

    monkeypatch.setattr(working, "perform", breaks)
    with pytest.raises(OSError, match="went down"):
        bulk.work_off(yard.office.runtime, person, run_id)
    assert outcomes(yard, run_id) == [Outcome.DONE, Outcome.WAITING, Outcome.WAITING]
    monkeypatch.undo()
    yard.office.runtime.clock.advance(minutes=2)
    assert Worker(yard.office.runtime, {"bulk": BulkHandler()}).run_once() == 1
    assert outcomes(yard, run_id) == [Outcome.DONE] * 3


def test_many_go_together_and_one_that_is_refused_undoes_no_other(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1e6)
    sam = yard.office.ids["sam"]
    orders = [yard.order(1, seller=None if number == 11 else sam) for number in range(20)]
    same = {5, 6}
    with yard.office.act("sam") as unit:
        records.apply(unit, [Update(form="order", id=orders[each], values={"ready": False}) for each in same])
    run_id = begun(yard, Edit(values={"ready": False}), orders, login="sam")
    together: list[int] = []

    def counted(unit, form_id, ids, action):
        together.append(len(ids))
        return perform(unit, form_id, ids, action)

    monkeypatch.setattr(working, "perform", counted)
    bulk.work_off(yard.office.runtime, yard.office.person("sam"), run_id)
    special = dict.fromkeys(same, Outcome.UNCHANGED) | {11: Outcome.REFUSED}
    assert outcomes(yard, run_id, "sam") == [special.get(each, Outcome.DONE) for each in range(20)]
    assert [yard.office.value("order", each, "ready") for each in orders] == [
        number == 11 for number in range(20)
    ]
    with yard.office.look("sam") as unit:
        told = [len(records.history(unit, "order", orders[each])) for each in (0, 5, 10)]
    assert (told, max(together)) == ([2, 2, 2], 15)


def test_those_that_exclude_each_other_are_judged_one_by_one(yard: Yard) -> None:
    with yard.office.act("root") as unit:
        made = records.apply(unit, [Create(form="customer", values={"name": name}) for name in "ABCD"])
        edit = Edit(values={"code": "C-1"})
        run_id = bulk.begin(unit, "customer", edit, [each.id for each in made], key="k")
    bulk.work_off(yard.office.runtime, yard.office.person("root"), run_id)
    assert outcomes(yard, run_id) == [Outcome.DONE, *[Outcome.REFUSED] * 3]


def test_a_pace_keeps_to_its_time_and_finds_who_is_refused() -> None:
    pace = pacing.Pace(most=100)
    sizes = []
    for _ in range(5):
        pace.took(0.001 * pace.size, pace.size)
        sizes.append(pace.size)
    assert sizes == [4, 16, 64, 100, 100]
    pace.took(0.3, 100)
    assert pace.size == 50
    pace.broke_off(ChangesRefused({7: (), 9: ()}), 50)
    assert pace.size == 7
    pace.broke_off(NotFound(), 7)
    assert pace.size == 1


def test_one_key_is_one_run_and_never_another(yard: Yard) -> None:
    orders = [yard.order(1), yard.order(2)]
    first = begun(yard, Remove(), orders)
    assert begun(yard, Remove(), orders) == first
    for other in (Edit(values={"secret": "x"}), Remove()):
        with pytest.raises(Conflict):
            begun(yard, other, orders[:1])
    assert begun(yard, Remove(), orders, key="another") != first
    with yard.office.look("sam") as unit, pytest.raises(NotFound):
        bulk.find_run(unit, first)


def test_too_many_and_none_are_refused(yard: Yard) -> None:
    for ids in ([], list(range(1, bulk.MOST_RECORDS + 2))):
        with pytest.raises(Refused):
            begun(yard, Remove(), ids)


def test_a_stopped_run_leaves_the_rest_alone(yard: Yard) -> None:
    orders = [yard.order(1), yard.order(2)]
    run_id = begun(yard, Remove(), orders)
    with yard.office.act("root") as unit:
        bulk.stop_run(unit, run_id)
    bulk.work_off(yard.office.runtime, yard.office.person("root"), run_id)
    assert outcomes(yard, run_id) == [Outcome.WAITING] * 2
    with yard.office.act("root") as unit, pytest.raises(Conflict):
        bulk.stop_run(unit, run_id)


def test_a_move_goes_with_its_answers_through_the_queue(yard: Yard) -> None:
    delivery = yard.ship(yard.order(3), 1)
    with yard.office.act("root") as unit:
        move = Move(workflow="delivery_life", transition="cancel", comment="why")
        run_id = bulk.begin(unit, "delivery", move, [delivery], key="k")
    with yard.office.look("root") as unit:
        assert bulk.find_run(unit, run_id).action == move
    bulk.work_off(yard.office.runtime, yard.office.person("root"), run_id)
    assert yard.office.value("delivery", delivery, "status") == "void"


def test_old_runs_go(yard: Yard) -> None:
    begun(yard, Remove(), [yard.order(1)])
    yard.office.runtime.clock.advance(days=31)
    begun(yard, Remove(), [yard.order(1)], key="new")
    with yard.office.act(None) as unit:
        bulk.remove_old_runs(unit)
    with yard.office.look(None) as unit:
        for table in (bulk_run, bulk_result):
            assert unit.connection.execute(select(func.count()).select_from(table)).scalar_one() == 1
