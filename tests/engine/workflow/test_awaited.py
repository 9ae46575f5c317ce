"""Words whose engine comes later: the run-time ignores what it may, and refuses what it must not pass over."""

import pytest

from orderkit.engine import workflow
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import (
    FORM,
    LEAD,
    NAMES,
    POLICY,
    ROLES,
    WORKFLOW,
    decide_all,
    outcomes,
    status,
    submitted,
    under,
)
from tests.support.projects import project

PARALLEL = "parallel: {branches: [{steps: [{id: x, approvers: role(lead)}]}, {steps: [{id: y, approvers: role(board)}]}]}"
INCLUSIVE = "inclusive: {branches: [{when: 'coalesce(amount, 0) > 0', steps: [{id: x, approvers: role(lead)}]}, {default: true, steps: []}]}"
LOOP = "{foreach: parts, steps: [{id: x, approvers: role(lead)}]}"
DEEP = f"choose: [{{when: 'coalesce(amount, 0) > 1000000', steps: [{{{PARALLEL}}}]}}, {{default: true, steps: []}}]"
WORDS = """may: {return: [submitter], resume: ask, add_signer: true, transfer: true, delegate: role(lead), urge: {every: 2wh}, bulk: 5, comment: false}
    sla: {due: 8wh, remind: [{before_due: 2wh}], overdue: [{after_due: 1wd, auto: approve}]}
    cc: [{on: approved, to: role(board)}]
    revoked: {to: draft, within: 31d, by: submitter}
    terminated: {to: refused, by: role(admin)}"""


@pytest.mark.parametrize("block", [PARALLEL, INCLUSIVE, LOOP, DEEP])
def test_an_approval_with_blocks_that_cannot_run_is_refused_when_it_would_begin(office_with, block):
    office = office_with(LEAD, block)
    request = office.create("ann", "request", {"title": "x"})
    with pytest.raises(Refused) as caught:
        office.do("ann", "request", request, "submit")
    (problem,) = caught.value.problems
    assert problem.code == "awaited"
    assert "此版本还不能执行" in problem.message["zh"]
    assert "cannot run yet" in problem.message["en"]
    assert status(office, request) == "draft"
    assert outcomes(office, request) == {}


def test_the_button_into_such_an_approval_is_grey_and_says_why(office_with):
    office = office_with(PARALLEL)
    request = office.create("ann", "request", {"title": "x"})
    with office.look("ann") as unit:
        (button,) = [b for b in workflow.buttons(unit, "request", request) if b.transition == "submit"]
    assert not button.allowed
    assert "cannot run yet" in button.why["en"]


def test_words_that_await_their_engine_leave_the_approval_as_it_was(office_with):
    office = office_with(
        "{id: one, approvers: role(lead), sign: true, sla: {due: 1h}, may: {transfer: true}, after: [{task: owner}]}",
        more=WORDS,
    )
    request = submitted(office)
    decide_all(office, "boss:approve")
    assert status(office, request) == "done"


def test_a_transition_is_offered_and_pressed_only_while_its_when_holds(office_with):
    text = WORKFLOW.format(policy=POLICY, until="never", more="if_empty: approve") + f"      - {LEAD}\n"
    text = text.replace("by: owner}", "by: owner, when: \"title != null and title == 'x'\"}")
    office = under(office_with(LEAD), project(FORM, ROLES, *NAMES, text))
    offered, hidden = (office.create("ann", "request", {"title": title}) for title in ("x", "y"))
    with office.look("ann") as unit:
        assert [b.transition for b in workflow.buttons(unit, "request", offered)] == ["submit"]
        assert workflow.buttons(unit, "request", hidden) == ()
    with pytest.raises(Refused) as caught:
        office.do("ann", "request", hidden, "submit")
    assert [problem.code for problem in caught.value.problems] == ["when"]
    office.do("ann", "request", offered, "submit")
    assert status(office, offered) == "review"


def test_a_guard_sees_when_the_record_came_into_its_state_and_no_decisions_yet(office_with):
    text = WORKFLOW.format(policy=POLICY, until="never", more="if_empty: approve") + f"      - {LEAD}\n"
    rested = "by: owner, guard: 'days_between(date(visit.entered_at), today()) >= 2 and decisions == null'}"
    office = under(office_with(LEAD), project(FORM, ROLES, *NAMES, text.replace("by: owner}", rested)))
    request = office.create("ann", "request", {"title": "x"})
    with pytest.raises(Refused) as caught:
        office.do("ann", "request", request, "submit")
    assert [problem.code for problem in caught.value.problems] == ["guard"]
    office.runtime.clock.advance(days=2)
    office.do("ann", "request", request, "submit")
    assert status(office, request) == "review"
