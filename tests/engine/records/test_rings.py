"""Nobody comes to stand above themselves: departments and managers, through every door and by two at once."""

import threading

import pytest

from orderkit.engine import records
from orderkit.engine.records import Delete, Restore, Update
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Refused


@pytest.fixture
def office(shop):
    """Three departments, one below the other, and two people, of whom Ben is Ann's manager."""
    office = shop.office
    above = None
    for name in ("Company", "Sales", "East"):
        above = office.ids[name] = office.create("root", "department", {"name": name, "parent": above})
    office.update("root", "user", office.ids["ann"], manager=office.ids["ben"])
    return office


def move(office, *moves, channel=Channel.PAGE, **terms):
    """Change `parent` or `manager` of several records in one batch."""
    changes = [
        Update(form=form, id=office.ids[name], values={field: above and office.ids[above]})
        for form, field, name, above in moves
    ]
    with office.act("root", channel=channel) as unit:
        records.apply(unit, changes, **terms)


@pytest.mark.parametrize(
    ("channel", "terms"),
    [
        (Channel.PAGE, {}),
        (Channel.API, {}),
        (Channel.IMPORT, {"history": True}),
        (Channel.AUTOMATION, {"by_rule": True}),
    ],
    ids=["page", "api", "import of history", "rule"],
)
def test_a_department_does_not_come_below_what_stands_below_it(office, channel, terms):
    with pytest.raises(Refused) as refused:
        move(office, ("department", "parent", "Company", "East"), channel=channel, **terms)
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("parent", "ring")
    assert problem.message["en"].startswith("“East” stands below “Company”")
    assert problem.message["zh"].startswith("“East”在“Company”之下")
    assert office.value("department", office.ids["Company"], "parent") is None


@pytest.mark.parametrize(
    ("form", "field", "name", "above"),
    [
        ("department", "parent", "East", "East"),
        ("user", "manager", "ben", "ben"),
        ("user", "manager", "ben", "ann"),
    ],
)
def test_nothing_and_nobody_stands_above_itself(office, form, field, name, above):
    with pytest.raises(Refused) as refused:
        move(office, (form, field, name, above))
    assert [(each.path, each.code) for each in refused.value.problems] == [(field, "ring")]


def test_a_batch_is_judged_by_what_comes_of_it(office):
    with pytest.raises(Refused):
        move(office, ("user", "manager", "max", "kim"), ("user", "manager", "kim", "max"))
    move(office, ("department", "parent", "Company", "East"), ("department", "parent", "Sales", None))
    assert office.value("department", office.ids["Company"], "parent") == office.ids["East"]


def test_what_stood_in_a_ring_before_is_mended_and_else_left_alone(office):
    east, sales = office.ids["East"], office.ids["Sales"]
    with office.act(None) as unit:
        table = unit.runtime.database.tables["department"]
        unit.connection.execute(table.update().where(table.c.id == sales).values(parent=east))
    office.update("root", "department", east, name="Far East")
    office.update("root", "department", office.ids["Company"], parent=east)
    office.update("root", "department", sales, parent=None)


def test_a_department_in_use_says_who_uses_it_and_comes_back_where_it_was(office):
    east = office.ids["East"]
    office.update("root", "user", office.ids["ann"], department=east)
    for name, said in (("Sales", "“East” still refers"), ("East", "“ann” still refers")):
        with pytest.raises(Refused) as refused, office.act("root") as unit:
            records.apply(unit, [Delete(form="department", id=office.ids[name])])
        assert said in refused.value.problems[0].message["en"]
    office.update("root", "user", office.ids["ann"], department=None)
    for change in (Delete(form="department", id=east), Restore(form="department", id=east)):
        with office.act("root") as unit:
            records.apply(unit, [change])
    assert office.value("department", east, "parent") == office.ids["Sales"]


def test_of_two_moves_that_are_right_alone_one_is_refused(office):
    office.ids["West"] = office.create("root", "department", {"name": "West"})
    written, ended, outcomes = threading.Event(), threading.Event(), []

    def second():
        written.wait()
        try:
            move(office, ("department", "parent", "Company", "West"))
            outcomes.append("moved")
        except Refused:
            outcomes.append("refused")
        ended.set()

    thread = threading.Thread(target=second)
    thread.start()
    with office.act("root") as unit:
        records.apply(
            unit, [Update(form="department", id=office.ids["West"], values={"parent": office.ids["East"]})]
        )
        written.set()
        # Who does not wait for this to be committed would be through by then.
        ended.wait(0.5)
    thread.join()
    assert outcomes == ["refused"]
