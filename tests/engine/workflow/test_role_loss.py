"""Who loses a role while a task waits for them by it."""

import pytest

from orderkit.engine import accounts
from tests.engine.workflow.reviewing import LEAD, decide_all, outcomes, status, submitted, verbs_in, waiting


@pytest.fixture
def changing(office_with):
    """Let an administrator set roles, and set them back afterwards."""
    changed = {}

    def roles(office, login, *wanted):
        with office.act("root") as unit:
            changed.setdefault(login, (office, accounts.roles_of(unit, office.ids[login])))
            accounts.set_roles(unit, office.ids[login], wanted)

    yield roles
    for login, (office, former) in changed.items():
        with office.act("root") as unit:
            accounts.set_roles(unit, office.ids[login], former)


def test_rule_04_one_of_several_who_loses_the_role_is_no_longer_asked(office_with, changing):
    office = office_with(LEAD)
    request = submitted(office)
    changing(office, "boss")
    assert waiting(office, request) == "chief"
    assert outcomes(office, request)["boss"] == ("cancelled", "role_lost")
    assert verbs_in(office, request)[-1] == "assign"
    decide_all(office, "chief:approve")
    assert status(office, request) == "done"


def test_rule_04_when_the_last_one_loses_it_others_are_found_anew(office_with, changing):
    office = office_with("{id: s, approvers: role(odd)}")
    request = submitted(office)
    changing(office, "dan", "board")
    assert waiting(office, request) == "root", "nobody has the role, and that is not silent"
    decide_all(office, "root:approve")
    assert status(office, request) == "done"


@pytest.mark.parametrize("mode", ["all", "sequence", '{vote: ">= 50%"}'])
def test_rule_04_where_all_decide_people_stay_as_they_were_found(office_with, changing, mode):
    office = office_with(f"{{id: s, approvers: role(lead), mode: {mode}}}")
    request = submitted(office)
    before = waiting(office, request)
    changing(office, "boss")
    assert waiting(office, request) == before


def test_whoever_was_found_another_way_keeps_the_task(office_with, changing):
    office = office_with("{id: s, approvers: user(boss)}")
    request = submitted(office)
    changing(office, "boss")
    assert waiting(office, request) == "boss"
