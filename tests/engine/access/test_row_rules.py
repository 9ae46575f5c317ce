"""The law of row rules: what a list shows is exactly what `decide` allows on each record, for everybody."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from orderkit.engine.access import Action, Right, decide, field_rights, row_condition
from orderkit.engine.accounts import set_roles
from orderkit.engine.records import Create, LineChange, apply
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Channel

PEOPLE = ("ann", "ben", "max", "kim", "guest", "root")
orders = st.fixed_dictionaries(
    {
        "seller": st.sampled_from([None, "ann", "ben", "max"]),
        "ordered_on": st.sampled_from([date(2026, 3, 1), date(2026, 3, 2)]),
        "qty": st.sampled_from([1, 10, 1000]),
    }
)


class _Undo(Exception):
    pass


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(orders, min_size=1, max_size=8), mates=st.booleans())
def test_sql_and_python_answer_alike(shop, made, mates):
    office = shop.office
    with suppress(_Undo), office.act(None) as unit:
        if mates:
            (team,) = apply(unit, [Create(form="department", values={"name": "d"})])
            for login in ("ann", "ben"):
                user = unit.runtime.database.tables["user"]
                changed = user.update().where(user.c.login == login).values(department=team.id)
                unit.connection.execute(changed)
        changes = [
            Create(
                form="order",
                values={
                    "customer": shop.customer,
                    "seller": office.ids.get(each["seller"]),
                    "ordered_on": each["ordered_on"],
                },
                lines={"lines": [LineChange(values={"product": shop.bolt, "qty": each["qty"]})]},
            )
            for each in made
        ]
        ids = [each.id for each in apply(unit, changes, history=True)]
        for login in PEOPLE:
            _compare(unit, office.person(login), ids)
        raise _Undo


def _compare(unit, person, ids):
    table = unit.runtime.database.tables["order"]
    rows = rows_of(unit).load("order", ids)
    for action in (Action.READ, Action.UPDATE, Action.DELETE):
        condition = row_condition(unit, "order", action, table, person=person)
        found = set(unit.connection.execute(select(table.c.id).where(condition)).scalars()) & set(ids)
        allowed = {row.id for row in rows if decide(person, action, "order", row, unit=unit)}
        assert found == allowed, (person.login, action)
    for field in ("total", "secret", "lines.cost"):
        condition = row_condition(unit, "order", Action.READ, table, field=field, person=person)
        found = set(unit.connection.execute(select(table.c.id).where(condition)).scalars()) & set(ids)
        rights = {row.id: field_rights(unit, "order", row, person=person)[field] for row in rows}
        assert found == {each for each, right in rights.items() if right >= Right.READ}, (person.login, field)
    lines = unit.runtime.database.tables["order.lines"]
    condition = row_condition(unit, "order.lines", Action.READ, lines, field="cost", person=person)
    found = set(unit.connection.execute(select(lines.c.order).where(condition)).scalars()) & set(ids)
    rights = {row.id: field_rights(unit, "order", row, person=person)["lines.cost"] for row in rows}
    assert found == {each for each, right in rights.items() if right >= Right.READ}


@pytest.mark.parametrize(
    ("login", "record", "field", "right"),
    [
        pytest.param("ann", "mine", "total", Right.READ, id="computed is never written"),
        pytest.param("ann", "mine", "external", Right.WRITE, id="an own record may be written"),
        pytest.param("ann", "mine", "source", Right.READ, id="but not what is readonly for the role"),
        pytest.param("ann", "mine", "lines.cost", Right.HIDDEN, id="hidden in lines"),
        pytest.param("ann", "mine", "lines.qty", Right.WRITE, id="written in lines"),
        pytest.param("ann", "other", "external", Right.HIDDEN, id="nothing of a record that is not granted"),
        pytest.param("max", "other", "external", Right.WRITE, id="a rule on another role's record"),
        pytest.param("kim", "mine", "need_by", Right.WRITE, id="what `write` lists"),
        pytest.param("kim", "mine", "lines.discount", Right.WRITE, id="what `write` lists in lines"),
        pytest.param("kim", "mine", "lines", Right.READ, id="no rows may come or go then"),
        pytest.param("kim", "mine", "external", Right.READ, id="what `write` does not list"),
        pytest.param("kim", "mine", "total", Right.HIDDEN, id="hidden"),
        pytest.param("root", "other", "secret", Right.WRITE, id="an administrator sees and writes all"),
        pytest.param("root", "other", "owner", Right.WRITE, id="and hands records over"),
        pytest.param("guest", "mine", "number", Right.HIDDEN, id="who has no role sees nothing"),
    ],
)
def test_rights_on_fields(shop, login, record, field, right):
    ids = {"mine": shop.order("ann"), "other": shop.order("max")}
    with shop.office.look(login) as unit:
        row = rows_of(unit).row("order", ids[record])
        assert field_rights(unit, "order", row)[field] is right


def test_a_field_needs_one_role_that_grants_both_record_and_field(shop):
    """Clerk hides `total` of today's orders, sales grants it for own ones: together they show own ones'."""
    office = shop.office
    mine, other = shop.order("ann"), shop.order("max")
    with office.act(None) as unit:
        set_roles(unit, office.ids["ann"], ["sales", "clerk"])
    with office.look("ann") as unit:
        rows = rows_of(unit)
        assert field_rights(unit, "order", rows.row("order", mine))["total"] is Right.READ
        assert field_rights(unit, "order", rows.row("order", other))["total"] is Right.HIDDEN
        assert field_rights(unit, "order", rows.row("order", other))["lines.cost"] is Right.READ


def test_every_refusal_says_why(shop):
    order = shop.order("ann")
    runtime = shop.office.runtime

    def why(login, action, record=None, field=None):
        person = shop.office.person(login)
        with runtime.read(person, Channel.PAGE) as unit:
            row = None if record is None else rows_of(unit).row("order", record)
            decision = decide(person, action, "order", row, field, unit=unit)
            return decision.code if not decision else "allowed"

    assert why("guest", Action.CREATE) == "no_grant"
    assert why("ben", Action.UPDATE, order) == "row_rule"
    assert why("ann", Action.UPDATE, order, "lines.cost") == "hidden"
    assert why("ann", Action.UPDATE, order, "source") == "readonly"
    assert why("ann", Action.EXPORT, order) == "no_grant"
    assert why("root", Action.EXPORT, order) == "allowed"
    assert why("ann", Action.READ, order, "total") == "allowed"


def test_a_rule_that_was_asked_before_holds_for_its_own_person_and_table(shop):
    """A page asks the same rule for one field after another; what is kept of it must not reach further."""
    orders = {login: shop.order(login) for login in ("ann", "ben")}
    with shop.office.look("ann") as unit:
        table = unit.runtime.database.tables["order"]
        for asked in (table, table.alias(), table.alias()):
            for login in ("ann", "ben", "ann"):
                condition = row_condition(unit, "order", Action.READ, asked, person=shop.office.person(login))
                found = set(unit.connection.execute(select(asked.c.id).where(condition)).scalars())
                allowed = {
                    each
                    for each in orders.values()
                    if decide(
                        shop.office.person(login),
                        Action.READ,
                        "order",
                        rows_of(unit).row("order", each),
                        unit=unit,
                    )
                }
                assert found == allowed, login
