"""What the process keeps of a row rule holds only while the rule is answered the same beforehand."""

from sqlalchemy import select, update

from orderkit.engine.access import Action, row_condition
from orderkit.engine.runtime import SYSTEM, Channel


def _condition(shop, login):
    with shop.office.look(login) as unit:
        table = unit.runtime.database.tables["order"]
        condition = row_condition(unit, "order", Action.READ, table)
        return condition, set(unit.connection.execute(select(table.c.id).where(condition)).scalars())


def test_it_is_put_together_once_for_the_same_answers_and_anew_for_others(shop) -> None:
    today = shop.order("ann")
    mine, found = _condition(shop, "ann")
    assert found == {today}
    assert _condition(shop, "ann")[0] is mine
    others, found = _condition(shop, "ben")
    assert others is not mine
    assert found == set()


def test_a_day_later_a_rule_about_today_finds_other_records(shop, clock) -> None:
    before = shop.order("ann")
    assert _condition(shop, "kim")[1] == {before}
    clock.advance(days=1)
    after = shop.order("ann")
    assert _condition(shop, "kim")[1] == {after}


def test_who_joins_a_department_sees_its_records_at_once(shop) -> None:
    order = shop.order("ann")
    assert _condition(shop, "ben")[1] == set()
    department = shop.office.create(None, "department", {"name": "d"})
    with shop.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        user = unit.runtime.database.tables["user"]
        unit.connection.execute(
            update(user).where(user.c.login.in_(("ann", "ben"))).values(department=department)
        )
    assert _condition(shop, "ben")[1] == {order}
