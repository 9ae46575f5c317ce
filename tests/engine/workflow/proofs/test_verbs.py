"""Every verb in every situation: done, done before, or refused, and as what; nothing half-done in any cell."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from orderkit.database.schema.system_tables import (
    substitution,
    workflow_event,
    workflow_instance,
    workflow_step,
    workflow_task,
)
from orderkit.engine import comments, records, workflow
from orderkit.engine.access.people import find_person
from orderkit.engine.records import Delete
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow import Particulars, Verb
from orderkit.model.errors import NotFound, OrderkitError
from orderkit.model.labels import label
from tests.engine.workflow.reviewing import FORM, NAMES, POLICY, submitted, task_of, under
from tests.support.projects import project

ROLES = """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {request: {create: true, read: "title != 'hidden'", update: true, delete: true}}
"""
LIFE = f"""
workflow: life
for: request
state: status
initial: draft
policy: {POLICY}
states:
  draft:   {{}}
  review:  {{approval: check}}
  done:    {{holder: role(board), claim: true}}
  refused: {{final: cancelled, reopen: {{to: draft, by: submitter, within: 2d}}}}
transitions:
  submit: {{from: draft, to: review, by: owner}}
  cancel: {{from: [draft, review], to: refused, by: owner}}
  pull:   {{from: review, to: draft, by: role(lead)}}
approvals:
  check:
    protects: [amount]
    approved: {{to: done}}
    rejected: {{to: refused}}
    returned: {{to: draft}}
    withdrawn: {{to: draft, until: first_decision}}
    revoked: {{to: draft, within: 3d, by: submitter}}
    terminated: {{to: refused, by: [submitter, role(lead)]}}
    may: {{transfer: true, delegate: true, add_signer: true, remove_signer: true, urge: true, return: [any]}}
    steps:
      - {{id: one, approvers: [user(boss), user(cid)], mode: sequence}}
      - {{id: two, approvers: user(dan)}}
"""
ON_TASKS = {
    "approve": lambda unit, task, office: workflow.decide_task(unit, task, Verb.APPROVE),
    "reject": lambda unit, task, office: workflow.decide_task(unit, task, Verb.REJECT, "why"),
    "return": lambda unit, task, office: workflow.decide_task(
        unit, task, Verb.RETURN, "why", Particulars(to="submitter")
    ),
    "answer": lambda unit, task, office: workflow.decide_task(unit, task, Verb.ANSWER, "well"),
    "transfer": lambda unit, task, office: workflow.transfer(unit, task, office.ids["eve"]),
    "delegate": lambda unit, task, office: workflow.delegate(unit, task, office.ids["eve"]),
    "add_signer": lambda unit, task, office: workflow.add_signers(unit, task, [office.ids["eve"]], "before"),
    "remove_signer": lambda unit, task, office: workflow.remove_signer(unit, task),
}
ON_RECORDS = {
    "submit": lambda unit, record: workflow.do(unit, "request", record, "submit"),
    "cancel": lambda unit, record: workflow.do(unit, "request", record, "cancel"),
    "unknown": lambda unit, record: workflow.do(unit, "request", record, "no_such"),
    "withdraw": lambda unit, record: workflow.withdraw(unit, "request", record),
    "revoke": lambda unit, record: workflow.revoke(unit, "request", record),
    "terminate": lambda unit, record: workflow.terminate(unit, "request", record),
    "reopen": lambda unit, record: workflow.reopen(unit, "request", record),
    "claim": lambda unit, record: workflow.claim(unit, "request", record),
    "release": lambda unit, record: workflow.release(unit, "request", record),
    "urge": lambda unit, record: workflow.urge(unit, "request", record),
    "comment": lambda unit, record: comments.add(unit, "request", record, "well"),
}


class TakenBackError(Exception):
    """Ends a unit without a commit."""


@pytest.fixture
def office(shared):
    made = under(shared, project(FORM, ROLES, *NAMES, LIFE))
    yield made
    with shared.act(None) as unit:
        unit.connection.execute(delete(substitution))
        unit.connection.execute(delete(workflow_step))


def everything(office, request):
    """Return what the tables of workflows hold about a record, and its own row."""
    with office.look(None) as unit:
        rows = [
            unit.connection.execute(
                select(table).where(table.c.record_id == request).order_by(table.c.id)
            ).all()
            for table in (workflow_instance, workflow_task, workflow_event)
        ]
        table = unit.runtime.database.tables["request"]
        return rows, unit.connection.execute(select(table).where(table.c.id == request)).all()


def outcome(office, person, verb: Callable[..., object], request: int) -> str:
    """Return what becomes of a verb, after taking it back; a refusal must have left everything as it was."""
    before = everything(office, request)
    said, explained = "", label(zh="成", en="done")
    try:
        with suppress(TakenBackError), office.runtime.write(person, Channel.PAGE) as unit:
            found = verb(unit)
            said = "again" if getattr(found, "is_repeated", False) else "done"
            raise TakenBackError
    except OrderkitError as refusal:
        explained = refusal.explain
        said = type(refusal).__name__
    assert everything(office, request) == before
    assert said == NotFound.__name__ or {"zh", "en"} <= set(explained), "said in both languages"
    return said


def own_open(office, request):
    return "boss", task_of(office, "boss", request).id


def somebody_elses(office, request):
    return "chief", task_of(office, "boss", request).id


def waits_for_its_turn(office, request):
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    return "cid", next(each.id for each in found if each.state == "waiting")


def paused(office, request):
    task = task_of(office, "boss", request).id
    with office.act("boss") as unit:
        workflow.delegate(unit, task, office.ids["eve"])
    return "boss", task


def asked_for_help(office, request):
    paused(office, request)
    return "eve", task_of(office, "eve", request).id


def added(office, request):
    task = task_of(office, "boss", request).id
    with office.act("boss") as unit:
        workflow.add_signers(unit, task, [office.ids["eve"]], "before")
    return "boss", task_of(office, "eve", request).id


def approved_by_me(office, request):
    task = task_of(office, "boss", request).id
    office.decide("boss")
    return "boss", task


def cancelled(office, request):
    task = task_of(office, "boss", request).id
    office.do("chief", "request", request, "pull")
    return "boss", task


def of_a_visit_before(office, request):
    found = cancelled(office, request)
    office.do("ann", "request", request, "submit")
    return found


def stale(office, request):
    task = task_of(office, "boss", request).id
    office.update(None, "request", request, by_rule=True, amount=Decimal(101))
    return "boss", task


def not_to_be_seen(office, request):
    task = task_of(office, "boss", request).id
    office.update(None, "request", request, by_rule=True, title="hidden")
    return "chief", task


def as_substitute(office, request):
    now = office.runtime.clock.now()
    with office.act("boss") as unit:
        workflow.add_substitute(
            unit, office.ids["bob"], now, now + timedelta(days=3), None, office.ids["boss"]
        )
    return "bob", task_of(office, "boss", request).id


def as_substitute_of_oneself(office, request):
    now = office.runtime.clock.now()
    with office.act("boss") as unit:
        workflow.add_substitute(
            unit, office.ids["ann"], now, now + timedelta(days=3), None, office.ids["boss"]
        )
    return "ann", task_of(office, "boss", request).id


def none_such(office, request):
    return "boss", 10**9


def deleted(office, request):
    task = task_of(office, "boss", request).id
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="request", id=request)], by_rule=True)
    return "boss", task


# Of each verb, in the order of `ON_TASKS`.
TASKS = {
    # approve reject return answer transfer delegate add_signer remove_signer
    own_open: "done done done Refused done done done NotFound",
    somebody_elses: "Denied Denied Denied Denied Denied Denied Denied NotFound",
    waits_for_its_turn: "Conflict Conflict Conflict Conflict Conflict Conflict Conflict NotFound",
    paused: "Conflict Conflict Conflict Conflict Conflict again Conflict NotFound",
    asked_for_help: "Refused Refused Refused done Refused Refused Refused NotFound",
    added: "Denied Denied Denied Denied Denied Denied Denied done",
    approved_by_me: "again Conflict Conflict Conflict Conflict Conflict Conflict NotFound",
    cancelled: "Conflict Conflict Conflict Conflict Conflict Conflict Conflict NotFound",
    of_a_visit_before: "Conflict Conflict Conflict Conflict Conflict Conflict Conflict NotFound",
    stale: "Stale Stale Stale Refused done done done NotFound",
    not_to_be_seen: "NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound",
    as_substitute: "done done done Refused done done done NotFound",
    as_substitute_of_oneself: "Denied Denied Denied Denied Denied Denied Denied NotFound",
    none_such: "NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound",
    deleted: "NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound",
}


@pytest.mark.parametrize("situation", TASKS, ids=lambda each: each.__name__)
def test_verbs_on_a_task(office, situation):
    request = submitted(office)
    login, task = situation(office, request)
    person = office.person(login)
    found = {
        name: outcome(office, person, lambda unit, verb=verb: verb(unit, task, office), request)
        for name, verb in ON_TASKS.items()
    }
    assert found == dict(zip(ON_TASKS, TASKS[situation].split(), strict=True))


def test_who_has_left_opens_nothing_and_what_they_had_open_before_decides_nothing(office):
    request = submitted(office)
    task = task_of(office, "boss", request).id
    person = office.person("boss")
    office.update("root", "user", office.ids["boss"], active=False)
    try:
        with office.look(None) as unit:
            assert find_person(unit, "boss") is None
        found = {
            name: outcome(office, person, lambda unit, verb=verb: verb(unit, task, office), request)
            for name, verb in ON_TASKS.items()
        }
        assert set(found.values()) == {"Denied", "NotFound"}, "it is the manager's by now"
        assert found["approve"] == "Denied"
    finally:
        office.update("root", "user", office.ids["boss"], active=True)


def drafted(office):
    return "ann", office.create("ann", "request", {"title": "x"})


def drafted_by_another(office):
    return "bob", office.create("ann", "request", {"title": "x"})


def in_review(office):
    return "ann", submitted(office)


def in_review_as_another(office):
    return "bob", submitted(office)


def decided_once(office):
    request = submitted(office)
    office.decide("boss")
    return "ann", request


def given(office):
    request = submitted(office)
    for login in ("boss", "cid", "dan"):
        office.decide(login)
    return "ann", request


def given_long_ago(office):
    found = given(office)
    office.runtime.clock.advance(days=4)
    return found


def claimed_by_me(office):
    _, request = given(office)
    with office.act("bob") as unit:
        workflow.claim(unit, "request", request)
    return "bob", request


def claimed_by_another(office):
    _, request = claimed_by_me(office)
    return "cid", request


def given_as_no_holder(office):
    return "chief", given(office)[1]


def ended(office):
    request = submitted(office)
    office.decide("boss", Verb.REJECT, "no")
    return "ann", request


def ended_long_ago(office):
    found = ended(office)
    office.runtime.clock.advance(days=3)
    return found


def hidden(office):
    request = submitted(office)
    office.update(None, "request", request, by_rule=True, title="hidden")
    return "chief", request


def gone(office):
    request = submitted(office)
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="request", id=request)], by_rule=True)
    return "ann", request


# Of each verb, in the order of `ON_RECORDS`.
RECORDS = {
    # submit cancel unknown withdraw revoke terminate reopen claim release urge comment
    drafted: "done done NotFound Conflict Conflict Conflict Conflict Conflict Conflict Conflict done",
    drafted_by_another: "Denied Denied NotFound Conflict Conflict Conflict Conflict Conflict Conflict Conflict done",
    in_review: "again done NotFound done Conflict done Conflict Conflict Conflict done done",
    in_review_as_another: "Denied Denied NotFound Denied Conflict Denied Conflict Conflict Conflict Denied done",
    decided_once: "Conflict done NotFound Conflict Conflict done Conflict Conflict Conflict done done",
    given: "Conflict Conflict NotFound Conflict done Conflict Conflict done again Conflict done",
    given_long_ago: "Conflict Conflict NotFound Conflict Denied Conflict Conflict done again Conflict done",
    given_as_no_holder: "Denied Denied NotFound Conflict Denied Conflict Conflict Denied Denied Conflict done",
    claimed_by_me: "Denied Denied NotFound Conflict Denied Conflict Conflict again done Conflict done",
    claimed_by_another: "Denied Denied NotFound Conflict Denied Conflict Conflict Conflict Denied Conflict done",
    ended: "Conflict Conflict NotFound Conflict Conflict Conflict done Conflict Conflict Conflict done",
    ended_long_ago: "Conflict Conflict NotFound Conflict Conflict Conflict Denied Conflict Conflict Conflict done",
    hidden: "NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound",
    gone: "NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound NotFound",
}


@pytest.mark.parametrize("situation", RECORDS, ids=lambda each: each.__name__)
def test_verbs_on_a_record(office, situation):
    login, request = situation(office)
    person = office.person(login)
    found = {
        name: outcome(office, person, lambda unit, verb=verb: verb(unit, request), request)
        for name, verb in ON_RECORDS.items()
    }
    assert found == dict(zip(ON_RECORDS, RECORDS[situation].split(), strict=True))
