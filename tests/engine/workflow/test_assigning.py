"""Who decides when nobody is found, when the submitter would, when somebody has just decided."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from orderkit.engine import workflow
from orderkit.model.errors import Refused
from orderkit.model.people import NamedPerson
from tests.engine.workflow.reviewing import (
    decide_all,
    outcomes,
    status,
    submitted,
    under,
)


def test_nobody_found_is_never_silent(office_with):
    office = office_with("{id: s, approvers: role(nobody)}")
    request = submitted(office)
    assert outcomes(office, request) == {"root": ("open", None)}
    with office.look(None) as unit:
        (note,) = [each for each in workflow.timeline(unit, "request", request) if each.verb == "assign"]
    assert note.label["zh"] == "改派审批人：S（找不到审批人） → root"
    assert note.actor.id is None


@pytest.mark.parametrize(("word", "expected"), [("approve", "done"), ("reject", "refused")])
def test_nobody_found_may_be_decided_by_name(office_with, word, expected):
    office = office_with("{id: s, approvers: role(nobody)}")
    (life,) = office.runtime.project.workflows
    named = replace(life, policy=replace(life.policy, no_approver=NamedPerson(word)))
    office = under(office, replace(office.runtime.project, workflows=(named,)))
    request = submitted(office)
    assert status(office, request) == expected
    assert ("skip", "system", "s") in office.timeline("request", request)


def test_nobody_at_all_refuses_the_press_and_changes_nothing(office_with):
    office = office_with("{id: s, approvers: role(nobody)}")
    request = office.create("ann", "request", {"title": "x"})
    user = office.runtime.database.tables["user"]
    root = user.c.id == office.ids["root"]
    with office.act(None) as unit:
        unit.connection.execute(update(user).where(root).values(active=False))
    try:
        with pytest.raises(Refused) as refused:
            office.do("ann", "request", request, "submit")
        assert refused.value.problems[0].code == "no_approver"
        assert status(office, request) == "draft"
    finally:
        with office.act(None) as unit:
            unit.connection.execute(update(user).where(root).values(active=True))


SELF = "{{self_approval: {}, duplicate_approver: none}}"


@pytest.mark.parametrize(
    ("rule", "step", "submitter", "expected"),
    [
        pytest.param("allow", "role(clerk)", "ann", {"ann": "open", "bob": "open"}, id="allow"),
        pytest.param("skip", "role(clerk)", "ann", {"bob": "open"}, id="skip: the others decide"),
        pytest.param("skip", "user(ann)", "ann", {"ann": "skipped"}, id="skip: alone, it passes"),
        pytest.param("to_manager", "user(ann)", "ann", {"boss": "open"}, id="to_manager"),
        pytest.param(
            "to_manager", "[user(ann), user(boss)]", "ann", {"boss": "open"}, id="to_manager: asked once"
        ),
        pytest.param("to_manager", "user(bob)", "bob", {"root": "open"}, id="to_manager: there is none"),
        pytest.param("forbid", "role(clerk)", "ann", {"bob": "open"}, id="forbid: the others decide"),
        pytest.param("forbid", "user(ann)", "ann", {"root": "open"}, id="forbid: nobody else is left"),
        pytest.param("to_manager", "user(root)", "root", {"root": "open"}, id="a lone administrator"),
    ],
)
def test_who_decides_when_the_submitter_would(office_with, rule, step, submitter, expected):
    approvers = step if step.startswith("[") else f'"{step}"'
    office = office_with(f"{{id: s, approvers: {approvers}, mode: all}}", policy=SELF.format(rule))
    request = submitted(office, submitter)
    assert {login: state for login, (state, _) in outcomes(office, request).items()} == expected
    if rule != "allow":
        with office.look(None) as unit:
            noted = [
                each
                for each in workflow.timeline(unit, "request", request)
                if each.verb in {"assign", "skip"}
            ]
        assert [(each.actor.id, each.on_behalf_of.name) for each in noted] == [(None, submitter)]


def test_a_submitter_who_is_forbidden_and_alone_is_refused(office_with):
    office = office_with("{id: s, approvers: user(root)}", policy=SELF.format("forbid"))
    request = office.create("root", "request", {"title": "x"})
    with pytest.raises(Refused) as refused:
        office.do("root", "request", request, "submit")
    assert refused.value.problems[0].code == "self_approval"


TWICE = (
    "{id: one, approvers: user(boss)}",
    "{id: two, approvers: user(chief), fields: {amount: edit}}",
    "{id: three, approvers: user(boss)}",
)
DUPLICATE = "{{self_approval: allow, duplicate_approver: {}}}"


@pytest.mark.parametrize(
    ("rule", "steps", "change", "decisions", "expected"),
    [
        ("consecutive", (TWICE[0], TWICE[2]), False, "boss:approve", "done"),
        ("consecutive", TWICE, False, "boss:approve chief:approve", "review"),
        ("once", TWICE, False, "boss:approve chief:approve", "done"),
        ("once", TWICE, True, "boss:approve chief:approve", "review"),
        ("none", (TWICE[0], TWICE[2]), False, "boss:approve", "review"),
    ],
    ids=["consecutive", "not consecutive", "once", "once, but the content changed", "never"],
)
def test_who_approved_just_before_is_not_asked_again(  # noqa: PLR0917 - a table
    office_with, rule, steps, change, decisions, expected
):
    office = office_with(*steps, policy=DUPLICATE.format(rule))
    request = submitted(office)
    first, *rest = decisions.split()
    decide_all(office, first)
    if change:
        office.update("chief", "request", request, amount=Decimal(999))
    decide_all(office, " ".join(rest))
    assert status(office, request) == expected
    with office.look(None) as unit:
        skipped = [each for each in workflow.timeline(unit, "request", request) if each.verb == "skip"]
    if expected == "done":
        (each,) = skipped
        assert (each.actor.id, each.on_behalf_of.name, each.data["reason"]) == (
            None,
            "boss",
            "auto:duplicate",
        )
