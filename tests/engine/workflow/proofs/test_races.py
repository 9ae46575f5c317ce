"""Many press at once: each record is decided once, and what everybody was told adds up to it."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event, workflow_task
from tests.engine.workflow.proofs.racing import BOARD, STEPS, click_all, click_in_process
from tests.engine.workflow.reviewing import STAFF, a_project, status, submitted
from tests.support.clock import FakeClock
from tests.support.office import open_office

THREADS, CLICKS_EACH = 8, 30
THREADS_OF_A_SOAK, PROCESSES, RECORDS_OF_A_SOAK = 64, 4, 80
NEEDED = {"any": 1, "all": 5, "vote": 3}


@pytest.fixture(params=["any", "all", "vote", "veto"])
def kind(request):
    return request.param


@pytest.fixture
def own_office(databases, dialect, tmp_path, kind):
    mark = databases.mark()
    made = a_project(STEPS[kind])
    database = databases.make(made, dialect, threads=THREADS)
    yield open_office(made, database, tmp_path / "files", FakeClock(), STAFF)
    databases.clear(mark)


def clicks_on(office, record, kind):
    """Return the clicks by which people race for a record: twice each, and in between it is withdrawn and pulled."""
    with office.look(None) as unit:
        found = select(workflow_task.c.assignee_id, workflow_task.c.id)
        tasks = unit.connection.execute(found.where(workflow_task.c.record_id == record)).all()
    logins = {user_id: login for login, user_id in office.ids.items()}
    verbs = dict.fromkeys(BOARD, "approve")
    if kind == "veto":
        verbs["cid"] = "reject"
    clicks = [(logins[each.assignee_id], verbs[logins[each.assignee_id]], record, each.id) for each in tasks]
    return [*clicks, *clicks, ("ann", "withdraw", record, 0), ("boss", "pull", record, 0)]


def drawn_clicks(office, kind, records, seed):
    clicks = [each for record in records for each in clicks_on(office, record, kind)]
    # Only what belongs to the same few records collides: they are mixed within a window.
    draw = Random(seed)
    return [
        each
        for _, each in sorted(
            (place // 24 * 24 + draw.random() * 24, each) for place, each in enumerate(clicks)
        )
    ]


def check(office, kind, records, found: Counter[tuple[int, str, str]]):
    """Look at what everybody was told, what the tables say, and where the records are."""
    ended = Counter()
    for record in records:
        with office.look(None) as unit:
            of_it = select(workflow_event.c.verb).where(workflow_event.c.record_id == record)
            events = Counter(unit.connection.execute(of_it).scalars())
            tasks = select(workflow_task.c.state).where(workflow_task.c.record_id == record)
            states = Counter(unit.connection.execute(tasks).scalars())
        for verb, state in (("approve", "approved"), ("reject", "rejected")):
            assert found[record, verb, "done"] == events[verb] == states[state], "each decision once"
        moves = {name: found[record, name, "done"] for name in ("withdraw", "pull")}
        ways = {
            "done": events["approved"],
            "refused": events["rejected"],
            "withdraw": moves["withdraw"],
            "pull": moves["pull"],
        }
        assert sum(ways.values()) == 1, f"it left the review once: {ways}"
        (way,) = (name for name, times in ways.items() if times)
        assert status(office, record) == {"withdraw": "draft", "pull": "draft"}.get(way, way)
        if way == "done":
            assert events["approve"] == NEEDED[kind]
        if way == "refused":
            assert (kind, events["reject"]) == ("veto", 1)
        assert states["open"] == states["waiting"] == 0
        ended[way] += 1
    assert sum(ended.values()) == len(records)


def test_rule_18_many_press_at_once_and_each_record_is_decided_once(own_office, kind):
    records = [submitted(own_office) for _ in range(THREADS * CLICKS_EACH // 12)]
    clicks = drawn_clicks(own_office, kind, records, seed=18)
    check(own_office, kind, records, click_all(own_office.runtime, clicks, THREADS))


@pytest.mark.soak
def test_rule_18_threads_of_several_processes_decide_each_record_once(own_office, kind, tmp_path, progress):
    engine = own_office.runtime.database.engine
    url = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for part in range(0, RECORDS_OF_A_SOAK, 40):
            records = [submitted(own_office) for _ in range(40)]
            clicks = drawn_clicks(own_office, kind, records, seed=part)
            given = [
                pool.submit(
                    click_in_process,
                    url,
                    str(tmp_path),
                    STEPS[kind],
                    clicks[start::PROCESSES],
                    THREADS_OF_A_SOAK,
                )
                for start in range(PROCESSES)
            ]
            found = sum((each.result() for each in given), Counter())
            check(own_office, kind, records, found)
            progress.reach(part + 40, of=RECORDS_OF_A_SOAK)
