"""What the state of a record leaves of the rights of roles, and what it adds to them."""

from datetime import date

import pytest

from orderkit.engine import records
from orderkit.engine.access import Right, field_rights
from orderkit.engine.records import Create, LineChange, Update
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Denied, Refused
from tests.support.office import Staff, open_office
from tests.support.projects import example

STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("sales",)),
    Staff(login="pia", roles=("planner",)),
)


@pytest.fixture
def office(make_database, tmp_path, clock):
    return open_office(example(), make_database(example()), tmp_path, clock, STAFF)


@pytest.fixture
def order_in(office):
    """Makes an order that is in a state."""
    customer = office.create(None, "customer", {"code": "C", "name": "甲"})
    product = office.create(None, "product", {"code": "P", "name": "螺栓", "list_price": 2})

    def make(state):
        values = {
            "customer": customer,
            "need_by": date(2026, 5, 1),
            "salesperson": office.ids["ann"],
            "status": state,
        }
        lines = {"lines": [LineChange(values={"product": product, "qty": 1})]}
        with office.act(None) as unit:
            change = Create(form="order", values=values, lines=lines)
            (made,) = records.apply(unit, [change], history=True)
        return made.id

    return make


@pytest.mark.parametrize(
    "case",
    [
        ("inquiry", "ann", "need_by", Right.WRITE),
        ("inquiry", "ann", "lines", Right.WRITE),
        ("inquiry", "ann", "status", Right.READ),
        ("quoted", "ann", "need_by", Right.READ),
        ("quoted", "ann", "term", Right.WRITE),
        ("quoted", "ann", "lines.price", Right.WRITE),
        ("quoted", "ann", "lines", Right.READ),
        ("shipped", "ann", "term", Right.READ),
        ("shipped", "root", "term", Right.READ),
        ("inquiry", "root", "term", Right.WRITE),
        ("planning", "pia", "plan_start", Right.WRITE),
        ("planning", "pia", "note", Right.READ),
        ("planning", "ann", "plan_start", Right.READ),
        ("ready", "pia", "plan_start", Right.READ),
    ],
)
def test_rights_follow_the_state(office, order_in, case):
    state, login, field, right = case
    order = order_in(state)
    with office.look(login) as unit:
        row = rows_of(unit).row("order", order)
        assert field_rights(unit, "order", row)[field] is right


def test_a_locked_field_says_so_and_the_state_moves_by_its_workflow_only(office, order_in):
    order = order_in("quoted")
    office.update("ann", "order", order, term="credit")
    with pytest.raises(Refused) as caught:
        office.update("ann", "order", order, need_by=date(2026, 6, 1))
    assert [(p.path, p.code) for p in caught.value.problems] == [("need_by", "state")]
    for login in ("ann", "root"):
        with pytest.raises(Refused) as caught:
            office.update(login, "order", order, status="done")
        assert caught.value.problems[0].code == "state"


def test_a_record_that_is_locked_as_a_whole_is_not_offered_for_change(office, order_in):
    order = order_in("shipped")
    with office.look("ann") as unit:
        assert not records.get(unit, "order", order).may_update
    with pytest.raises(Denied), office.act("ann") as unit:
        records.apply(unit, [Update(form="order", id=order, values={"note": "x"})])
