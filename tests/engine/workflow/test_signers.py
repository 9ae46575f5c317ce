"""Signers that approvers add: before, after and beside them, within each other, and taken away again."""

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied, Refused
from orderkit.model.workflow.workflows import Mode
from tests.engine.workflow.reviewing import (
    VOTE,
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
MAY = "may: {add_signer: true, remove_signer: true}"


def adds(office, login, place, *names, mode=Mode.ALL):
    return does(office, login, workflow.add_signers, [office.ids[each] for each in names], place, mode)


@pytest.mark.parametrize(
    ("place", "mode", "decisions", "state", "asked"),
    [
        ("before", Mode.ALL, "", "review", "bob cid"),
        ("before", Mode.ALL, "cid:approve", "review", "bob"),
        ("before", Mode.ALL, "cid:approve bob:approve", "review", "boss"),
        ("before", Mode.ALL, "cid:approve bob:approve boss:approve", "done", ""),
        ("before", Mode.ANY, "bob:approve", "review", "boss"),
        ("before", Mode.SEQUENCE, "", "review", "cid"),
        ("before", Mode.SEQUENCE, "cid:approve", "review", "bob"),
        ("before", Mode.ALL, "cid:reject", "refused", ""),
        ("after", Mode.ALL, "", "review", "boss"),
        ("after", Mode.ALL, "boss:approve", "review", "bob cid"),
        ("after", Mode.SEQUENCE, "boss:approve", "review", "cid"),
        ("after", Mode.ALL, "boss:approve bob:approve cid:approve", "done", ""),
        ("after", Mode.ANY, "boss:approve bob:approve", "done", ""),
        ("after", Mode.ALL, "boss:approve bob:reject", "refused", ""),
        ("after", Mode.ALL, "boss:reject", "refused", ""),
        ("parallel", Mode.ALL, "", "review", "bob boss cid"),
    ],
)
def test_rule_23_signers_before_after_and_beside(  # noqa: PLR0917 - a table
    office_with, place, mode, decisions, state, asked
):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    adds(office, "boss", place, "cid", "bob", mode=mode)
    decide_all(office, decisions)
    assert (status(office, request), waiting(office, request)) == (state, asked)


def test_rule_23_a_rejection_by_a_signer_is_one_of_the_task_they_were_added_to(office_with):
    office = office_with("{id: s, approvers: role(lead), veto: false}", more=MAY)
    request = submitted(office)
    adds(office, "boss", "before", "cid")
    decide_all(office, "cid:reject")
    assert outcomes(office, request)["boss"] == ("rejected", "signer")
    assert (status(office, request), waiting(office, request)) == ("review", "chief")


def test_rule_03_signers_beside_count_in_a_vote(office_with):
    office = office_with(VOTE % ">= 60%", more=MAY)
    request = submitted(office)
    adds(office, "ann", "parallel", "boss", "chief", "root")
    decide_all(office, "ann:approve bob:approve cid:approve dan:approve")
    assert status(office, request) == "review", "five of eight"
    decide_all(office, "boss:approve")
    assert status(office, request) == "done"


def test_rule_23_signers_add_signers_three_deep_and_no_deeper(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    for login, signer in (("boss", "bob"), ("bob", "cid"), ("cid", "dan")):
        adds(office, login, "before", signer)
    with pytest.raises(Refused) as refused:
        adds(office, "dan", "before", "eve")
    assert refused.value.problems[0].code == "depth"
    decide_all(office, "dan:approve cid:approve bob:approve boss:approve")
    assert status(office, request) == "done"


def test_rule_23_before_and_after_may_stand_at_one_task(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    adds(office, "boss", "after", "cid")
    adds(office, "boss", "before", "bob")
    decide_all(office, "bob:approve boss:approve")
    assert waiting(office, request) == "cid"
    decide_all(office, "cid:approve")
    assert status(office, request) == "done"
    assert outcomes(office, request)["boss"] == ("approved", None)


def test_signers_of_a_step_that_ended_another_way_have_nothing_left_to_do(office_with):
    office = office_with("{id: s, approvers: role(lead)}", more=MAY)
    submitted(office)
    adds(office, "boss", "before", "bob")
    adds(office, "chief", "after", "cid")
    with office.look("root") as unit:
        assert office.tasks("bob", "cid") == {"bob": 1, "cid": 0}, unit
    adds(office, "bob", "parallel", "dan")
    does(office, "chief", workflow.decide_task, Verb.REJECT, "no")
    assert office.tasks("boss", "bob", "cid", "dan") == {"boss": 0, "bob": 0, "cid": 0, "dan": 0}


def test_signers_of_a_step_that_is_over_are_no_longer_asked_while_the_approval_goes_on(office_with):
    office = office_with(
        "{id: s, approvers: role(lead)}",
        "{id: t, approvers: user(eve)}",
        more=f"{MAY[:-1]}, delegate: true}}",
    )
    request = submitted(office)
    adds(office, "boss", "before", "bob")
    does(office, "bob", workflow.delegate, office.ids["cid"])
    decide_all(office, "chief:approve")
    assert waiting(office, request) == "eve"
    assert office.tasks("boss", "bob", "cid") == {"boss": 0, "bob": 0, "cid": 0}


@pytest.mark.parametrize("place", ["before", "after", "parallel"])
def test_a_signer_is_removed_by_who_added_them_and_by_nobody_else(office_with, place):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    adds(office, "boss", place, "cid")
    with office.look("boss") as unit:
        (task,) = [each for each in workflow.record_tasks(unit, "request", request) if each.may_remove]
    assert task.assignee.name == "cid"
    with office.act("chief") as unit, pytest.raises(Denied):
        workflow.remove_signer(unit, task.id)
    results = []
    for _ in range(2):
        with office.act("boss") as unit:
            results.append(workflow.remove_signer(unit, task.id))
    assert [each.is_repeated for each in results] == [False, True]
    assert waiting(office, request) == "boss"
    decide_all(office, "boss:approve")
    assert status(office, request) == "done"
    assert outcomes(office, request)["cid"] == ("cancelled", "removed")


def test_without_the_last_signer_after_them_a_decision_counts(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    adds(office, "boss", "after", "cid")
    decide_all(office, "boss:approve")
    with office.look("boss") as unit:
        (task,) = [each for each in workflow.record_tasks(unit, "request", request) if each.may_remove]
    with office.act("boss") as unit:
        assert workflow.remove_signer(unit, task.id).state == "done"


def test_a_signer_who_has_decided_is_not_removed_any_more(office_with):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    adds(office, "boss", "before", "cid")
    task = task_of(office, "cid", request)
    decide_all(office, "cid:approve")
    with office.act("boss") as unit, pytest.raises(Conflict) as conflict:
        workflow.remove_signer(unit, task.id)
    assert "cid" in conflict.value.explain["zh"]


@pytest.mark.parametrize(
    ("more", "place", "name", "code"),
    [
        ("if_empty: approve", "before", "cid", "verb"),
        ("may: {add_signer: [after]}", "before", "cid", "verb"),
        (MAY, "elsewhere", "cid", "verb"),
        (MAY, "before", "boss", "yourself"),
        (MAY, "before", "ann", "self_approval"),
    ],
)
def test_who_may_be_added_where(office_with, more, place, name, code):
    office = office_with(ONE, more=more, policy="{self_approval: forbid, duplicate_approver: none}")
    submitted(office)
    with pytest.raises(Refused) as refused:
        adds(office, "boss", place, name)
    assert [each.code for each in refused.value.problems] == [code]


@pytest.mark.parametrize("place", ["before", "after", "parallel"])
def test_rule_18_the_same_signers_added_twice_are_added_once(office_with, place):
    office = office_with(ONE, more=MAY)
    request = submitted(office)
    task = task_of(office, "boss", request)
    results = []
    for _ in range(2):
        with office.act("boss") as unit:
            results.append(workflow.add_signers(unit, task.id, [office.ids["cid"]], place))
    assert [each.is_repeated for each in results] == [False, True]
    with office.look("root") as unit:
        found = [t for t in workflow.record_tasks(unit, "request", request) if t.assignee.name == "cid"]
    assert len(found) == 1


def test_a_signer_may_return_the_record(office_with):
    office = office_with(
        "{id: first, approvers: user(chief)}", ONE, more="may: {add_signer: true, return: [any]}"
    )
    request = submitted(office)
    decide_all(office, "chief:approve")
    adds(office, "boss", "before", "cid")
    decides(office, "cid", "return", to="first")
    assert waiting(office, request) == "chief"
    assert office.tasks("boss", "cid") == {"boss": 0, "cid": 0}
