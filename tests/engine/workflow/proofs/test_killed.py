"""A process is killed while it presses and sends: whatever was committed arrives once, and nothing else ever does."""

import json
from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from orderkit.connectors.http.fake import FakeEndpoint, serving
from orderkit.engine import jobs
from orderkit.engine.jobs import JobState
from tests.engine.workflow.proofs.killed import PRESSES, a_project, at
from tests.support.clock import FakeClock
from tests.support.killing import Killer
from tests.support.office import Staff, open_office

KILLS, KILLS_OF_A_SOAK = 10, 200


@pytest.fixture(scope="module")
def killer():
    made = Killer("tests.engine.workflow.proofs.killed:press_and_send")
    yield made
    made.close()


@pytest.fixture
def endpoint():
    fake = FakeEndpoint()
    with serving(fake) as url:
        yield fake, url


@pytest.fixture
def office(databases, dialect, tmp_path, endpoint):
    mark = databases.mark()
    made = a_project()
    yield open_office(
        made,
        databases.make(made, dialect),
        tmp_path,
        FakeClock(),
        [Staff(login="ann")],
        environment={"ERP_URL": endpoint[1]},
    )
    databases.clear(mark)


def orders(office) -> dict[str, object]:
    """Return the number of every order that was committed, by name."""
    table = office.runtime.database.tables["order"]
    with office.look(None) as unit:
        found = unit.connection.execute(select(table.c.name, table.c.status, table.c.number)).all()
    assert {each.status for each in found} <= {"open"}, "never made without being sent"
    return {each.name: each.number for each in found}


def kill_and_look(office, killer, endpoint, folder, *, kills: int, seed: int, on_kill=lambda: None) -> None:
    """Kill a run at so many moments; after each, what is left is done, and everything is looked at."""
    fake, url = endpoint
    engine = office.runtime.database.engine
    database = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    draw = Random(seed)

    def begin(run: int) -> None:
        (folder / "run.json").write_text(json.dumps({"run": run, "url": url}), encoding="utf-8")

    begin(0)
    steps = killer.count(database, folder)
    became = Counter()
    for run in range(1, kills + 1):
        begin(run)
        said = killer.migrate(database, folder, at=draw.randint(1, steps))
        became[said.split()[0]] += 1
        office.runtime.clock.set(at(run) + (at(1) - at(0)) / 2)
        office.work()
        found = orders(office)
        arrived = {each.removeprefix("order:") for each in fake.accepted}
        assert arrived == set(found), "what was committed arrives, and nothing that was taken back"
        assert all(found.values()), "the answer is kept as well"
        assert {int(each.split("-")[1]) % 2 for each in found} <= {0}
        on_kill()
    keys = Counter(each.headers["idempotency-key"] for each in fake.requests)
    assert set(keys) == set(fake.accepted)
    assert max(keys.values()) <= 2, "only what was in hand at the kill is sent again, under its key"
    with office.look(None) as unit:
        assert jobs.find_jobs(unit, form="order", state=JobState.DEAD) == ()
    assert set(became) <= {"killed", "done"}
    assert became["killed"] >= kills * 0.8
    assert len(orders(office)) <= (kills + 1) * PRESSES // 2


def test_rule_19_what_was_committed_before_a_kill_arrives_once_and_nothing_else_does(
    office, killer, endpoint, tmp_path
):
    kill_and_look(office, killer, endpoint, tmp_path, kills=KILLS, seed=19)


@pytest.mark.soak
def test_rule_19_so_it_does_after_two_hundred_kills(office, killer, endpoint, tmp_path, progress):
    kill_and_look(
        office,
        killer,
        endpoint,
        tmp_path,
        kills=KILLS_OF_A_SOAK,
        seed=1900,
        on_kill=lambda: progress.step(of=KILLS_OF_A_SOAK),
    )
