"""Dated substitutes: who sees whose tasks when, who may not decide, and rings of substitutes."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete

from orderkit.database.schema.system_tables import substitution
from orderkit.engine import records, workflow
from orderkit.engine.runtime import Channel
from orderkit.engine.scopes import Reach, Scope
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied, NotFound, Refused
from tests.engine.workflow.reviewing import (
    LEAD,
    outcomes,
    status,
    submitted,
    task_of,
    waiting,
)

ONE = "{id: s, approvers: user(boss), fields: {secret: read}}"


@pytest.fixture(autouse=True)
def nobody_stands_in(shared):
    yield
    with shared.act(None) as unit:
        unit.connection.execute(delete(substitution))


def stands_in(  # noqa: PLR0917 - who, for whom, from when, until when, in what
    office, user, substitute, first=0, last=3, workflow_id=None, *, as_=None
):
    """Let somebody name a substitute, from and until so many days from now."""
    now = office.runtime.clock.now()
    with office.act(as_ or user) as unit:
        return workflow.add_substitute(
            unit,
            office.ids[substitute],
            now + timedelta(days=first),
            now + timedelta(days=last),
            workflow_id,
            office.ids[user],
        )


def test_rule_24_both_see_the_task_and_the_first_to_act_decides(office_with):
    office = office_with(ONE)
    stands_in(office, "boss", "cid")
    request = submitted(office)
    assert office.tasks("boss", "cid", "dan") == {"boss": 1, "cid": 1, "dan": 0}
    task = task_of(office, "cid", request)
    assert (task.substitutes, task.assignee.name) == (True, "boss")
    with office.act("cid") as unit:
        workflow.decide_task(unit, task.id, Verb.APPROVE, seen=task.seen)
    assert status(office, request) == "done"
    with office.act("boss") as unit, pytest.raises(Conflict, match="cid"):
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    with office.look(None) as unit:
        (entry,) = [e for e in workflow.timeline(unit, "request", request) if e.verb == "approve"]
    assert (entry.actor.name, entry.on_behalf_of.name) == ("cid", "boss")
    with office.look("cid") as unit:
        assert [each.id for each in workflow.tasks(unit, "decided")] == [task.id]


@pytest.mark.parametrize(
    ("first", "last", "workflow_id", "sees"),
    [(0, 3, None, True), (0, 3, "life", True), (1, 3, None, False), (0, 1, None, True)],
)
def test_a_substitute_acts_within_the_dates_and_the_workflow(office_with, first, last, workflow_id, sees):
    office = office_with(ONE)
    stands_in(office, "boss", "cid", first, last, workflow_id)
    submitted(office)
    assert bool(office.tasks("cid")["cid"]) is sees
    office.runtime.clock.advance(days=2)
    assert bool(office.tasks("cid")["cid"]) is (last > 2)


def test_rule_24_nobody_decides_about_their_own_request_as_a_substitute(office_with):
    office = office_with(ONE)
    stands_in(office, "boss", "ann")
    request = submitted(office, "ann")
    task = task_of(office, "boss", request)
    with office.act("ann") as unit, pytest.raises(Denied, match="own request"):
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    with office.look("ann") as unit:
        assert workflow.task(unit, task.id).verbs == ()


def test_rule_24_chains_of_substitutes_are_cut_at_three(office_with):
    office = office_with(ONE)
    for user, substitute in (("boss", "bob"), ("bob", "cid"), ("cid", "dan"), ("dan", "eve")):
        stands_in(office, user, substitute)
    submitted(office)
    assert office.tasks("bob", "cid", "dan", "eve") == {"bob": 1, "cid": 1, "dan": 1, "eve": 0}


@pytest.mark.parametrize("chain", [("boss", "bob"), ("boss", "bob", "cid")])
def test_rule_24_a_ring_of_substitutes_is_refused(office_with, chain):
    office = office_with(ONE)
    for user, substitute in pairwise(chain):
        stands_in(office, user, substitute)
    with pytest.raises(Refused) as refused:
        stands_in(office, chain[-1], chain[0])
    assert [each.code for each in refused.value.problems] == ["loop"]
    stands_in(office, chain[-1], chain[0], 5, 6)


@pytest.mark.parametrize(
    ("substitute", "first", "last", "workflow_id", "code"),
    [
        ("boss", 0, 3, None, "yourself"),
        ("cid", 3, 3, None, "dates"),
        ("cid", -3, -1, None, "dates"),
        ("cid", 0, 3, "gone", "unknown_workflow"),
    ],
)
def test_what_is_no_agreement_is_refused(  # noqa: PLR0917 - a table
    office_with, substitute, first, last, workflow_id, code
):
    office = office_with(ONE)
    with pytest.raises(Refused) as refused:
        stands_in(office, "boss", substitute, first, last, workflow_id)
    assert [each.code for each in refused.value.problems] == [code]


def test_only_an_administrator_names_a_substitute_for_another(office_with):
    office = office_with(ONE)
    with pytest.raises(Denied):
        stands_in(office, "boss", "cid", as_="chief")
    stands_in(office, "boss", "cid", as_="root")
    submitted(office)
    assert office.tasks("cid") == {"cid": 1}


@pytest.mark.parametrize(
    ("reach", "forms"), [(Reach.READ, None), (Reach.WRITE, None), (Reach.FULL, frozenset({"request"}))]
)
def test_a_token_that_does_less_than_its_person_names_no_substitute(office_with, reach, forms):
    office = office_with(ONE)
    agreed = stands_in(office, "chief", "dan")
    now = office.runtime.clock.now()
    person = replace(office.person("chief"), scope=Scope(reach=reach, forms=forms))
    with pytest.raises(Denied), office.runtime.write(person, Channel.API) as unit:
        workflow.add_substitute(unit, office.ids["cid"], now, now + timedelta(days=1))
    with pytest.raises(Denied), office.runtime.write(person, Channel.API) as unit:
        workflow.end_substitution(unit, agreed)


def test_an_agreement_ends_when_one_of_both_says_so(office_with):
    office = office_with(ONE)
    agreed = stands_in(office, "boss", "cid")
    submitted(office)
    with office.act("dan") as unit, pytest.raises(NotFound):
        workflow.end_substitution(unit, agreed)
    with office.look("cid") as unit:
        (seen,) = workflow.substitutions(unit)
    assert (seen.user.name, seen.substitute.name) == ("boss", "cid")
    office.runtime.clock.advance(hours=1)
    with office.act("cid") as unit:
        workflow.end_substitution(unit, agreed)
        assert workflow.substitutions(unit) == ()
    assert office.tasks("boss", "cid") == {"boss": 1, "cid": 0}


def test_a_workflow_may_forbid_substitutes(office_with):
    policy = "{self_approval: allow, duplicate_approver: none, substitution: forbid}"
    office = office_with(ONE)
    stands_in(office, "boss", "cid")
    strict = office_with(ONE, policy=policy)
    request = submitted(strict)
    assert (waiting(strict, request), strict.tasks("cid")) == ("boss", {"cid": 0})
    task = task_of(strict, "boss", request)
    with strict.act("cid") as unit, pytest.raises(Denied):
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    with pytest.raises(Refused):
        stands_in(strict, "boss", "dan")


def test_a_substitute_sees_the_fields_of_the_step(office_with):
    office = office_with(ONE)
    stands_in(office, "boss", "cid")
    request = submitted(office)
    office.update(None, "request", request, by_rule=True, secret="42")
    with office.look("cid") as unit:
        assert records.get(unit, "request", request).values["secret"] == "42"
    with office.look("dan") as unit:
        assert "secret" not in records.get(unit, "request", request).values


def test_whoever_stands_in_for_one_of_several_decides_as_that_one(office_with):
    office = office_with(LEAD)
    stands_in(office, "chief", "cid")
    request = submitted(office)
    task = task_of(office, "cid", request)
    with office.act("cid") as unit:
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    assert outcomes(office, request)["boss"] == ("cancelled", "approved")
