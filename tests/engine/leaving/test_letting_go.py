"""Letting somebody go: records and tasks to a successor, all or nothing, in the audit; and taking them back."""

import pytest
from sqlalchemy import select

from orderkit.engine import accounts, audit, leaving, records
from orderkit.engine.accounts.noting import ACCOUNT
from orderkit.model.errors import Denied, Refused
from tests.support.office import open_office
from tests.support.projects import project
from tests.support.trade import STAFF, Trade, open_trade, trade

# What names somebody for ever is no holding: it says what was.
BOX = """
form: box
label: {zh: 箱, en: Box}
title: "{name}"
fields:
  name:   {type: text}
  keeper: {type: user}
  maker:  {type: user, readonly: true, default: =me}
  first:  {type: user, set_once: true, default: =me}
checks:
  - {that: "keeper.login != 'ben' or name == 'open'", error: {zh: 封存的箱子不换人, en: What is closed stays with its keeper}}
"""


@pytest.fixture
def shop(make_database, tmp_path, clock) -> Trade:
    return open_trade(make_database(trade()), tmp_path / "files", clock)


@pytest.fixture
def office(shop):
    """Ann sells to two customers and heads a department; Ben has one customer of his own."""
    office = shop.office
    for code, seller in (("X", "ann"), ("Y", "ann"), ("Z", "ben")):
        values = {"code": code, "name": f"Customer {code}", "seller": office.ids[seller]}
        office.create("root", "customer", values)
    office.create("root", "department", {"name": "Sales", "head": office.ids["ann"]})
    return office


def held(office, login):
    with office.look("root") as unit:
        return {each.path: each.count for each in leaving.holdings_of(unit, office.ids[login])}


def go(office, *, by="root", to="ben", holdings=("customer.seller", "department.head")):
    with office.act(by) as unit:
        successor = None if to is None else leaving.successor_named(unit, office.ids[to])
        return leaving.let_go(unit, office.ids["ann"], successor=successor, holdings=holdings)


def test_what_is_held_is_found_by_form_and_field(office):
    assert held(office, "ann") == {"customer.seller": 2, "department.head": 1}


def test_what_is_chosen_goes_to_the_successor_and_the_rest_stays(office):
    assert go(office, holdings=["customer.seller"]) == leaving.LetGo(tasks=0, records=2)
    assert held(office, "ann") == {"department.head": 1}
    assert held(office, "ben") == {"customer.seller": 3}
    with office.look("root") as unit:
        assert accounts.person_of(unit, office.ids["ann"]) is None
        customer = audit.read(unit, "customer", _customer(unit, "X"))[0]
        (noted,) = [
            each for each in audit.read(unit, ACCOUNT, office.ids["ann"]) if each.verb == "handed_over"
        ]
    assert customer.actor_id == office.ids["root"]
    assert customer.changes == {"seller": (office.ids["ann"], office.ids["ben"])}
    assert noted.changes == {
        "tasks": (None, "0"),
        "records": (None, "2"),
        "successor": (None, "ben"),
    }


def test_sessions_end_and_who_comes_back_has_their_roles(office):
    with office.act(None) as unit:
        session = accounts.start_session(unit, office.ids["ann"])
    go(office)
    assert accounts.find_session(office.runtime, session.token) is None
    with office.act("root") as unit:
        leaving.take_back(unit, office.ids["ann"])
    assert office.person("ann").roles == {"sales"}
    assert accounts.find_session(office.runtime, session.token) is None


def test_a_record_that_cannot_be_handed_over_keeps_everything_as_it_was(make_database, tmp_path, clock):
    boxes = project(BOX)
    office = open_office(boxes, make_database(boxes), tmp_path, clock, STAFF)
    for name in ("open", "closed"):
        office.create("root", "box", {"name": name, "keeper": office.ids["ann"]})
    with pytest.raises(Refused) as refused:
        go(office, holdings=["box.keeper"])
    assert refused.value.problems[0].message["en"] == (
        "Box “closed” cannot be handed over: What is closed stays with its keeper"
    )
    assert held(office, "ann") == {"box.keeper": 2}
    assert office.person("ann").login == "ann"


@pytest.mark.parametrize(
    ("to", "holdings"),
    [("ann", ()), (None, ("customer.seller",))],
    ids=["to themselves", "records to nobody"],
)
def test_a_hand_over_needs_somebody_else(office, to, holdings):
    with pytest.raises(Refused):
        go(office, to=to, holdings=holdings)
    assert office.person("ann").login == "ann"


def test_who_has_left_succeeds_nobody(office):
    office.update("root", "user", office.ids["ben"], active=False)
    with pytest.raises(Refused):
        go(office)


def test_too_many_records_are_refused_before_any_is_written(office, monkeypatch):
    monkeypatch.setattr("orderkit.engine.leaving.letting_go.MOST_RECORDS", 2)
    with pytest.raises(Refused) as refused:
        go(office)
    assert refused.value.problems[0].code == "too_many"


def _take_back(office, by):
    with office.act(by) as unit:
        leaving.take_back(unit, office.ids["ann"])


@pytest.mark.parametrize("what", [go, _take_back], ids=["go", "take back"])
def test_only_administrators_decide_about_people(office, what):
    with pytest.raises(Denied):
        what(office, by="max")


def test_the_last_administrator_is_never_let_go(office):
    with office.act("root") as unit, pytest.raises(Refused):
        leaving.let_go(unit, office.ids["root"])
    with office.look(None) as unit:
        assert records.get(unit, "user", office.ids["root"]).values["active"] is True


def _customer(unit, code):
    table = unit.runtime.database.tables["customer"]
    return unit.connection.execute(select(table.c.id).where(table.c.code == code)).scalar_one()


def test_a_successor_from_among_the_led_comes_under_the_manager_of_who_leaves(office):
    ids = office.ids
    for login, manager in (("ann", "max"), ("ben", "ann"), ("kim", "ann")):
        office.update("root", "user", ids[login], manager=ids[manager])
    go(office, holdings=["user.manager"])
    managers = {login: office.value("user", ids[login], "manager") for login in ("ben", "kim")}
    assert managers == {"ben": ids["max"], "kim": ids["ben"]}
