"""What somebody who leaves had still to decide: it goes to others, however they were let go, and nothing is decided."""

import pytest

from orderkit.engine import records, workflow
from orderkit.engine.workflow.approvals.handing_over import hand_over_tasks
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import ALL, ANY, outcomes, status, submitted

POLICY = "{self_approval: %s, duplicate_approver: none, comment_on: [reject]%s}"
BOSS = "{id: s, approvers: user(boss)}"


@pytest.fixture(autouse=True)
def all_back(shared):
    yield
    with shared.act(None) as unit:
        back = [records.Update(form="user", id=each, values={"active": True}) for each in shared.ids.values()]
        records.apply(unit, back)


def leave(office, login):
    """Let somebody go as the form of users does, without a word about a successor."""
    office.update("root", "user", office.ids[login], active=False)


def test_tasks_go_to_the_manager_and_the_timeline_says_so(office_with):
    office = office_with(BOSS)
    request = submitted(office)
    leave(office, "boss")
    assert office.tasks("chief") == {"chief": 1}
    with office.look("root") as unit:
        entry = workflow.timeline(unit, "request", request)[-1]
    assert (entry.verb, entry.actor.name, entry.on_behalf_of.name) == ("hand_over", "root", "boss")
    assert entry.label == {"zh": "离职交接：S → chief", "en": "Handed over by who left: S → chief"}
    office.decide("chief")
    assert status(office, request) == "done"


@pytest.mark.parametrize(
    ("leaver", "expected"),
    [
        ("", "chief"),
        (", leaver: role(odd)", "dan"),
        (", leaver: submitter", "chief"),
        (", leaver: role(nobody)", "chief"),
    ],
    ids=[
        "without a word: the manager",
        "as the policy says",
        "never the submitter",
        "nobody found: the manager",
    ],
)
def test_the_policy_says_who_gets_them(office_with, leaver, expected):
    office = office_with(BOSS, policy=POLICY % ("to_manager", leaver))
    submitted(office)
    leave(office, "boss")
    assert office.tasks(expected, "ann") == {expected: 1, "ann": 0}


def test_who_has_no_manager_leaves_tasks_to_an_administrator(office_with):
    office = office_with("{id: s, approvers: user(eve)}")
    submitted(office)
    leave(office, "eve")
    assert office.tasks("root") == {"root": 1}


def test_a_successor_never_gets_to_decide_what_they_submitted(office_with):
    office = office_with(BOSS, policy=POLICY % ("forbid", ""))
    submitted(office, "ann")
    with office.act("root") as unit:
        assert hand_over_tasks(unit, office.ids["boss"], office.ids["ann"]) == 1
    # The successor's manager is the one who leaves, so theirs it is.
    assert office.tasks("ann", "boss", "chief") == {"ann": 0, "boss": 0, "chief": 1}


def test_where_only_the_submitter_is_left_nobody_is_let_go(office_with):
    office = office_with("{id: s, approvers: user(eve)}", policy=POLICY % ("forbid", ""))
    request = office.create("root", "request", {"title": "x"})
    office.do("root", "request", request, "submit")
    with pytest.raises(Refused) as refused:
        leave(office, "eve")
    assert refused.value.problems[0].code == "self_approval"
    assert office.tasks("eve") == {"eve": 1}


def test_who_is_asked_already_is_not_asked_twice(office_with):
    office = office_with(ANY % "true")
    request = submitted(office)
    leave(office, "boss")
    assert office.tasks("chief") == {"chief": 1}
    assert outcomes(office, request)["boss"] == ("cancelled", "hand_over")
    office.decide("chief")
    assert status(office, request) == "done"


def test_where_all_decide_no_voice_is_lost(office_with):
    office = office_with(ALL)
    request = submitted(office)
    office.decide("chief")
    leave(office, "boss")
    assert status(office, request) == "review"
    assert office.tasks("chief") == {"chief": 1}
    office.decide("chief")
    assert status(office, request) == "done"


def test_whose_turn_comes_later_is_handed_over_too(office_with):
    office = office_with("{id: s, approvers: [user(cid), user(boss)], mode: sequence}")
    request = submitted(office)
    leave(office, "boss")
    assert office.tasks("chief") == {"chief": 0}
    office.decide("cid")
    assert office.tasks("chief") == {"chief": 1}
    office.decide("chief")
    assert status(office, request) == "done"
