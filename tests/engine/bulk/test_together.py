"""Moves and removals share transactions on SQLite, and on both databases come to what they came to one after the other."""

import pytest

from orderkit.engine import bulk, pacing, records
from orderkit.engine.bulk import Move, Outcome, Remove
from orderkit.engine.bulk import job as working
from orderkit.engine.bulk.doing import perform
from orderkit.engine.records import Update
from tests.support.databases import Databases
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project

YAML = """
form: bench
label: 机台
title: "{name}"
fields: {name: {type: text}}
---
form: job
label: 工单
title: "{name}"
fields:
  name:  {type: text}
  bench: {type: ref, to: bench, reverse: jobs}
  after: {type: ref, to: job}
  load:  {type: integer, label: 负荷, check: "value <= 100"}
---
form: slip
label: 派工单
number: "P-{seq:3}"
title: "{number}"
fields: {job: {type: ref, to: job}}
---
workflow: life
for: job
state: status
initial: open
states:
  open:    {label: 待开工, edit: [name, bench, after, load]}
  running: {label: 加工中}
  done:    {label: 完工, final: completed}
transitions:
  start:
    label: 开工
    from: open
    to: running
    by: everyone
    guard: {that: "count(bench.jobs, where=bench.jobs.status == 'running') < 2", error: 机台已满}
  add:    {label: 加量, from: open, to: running, by: everyone, do: [{set: {load: "=load + 60"}}]}
  order:  {label: 派工, from: open, to: done, by: everyone, do: [{create: slip, set: {job: =this}}]}
---
role: everyone
label: 所有人
forms:
  bench: {create: true, read: true}
  job: {create: true, read: true, update: true, delete: true}
  slip: {create: true, read: true}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, databases: Databases, tmp_path, clock):
    mark = databases.mark()
    shop = project(*YAML.split("\n---\n"))
    yield open_office(
        shop, databases.make(shop, request.param), tmp_path / "files", clock, [Staff(login="ann")]
    )
    databases.clear(mark)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each transaction of a run did, however slow the machine is."""
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1e6)
    done_at_once: list[int] = []

    def counted(unit, form_id, ids, action):
        done = perform(unit, form_id, ids, action)
        done_at_once.append(len(done))
        return done

    monkeypatch.setattr(working, "perform", counted)
    return done_at_once


def sizes(office: Office, on_sqlite: list[int]) -> list[int]:
    return on_sqlite if office.runtime.database.dialect == "sqlite" else [1] * sum(on_sqlite)


def jobs(office: Office, loads: list[int]) -> list[int]:
    bench = office.create("ann", "bench", {"name": "B"})
    return [office.create("ann", "job", {"name": "J", "bench": bench, "load": load}) for load in loads]


def run(office: Office, action, ids: list[int]) -> list[tuple[Outcome, str]]:
    with office.act("ann") as unit:
        run_id = bulk.begin(unit, "job", action, ids, key="k")
    bulk.work_off(office.runtime, office.person("ann"), run_id)
    with office.look("ann") as unit:
        found = bulk.results(unit, bulk.find_run(unit, run_id))
    return [(each.outcome, (each.reason or {}).get("zh", "")) for each in found]


def move(transition: str) -> Move:
    return Move(workflow="life", transition=transition)


def test_each_move_is_judged_by_what_those_before_it_did(office: Office, together: list[int]) -> None:
    ids = jobs(office, [1] * 7)
    assert run(office, move("start"), ids) == [(Outcome.DONE, "")] * 2 + [(Outcome.REFUSED, "机台已满")] * 5
    assert [office.value("job", each, "status") for each in ids] == ["running"] * 2 + ["open"] * 5
    assert together == sizes(office, [1, 4, 2])


def test_a_refused_move_leaves_nothing_behind_and_undoes_no_other(
    office: Office, together: list[int]
) -> None:
    loads = [10, 20, 90, 30, 40]
    ids = jobs(office, loads)
    outcomes = run(office, move("add"), ids)
    assert [outcome for outcome, _ in outcomes] == [
        Outcome.DONE if load <= 40 else Outcome.REFUSED for load in loads
    ]
    assert "负荷" in outcomes[2][1]
    assert [(office.value("job", each, "load"), office.value("job", each, "status")) for each in ids] == [
        (load + 60, "running") if load <= 40 else (load, "open") for load in loads
    ]
    assert together == sizes(office, [1, 4])


def test_a_removal_sees_those_before_it(office: Office, together: list[int]) -> None:
    first, second, third = jobs(office, [1, 1, 1])
    with office.act("ann") as unit:
        for each, after in ((second, first), (third, second)):
            records.apply(unit, [Update(form="job", id=each, values={"after": after})])
    outcomes = run(office, Remove(), [third, first, second])
    assert [outcome for outcome, _ in outcomes] == [Outcome.DONE, Outcome.REFUSED, Outcome.DONE]
    assert together == sizes(office, [1, 2])


def test_who_waits_for_a_number_waits_for_one_record_alone(office: Office, together: list[int]) -> None:
    ids = jobs(office, [1] * 6)
    assert run(office, move("order"), ids) == [(Outcome.DONE, "")] * 6
    assert together == [1] * 6
    assert [office.value("slip", each, "number") for each in range(1, 7)] == [
        f"P-{number:03}" for number in range(1, 7)
    ]
