"""The figures of a workflow are those that one counts by hand, on both databases."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from orderkit.engine import records
from orderkit.engine.periods import Period
from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics import Behind, Figure
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from tests.engine.workflow.analytics.requests import hours


def spreads(found, *names):
    """Return count, median, p90 and total of each row, in hours, by what it is told apart by."""
    return {
        tuple(getattr(row, name) for name in names) if len(names) > 1 else getattr(row, names[0]): (
            row.spread.count,
            row.spread.median / hours(1),
            row.spread.p90 / hours(1),
            row.spread.total / hours(1),
        )
        for row in found
    }


def test_times_of_states_count_visits_that_are_over(desk):
    desk.lead_a_life("1h submit 2h boss:approve 4h finish")
    desk.lead_a_life("3h submit 4h boss:approve 6h finish")
    desk.lead_a_life("8h submit 5h now")
    with desk.asked() as asked:
        found = spreads(analytics.state_times(asked), "state")
    assert found == {
        "draft": (3, 3, 8, 12),
        "review": (2, 3, 4, 6),
        "working": (2, 5, 6, 10),
    }


@pytest.mark.parametrize(
    ("lengths", "median", "p90"),
    [
        ((5,), 5, 5),
        ((1, 3), 2, 3),
        ((1, 2, 9), 2, 9),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 100), 5.5, 9),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100), 6, 10),
    ],
    ids=["of one", "of two", "of three", "of ten, nine do not exceed it", "of eleven, ten do not exceed it"],
)
def test_median_and_p90(desk, lengths, median, p90):
    for each in lengths:
        desk.lead_a_life(f"{each}h drop")
    with desk.asked() as asked:
        (found,) = spreads(analytics.state_times(asked), "state").values()
    assert found == (len(lengths), median, p90, sum(lengths))


def test_times_of_steps_and_people(desk):
    desk.lead_a_life("1h submit 2h boss:approve 10h chief:approve 1h finish", place="far")
    desk.lead_a_life("1h submit 4h boss:reject")
    desk.lead_a_life("1h submit 6h boss:return 1h submit 8h boss:approve 1h now")
    with desk.asked() as asked:
        steps = spreads(analytics.step_times(asked), "approval", "step")
        people = {
            each.person.name: (each.approved, each.rejected, each.returned, each.spread.median / hours(1))
            for each in analytics.person_times(asked)
        }
    assert steps == {("check", "first"): (4, 5, 8, 20), ("check", "second"): (1, 10, 10, 10)}
    assert people == {"boss": (2, 1, 1, 5), "chief": (1, 0, 0, 10)}


def test_what_nobody_decided_is_no_time_of_a_step(desk):
    """A withdrawal, or a step that was closed because the record left, says nothing about its approvers."""
    desk.lead_a_life("1h submit 5h now")
    with desk.asked() as asked:
        assert analytics.step_times(asked) == ()
        assert analytics.person_times(asked) == ()


def test_where_things_are_stuck_and_with_whom(desk):
    desk.lead_a_life("1h submit 1h now", place="far")
    desk.lead_a_life("1h submit 1h boss:approve 1h now", place="far")
    desk.lead_a_life("1h submit 1h boss:approve 1h now")
    desk.lead_a_life("3h now", owner="bob")
    desk.lead_a_life("1h drop")
    with desk.asked() as asked:
        found = [
            (
                each.state,
                each.step,
                each.person and each.person.name,
                each.holder and text_of(each.holder, "en"),
                each.count,
                each.waited / hours(1),
            )
            for each in analytics.standing(asked)
        ]
        counts = analytics.counts_by_state(asked)
    assert found == [
        ("review", "first", "boss", None, 1, 11),
        ("review", "second", "chief", None, 1, 8),
        ("working", None, None, "clerk", 1, 5),
        ("draft", None, "bob", None, 1, 4),
    ]
    assert counts == {"review": 2, "working": 1, "draft": 1, "refused": 1}


def test_an_approval_without_a_task_is_forsaken(desk):
    request = desk.lead_a_life("1h submit 2h now")
    with desk.office.act(None) as unit:
        unit.connection.exec_driver_sql("UPDATE ok_workflow_task SET state = 'cancelled'")
    with desk.asked() as asked:
        (found,) = analytics.standing(asked)
        (behind,) = analytics.records_behind(asked, Behind(figure=Figure.FORSAKEN), limit=5)
    assert (found.is_forsaken, found.state, behind.record_id) == (True, "review", request)


def test_returns_and_rejections_by_step_and_reason(desk):
    desk.lead_a_life("1h submit 1h boss:return=缺附件 1h submit 1h boss:reject=too_dear")
    desk.lead_a_life("1h submit 1h boss:return=缺附件 1h submit 1h boss:approve")
    desk.lead_a_life("1h submit 1h boss:approve 1h chief:reject=缺附件", place="far")
    with desk.asked() as asked:
        steps = [
            (each.step, each.decided, each.rejected, each.returned) for each in analytics.step_refusals(asked)
        ]
        reasons = [(each.text, each.rejected, each.returned) for each in analytics.reasons(asked)]
    assert steps == [("first", 5, 1, 2), ("second", 1, 1, 0)]
    assert reasons == [("缺附件", 1, 2), ("too_dear", 1, 0)]


def test_throughput_by_week_in_the_zone_of_the_project(desk):
    """Sunday 16:30 in UTC is Monday in Shanghai; a week without anything stands between."""
    desk.lead_a_life("1h drop")
    desk.clock.set(desk.clock.now().replace(day=8, hour=16, minute=30))
    desk.lead_a_life("7d submit 1h boss:approve 1h finish")
    with desk.asked() as asked:
        found = [
            (each.start, each.started, each.completed, each.cancelled) for each in analytics.throughput(asked)
        ]
    assert found == [
        (date(2026, 3, 2), 1, 0, 1),
        (date(2026, 3, 9), 1, 0, 0),
        (date(2026, 3, 16), 0, 1, 0),
    ]


def test_variants_are_the_ways_of_ended_lives_the_most_frequent_first(desk):
    for hour in (1, 2, 3):
        desk.lead_a_life(f"{hour}h submit 1h boss:approve 1h finish")
    desk.lead_a_life("1h submit 1h boss:return 1h submit 1h boss:approve 1h drop")
    desk.lead_a_life("1h submit 9h now")
    with desk.asked() as asked:
        found = analytics.variants(asked)
    assert found.total == 4
    assert [(each.path, each.share, each.spread.median) for each in found.found] == [
        ("draft>review>working>done", Fraction(3, 4), hours(4)),
        ("draft>review>draft>review>working>refused", Fraction(1, 4), hours(5)),
    ]
    assert [text_of(each, "en") for each in found.found[0].states] == [
        "Draft",
        "In review",
        "Working",
        "Done",
    ]


def test_a_path_that_goes_in_circles_is_cut(desk):
    request = desk.lead_a_life("1m submit")
    for _ in range(35):
        desk.take(request, "boss:return", "ann")
        desk.take(request, "submit", "ann")
    desk.take(request, "boss:reject", "ann")
    with desk.asked() as asked:
        (found,) = analytics.variants(asked).found
    assert (found.is_cut, len(found.states)) == (True, 60)


def test_the_period_is_of_what_ended_in_it(desk):
    desk.lead_a_life("1h submit 24h boss:approve 1h finish")
    desk.lead_a_life("1h submit 1h boss:approve 48h finish")
    second_day = Period(start=date(2026, 3, 3), end=date(2026, 3, 4))
    with desk.asked(period=second_day) as asked:
        states = spreads(analytics.state_times(asked), "state")
        people = [each.spread.count for each in analytics.person_times(asked)]
        weeks = [(each.started, each.completed) for each in analytics.throughput(asked)]
        total = analytics.variants(asked).total
    assert states == {"review": (2, 12.5, 24, 25), "working": (1, 1, 1, 1), "draft": (1, 1, 1, 1)}
    assert people == [2]
    assert weeks == [(1, 1)]
    assert total == 1


def test_a_life_without_its_beginning_counts_where_its_moves_are_known(desk):
    """What was imported as history, or is older than its workflow, has no entry of the state it began in."""
    request = desk.lead_a_life("1h now")
    with desk.office.act(None) as unit:
        unit.connection.exec_driver_sql("DELETE FROM ok_workflow_event")
    desk.take(request, "submit", "ann")
    desk.clock.advance(hours=2)
    desk.take(request, "boss:approve", "ann")
    desk.clock.advance(hours=3)
    desk.take(request, "finish", "ann")
    with desk.asked() as asked:
        states = spreads(analytics.state_times(asked), "state")
        assert analytics.variants(asked).total == 0
    assert states == {"review": (1, 2, 2, 2), "working": (1, 3, 3, 3)}


def test_what_was_imported_as_history_ended_at_no_known_time(desk):
    """Else the week of an import would show years of orders as done."""
    with desk.office.act(None) as unit:
        records.apply(
            unit,
            [records.Create(form="request", values={"title": "old", "place": "near", "status": "done"})],
            history=True,
        )
    with desk.asked() as asked:
        assert analytics.counts_by_state(asked) == {"done": 1}
        assert analytics.throughput(asked) == ()
        assert analytics.variants(asked).total == 0


def test_a_state_taken_over_from_outside_breaks_no_time(desk):
    """A visit that no entry ends was over at an unknown moment: it is not counted to the next known one."""
    request = desk.lead_a_life("1h submit 1h boss:approve")
    with desk.office.act(None) as unit:
        unit.connection.exec_driver_sql("UPDATE ok_workflow_instance SET visit = visit + 1")
    desk.clock.advance(hours=5)
    desk.take(request, "finish", "ann")
    with desk.asked() as asked:
        assert "working" not in spreads(analytics.state_times(asked), "state")


def test_deleted_records_are_not_counted(desk):
    request = desk.lead_a_life("1h submit 1h boss:reject")
    with desk.office.act(None) as unit:
        records.apply(unit, [records.Delete(form="request", id=request)])
    with desk.asked() as asked:
        assert analytics.state_times(asked) == ()
        assert analytics.throughput(asked) == ()
        assert analytics.variants(asked).total == 0


@pytest.mark.parametrize(
    ("figure", "values", "expected"),
    [
        (Figure.STATE, {"state": "draft"}, [("c", 8), ("b", 3), ("a", 1)]),
        (Figure.STEP, {"approval": "check", "step": "first"}, [("b", 4), ("a", 2)]),
        (Figure.WAITING, {"state": "review"}, [("c", 5)]),
        (Figure.RESTING, {"state": "working"}, []),
        (Figure.REFUSED, {"said": "because"}, [("b", 4)]),
        (Figure.COMPLETED, {}, [("a", 0)]),
        (Figure.CANCELLED, {}, [("b", 0)]),
        (Figure.STARTED, {}, [("a", 0), ("b", 0), ("c", 0)]),
        (Figure.PATH, {"path": "draft>review>refused"}, [("b", 7)]),
        (Figure.PATH, {"path": "no>such>way"}, []),
    ],
)
def test_the_records_behind_a_figure(desk, figure, values, expected):
    desk.lead_a_life("1h submit 2h boss:approve 4h finish", title="a")
    desk.lead_a_life("3h submit 4h boss:reject", title="b")
    desk.lead_a_life("8h submit 5h now", title="c")
    with desk.asked() as asked:
        found = analytics.records_behind(asked, Behind(figure=figure, values=values), limit=10)
    assert [(each.title, each.length / hours(1)) for each in found] == expected
    assert [each.until - each.since for each in found] == [each.length for each in found]


def test_the_records_behind_a_person(desk):
    desk.lead_a_life("1h submit 2h boss:approve", title="a")
    boss = desk.office.ids["boss"]
    with desk.asked() as asked:
        (found,) = analytics.records_behind(
            asked, Behind(figure=Figure.PERSON, values={"person": boss}), limit=10
        )
        with pytest.raises(NotFound):
            analytics.records_behind(asked, Behind(figure=Figure.PERSON, values={"state": "draft"}), limit=10)
    assert (found.title, found.length) == ("a", timedelta(hours=2))
