"""Automations that wait for events: told once, with what was committed, in a job of their own."""

import contextlib
from collections import Counter

import pytest
from sqlalchemy import delete, select

from orderkit.database.schema.system_tables import audit, job, workflow_event
from orderkit.engine import jobs, messages, records
from orderkit.engine.automation import AUTOMATION_JOB
from orderkit.engine.jobs import JobState, Worker
from orderkit.engine.opening import job_handlers
from orderkit.engine.records import Create, Delete, Update
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

ORDER = """
form: order
title: "{name}"
fields:
  name:   {type: text, required: true}
  amount: {type: integer, default: 0}
  note:   {type: text}
  owner_name: {type: text}
  lines:  {type: lines, fields: {sku: {type: text}, qty: {type: integer}}}
"""
ENTRY = """
form: entry
title: "{text}"
fields:
  text:  {type: text, max_length: 30}
  order: {type: ref, to: order, on_delete: clear}
"""
LIFE = """
workflow: life
for: order
state: status
initial: draft
states: {draft: {holder: role(clerk), edit: [name, amount, note, lines]}, open: {holder: role(clerk), edit: [note]}, done: {final: completed}}
transitions:
  go:   {from: draft, to: open, by: everyone}
  end:  {from: open, to: done, by: everyone}
  stop: {from: open, to: done, by: role(boss)}
"""
RULES = """
automation: made
trigger: {event: order.created}
when: "name != 'quiet'"
do: [{create: entry, set: {text: "made {name}", order: =this}}]
---
automation: raised
trigger: {event: order.changed(amount)}
when: "old.amount == null or amount > old.amount"
do: [{create: entry, set: {text: "{old.amount} to {amount}", order: =this}}]
---
automation: written
trigger: {event: order.updated}
when: "changed(note)"
do: [{create: entry, set: {text: "note {note}", order: =this}}]
---
automation: entered
trigger: {event: order.life.entered(open)}
do: [{set: {owner_name: "in {status}"}}]
after: [{notify: holder, text: "{name} is open"}]
---
automation: pressed
trigger: {event: order.did(end)}
foreach: {form: entry, where: "order == this"}
do: [{set: {note: "{note}+{item.text}"}}]
---
automation: gone
trigger: {event: order.deleted}
do: [{create: entry, set: {text: "gone {name} {amount}"}}]
---
automation: as_bot
trigger: {event: order.changed(note)}
when: "note == 'bot'"
do: [{run: stop}]
run_as: user(bot)
---
automation: as_stranger
trigger: {event: order.changed(note)}
when: "note == 'stranger'"
do: [{set: {name: stolen}}]
run_as: user(stranger)
"""
RING = """
form: ring
title: "{n}"
fields: {n: {type: integer}}
---
automation: round
trigger: {event: ring.created}
do: [{create: ring, set: {n: =n + 1}}]
"""
ROLES = (
    "role: everyone\nlabel: everyone\nforms: {order: {create: true, read: true, update: true, delete: true}, entry: {read: true}}\n",
    "role: boss\nlabel: boss\nforms: {order: {read: true}}\n",
    "role: clerk\nlabel: clerk\nforms: {order: {read: true}}\n",
)
STAFF = (
    Staff(login="ann"),
    Staff(login="root", roles=("admin",)),
    Staff(login="bot", roles=("boss",)),
    Staff(login="stranger"),
    Staff(login="cleo", roles=("clerk",)),
)


def documents(text):
    return text.split("---\n")


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(ORDER, ENTRY, LIFE, *documents(RULES), *documents(RING), *ROLES)
    folder = tmp_path_factory.mktemp("office")
    yield open_office(made, databases.make(made, dialect), folder, FakeClock(), STAFF)
    databases.clear(mark)


@pytest.fixture(autouse=True)
def clean(office):
    yield
    with office.act(None) as unit:
        unit.connection.execute(delete(job))


def work(office):
    return Worker(office.runtime, job_handlers()).run_once()


def an_order(office, name="一", **values):
    return office.create("ann", "order", {"name": name, **values})


def entries(office, order=None):
    table = office.runtime.database.tables["entry"]
    with office.look(None) as unit:
        which = table.c.order.is_(None) if order is None else table.c.order == order
        return unit.connection.execute(select(table.c.text).where(which).order_by(table.c.id)).scalars().all()


def runs(office, automation):
    with office.look(None) as unit:
        found = [each for each in jobs.find_jobs(unit, limit=500) if each.kind == AUTOMATION_JOB]
    return [each for each in found if each.payload["automation"] == automation]


def test_an_automation_runs_after_the_commit_and_in_a_transaction_of_its_own(office):
    order = an_order(office)
    assert entries(office, order) == []
    work(office)
    assert entries(office, order) == ["made 一"]


def test_what_is_rolled_back_sets_nothing_off(office):
    with contextlib.suppress(Refused), office.act("ann") as unit:
        records.apply(unit, [Create(form="order", values={"name": "x"})])
        records.apply(unit, [Create(form="order", values={})])
    assert runs(office, "made") == []


def test_a_condition_that_does_not_hold_sets_nothing_off(office):
    an_order(office, name="quiet")
    assert runs(office, "made") == []


def test_rule_27_a_change_is_one_of_committed_values(office):
    order = an_order(office, amount=5)
    work(office)
    with office.act("ann") as unit:
        for amount in (7, 9, 5):
            records.apply(unit, [Update(form="order", id=order, values={"amount": amount})])
    assert runs(office, "raised") == []
    with office.act("ann") as unit:
        for amount in (7, 9):
            records.apply(unit, [Update(form="order", id=order, values={"amount": amount})])
    assert len(runs(office, "raised")) == 1
    work(office)
    assert entries(office, order) == ["made 一", "5 to 9"]


def test_a_record_that_was_made_in_the_same_unit_has_not_changed(office):
    with office.act("ann") as unit:
        (made,) = records.apply(unit, [Create(form="order", values={"name": "新", "amount": 1})])
        records.apply(unit, [Update(form="order", id=made.id, values={"amount": 2})])
    assert (runs(office, "raised"), len(runs(office, "made"))) == ([], 1)


def test_a_condition_sees_what_was_changed(office):
    order = an_order(office)
    office.update("ann", "order", order, amount=8)
    assert runs(office, "written") == []
    office.update("ann", "order", order, note="n")
    assert len(runs(office, "written")) == 1


def test_entering_a_state_runs_actions_and_what_follows(office):
    order = an_order(office, name="开")
    office.do("ann", "order", order, "go")
    work(office)
    assert office.value("order", order, "owner_name") == "in Open"
    with office.look("cleo") as unit:
        assert [note.text for note in messages.inbox(unit) if note.record_id == order] == ["开 is open"]


def test_a_press_runs_over_rows_each_in_its_own_transaction(office):
    order = an_order(office, name="行")
    work(office)
    office.do("ann", "order", order, "go")
    work(office)
    office.create("root", "entry", {"text": "two", "order": order})
    office.do("ann", "order", order, "end")
    work(office)
    assert office.value("order", order, "note") == "+made 行+two"
    assert len(runs(office, "pressed")) == 3


def test_a_deleted_record_is_told_of_as_it_was(office):
    order = an_order(office, name="走", amount=3)
    work(office)
    with office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    work(office)
    assert "gone 走 3" in entries(office)


def test_who_it_runs_as_presses_with_their_own_rights(office):
    order = an_order(office)
    office.do("ann", "order", order, "go")
    office.update("ann", "order", order, note="bot")
    work(office)
    assert office.value("order", order, "status") == "done"
    assert office.timeline("order", order)[-1][:3] == ("do", "bot", "stop")


def test_who_it_runs_as_may_not_do_more_than_they_may(office):
    order = an_order(office, name="我的")
    office.do("ann", "order", order, "go")
    office.update("ann", "order", order, note="stranger")
    work(office)
    assert office.value("order", order, "name") == "我的"
    (run,) = runs(office, "as_stranger")
    assert run.state is JobState.DEAD
    with office.look("root") as unit:
        assert any(note.subject == "需要处理：我的" for note in messages.inbox(unit))


def test_who_has_left_is_not_replaced_by_the_system(office):
    order = an_order(office, name="离职")
    office.do("ann", "order", order, "go")
    with office.act(None) as unit:
        records.apply(unit, [Update(form="user", id=office.ids["bot"], values={"active": False})])
    office.update("ann", "order", order, note="bot")
    work(office)
    (run,) = runs(office, "as_bot")
    assert (run.state, office.value("order", order, "status")) == (JobState.DEAD, "open")
    assert "no active account" in run.error
    with office.act(None) as unit:
        records.apply(unit, [Update(form="user", id=office.ids["bot"], values={"active": True})])


def test_rule_27_automations_that_set_each_other_off_come_to_rest_and_say_so(office):
    with office.act("root") as unit:
        records.apply(unit, [Create(form="ring", values={"n": 0})])
    assert work(office) == 10
    with office.look("root") as unit:
        table = office.runtime.database.tables["ring"]
        counted = Counter(unit.connection.execute(select(table.c.n)).scalars())
        notes = [note for note in messages.inbox(unit) if "too_deep" in note.text]
    assert max(counted) == 10
    dead = [run for run in runs(office, "round") if run.state is JobState.DEAD]
    assert dead
    assert all(run.error.startswith("too_deep: ") for run in dead)
    assert notes


def test_rule_27_what_an_automation_did_knows_its_cause(office):
    with office.runtime.write(office.person("ann"), Channel.PAGE, request_id="the-click") as unit:
        (made,) = records.apply(unit, [Create(form="order", values={"name": "因"})])
    work(office)
    assert {run.cause for run in runs(office, "made")} == {"the-click"}
    with office.look(None) as unit:
        entry = office.runtime.database.tables["entry"]
        mine = unit.connection.execute(select(entry.c.id).where(entry.c.order == made.id)).scalar_one()
        asked = select(audit.c.request_id).where(audit.c.form == "entry", audit.c.record_id == mine)
        assert unit.connection.execute(asked).scalars().all() == ["the-click"]
    office.do("ann", "order", made.id, "go")
    office.update("ann", "order", made.id, note="bot")
    work(office)
    with office.look(None) as unit:
        mine = select(workflow_event.c.data).where(
            workflow_event.c.record_id == made.id, workflow_event.c.transition == "stop"
        )
        assert unit.connection.execute(mine).scalar_one()["cause"].startswith("job:")
