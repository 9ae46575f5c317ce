"""What the words of an approval mean when things get hard, one by one, on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import delete

from orderkit.database.schema.system_tables import user_role
from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied, Refused, Stale
from tests.engine.workflow.reviewing import (
    ALL,
    ANY,
    LEAD,
    VOTE,
    decide_all,
    outcomes,
    status,
    submitted,
)


@pytest.mark.parametrize(
    ("step", "decisions", "expected"),
    [
        pytest.param(ANY % "true", "boss:approve", "done", id="any: the first approval decides"),
        pytest.param(ANY % "true", "boss:reject", "refused", id="any with veto: the first rejection decides"),
        pytest.param(
            ANY % "false", "boss:reject", "review", id="any without veto: a rejection leaves it to others"
        ),
        pytest.param(
            ANY % "false", "boss:reject chief:approve", "done", id="any without veto: another approves"
        ),
        pytest.param(
            ANY % "false", "boss:reject chief:reject", "refused", id="any without veto: all rejected"
        ),
        pytest.param(ALL, "boss:approve", "review", id="all: one is not enough"),
        pytest.param(ALL, "boss:approve chief:approve", "done", id="all: everybody approved"),
        pytest.param(ALL, "chief:reject", "refused", id="all: the first rejection ends it"),
        pytest.param(
            VOTE % ">= 60%", "ann:approve bob:approve cid:approve", "done", id="vote: three of five"
        ),
        pytest.param(VOTE % ">= 60%", "ann:reject bob:reject", "review", id="vote: it may still pass"),
        pytest.param(
            VOTE % ">= 60%", "ann:reject bob:reject cid:reject", "refused", id="vote: it cannot pass"
        ),
        pytest.param(VOTE % "> 80%", "ann:reject", "refused", id="vote: more than four of five"),
    ],
)
def test_modes(office_with, step, decisions, expected):
    office = office_with(step)
    request = submitted(office)
    decide_all(office, decisions)
    assert status(office, request) == expected


def test_losers_are_cancelled_never_approved_and_their_inbox_is_empty(office_with):
    office = office_with(ANY % "true")
    request = submitted(office)
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 1}
    office.decide("boss")
    assert outcomes(office, request) == {"boss": ("approved", None), "chief": ("cancelled", "approved")}
    assert office.tasks("boss", "chief") == {"boss": 0, "chief": 0}
    with office.look("chief") as unit:
        (item,) = workflow.tasks(unit, "decided")
    assert item.decided_by.name == "boss"


def test_a_sequence_asks_one_after_the_other(office_with):
    office = office_with('{id: s, approvers: "managers_of(owner, lead)", mode: sequence}')
    request = submitted(office)
    assert outcomes(office, request) == {"boss": ("open", None)}
    office = office_with("{id: s, approvers: role(lead), mode: sequence}")
    request = submitted(office)
    assert outcomes(office, request) == {"chief": ("open", None), "boss": ("waiting", None)}
    with office.look("root") as unit:
        boss_task = workflow.record_tasks(unit, "request", request)[1]
    with office.act("boss") as unit, pytest.raises(Conflict) as early:
        workflow.decide_task(unit, boss_task.id, Verb.APPROVE)
    assert early.value.explain["zh"] == "还没轮到您审批"
    decide_all(office, "chief:approve boss:approve")
    assert status(office, request) == "done"


def test_steps_follow_their_conditions_and_when_none_is_left_if_empty_decides(office_with):
    steps = ('{id: big, when: "coalesce(amount, 0) > 50", approvers: user(boss)}', '{id: huge, when: "coalesce(amount, 0) > 500", approvers: user(chief)}')  # fmt: skip
    office = office_with(*steps)
    large, small = submitted(office), submitted(office, amount=Decimal(10))
    assert outcomes(office, large) == {"boss": ("open", None)}
    assert status(office, small) == "done"
    assert ("skip", "system") in office.timeline("request", small)
    strict = office_with(*steps, more="if_empty: reject")
    assert status(strict, submitted(strict, amount=Decimal(10))) == "refused"


def test_people_are_frozen_when_the_step_begins(office_with):
    office = office_with("{id: s, approvers: role(odd), mode: all}")
    request = submitted(office)
    with office.act(None) as unit:
        unit.connection.execute(delete(user_role).where(user_role.c.role == "odd"))
    try:
        office.decide("dan")
        assert status(office, request) == "done"
    finally:
        with office.act(None) as unit:
            unit.connection.execute(user_role.insert().values(user_id=office.ids["dan"], role="odd"))


def test_changed_content_must_be_looked_at_again(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.look("boss") as unit:
        task = workflow.tasks(unit)[0]
    office.update(None, "request", request, by_rule=True, amount=Decimal(101))
    for seen in (task.seen, None):
        with office.act("boss") as unit, pytest.raises(Stale) as stale:
            workflow.decide_task(unit, task.id, Verb.APPROVE, seen=seen)
        assert stale.value.explain["zh"] == "内容已变更，请重看"
    office.update(None, "request", request, by_rule=True, title="not protected")
    assert office.decide("boss").state == "done"


def test_not_even_a_rule_changes_what_was_approved(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    office.decide("boss")
    with pytest.raises(Refused) as refused:
        office.update(None, "request", request, by_rule=True, amount=Decimal(101))
    assert [(each.path, each.code) for each in refused.value.problems] == [("amount", "approved")]
    office.update(None, "request", request, by_rule=True, title="not protected", amount=Decimal(100))
    assert office.value("request", request, "amount") == Decimal(100)


def test_reapprove_begins_again_when_content_changes(office_with):
    office = office_with(
        "{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}", more="reapprove: true"
    )
    request = submitted(office)
    office.decide("boss")
    office.update(None, "request", request, by_rule=True, amount=Decimal(5))
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 0}
    decide_all(office, "boss:approve chief:approve")
    assert status(office, request) == "done"


def test_rejecting_and_returning_need_a_comment(office_with):
    office = office_with(LEAD)
    submitted(office)
    for verb in (Verb.REJECT, Verb.RETURN):
        with pytest.raises(Refused) as refused:
            office.decide("boss", verb, "  ")
        assert refused.value.problems[0].path == "comment"


def test_a_returned_record_comes_back_as_a_new_visit(office_with):
    office = office_with(ALL)
    request = submitted(office)
    decide_all(office, "boss:approve chief:return")
    assert status(office, request) == "draft"
    office.update("ann", "request", request, amount=Decimal(80))
    office.do("ann", "request", request, "submit")
    assert outcomes(office, request) == {"boss": ("open", None), "chief": ("open", None)}
    decide_all(office, "boss:approve chief:approve")
    assert status(office, request) == "done"
    assert ("return", "chief", "s") in office.timeline("request", request)


def test_returning_is_offered_only_where_it_leads_somewhere(office_with):
    office = office_with(LEAD, more="may: {return: false}")
    submitted(office)
    with office.look("boss") as unit:
        assert workflow.tasks(unit)[0].verbs == (Verb.APPROVE, Verb.REJECT)
    with pytest.raises(Refused):
        office.decide("boss", Verb.RETURN, "because")


@pytest.mark.parametrize(
    ("until", "before", "after"),
    [("first_decision", True, False), ("approved", True, True), ("never", False, False)],
)
def test_withdrawing_is_open_until(office_with, until, before, after):
    office = office_with("{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}", until=until)

    def may_withdraw(request):
        try:
            with office.act("ann") as unit:
                return workflow.withdraw(unit, "request", request, "oops").state == "draft"
        except Conflict:
            return False

    assert may_withdraw(submitted(office)) is before
    request = submitted(office)
    office.decide("boss")
    assert may_withdraw(request) is after
    if after:
        assert office.timeline("request", request)[-1] == ("withdrawn", "ann", "draft")
        assert outcomes(office, request)["chief"] == ("cancelled", "withdrawn")


def test_only_the_submitter_withdraws(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.act("bob") as unit, pytest.raises(Denied):
        workflow.withdraw(unit, "request", request)


def test_leaving_by_another_way_ends_every_task(office_with):
    office = office_with(ALL)
    request = submitted(office)
    office.do("boss", "request", request, "pull")
    assert office.tasks("boss", "chief") == {"boss": 0, "chief": 0}
    office.do("ann", "request", request, "submit")
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 1}
