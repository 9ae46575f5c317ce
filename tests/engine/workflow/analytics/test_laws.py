"""Whatever lives records led, the figures agree with each other and with what the timeline of each record says."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.engine import workflow
from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics import Behind, Figure
from tests.engine.workflow.analytics.requests import IN_OFFICE_HOURS, PROJECT

# What may be done next, by the state that a request is in.
NEXT = {
    "draft": ("submit", "drop"),
    "review": ("boss:approve", "boss:reject", "boss:return"),
    "working": ("finish", "drop"),
}
CHOICES = st.lists(st.tuples(st.integers(0, 200_000), st.integers(0, 5)), max_size=7)
LIVES = st.lists(CHOICES, min_size=1, max_size=4)


def lead(desk, choices):
    """Let a request live by numbers: how many seconds it waits, and which of the possible steps it takes."""
    request = desk.lead_a_life("1s now")
    for seconds, which in choices:
        state = desk.office.value("request", request, "status")
        steps = NEXT.get(state, ())
        if not steps:
            break
        desk.clock.advance(seconds=seconds)
        desk.take(request, steps[which % len(steps)], "ann")
    return request


def told(desk, requests):
    """Return what the timelines say: visits that are over by state, paths of ended lives, and how long those took."""
    visits, paths, ended = defaultdict(list), Counter(), timedelta()
    for request in requests:
        with desk.office.look(None) as unit:
            entries = [
                each for each in workflow.timeline(unit, "request", request) if each.target is not None
            ]
        for first, second in pairwise(entries):
            visits[first.target].append(second.at - first.at)
        if entries[-1].target in {"done", "refused"}:
            paths[">".join(each.target for each in entries)] += 1
            ended += entries[-1].at - entries[0].at
    return visits, paths, ended


@settings(max_examples=20, deadline=None)
@given(LIVES)
def test_figures_are_what_timelines_say(shared, lives):
    shared.clear()
    visits, paths, ended = told(shared, [lead(shared, choices) for choices in lives])
    with shared.asked() as asked:
        states = {each.state: each.spread for each in analytics.state_times(asked)}
        ways = analytics.variants(asked)
        weeks = analytics.throughput(asked)
        waiting = analytics.standing(asked)
    assert {state: (each.count, each.total) for state, each in states.items()} == {
        state: (len(times), sum(times, timedelta())) for state, times in visits.items()
    }
    assert {each.path: each.spread.count for each in ways.found} == paths
    assert sum((each.spread.total for each in ways.found), timedelta()) == ended
    assert sum(each.share for each in ways.found) == (1 if paths else 0)
    assert sum(each.started for each in weeks) == len(lives)
    assert sum(each.completed + each.cancelled for each in weeks) == ways.total == paths.total()
    assert sum(each.count for each in waiting) == len(lives) - ways.total


@pytest.mark.parametrize("project", [PROJECT, IN_OFFICE_HOURS], ids=["by the clock", "in office hours"])
@settings(max_examples=15, deadline=None)
@given(LIVES)
def test_times_of_states_add_up_to_the_lives(shared, project, lives):
    """Of lives that are over, nothing lies between the visits of their states and nothing twice."""
    desk = shared.under(project)
    shared.clear()
    for choices in lives:
        lead(desk, [*choices, (7200, 1), (3600, 1), (3600, 1)])
    with desk.asked() as asked:
        over = {each.path for each in analytics.variants(asked).found}
        spent = sum((each.spread.total for each in analytics.state_times(asked)), timedelta())
        lived = sum((each.spread.total for each in analytics.variants(asked).found), timedelta())
        counts = analytics.counts_by_state(asked)
    assert over
    if counts.keys() <= {"done", "refused"}:
        assert spent == lived
    else:
        assert spent >= lived


@settings(max_examples=10, deadline=None)
@given(LIVES)
def test_the_records_behind_a_figure_are_as_many_and_take_as_long(shared, lives):
    shared.clear()
    for choices in lives:
        lead(shared, choices)
    with shared.asked() as asked:
        for state in analytics.state_times(asked):
            behind = analytics.records_behind(
                asked, Behind(figure=Figure.STATE, values={"state": state.state}), limit=1000
            )
            assert len(behind) == state.spread.count
            assert sum((each.length for each in behind), timedelta()) == state.spread.total
        for way in analytics.variants(asked).found:
            behind = analytics.records_behind(
                asked, Behind(figure=Figure.PATH, values={"path": way.path}), limit=1000
            )
            assert len({each.record_id for each in behind}) == way.spread.count
