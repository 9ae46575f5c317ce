"""Buttons that are offered only under a condition, and what guards see besides the record."""

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
    status,
    under,
)
from tests.support.projects import project


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


def test_a_guard_sees_when_the_record_came_into_its_state_and_what_was_decided(office_with):
    text = WORKFLOW.format(policy=POLICY, until="never", more="if_empty: approve") + f"      - {LEAD}\n"
    rested = (
        "by: owner, guard: 'days_between(date(visit.entered_at), today()) >= 2 and decisions.lead == null'}"
    )
    office = under(office_with(LEAD), project(FORM, ROLES, *NAMES, text.replace("by: owner}", rested)))
    request = office.create("ann", "request", {"title": "x"})
    with pytest.raises(Refused) as caught:
        office.do("ann", "request", request, "submit")
    assert [problem.code for problem in caught.value.problems] == ["guard"]
    office.runtime.clock.advance(days=2)
    office.do("ann", "request", request, "submit")
    assert status(office, request) == "review"
