"""Where a record stands: its state, since when, with whom, and the way it came."""

from datetime import timedelta

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import NotFound
from tests.engine.workflow.reviewing import LEAD, submitted

BOARD = "{id: board, approvers: role(board), mode: all}"


def standing(office, record, who="ann"):
    with office.look(who) as unit:
        (found,) = workflow.standings(unit, "request", record)
    return found


def test_a_new_record_is_where_its_life_begins(office_with):
    office = office_with(LEAD)
    record = office.create("ann", "request", {"title": "x"})
    found = standing(office, record)
    assert (found.state.id, found.ways, found.steps, found.passed) == (
        "draft",
        frozenset(),
        frozenset(),
        frozenset(),
    )
    assert found.held_by is None, "the state names no holder"


def test_in_an_approval_it_is_with_whose_turn_it_is(office_with):
    office = office_with(LEAD, BOARD)
    record = submitted(office)
    found = standing(office, record)
    assert found.state.id == "review"
    assert found.ways == {("draft", "review")}
    assert set(found.held_by["zh"].split("、")) == {"boss", "chief"}
    assert (found.steps, found.passed) == ({"lead"}, frozenset())
    office.decide("boss", Verb.APPROVE)
    found = standing(office, record)
    assert set(found.held_by["en"].split(", ")) == {"ann", "bob", "cid", "dan", "eve"}
    assert (found.steps, found.passed) == ({"board"}, {"lead"})


def test_since_is_when_it_came_into_the_state_and_the_way_back_is_a_way_too(office_with):
    office = office_with(LEAD)
    record = submitted(office)
    before = standing(office, record).since
    office.runtime.clock.advance(hours=3)
    office.decide("boss", Verb.RETURN, "why so much?")
    found = standing(office, record)
    assert found.since == before + timedelta(hours=3)
    assert found.state.id == "draft"
    assert found.ways == {("draft", "review"), ("review", "draft")}


def test_a_life_that_is_over_is_with_nobody(office_with):
    office = office_with(LEAD)
    record = submitted(office)
    office.decide("boss", Verb.APPROVE)
    found = standing(office, record)
    assert (found.state.id, found.held_by) == ("done", None)
    assert found.visited == {"draft", "review", "done"}


def test_one_who_may_not_see_the_record_learns_nothing(office_with):
    office = office_with(LEAD)
    with office.look("ann") as unit, pytest.raises(NotFound):
        workflow.standings(unit, "request", 10**9)
