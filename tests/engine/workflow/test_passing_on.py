"""Handing a task over, and asking for help with it: who may, whom, and who decides in the end."""

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied, Refused
from tests.engine.workflow.reviewing import (
    decide_all,
    decides,
    does,
    outcomes,
    status,
    submitted,
    task_of,
    waiting,
)

ONE = "{id: s, approvers: user(boss)}"
BOARD = "{id: s, approvers: role(lead), mode: all}"
MAY = "may: {transfer: true, delegate: true}"
ONLY = "may: {transfer: role(board), delegate: role(board)}"


def test_rule_24_who_takes_a_task_over_decides(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    since = task_of(office, "boss").since
    office.runtime.clock.advance(hours=2)
    does(office, "boss", workflow.transfer, office.ids["cid"], "you know this better")
    assert waiting(office, request) == "cid"
    assert task_of(office, "cid").since == since, "the clock runs on"
    decide_all(office, "cid:approve")
    assert status(office, request) == "done"
    assert outcomes(office, request) == {"boss": ("transferred", None), "cid": ("approved", None)}
    with office.look(None) as unit:
        (entry,) = [e for e in workflow.timeline(unit, "request", request) if e.verb == "transfer"]
    assert (entry.actor.name, entry.data["to"], entry.comment) == (
        "boss",
        [office.ids["cid"]],
        "you know this better",
    )


def test_a_task_that_is_handed_over_counts_once(office_with):
    office = office_with(BOARD, more=MAY)
    request = submitted(office)
    does(office, "boss", workflow.transfer, office.ids["cid"])
    decide_all(office, "cid:approve")
    assert status(office, request) == "review"
    decide_all(office, "chief:approve")
    assert status(office, request) == "done"


def test_rule_24_whoever_helps_gives_it_back_to_its_owner(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    does(office, "boss", workflow.delegate, office.ids["cid"], "what do you think?")
    assert waiting(office, request) == "cid"
    item = task_of(office, "cid")
    assert (item.is_help, item.verbs, item.asked_by.name) == (True, (Verb.ANSWER,), "boss")
    with pytest.raises(Refused):
        decides(office, "cid", "approve")
    with pytest.raises(Refused) as refused:
        decides(office, "cid", "answer", comment=" ")
    assert refused.value.problems[0].path == "comment"
    decides(office, "cid", "answer", comment="looks good")
    assert (status(office, request), waiting(office, request)) == ("review", "boss")
    with pytest.raises(Refused):
        decides(office, "boss", "answer")
    decide_all(office, "boss:approve")
    assert status(office, request) == "done"
    assert outcomes(office, request) == {"boss": ("approved", None), "cid": ("answered", None)}


def test_help_counts_as_no_decision(office_with):
    office = office_with(BOARD, more=MAY)
    request = submitted(office)
    does(office, "boss", workflow.delegate, office.ids["cid"])
    decide_all(office, "chief:approve")
    decides(office, "cid", "answer")
    assert (status(office, request), waiting(office, request)) == ("review", "boss")


def test_help_that_is_no_longer_needed_leaves_the_inbox(office_with):
    office = office_with("{id: s, approvers: role(lead)}", more=MAY)
    submitted(office)
    does(office, "boss", workflow.delegate, office.ids["cid"])
    decide_all(office, "chief:approve")
    assert office.tasks("boss", "cid") == {"boss": 0, "cid": 0}


def test_whose_turn_it_is_in_a_sequence_keeps_it_while_somebody_helps(office_with):
    office = office_with("{id: s, approvers: role(lead), mode: sequence}", more=MAY)
    request = submitted(office)
    does(office, "chief", workflow.delegate, office.ids["cid"])
    decides(office, "cid", "answer")
    assert waiting(office, request) == "chief"
    does(office, "chief", workflow.transfer, office.ids["dan"])
    decide_all(office, "dan:approve boss:approve")
    assert status(office, request) == "done"


@pytest.mark.parametrize("verb", [workflow.transfer, workflow.delegate])
@pytest.mark.parametrize(
    ("more", "to", "code"),
    [
        (ONLY, "bob", None),
        (ONLY, "chief", "not_allowed"),
        (MAY, "boss", "yourself"),
        (MAY, "ann", "self_approval"),
        (MAY, None, "not_found"),
        ("if_empty: approve", "bob", "verb"),
    ],
)
def test_to_whom_a_task_may_go(office_with, verb, more, to, code):
    office = office_with(ONE, more=more, policy="{self_approval: forbid, duplicate_approver: none}")
    submitted(office)
    to_id = 10**9 if to is None else office.ids[to]
    if code is None:
        does(office, "boss", verb, to_id)
        return
    with pytest.raises(Refused) as refused:
        does(office, "boss", verb, to_id)
    assert [each.code for each in refused.value.problems] == [code]


def test_a_task_goes_to_nobody_who_decides_in_the_step_already(office_with):
    office = office_with(BOARD, more=MAY)
    submitted(office)
    with pytest.raises(Refused) as refused:
        does(office, "boss", workflow.transfer, office.ids["chief"])
    assert refused.value.problems[0].code == "already"


@pytest.mark.parametrize("verb", [workflow.transfer, workflow.delegate])
def test_rule_18_the_same_click_twice_passes_on_once_and_the_loser_learns_of_it(office_with, verb):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    task = task_of(office, "boss")
    results = []
    for _ in range(2):
        with office.act("boss") as unit:
            results.append(verb(unit, task.id, office.ids["cid"]))
    assert [each.is_repeated for each in results] == [False, True]
    assert waiting(office, request) == "cid"
    with office.act("boss") as unit, pytest.raises(Conflict):
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    with office.act("bob") as unit, pytest.raises(Denied):
        verb(unit, task.id, office.ids["cid"])


def test_a_step_may_let_its_approvers_do_other_things_than_the_approval(office_with):
    office = office_with(
        "{id: s, approvers: user(boss), may: {transfer: true}}", "{id: t, approvers: user(chief)}"
    )
    request = submitted(office)
    assert task_of(office, "boss").also == (Verb.TRANSFER,)
    decide_all(office, "boss:approve")
    assert task_of(office, "chief", request).also == ()
