"""An explanation names the rule that decided, and never says another thing than the decision."""

from datetime import date

import pytest

from orderkit.engine import records
from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.access.explaining import ASKED, StateEffect, explain
from orderkit.engine.records import Create, LineChange
from orderkit.engine.rows import rows_of
from orderkit.model.errors import NotFound
from tests.support.office import Staff, open_office
from tests.support.projects import example

STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("sales",)),
    Staff(login="ben", roles=("sales",)),
    Staff(login="pia", roles=("planner",)),
    Staff(login="both", roles=("sales", "planner")),
    Staff(login="none", roles=()),
)
STATES = ("inquiry", "quoted", "planning", "shipped")


@pytest.fixture
def office(make_database, tmp_path, clock):
    return open_office(example(), make_database(example()), tmp_path, clock, STAFF)


@pytest.fixture
def orders(office):
    """An order of Ann's in each of some states."""
    customer = office.create(None, "customer", {"code": "C", "name": "甲"})
    product = office.create(None, "product", {"code": "P", "name": "螺栓", "list_price": 2})
    made = {}
    for state in STATES:
        values = {
            "customer": customer,
            "need_by": date(2026, 5, 1),
            "salesperson": office.ids["ann"],
            "status": state,
        }
        lines = {"lines": [LineChange(values={"product": product, "qty": 1})]}
        with office.act(None) as unit:
            (record,) = records.apply(unit, [Create(form="order", values=values, lines=lines)], history=True)
        made[state] = record.id
    return made


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("login", [each.login for each in STAFF])
def test_it_says_what_is_decided(office, orders, login, state):
    with office.look(login) as unit:
        found = explain(unit, "order", orders[state])
        row = rows_of(unit).row("order", orders[state])
        assert [each.action for each in found.actions] == list(ASKED)
        for each in found.actions:
            assert each.decision == decide(unit.person, each.action, "order", row, unit=unit)
            if not found.is_free and each.action is not Action.UPDATE:
                assert bool(each.decision) == any(says.grants for says in each.roles)
        assert {each.path: each.right for each in found.fields} == field_rights(unit, "order", row)
        for field in found.fields:
            if not found.is_free and field.effect is StateEffect.NONE:
                assert (field.right is Right.WRITE) == bool(field.writers)
                assert (field.right is Right.HIDDEN) == (not field.readers and not field.writers)


def _field(found, path):
    return next(each for each in found.fields if each.path == path)


def test_it_names_the_roles_and_what_the_state_took_and_gave(office, orders):
    with office.look("ann") as unit:
        quoted = explain(unit, "order", orders["quoted"])
    assert [role.id for role in _field(quoted, "need_by").writers] == ["sales"]
    assert _field(quoted, "need_by").right is Right.READ
    assert _field(quoted, "need_by").effect is StateEffect.NARROWED
    assert _field(quoted, "term").effect is StateEffect.NONE
    with office.look("pia") as unit:
        planned = explain(unit, "order", orders["planning"])
    assert _field(planned, "plan_start").right is Right.WRITE


def test_a_rule_that_does_not_hold_is_named_too(office, orders):
    with office.look("ben") as unit:
        found = explain(unit, "order", orders["inquiry"])
    update = next(each for each in found.actions if each.action is Action.UPDATE)
    (sales,) = [says for says in update.roles if says.role.id == "sales"]
    assert not sales.grants
    assert not update.decision
    assert update.decision.code == "row_rule"


def test_what_is_not_there_is_said(office):
    with office.look("root") as unit:
        for form, number in (("nothing", 1), ("order.lines", 1), ("order", 999)):
            with pytest.raises(NotFound):
                explain(unit, form, number)
