"""Branches and rows beside each other, as people meet them: who is asked, who no longer is, and how it ends."""

import threading
from decimal import Decimal

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Refused
from tests.engine.workflow.reviewing import (
    decide_all,
    outcomes,
    status,
    submitted,
    waiting,
)

PARALLEL = "parallel: {join: %s, branches: [{steps: [{id: one, approvers: user(boss)}, {id: two, approvers: user(cid)}]}, {steps: [{id: three, approvers: user(chief)}]}]}"
THEN = "{id: last, approvers: user(dan)}"


@pytest.mark.parametrize(
    ("join", "decisions", "state", "asked"),
    [
        ("all", "", "review", "boss chief"),
        ("all", "boss:approve", "review", "chief cid"),
        ("all", "boss:approve chief:approve cid:approve", "review", "dan"),
        ("all", "boss:approve chief:approve cid:approve dan:approve", "done", ""),
        ("any", "chief:approve", "review", "dan"),
        ("any", "chief:reject boss:approve cid:approve", "review", "dan"),
        ("any", "chief:reject boss:reject", "refused", ""),
        ("first", "boss:approve chief:approve", "review", "dan"),
        ("first", "chief:reject", "refused", ""),
    ],
)
def test_branches_beside_each_other(office_with, join, decisions, state, asked):
    office = office_with(PARALLEL % join, THEN)
    request = submitted(office)
    decide_all(office, decisions)
    assert (status(office, request), waiting(office, request)) == (state, asked)


def test_rule_17_a_rejected_branch_cancels_the_tasks_beside_it(office_with):
    office = office_with(PARALLEL % "all", THEN)
    request = submitted(office)
    decide_all(office, "chief:reject")
    assert status(office, request) == "refused"
    assert outcomes(office, request) == {"boss": ("cancelled", "cancelled"), "chief": ("rejected", None)}
    assert office.tasks("boss", "chief", "cid", "dan") == dict.fromkeys(("boss", "chief", "cid", "dan"), 0)


INCLUSIVE = "inclusive: {branches: [{when: 'coalesce(amount, 0) > 50', steps: [{id: x, approvers: user(boss)}]}, {when: 'coalesce(amount, 0) > 500', steps: [{id: y, approvers: user(chief)}]}, {default: true, steps: [{id: z, approvers: user(cid)}]}]}"


@pytest.mark.parametrize(("amount", "asked"), [(10, "cid"), (100, "boss"), (1000, "boss chief")])
def test_inclusive_branches(office_with, amount, asked):
    office = office_with(INCLUSIVE)
    assert waiting(office, submitted(office, amount=Decimal(amount))) == asked


LOOP = "{foreach: parts, where: \"item.note != null and item.note != 'skip'\", join: %s, steps: [{id: row, approvers: user(boss), mode: any}, {id: seen, when: \"item.note != null and item.note == 'twice'\", approvers: user(chief)}]}"


def with_parts(office, *notes):
    lines = {"parts": [{"note": each} for each in notes]}
    request = office.create("ann", "request", {"title": "x", "amount": Decimal(100)}, lines)
    office.do("ann", "request", request, "submit")
    return request


def test_steps_for_each_row_see_their_item(office_with):
    office = office_with(LOOP % "all", THEN)
    request = with_parts(office, "once", "skip", "twice")
    assert waiting(office, request) == "boss boss"
    decide_all(office, "boss:approve boss:approve")
    assert waiting(office, request) == "chief", "only the row of which the condition holds"
    decide_all(office, "chief:approve dan:approve")
    assert status(office, request) == "done"


def test_without_rows_there_is_nothing_to_decide(office_with):
    office = office_with(LOOP % "all")
    assert status(office, with_parts(office, "skip")) == "done"


def test_of_rows_of_which_any_is_enough_the_others_are_cancelled(office_with):
    office = office_with(LOOP % "any", THEN)
    request = with_parts(office, "once", "once")
    decide_all(office, "boss:approve")
    assert waiting(office, request) == "dan"


DEEP = "choose: [{when: 'coalesce(amount, 0) > 50', steps: [{parallel: {branches: [{steps: [{id: a, approvers: user(boss)}]}, {steps: [{foreach: parts, steps: [{id: b, approvers: user(chief)}]}]}]}}]}, {default: true, steps: []}]"


def test_blocks_within_blocks(office_with):
    office = office_with(DEEP, THEN)
    request = with_parts(office, "p", "q")
    assert waiting(office, request) == "boss chief chief"
    decide_all(office, "chief:approve boss:approve")
    assert waiting(office, request) == "chief"
    decide_all(office, "chief:approve")
    assert waiting(office, request) == "dan"


def test_rule_16_a_condition_that_an_empty_value_leaves_open_is_refused(office_with):
    office = office_with(
        "{foreach: parts, where: \"item.note == 'x'\", steps: [{id: b, approvers: user(chief)}]}"
    )
    request = office.create("ann", "request", {"title": "x"}, {"parts": [{"note": None}]})
    with pytest.raises(Refused) as refused:
        office.do("ann", "request", request, "submit")
    assert [each.code for each in refused.value.problems] == ["empty_value"]
    assert status(office, request) == "draft"


def test_rule_18_branches_decided_at_once_go_on_once(office_with):
    office = office_with(PARALLEL % "any", THEN)
    for _ in range(4):
        request = submitted(office)
        with office.look("root") as unit:
            ids = {each.assignee.name: each.id for each in workflow.record_tasks(unit, "request", request)}
        failures, together = [], threading.Barrier(2)

        def click(login, verb, together=together, ids=ids, failures=failures):
            together.wait()
            try:
                with office.act(login) as unit:
                    workflow.decide_task(unit, ids[login], verb, "because")
            except Conflict as conflict:
                failures.append(conflict)

        clicks = [("boss", Verb.REJECT), ("chief", Verb.APPROVE)]
        threads = [threading.Thread(target=click, args=each) for each in clicks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(failures) <= 1, "whoever comes after the block was settled is told so"
        assert waiting(office, request) == "dan"


def test_rule_25_a_new_visit_begins_every_branch_anew(office_with):
    office = office_with(PARALLEL % "all", THEN)
    request = submitted(office)
    decide_all(office, "boss:approve cid:approve")
    office.do("boss", "request", request, "pull")
    office.do("ann", "request", request, "submit")
    assert waiting(office, request) == "boss chief"
