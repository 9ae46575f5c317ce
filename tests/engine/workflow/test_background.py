"""Actions in the background: in order, beside each other, after a while, one for each row; whatever breaks down on the way."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, select, update

from orderkit.catalog import built_in
from orderkit.connectors.http import addresses
from orderkit.connectors.http.fake import FakeEndpoint, Scripted, serving
from orderkit.database.definitions.names import Renaming
from orderkit.database.definitions.waiting import rename_in_waiting
from orderkit.database.schema.system_tables import action_block, job
from orderkit.engine import jobs, messages, records
from orderkit.engine.automation import remove_old_traces
from orderkit.engine.integrations import pass_over
from orderkit.engine.jobs import JobState
from orderkit.engine.records import Delete
from orderkit.engine.workflow.background import stepping
from orderkit.engine.workflow.background.queueing import arrive, begin_block
from orderkit.engine.workflow.background.strands import Strand
from orderkit.model.errors import Conflict
from orderkit.model.people import HasRole
from orderkit.model.workflow.workflows import Action, Join
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

ORDER = """
form: order
title: "{name}"
fields:
  name:   {type: text}
  note:   {type: text}
  answer: {type: text}
  due:    {type: date}
  amount: {type: integer, default: 0}
  lines:  {type: lines, fields: {sku: {type: text}, qty: {type: integer}}}
"""
ENTRY = """
form: entry
title: "{text}"
fields:
  text:  {type: text, max_length: 20}
  order: {type: ref, to: order}
"""
LIFE = """
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, open: {}, ready: {}}
transitions:
  ask:    {from: draft, to: open, by: everyone, after: [{call: erp.post, with: {path: "/orders", body: {no: "{name}", amount: =amount}}, save: {answer: =result.no}, on_dead: [{task: user(root)}]}]}
  named:  {from: draft, to: open, by: everyone, after: [{call: erp.post, key: "order:{name}", with: {path: "/named"}}]}
  plain:  {from: draft, to: open, by: everyone, after: [{http: "URL/plain/{name}", body: {no: =name}, headers: {X-Kind: order}, save: {answer: =result.no}}]}
  wait:   {from: draft, to: open, by: everyone, after: [{delay: 2d, actions: [{set_entry: x}]}]}
  in_order:
    from: draft
    to: open
    by: everyone
    after:
      - delay: 1h
        actions:
          - {create: entry, set: {text: first, order: =this}}
          - {call: erp.post, with: {path: "/second"}, save: {answer: =result.no}}
          - {create: entry, set: {text: "third {answer}", order: =this}}
  until:  {from: draft, to: open, by: everyone, after: [{delay: {until: due}, actions: [{create: entry, set: {text: due, order: =this}}]}]}
  each:
    from: draft
    to: open
    by: everyone
    after:
      - foreach: lines
        where: "item.qty > 0"
        actions:
          - {create: entry, set: {text: =item.sku, order: =this}}
          - {notify: everyone, text: "{item.sku}"}
      - {create: entry, set: {text: beside, order: =this}}
  beside:
    from: draft
    to: open
    by: everyone
    after:
      - parallel:
          join: JOIN
          branches:
            - {actions: [{create: entry, set: {text: one, order: =this}}]}
            - {actions: [{delay: 1h, actions: [{create: entry, set: {text: two, order: =this}}]}]}
            - {when: "coalesce(amount, 0) > 0", actions: [{create: entry, set: {text: three, order: =this}}]}
      - {create: entry, set: {text: behind, order: =this}}
  choose: {from: draft, to: open, by: everyone, after: [{choose: [{when: "coalesce(amount, 0) > 1", actions: [{create: entry, set: {text: much, order: =this}}]}, {default: true, actions: [{notify: everyone, text: "少 {name}"}]}]}]}
  tell:   {from: draft, to: open, by: everyone, after: [{notify: everyone, text: "订单 {name}：{amount}", key: "{name}"}]}
"""
ERP = """
connection: erp
connector: http
settings: {base_url: "${ERP_URL}", allow_private_network: true}
limits: {retry: {times: 2, backoff: "1min..2min"}}
"""
ROLE = "role: everyone\nlabel: everyone\nforms: {order: {create: true, read: true, update: true}, entry: {read: true}}\n"
STAFF = (Staff(login="ann"), Staff(login="root", roles=("admin",)))
NUMBERS = count(1)


@pytest.fixture(scope="module")
def endpoint():
    fake = FakeEndpoint()
    with serving(fake) as url:
        yield fake, url


def the_project(url, join):
    life = LIFE.replace("URL", url).replace("JOIN", join)
    life = life.replace("{set_entry: x}", "{create: entry, set: {text: later, order: =this}}")
    return project(ORDER, ENTRY, life, ERP, ROLE)


@pytest.fixture(scope="module")
def offices(databases, dialect, tmp_path_factory, endpoint):
    """The same people and database under each kind of join."""
    mark = databases.mark()
    made = {}
    for join in ("all", "any", "first"):
        model = the_project(endpoint[1], join)
        made[join] = open_office(
            model,
            databases.make(model, dialect),
            tmp_path_factory.mktemp("office"),
            FakeClock(),
            STAFF,
            environment={"ERP_URL": endpoint[1]},
        )
    yield made
    databases.clear(mark)


@pytest.fixture
def office(offices):
    office = offices["all"]
    yield office
    with office.act(None) as unit:
        unit.connection.execute(delete(job))


@pytest.fixture
def erp(endpoint):
    for kept in (endpoint[0].requests, endpoint[0].accepted, endpoint[0].script):
        kept.clear()
    return endpoint[0]


def pressed(office, transition, *rows, **values):
    lines = [dict(zip(("sku", "qty"), row, strict=True)) for row in rows]
    given = {"name": f"单{next(NUMBERS)}", **values}
    order = office.create("ann", "order", given, {"lines": lines})
    office.do("ann", "order", order, transition)
    return order


def entries(office, order):
    table = office.runtime.database.tables["entry"]
    with office.look(None) as unit:
        found = select(table.c.text).where(table.c.order == order).order_by(table.c.id)
        return unit.connection.execute(found).scalars().all()


def jobs_of(office, order, state=None):
    with office.look(None) as unit:
        return jobs.find_jobs(unit, form="order", record_id=order, state=state)


def answers(fake, *bodies):
    fake.script.extend(Scripted(status=200, body=body) for body in bodies)


def test_rule_19_what_follows_a_press_asks_another_system_only_after_the_commit(office, erp):
    answers(erp, b'{"no": "E-1"}')
    order = pressed(office, "ask", name="纸", amount=5)
    assert erp.requests == []
    office.work()
    (request,) = erp.requests
    assert (request.path, request.body) == ("/orders", {"no": "纸", "amount": 5})
    assert office.value("order", order, "answer") == "E-1"


def test_rule_19_a_call_is_tried_again_under_one_key_and_then_a_person_knows(office, erp):
    erp.script.extend(Scripted(status=500) for _ in range(3))
    order = pressed(office, "ask", name="断")
    for _ in range(3):
        office.work()
        office.runtime.clock.advance(minutes=5)
    assert len({each.headers["idempotency-key"] for each in erp.requests}) == 1
    assert len(erp.requests) == 3
    (dead,) = jobs_of(office, order, JobState.DEAD)
    with office.look("root") as unit:
        note = messages.inbox(unit)[0]
    assert (note.subject, note.record_id) == ("需要处理：断", order)
    answers(erp, b'{"no": "E-2"}')
    with office.act(None) as unit:
        jobs.replay(unit, dead.id)
    office.work()
    assert office.value("order", order, "answer") == "E-2"


@pytest.mark.parametrize(("is_done", "state"), [(True, JobState.DONE), (False, JobState.CANCELLED)])
def test_what_is_behind_a_step_that_failed_for_good_goes_on_once_a_person_passes_it_over(
    office, erp, is_done, state
):
    erp.script.extend(Scripted(status=500) for _ in range(3))
    order = pressed(office, "in_order")
    for _ in range(4):
        office.runtime.clock.advance(hours=1)
        office.work()
    (dead,) = jobs_of(office, order, JobState.DEAD)
    assert entries(office, order) == ["first"]
    with office.act("root") as unit:
        pass_over(unit, dead.id, is_done=is_done)
    office.work()
    assert entries(office, order) == ["first", "third "]
    (settled,) = [each for each in jobs_of(office, order) if each.id == dead.id]
    assert settled.state is state
    with pytest.raises(Conflict), office.act("root") as unit:
        pass_over(unit, dead.id, is_done=is_done)


def test_a_call_carries_what_was_true_when_it_was_caused(office, erp):
    order = pressed(office, "ask", amount=1)
    office.update("root", "order", order, by_rule=True, amount=2)
    office.work()
    assert erp.requests[0].body["amount"] == 1


def test_a_key_of_the_project_goes_to_the_other_side_and_is_taken_once(office, erp):
    pressed(office, "named", name="一个")
    pressed(office, "named", name="一个")
    office.work()
    assert [each.path for each in erp.requests] == ["/named"]
    assert erp.requests[0].headers["idempotency-key"] == "order:%E4%B8%80%E4%B8%AA"


def test_a_plain_request_reaches_public_addresses_only(office, erp):
    order = pressed(office, "plain", name="7")
    office.work()
    assert erp.requests == []
    (dead,) = jobs_of(office, order, JobState.DEAD)
    assert "may not be called" in dead.error


def test_a_plain_request_carries_body_and_headers_and_keeps_the_answer(office, erp, monkeypatch):
    monkeypatch.setattr(addresses, "_is_allowed", lambda *_, **__: True)
    answers(erp, b'{"no": "P-1"}')
    order = pressed(office, "plain", name="8")
    office.work()
    (request,) = erp.requests
    assert (request.method, request.path, request.body, request.headers["x-kind"]) == (
        "POST",
        "/plain/8",
        {"no": "8"},
        "order",
    )
    assert office.value("order", order, "answer") == "P-1"


def test_a_delay_is_a_row_and_no_waiting_thread(office):
    order = pressed(office, "wait")
    office.work()
    assert entries(office, order) == []
    (waiting,) = jobs_of(office, order, JobState.READY)
    assert waiting.run_at - office.runtime.clock.now() == timedelta(days=2)
    office.runtime.clock.advance(days=2)
    office.work()
    assert entries(office, order) == ["later"]


def test_within_a_block_one_action_waits_for_the_one_before(office, erp):
    erp.script.append(Scripted(status=500))
    answers(erp, b'{"no": "E-3"}')
    order = pressed(office, "in_order")
    office.runtime.clock.advance(hours=1)
    office.work()
    assert (entries(office, order), len(erp.requests)) == (["first"], 1)
    office.runtime.clock.advance(minutes=2)
    office.work()
    assert entries(office, order) == ["first", "third E-3"]


def test_a_date_is_reached_when_its_day_begins_in_the_projects_zone(office):
    order = pressed(office, "until", due=date(2026, 12, 24))
    (waiting,) = jobs_of(office, order, JobState.READY)
    assert waiting.run_at == datetime(2026, 12, 23, 16, tzinfo=UTC)


def test_a_date_that_is_empty_refuses_the_press_and_says_what_to_do(office):
    with pytest.raises(Exception, match="is empty; fill it in first"):
        pressed(office, "until")


def test_each_row_is_a_job_of_its_own_and_one_that_fails_stops_no_other(office):
    order = pressed(office, "each", ("A", 1), ("far too long for an entry", 1), ("none", 0), ("C", 3))
    office.work()
    assert sorted(entries(office, order)) == ["A", "C", "beside"]
    (failed,) = [each for each in jobs_of(office, order, JobState.READY) if each.error]
    assert failed.attempts == 1
    with office.look("ann") as unit:
        told = {note.text for note in messages.inbox(unit) if note.record_id == order}
    assert told == {"A", "C"}


def test_many_rows_are_begun_in_parts(office, monkeypatch):
    monkeypatch.setattr(stepping, "ROWS_AT_ONCE", 3)
    rows = [(f"{number:02}", 1) for number in range(10)]
    order = pressed(office, "each", *rows)
    office.work()
    assert sorted(entries(office, order)) == [*(sku for sku, _ in rows), "beside"]
    with office.look(None) as unit:
        block = unit.connection.execute(
            select(action_block).order_by(action_block.c.id.desc()).limit(1)
        ).one()
    assert (block.begun, block.ended, block.state) == (10, 10, "joined")


@pytest.mark.parametrize(
    ("join", "now", "later"),
    [
        ("all", ["one", "three"], ["one", "three", "two", "behind"]),
        ("any", ["one", "behind"], ["one", "behind"]),
        ("first", ["one", "behind"], ["one", "behind"]),
    ],
)
def test_what_is_behind_branches_waits_until_they_are_joined(offices, join, now, later):
    office = offices[join]
    order = pressed(office, "beside", amount=1)
    office.work()
    assert sorted(entries(office, order)) == sorted(now)
    office.runtime.clock.advance(hours=1)
    office.work()
    assert sorted(entries(office, order)) == sorted(later)
    if join == "all":
        assert entries(office, order)[-1] == "behind"


@pytest.mark.parametrize("join", list(Join))
def test_rule_17_branches_that_arrive_at_once_go_on_once(office, join):
    tell = Action(kind="task", options={"task": HasRole("admin")})
    behind = Strand(actions=(tell,), key=f"behind {join} {next(NUMBERS)}")
    with office.act(None) as unit:
        block = begin_block(unit, join, behind, count=12)

    def arrives():
        with office.act(None) as unit:
            arrive(unit, block)

    threads = [threading.Thread(target=arrives) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.look(None) as unit:
        assert len([each for each in jobs.find_jobs(unit) if each.payload["key"] == behind.key]) == 1
        found = unit.connection.execute(select(action_block).where(action_block.c.id == block)).one()
    assert (found.state, found.ended) == ("joined", 12 if join is Join.ALL else 1)


def test_rule_17_a_branch_that_fails_for_good_ends_a_race_and_holds_up_what_needs_all(office):
    ended = {}
    for join in Join:
        with office.act(None) as unit:
            block = begin_block(unit, join, None, count=2)
            arrive(unit, block, has_failed=True)
        with office.look(None) as unit:
            ended[join] = unit.connection.execute(
                select(action_block.c.state).where(action_block.c.id == block)
            ).scalar_one()
    assert ended == {Join.ALL: "open", Join.ANY: "open", Join.FIRST: "joined"}


def test_a_branch_that_was_overtaken_long_ago_does_nothing_however_late_it_wakes(offices):
    office = offices["any"]
    order = pressed(office, "beside")
    office.work()
    before = entries(office, order)
    office.runtime.clock.advance(days=31)
    with office.act(None) as unit:
        remove_old_traces(unit)
        assert unit.connection.execute(select(action_block)).all() == []
    office.work()
    assert entries(office, order) == before == ["one", "behind"]


def test_a_branch_whose_condition_does_not_hold_is_not_waited_for(office):
    order = pressed(office, "beside")
    office.runtime.clock.advance(hours=1)
    office.work()
    office.runtime.clock.advance(hours=1)
    office.work()
    assert entries(office, order) == ["one", "two", "behind"]


@pytest.mark.parametrize(("amount", "texts", "told"), [(2, ["much"], 0), (1, [], 1)])
def test_branches_are_chosen_when_their_turn_comes(office, amount, texts, told):
    order = pressed(office, "choose", amount=amount)
    office.work()
    with office.look("ann") as unit:
        notes = [note for note in messages.inbox(unit) if note.record_id == order]
    assert (entries(office, order), len(notes)) == (texts, told)


def test_a_few_words_reach_each_reader_once(office):
    order = pressed(office, "tell", name="只一次", amount=3)
    pressed(office, "tell", name="只一次", amount=4)
    with office.look("ann") as unit:
        notes = [note for note in messages.inbox(unit) if note.subject == "只一次"]
    assert [(note.text, note.record_id) for note in notes] == [("订单 只一次：3", order)]


def test_what_is_left_to_do_about_a_deleted_record_is_not_done(office):
    order = pressed(office, "wait")
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    office.runtime.clock.advance(days=3)
    office.work()
    assert [each.state for each in jobs_of(office, order)] == [JobState.DONE]


def test_a_step_whose_worker_died_behind_its_commit_is_not_done_twice(office):
    order = pressed(office, "each", ("A", 1))
    office.work()
    before = entries(office, order)
    with office.act(None) as unit:
        # As if another worker had taken the same step up again: its next job has the same key.
        mine = (job.c.form == "order") & (job.c.record_id == order)
        unit.connection.execute(update(job).where(mine).values(state=JobState.READY))
    office.work()
    assert len(entries(office, order)) >= len(before)


def test_a_chain_of_steps_is_one_cause_however_long_it_is(office, erp):
    order = pressed(office, "in_order")
    for _ in range(3):
        office.runtime.clock.advance(hours=1)
        office.work()
    assert {each.depth for each in jobs_of(office, order)} == {1}


def test_a_rename_reaches_actions_that_wait(office):
    order = pressed(office, "wait")
    with office.act(None) as unit:
        renaming = Renaming(kind="field", place="entry", old="text", new="words")
        rename_in_waiting(unit.connection, renaming, built_in())
    (waiting,) = jobs_of(office, order, JobState.READY)
    assert '"words"' in str(waiting.payload).replace("'", '"')
    assert '"text"' not in str(waiting.payload["actions"]).replace("'", '"')
