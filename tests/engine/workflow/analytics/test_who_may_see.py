"""Nobody sees a figure without the right to it, nor learns from one of records that they may not read."""

from contextlib import nullcontext

import pytest

from orderkit.engine import records
from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics import Asked, Behind, Figure, Question
from orderkit.model.errors import Denied, NotFound
from tests.engine.workflow.analytics.requests import hours


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("root", nullcontext()),
        (None, nullcontext()),
        ("eve", nullcontext()),
        ("max", nullcontext()),
        ("ann", pytest.raises(Denied)),
        ("boss", pytest.raises(Denied)),
    ],
    ids=["an administrator", "the system", "a watcher", "an analyst", "a clerk", "an approver"],
)
def test_figures_need_a_right(desk, login, expected):
    """Reading every record is not enough: what colleagues took for it is more than any of them says."""
    with expected, desk.asked(login):
        pass


def test_a_workflow_that_is_not_there_is_not_found(desk):
    with desk.office.look("root") as unit, pytest.raises(NotFound):
        Asked(unit, Question(workflow="nothing"))


def test_figures_count_only_what_the_reader_may_read(desk):
    """The watcher reads what is near: every figure is as if there were nothing else."""
    desk.lead_a_life("1h submit 2h boss:approve 1h finish", place="near", title="near")
    desk.lead_a_life("5h submit 6h boss:return=secret 1h submit 1h now", place="far", title="far")
    desk.lead_a_life("9h submit 9h boss:reject=secret", place="far", title="far")
    with desk.asked("eve") as asked:
        assert {each.state: each.spread.count for each in analytics.state_times(asked)} == {
            "draft": 1,
            "review": 1,
            "working": 1,
        }
        assert [each.spread.total for each in analytics.step_times(asked)] == [hours(2)]
        assert [(each.approved, each.rejected, each.returned) for each in analytics.person_times(asked)] == [
            (1, 0, 0)
        ]
        assert analytics.standing(asked) == ()
        assert analytics.step_refusals(asked) == ()
        assert analytics.reasons(asked) == ()
        assert [(each.started, each.completed, each.cancelled) for each in analytics.throughput(asked)] == [
            (1, 1, 0)
        ]
        assert analytics.variants(asked).total == 1
        assert analytics.counts_by_state(asked) == {"done": 1}
        for figure in Figure:
            behind = analytics.records_behind(asked, Behind(figure=figure), limit=100)
            assert {each.title for each in behind} <= {"near"}, figure


def test_whose_records_wait_is_told_only_to_who_sees_owners(desk):
    desk.lead_a_life("2h now")
    for login, expected in (("root", "ann"), ("eve", "ann"), ("max", None)):
        with desk.asked(login) as asked:
            (found,) = analytics.standing(asked)
        assert (found.person and found.person.name) == expected
        assert not found.is_forsaken


def test_who_may_not_see_owners_learns_nothing_by_asking_for_theirs(desk):
    """Else the figures of one owner after the other would say whose records they are."""
    desk.lead_a_life("1h drop", owner="ann")
    desk.lead_a_life("3h submit", owner="max")
    ids = desk.office.ids
    for owner, expected in (("ann", []), ("max", [hours(3)])):
        with desk.asked("max", owner_id=ids[owner]) as asked:
            assert [each.spread.total for each in analytics.state_times(asked)] == expected


def test_the_figures_of_an_owner(desk):
    desk.lead_a_life("1h drop", owner="ann")
    desk.lead_a_life("3h drop", owner="bob")
    with desk.asked(owner_id=desk.office.ids["bob"]) as asked:
        (found,) = analytics.state_times(asked)
    assert (found.spread.count, found.spread.total) == (1, hours(3))


def test_the_figures_of_a_department(desk):
    with desk.office.act(None) as unit:
        (made,) = records.apply(unit, [records.Create(form="department", values={"name": "north"})])
        records.apply(
            unit, [records.Update(form="user", id=desk.office.ids["bob"], values={"department": made.id})]
        )
    desk.lead_a_life("1h drop", owner="ann")
    desk.lead_a_life("3h drop", owner="bob")
    with desk.asked(department_id=made.id) as asked:
        (found,) = analytics.state_times(asked)
    assert (found.spread.count, found.spread.total) == (1, hours(3))
