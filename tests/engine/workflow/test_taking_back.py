"""Verbs on a whole record: revoke, terminate, reopen, withdraw twice, claim and release, urge."""

from dataclasses import replace

import pytest

from orderkit.engine import messages, workflow
from orderkit.engine.workflow.undoing import undoing
from orderkit.model.errors import Conflict, Denied
from tests.engine.workflow.reviewing import (
    FORM,
    NAMES,
    POLICY,
    ROLES,
    decide_all,
    status,
    submitted,
    under,
    verbs_in,
    waiting,
)
from tests.support.projects import project

LIFE = """
workflow: life
for: request
state: status
initial: draft
policy: {policy}
states:
  draft:   {{}}
  review:  {{approval: check}}
  done:    {{holder: role(board), claim: true}}
  refused: {{final: cancelled, reopen: {{to: draft, by: role(lead), within: 2d}}}}
  shut:    {{final: completed, reopen: draft}}
transitions:
  submit: {{from: draft, to: review, by: owner, revoke: {{within: 1h}}}}
  finish: {{from: done, to: shut, by: [role(board), role(lead)], revoke: {{within: 1h, by: role(lead)}}}}
approvals:
  check:
    approved: {{to: done}}
    rejected: {{to: refused}}
    withdrawn: {{to: draft, until: approved}}
    revoked: {{to: draft, within: 3d, by: submitter{keep}}}
    terminated: {{to: refused, by: role(lead)}}
    may: {{urge: {{every: 2h}}}}
    steps:
      - {{id: one, approvers: user(cid)}}
      - {{id: two, approvers: user(dan)}}
"""


@pytest.fixture
def office(office_with):
    text = LIFE.format(policy=POLICY, keep="")
    return under(office_with("{id: lead, approvers: role(lead)}"), project(FORM, ROLES, *NAMES, text))


def labels(office, login, request):
    with office.look(login) as unit:
        found = workflow.buttons(unit, "request", request)
    return {each.verb if each.verb != "do" else each.transition: each.allowed for each in found}


def test_an_approval_that_was_given_is_revoked_within_its_time(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    assert status(office, request) == "done"
    assert labels(office, "ann", request)["revoke"]
    assert "revoke" not in labels(office, "bob", request)
    with office.act("bob") as unit, pytest.raises(Denied):
        workflow.revoke(unit, "request", request)
    results = []
    for _ in range(2):
        with office.act("ann") as unit:
            results.append(workflow.revoke(unit, "request", request, "changed my mind"))
    assert [each.is_repeated for each in results] == [False, True]
    assert status(office, request) == "draft"
    assert verbs_in(office, request)[-1] == "revoked"


def test_an_approval_is_not_revoked_once_its_time_is_over(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    office.runtime.clock.advance(days=4)
    assert labels(office, "ann", request)["revoke"] is False
    with office.act("ann") as unit, pytest.raises(Denied, match="time"):
        workflow.revoke(unit, "request", request)


def test_what_has_gone_on_is_not_revoked(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    with office.act("bob") as unit:
        workflow.claim(unit, "request", request)
    office.do("bob", "request", request, "finish")
    with office.act("ann") as unit, pytest.raises(Denied):
        workflow.revoke(unit, "request", request)
    assert status(office, request) == "shut"


def test_a_transition_is_taken_back_by_who_pressed_it_or_by_whom_it_names(office):
    request = submitted(office)
    with office.act("boss") as unit, pytest.raises(Denied):
        workflow.revoke(unit, "request", request)
    with office.act("ann") as unit:
        assert workflow.revoke(unit, "request", request).state == "draft"
    assert office.tasks("cid") == {"cid": 0}
    office.do("ann", "request", request, "submit")
    decide_all(office, "cid:approve dan:approve")
    office.do("boss", "request", request, "finish")
    with office.act("chief") as unit:
        assert workflow.revoke(unit, "request", request).state == "done"


def test_an_approval_is_terminated_by_who_is_in_charge(office):
    request = submitted(office)
    with office.act("ann") as unit, pytest.raises(Denied):
        workflow.terminate(unit, "request", request)
    assert labels(office, "boss", request)["terminate"]
    for is_repeated in (False, True):
        with office.act("boss") as unit:
            assert workflow.terminate(unit, "request", request).is_repeated is is_repeated
    assert (status(office, request), waiting(office, request)) == ("refused", "")
    with office.act("chief") as unit, pytest.raises(Conflict, match="boss"):
        workflow.terminate(unit, "request", request)


def test_what_came_to_its_end_is_reopened_within_its_time(office):
    request = submitted(office)
    decide_all(office, "cid:reject")
    with office.act("ann") as unit, pytest.raises(Denied):
        workflow.reopen(unit, "request", request)
    with office.act("boss") as unit:
        assert workflow.reopen(unit, "request", request).state == "draft"
    with office.act("boss") as unit:
        assert workflow.reopen(unit, "request", request).is_repeated
    office.do("ann", "request", request, "submit")
    decide_all(office, "cid:reject")
    office.runtime.clock.advance(days=3)
    with office.act("boss") as unit, pytest.raises(Denied):
        workflow.reopen(unit, "request", request)


def test_only_an_administrator_reopens_where_nobody_is_named(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    office.do("boss", "request", request, "finish")
    with office.act("boss") as unit, pytest.raises(Denied):
        workflow.reopen(unit, "request", request)
    with office.act("root") as unit:
        assert workflow.reopen(unit, "request", request).state == "draft"


def test_rule_12_the_same_withdrawal_twice_is_one(office):
    request = submitted(office)
    results = []
    for _ in range(2):
        with office.act("ann") as unit:
            results.append(workflow.withdraw(unit, "request", request))
    assert [each.is_repeated for each in results] == [False, True]
    assert verbs_in(office, request).count("withdrawn") == 1


@pytest.mark.parametrize(
    ("leave", "undone"),
    [
        ("reject", ["submit"]),
        ("withdraw", ["submit"]),
        ("terminate", ["submit"]),
        ("approve", []),
        ("revoke", ["submit"]),
        ("keep", []),
    ],
)
def test_rule_12_leaving_an_approval_any_other_way_undoes_what_led_into_it(
    office, monkeypatch, leave, undone
):
    found = []
    monkeypatch.setattr(undoing, "undo_transition", lambda *given: found.append(given[-1]) or 0)
    if leave == "keep":
        text = LIFE.format(policy=POLICY, keep=", keep: true")
        office = under(office, project(FORM, ROLES, *NAMES, text))
    request = submitted(office)
    if leave == "reject":
        decide_all(office, "cid:reject")
    elif leave in {"withdraw", "terminate"}:
        with office.act({"withdraw": "ann", "terminate": "boss"}[leave]) as unit:
            getattr(workflow, leave)(unit, "request", request)
    else:
        decide_all(office, "cid:approve dan:approve")
    if leave in {"revoke", "keep"}:
        with office.act("ann") as unit:
            workflow.revoke(unit, "request", request)
    assert found == undone


def test_one_of_the_holders_claims_a_record_and_the_others_learn_of_it(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    assert labels(office, "bob", request) == {"finish": False, "claim": True}
    with office.act("bob") as unit, pytest.raises(Denied, match="claim"):
        workflow.do(unit, "request", request, "finish")
    results = []
    for _ in range(2):
        with office.act("bob") as unit:
            results.append(workflow.claim(unit, "request", request))
    assert [each.is_repeated for each in results] == [False, True]
    with office.act("cid") as unit, pytest.raises(Conflict, match="bob"):
        workflow.claim(unit, "request", request)
    with office.act("cid") as unit, pytest.raises(Denied):
        workflow.do(unit, "request", request, "finish")
    with office.act("chief") as unit, pytest.raises(Denied):
        workflow.claim(unit, "request", request)
    office.do("bob", "request", request, "finish")
    assert status(office, request) == "shut"


def test_whoever_is_no_holder_needs_no_claim(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    office.do("boss", "request", request, "finish")
    assert status(office, request) == "shut"


def test_a_claim_ends_when_it_is_given_back_and_when_the_record_goes_on(office):
    request = submitted(office)
    decide_all(office, "cid:approve dan:approve")
    with office.act("bob") as unit:
        workflow.claim(unit, "request", request)
    with office.act("cid") as unit, pytest.raises(Denied):
        workflow.release(unit, "request", request)
    with office.act("bob") as unit:
        workflow.release(unit, "request", request)
    with office.act("cid") as unit:
        workflow.claim(unit, "request", request)
    office.do("cid", "request", request, "finish")
    with office.act("boss") as unit:
        workflow.revoke(unit, "request", request)
    assert labels(office, "bob", request)["claim"], "a new visit, which nobody has claimed"


def test_who_submitted_urges_but_not_all_the_time(office):
    request = submitted(office)
    with office.act("bob") as unit, pytest.raises(Denied):
        workflow.urge(unit, "request", request)
    with office.act("ann") as unit:
        workflow.urge(unit, "request", request)
    with office.look("cid") as unit:
        assert [each.message for each in messages.inbox(unit) if each.record_id == request] == ["~urged"]
    assert labels(office, "ann", request)["urge"] is False
    with office.act("ann") as unit, pytest.raises(Conflict, match="again after"):
        workflow.urge(unit, "request", request)
    office.runtime.clock.advance(hours=2)
    with office.act("ann") as unit:
        workflow.urge(unit, "request", request)


def test_where_nobody_may_be_urged_there_is_no_such_button(office):
    (life,) = office.runtime.project.workflows
    (check,) = life.approvals
    quiet = replace(life, approvals=(replace(check, may=replace(check.may, urge=False)),))
    office = under(office, replace(office.runtime.project, workflows=(quiet,)))
    request = submitted(office)
    assert "urge" not in labels(office, "ann", request)
    with office.act("ann") as unit, pytest.raises(Conflict):
        workflow.urge(unit, "request", request)
