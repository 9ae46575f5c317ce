"""The bin: what is deleted comes back as it was, to whoever may delete it, or it is said why not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from orderkit.database.schema.system_tables import audit_personal, comment, deleted_record, follower
from orderkit.engine import bin as bins
from orderkit.engine import comments, records
from orderkit.engine.records import Create, Delete, LineChange, Query, Restore, Update
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Denied, NotFound, Refused

TEXTS = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20))
NUMBERS = st.decimals(min_value="0.001", max_value=9999, places=3)
LINES = st.lists(st.tuples(st.booleans(), NUMBERS), min_size=1, max_size=4)


def stored(shop, form, record_id):
    """Return everything that is stored of a record and its lines."""
    with shop.office.look(None) as unit:
        row = rows_of(unit).row(form, record_id)
        assert row is not None
        lines = {each.id: [dict(line.values) for line in row.rows(each.id)] for each in row.shape.lines}
        return dict(row.values), lines


def delete(shop, login, form, record_id):
    with shop.office.act(login) as unit:
        records.apply(unit, [Delete(form=form, id=record_id)])


def restore(shop, login, form, record_id):
    with shop.office.act(login) as unit:
        records.apply(unit, [Restore(form=form, id=record_id)])


def lying(shop, login, form="order"):
    with shop.office.look(login) as unit:
        return [each.id for each in bins.in_bin(unit, form).entries]


def why_not(shop, login, form, record_id):
    with pytest.raises(Refused) as refused:
        restore(shop, login, form, record_id)
    return {problem.path: problem.message["zh"] for problem in refused.value.problems}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(source=TEXTS, process=TEXTS, lines=LINES, days=st.one_of(st.none(), st.integers(0, 400)))
def test_what_is_restored_is_what_was_deleted(shop, source, process, lines, days):
    values = {
        "kind": "custom",
        "contract_no": source,
        "process": process or "x",
        "need_by": None if days is None else date(2026, 3, 2) + timedelta(days=days),
    }
    rows = [{"product": shop.bolt if is_bolt else shop.nut, "qty": qty} for is_bolt, qty in lines]
    order = shop.order("ann", *rows, **values)
    shop.office.update("root", "order", order, source=source, secret="hidden from ann")
    before = stored(shop, "order", order)
    owed = shop.values("customer", shop.customer, "owed")
    delete(shop, "ann", "order", order)
    assert order in lying(shop, "ann")
    restore(shop, "ann", "order", order)
    assert stored(shop, "order", order) == before
    assert shop.values("customer", shop.customer, "owed") == owed
    assert order not in lying(shop, "ann")


def test_what_others_made_of_it_follows_and_search_finds_it_again(shop):
    order = shop.order("ann", contract_no="a rare word")
    delete(shop, "ann", "order", order)
    assert shop.values("customer", shop.customer, "owed") == (Decimal("0.00"),)
    restore(shop, "ann", "order", order)
    assert shop.values("customer", shop.customer, "owed") == (Decimal("25.00"),)
    with shop.office.look("ann") as unit:
        (found,) = records.page(unit, Query(form="order", search="rare")).rows
    assert found.id == order


def test_only_who_may_delete_it_sees_and_restores_it(shop):
    order = shop.order("ann")
    delete(shop, "ann", "order", order)
    assert [lying(shop, login) for login in ("ann", "ben", "root")] == [[order], [], [order]]
    for login in ("max", "kim", "guest"):
        with shop.office.look(login) as unit, pytest.raises(NotFound):
            bins.in_bin(unit, "order")
    for login in ("ben", "max", "kim", "guest"):
        with shop.office.look(login) as unit, pytest.raises(NotFound):
            bins.look(unit, "order", order)
        with pytest.raises((NotFound, Denied)):
            restore(shop, login, "order", order)
    with shop.office.look("ann") as unit:
        entry, view = bins.look(unit, "order", order)
    assert (entry.title, entry.name) == ("SO20260302-0001 甲公司", "ann")
    assert "secret" not in view.values
    assert "cost" not in view.lines["lines"][0].values
    assert view.values["total"] == Decimal("25.00")


def test_what_it_refers_to_must_be_there(shop):
    order = shop.order("ann", {"product": shop.nut, "qty": 1})
    delete(shop, "ann", "order", order)
    delete(shop, "root", "product", shop.nut)
    said = why_not(shop, "ann", "order", order)
    assert said == {"lines.0.product": "“产品”引用的记录也已删除；请先从回收站恢复它"}
    assert lying(shop, "ann") == [order]
    restore(shop, "root", "product", shop.nut)
    restore(shop, "ann", "order", order)
    delete(shop, "ann", "order", order)
    delete(shop, "root", "product", shop.nut)
    with shop.office.act("root") as unit:
        bins.purge(unit, "product", shop.nut)
    assert why_not(shop, "ann", "order", order) == {"lines.0.product": "“产品”引用的记录已不存在，不能恢复"}


def test_what_may_stand_only_once_must_be_free(shop):
    product = shop.office.create(None, "product", {"code": "P9", "name": "old"})
    delete(shop, "root", "product", product)
    other = shop.office.create(None, "product", {"code": "P9", "name": "new"})
    assert why_not(shop, "root", "product", product) == {"code": "编码已被另一条记录使用：P9 new"}
    shop.office.update(None, "product", other, code="P10")
    restore(shop, "root", "product", product)
    assert shop.values("product", product, "code") == ("P9",)


def test_its_number_is_given_to_nobody_meanwhile(shop):
    first = shop.order("ann")
    delete(shop, "ann", "order", first)
    second = shop.order("ann")
    restore(shop, "ann", "order", first)
    assert shop.values("order", first, "number") == ("SO20260302-0001",)
    assert shop.values("order", second, "number") == ("SO20260302-0002",)


def test_rules_that_it_would_break_today_do_not_keep_it_away(shop):
    order = shop.order("ann")
    delete(shop, "ann", "order", order)
    shop.office.update(None, "product", shop.bolt, active=False)
    restore(shop, "ann", "order", order)


def test_it_can_be_restored_once(shop):
    order = shop.order("ann")
    with pytest.raises(NotFound):
        restore(shop, "ann", "order", order)
    delete(shop, "ann", "order", order)
    restore(shop, "ann", "order", order)
    with pytest.raises(NotFound):
        restore(shop, "ann", "order", order)
    with pytest.raises(NotFound):
        restore(shop, "ann", "order.lines", 1)
    with pytest.raises(NotFound):
        restore(shop, "ann", "nothing", 1)


def test_the_audit_says_that_it_went_and_came_back(shop):
    order = shop.order("ann")
    delete(shop, "ann", "order", order)
    restore(shop, "root", "order", order)
    with shop.office.look("ann") as unit:
        told = [(each.verb, each.actor) for each in records.history(unit, "order", order)]
    assert told == [("restored", "root"), ("deleted", "ann"), ("created", "ann")]


def test_comments_and_followers_wait_for_it(shop):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        comments.add(unit, "order", order, "keep this")
    delete(shop, "ann", "order", order)
    with shop.office.look("ann") as unit, pytest.raises(NotFound):
        comments.comments(unit, "order", order)
    restore(shop, "ann", "order", order)
    with shop.office.look("ann") as unit:
        assert [each.text for each in comments.comments(unit, "order", order)] == ["keep this"]


def test_after_its_days_it_is_gone_with_what_was_said_about_it(shop, clock):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        comments.add(unit, "order", order, "keep this")
    delete(shop, "ann", "order", order)
    clock.advance(days=29)
    with shop.office.act(None) as unit:
        assert bins.empty_expired(unit) == 0
    clock.advance(days=1)
    with shop.office.act(None) as unit:
        assert bins.empty_expired(unit) == 1
        for table in (deleted_record, comment, follower):
            assert unit.connection.execute(select(table).where(table.c.record_id == order)).all() == []
    with pytest.raises(NotFound):
        restore(shop, "ann", "order", order)


def test_somebody_who_asks_to_be_forgotten_is(shop):
    customer = shop.office.create(None, "customer", {"code": "C9", "name": "王", "phone": "13900002222"})
    delete(shop, "root", "customer", customer)
    with pytest.raises(Denied), shop.office.act("ann") as unit:
        bins.purge(unit, "customer", customer)
    with shop.office.act("root") as unit:
        bins.purge(unit, "customer", customer)
        mine = select(audit_personal).where(audit_personal.c.record_id == customer)
        assert unit.connection.execute(mine.where(audit_personal.c.form == "customer")).all() == []
        lying = select(deleted_record.c.content)
        assert unit.connection.execute(lying).all() == []


def test_a_batch_that_fails_leaves_the_bin_as_it_was(shop):
    order = shop.order("ann")
    receipt = shop.receipt({order: 5})
    assert shop.refused(Delete(form="order", id=order), login="ann") == {"": "in_use"}
    assert lying(shop, "ann") == []
    delete(shop, "root", "receipt", receipt)
    delete(shop, "ann", "order", order)
    with pytest.raises(Refused), shop.office.act("root") as unit:
        records.apply(unit, [Restore(form="order", id=order), Create(form="order", values={})])
    assert lying(shop, "ann") == [order]
    with shop.office.act("root") as unit:
        records.apply(unit, [Restore(form="order", id=order), Restore(form="receipt", id=receipt)])
    assert shop.values("order", order, "balance") == (Decimal("20.00"),)


def test_a_record_deleted_and_restored_in_one_batch_is_as_it_was(shop):
    order = shop.order("ann")
    before = stored(shop, "order", order)
    with shop.office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=order), Restore(form="order", id=order)])
    assert stored(shop, "order", order) == before
    with shop.office.act("ann") as unit:
        (line,) = before[1]["lines"]
        rows = [LineChange(id=line["id"], values={"qty": 3})]
        records.apply(unit, [Update(form="order", id=order, lines={"lines": rows})])
    assert shop.values("order", order, "total") == (Decimal("7.50"),)
