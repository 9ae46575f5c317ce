"""Approvers whom the submitter, or the approver before them, chooses; copies; and signatures."""

import pytest

from orderkit.engine import workflow
from orderkit.engine.records.reading.attachments import open_attachment
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Denied, NotFound, Refused
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

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
BY_SUBMITTER = "{id: s, approvers: chosen_by(submitter), mode: all}"
BY_PREVIOUS = ("{id: one, approvers: user(boss)}", "{id: two, approvers: chosen_by(previous)}")


def submits(office, login="ann", **more):
    request = office.create(login, "request", {"title": "x"})
    with office.act(login) as unit:
        workflow.do(unit, "request", request, "submit", **more)
    return request


def test_the_submitter_chooses_who_decides(office_with):
    office = office_with(BY_SUBMITTER)
    request = office.create("ann", "request", {"title": "x"})
    with office.look("ann") as unit:
        (button,) = workflow.buttons(unit, "request", request)
    assert [(each.id, each.is_required) for each in button.chooses] == [("s", True)]
    request = submits(office, approvers={"s": [office.ids["cid"], office.ids["dan"]]})
    assert waiting(office, request) == "cid dan"
    decide_all(office, "cid:approve dan:approve")
    assert status(office, request) == "done"


@pytest.mark.parametrize(
    ("chosen", "path", "code"),
    [
        ({}, "approvers.s", "choose"),
        ({"s": []}, "approvers.s", "choose"),
        ({"s": [10**9]}, "approvers.s", "not_found"),
        ({"other": ["cid"]}, "approvers.other", "unknown_step"),
    ],
)
def test_a_choice_that_is_none_is_refused(office_with, chosen, path, code):
    office = office_with(BY_SUBMITTER)
    given = {step: [office.ids.get(each, each) for each in names] for step, names in chosen.items()}
    with pytest.raises(Refused) as refused:
        submits(office, approvers=given)
    assert [(each.path, each.code) for each in refused.value.problems] == [(path, code)]


def test_rule_07_whoever_chooses_themselves_is_a_submitter_who_would_decide(office_with):
    office = office_with(BY_SUBMITTER, policy="{self_approval: to_manager, duplicate_approver: none}")
    request = submits(office, approvers={"s": [office.ids["ann"]]})
    assert waiting(office, request) == "boss"


def test_whoever_decides_before_chooses_who_comes_next(office_with):
    office = office_with(*BY_PREVIOUS)
    request = submitted(office)
    task = task_of(office, "boss", request)
    with office.look("boss") as unit:
        assert [each.id for each in workflow.task(unit, task.id).choices.approvers] == ["two"]
    with pytest.raises(Refused) as refused:
        decides(office, "boss", "approve")
    assert refused.value.problems[0].path == "approvers.two"
    decides(office, "boss", "approve", approvers={"two": [office.ids["cid"]]})
    assert waiting(office, request) == "cid"


def test_rule_05_a_later_step_for_which_nobody_was_chosen_is_not_silent(office_with):
    step = "{id: s, when: 'coalesce(amount, 0) > 50', approvers: chosen_by(submitter)}"
    office = office_with("{id: one, approvers: user(boss)}", step)
    request = submitted(office)
    decide_all(office, "boss:approve")
    assert waiting(office, request) == "root"


CC = "cc: [{on: started, to: user(bob)}, {on: decided, to: user(cid)}, {on: approved, to: role(board)}, {on: rejected, to: user(dan)}]\n    may: {cc: true}"


def copies(office, login, request):
    with office.look(login) as unit:
        return [each.moment for each in workflow.copies_of(unit) if each.record_id == request]


def test_copies_go_out_at_their_moments_and_are_marked_read(office_with):
    office = office_with("{id: s, approvers: role(lead), mode: all}", more=CC)
    request = submitted(office)
    assert copies(office, "bob", request) == ["started"]
    decide_all(office, "boss:approve")
    assert copies(office, "cid", request) == [], "the step goes on"
    decide_all(office, "chief:approve")
    assert copies(office, "cid", request) == ["approved", "decided"]
    assert copies(office, "dan", request) == ["approved"]
    with office.act("bob") as unit:
        assert workflow.count_copies(unit) >= 2
        workflow.mark_copies_read(unit, "request", request)
        assert all(each.read_at for each in workflow.copies_of(unit) if each.record_id == request)


def test_an_approver_sends_copies_where_that_is_allowed(office_with):
    office = office_with("{id: s, approvers: user(boss)}", more=CC)
    request = submitted(office)
    for _ in range(2):
        does(office, "boss", workflow.send_copy, [office.ids["eve"], office.ids["ann"]])
    assert copies(office, "eve", request) == ["sent"]
    assert copies(office, "ann", request) == ["sent"]
    plain = office_with("{id: s, approvers: user(boss)}")
    submitted(plain)
    with pytest.raises(Refused):
        does(plain, "boss", workflow.send_copy, [office.ids["eve"]])


def signature(office, login):
    return workflow.upload_signature(office.runtime, office.person(login), Channel.PAGE, [PNG])


def test_a_step_that_wants_a_signature_is_not_approved_without_one(office_with):
    office = office_with("{id: s, approvers: role(lead), sign: true}")
    request = submitted(office)
    with pytest.raises(Refused) as refused:
        decides(office, "boss", "approve")
    assert refused.value.problems[0].path == "signature"
    with pytest.raises(Refused):
        decides(office, "boss", "approve", signature=signature(office, "chief"))
    drawn = signature(office, "boss")
    decides(office, "boss", "approve", signature=drawn)
    assert status(office, request) == "done"
    with office.look("ann") as unit:
        (item,) = [t for t in workflow.record_tasks(unit, "request", request) if t.signature]
        assert open_attachment(unit, item.signature)[0].name == "signature.png"
    request = submitted(office)
    with pytest.raises(Refused):
        decides(office, "boss", "approve", signature=drawn, request=request)


def test_a_rejection_needs_no_signature(office_with):
    office = office_with("{id: s, approvers: user(boss), sign: true}")
    request = submitted(office)
    decide_all(office, "boss:reject")
    assert outcomes(office, request)["boss"][0] == "rejected"


def test_nobody_opens_the_signature_of_a_task_that_is_gone(office_with):
    office = office_with("{id: s, approvers: user(boss), sign: true}")
    submitted(office)
    drawn = signature(office, "boss")
    with office.look("cid") as unit, pytest.raises((NotFound, Denied)):
        open_attachment(unit, drawn)
