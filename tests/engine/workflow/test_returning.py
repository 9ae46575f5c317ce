"""Returning: to whom, what counts no more, how it goes on, and when going straight back is refused."""

from decimal import Decimal

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import (
    decide_all,
    decides,
    outcomes,
    status,
    submitted,
    task_of,
    verbs_in,
    waiting,
)

STEPS = (
    "{id: a, approvers: user(boss)}",
    "{id: b, approvers: user(cid)}",
    "{id: c, approvers: user(dan)}",
    "{id: d, approvers: user(eve)}",
)
MAY = "may: {return: %s, resume: %s}"


@pytest.mark.parametrize(
    ("may", "expected"),
    [
        ("[submitter]", ["submitter"]),
        ("[previous]", ["c"]),
        ("[any]", ["submitter", "a", "b", "c"]),
        ("[step(a), step(d)]", ["a"]),
        ("[submitter, step(b)]", ["submitter", "b"]),
    ],
)
def test_to_whom_a_task_may_be_returned(office_with, may, expected):
    office = office_with(*STEPS, more=MAY % (may, "restart"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve dan:approve")
    task = task_of(office, "eve", request)
    assert Verb.RETURN in task.verbs
    with office.look("eve") as unit:
        assert [each.id for each in workflow.task(unit, task.id).choices.returns_to] == expected
    with pytest.raises(Refused) as refused:
        decides(office, "eve", "return", to="elsewhere")
    assert refused.value.problems[0].path == "to"


@pytest.mark.parametrize(
    ("resume", "said", "then"),
    [
        ("restart", None, ["cid", "dan", "eve"]),
        ("direct", None, ["eve"]),
        ("ask", None, ["cid", "dan", "eve"]),
        ("ask", "direct", ["eve"]),
        ("ask", "restart", ["cid", "dan", "eve"]),
    ],
)
def test_rule_10_after_a_return_to_a_step_all_is_done_again_or_it_comes_straight_back(
    office_with, resume, said, then
):
    office = office_with(*STEPS, more=MAY % ("[any]", resume))
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve dan:approve")
    decides(office, "eve", "return", to="a", resume=said)
    assert (status(office, request), waiting(office, request)) == ("review", "boss")
    decide_all(office, "boss:approve")
    for login in then:
        assert waiting(office, request) == login
        decide_all(office, f"{login}:approve")
    assert status(office, request) == "done"


def test_what_is_no_way_to_go_on_is_refused(office_with):
    office = office_with(*STEPS, more=MAY % ("[any]", "restart"))
    submitted(office)
    decide_all(office, "boss:approve")
    with pytest.raises(Refused):
        decides(office, "cid", "return", to="a", resume="direct")


def test_what_was_decided_before_a_return_stays_to_be_read(office_with):
    office = office_with(*STEPS[:2], more=MAY % ("[previous]", "restart"))
    request = submitted(office)
    decide_all(office, "boss:approve")
    decides(office, "cid", "return", comment="look again")
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    assert [(each.assignee.name, each.state.value) for each in found] == [
        ("boss", "approved"),
        ("cid", "returned"),
        ("boss", "open"),
    ]
    assert verbs_in(office, request)[-2:] == ["approve", "return"]


ASKED = MAY % ("[submitter]", "ask")


@pytest.mark.parametrize(
    ("more", "said", "asked"),
    [
        (MAY % ("[submitter]", "restart"), None, "boss"),
        (MAY % ("[submitter]", "direct"), None, "dan"),
        (ASKED, None, "boss"),
        (ASKED, "restart", "boss"),
        (ASKED, "direct", "dan"),
    ],
)
def test_rule_10_after_a_return_to_the_submitter(office_with, more, said, asked):
    office = office_with(*STEPS, more=more)
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve dan:return")
    assert status(office, request) == "draft"
    with office.look("ann") as unit:
        (button,) = [
            each for each in workflow.buttons(unit, "request", request) if each.transition == "submit"
        ]
    assert button.resumes is ("ask" in more)
    with office.act("ann") as unit:
        workflow.do(unit, "request", request, "submit", resume=said)
    assert waiting(office, request) == asked
    if asked == "dan":
        assert outcomes(office, request)["boss"] == ("approved", None), "what still holds is shown"
        decide_all(office, "dan:approve eve:approve")
        assert status(office, request) == "done"


def test_rule_10_straight_back_is_refused_once_a_deciding_field_changed(office_with):
    office = office_with(*STEPS, more=ASKED)
    request = submitted(office)
    decide_all(office, "boss:approve cid:return")
    office.update("ann", "request", request, amount=Decimal(999))
    with office.act("ann") as unit, pytest.raises(Refused) as refused:
        workflow.do(unit, "request", request, "submit", resume="direct")
    assert [each.code for each in refused.value.problems] == ["changed"]
    office.do("ann", "request", request, "submit")
    assert waiting(office, request) == "boss"


def test_rule_10_where_it_always_goes_straight_back_a_changed_field_begins_anew(office_with):
    office = office_with(*STEPS, more=MAY % ("[submitter]", "direct"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:return")
    office.update("ann", "request", request, amount=Decimal(999))
    office.do("ann", "request", request, "submit")
    assert waiting(office, request) == "boss"
    assert "restart" in verbs_in(office, request)


def test_decisions_that_still_hold_protect_what_they_rest_on(office_with):
    office = office_with(*STEPS, more=MAY % ("[submitter]", "direct"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:return")
    office.do("ann", "request", request, "submit")
    with pytest.raises(Refused) as refused:
        office.update(None, "request", request, by_rule=True, amount=Decimal(1))
    assert refused.value.problems[0].code == "approved"


def test_nothing_is_chosen_where_nothing_was_returned(office_with):
    office = office_with(*STEPS, more=ASKED)
    request = office.create("ann", "request", {"title": "x"})
    with office.act("ann") as unit, pytest.raises(Refused):
        workflow.do(unit, "request", request, "submit", resume="direct")


FORK = (
    "{id: before, approvers: user(boss)}",
    "parallel: {branches: [{steps: [{id: l1, approvers: user(cid)}, {id: l2, approvers: user(dan)}]}, {steps: [{id: r1, approvers: user(eve)}, {id: r2, approvers: user(bob)}]}]}",
)


@pytest.mark.parametrize(
    ("to", "asked", "then"),
    [
        ("before", "boss", "cid eve"),
        ("l1", "bob cid", "bob dan"),
    ],
    ids=["before the fork: both branches begin anew", "within the branch: the other goes on"],
)
def test_rule_11_returning_out_of_parallel_branches(office_with, to, asked, then):
    office = office_with(*FORK, more=MAY % ("[any]", "restart"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve eve:approve")
    assert waiting(office, request) == "bob dan"
    decides(office, "dan", "return", to=to)
    assert waiting(office, request) == asked
    decide_all(office, f"{asked.split()[-1]}:approve")
    assert waiting(office, request) == then


def test_rule_11_a_branch_beside_is_no_earlier_step(office_with):
    office = office_with(*FORK, more=MAY % ("[any]", "restart"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve eve:approve")
    task = task_of(office, "dan", request)
    with office.look("dan") as unit:
        found = [each.id for each in workflow.task(unit, task.id).choices.returns_to]
    assert found == ["submitter", "before", "l1"]


def test_rule_11_straight_back_into_a_fork_begins_all_of_the_fork_anew(office_with):
    office = office_with(*FORK, more=MAY % ("[any]", "direct"))
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve eve:approve")
    decides(office, "dan", "return", to="before")
    decide_all(office, "boss:approve")
    assert waiting(office, request) == "cid eve"


AGAIN = "{{self_approval: {}, duplicate_approver: once}}"


def test_rule_07_nobody_is_passed_over_in_a_step_that_was_returned_to(office_with):
    office = office_with(
        "{id: a, approvers: user(ann)}",
        "{id: b, approvers: user(boss)}",
        policy=AGAIN.format("skip"),
        more=MAY % ("[any]", "restart"),
    )
    request = submitted(office)
    assert waiting(office, request) == "boss"
    decides(office, "boss", "return", to="a")
    assert waiting(office, request) == "ann"


def test_rule_08_an_approval_before_a_return_spares_nobody_the_next_look(office_with):
    office = office_with(
        "{id: a, approvers: user(boss)}",
        "{id: b, approvers: user(cid)}",
        "{id: c, approvers: user(boss)}",
        policy=AGAIN.format("allow"),
        more=MAY % ("[any]", "restart"),
    )
    request = submitted(office)
    decide_all(office, "boss:approve")
    decides(office, "cid", "return", to="a")
    assert waiting(office, request) == "boss"


def test_rule_08_who_returned_a_step_looks_at_it_again(office_with):
    office = office_with(
        "{id: a, approvers: user(boss)}",
        "{id: b, approvers: user(cid), fields: {amount: edit}}",
        "{id: c, approvers: user(boss)}",
        policy=AGAIN.format("allow"),
        more=MAY % ("[any]", "direct"),
    )
    request = submitted(office)
    decide_all(office, "boss:approve")
    office.update("cid", "request", request, amount=Decimal(999))
    decide_all(office, "cid:approve")
    decides(office, "boss", "return", to="a")
    decide_all(office, "boss:approve")
    assert waiting(office, request) == "boss"


def test_rule_18_the_same_return_twice_is_one_return(office_with):
    office = office_with(*STEPS, more=MAY % ("[any]", "restart"))
    request = submitted(office)
    decide_all(office, "boss:approve")
    task = task_of(office, "cid", request)
    results = []
    for _ in range(2):
        with office.act("cid") as unit:
            more = workflow.Particulars(to="a")
            results.append(workflow.decide_task(unit, task.id, Verb.RETURN, "why", more))
    assert [each.is_repeated for each in results] == [False, True]
    assert verbs_in(office, request).count("return") == 1
