"""Notices: one for all that happened, of what its reader may see, and none that nobody asked for."""

from datetime import date

from orderkit.engine import following, messages, records
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.engine.records import Delete, LineChange, Update
from orderkit.engine.runtime import Channel


def follow(shop, login, order):
    with shop.office.act(login) as unit:
        following.follow(unit, "order", order)


def told(shop, login):
    Worker(shop.office.runtime, job_handlers()).run_once()
    with shop.office.look(login) as unit:
        return [(each.subject, each.text.splitlines()) for each in messages.inbox(unit)]


def test_all_that_one_change_did_is_one_message(shop):
    order = shop.order("ann")
    follow(shop, "kim", order)
    (line,) = shop.lines(order)
    rows = {"lines": [LineChange(id=line["id"], values={"qty": 2})]}
    with shop.office.act("root") as unit:
        change = Update(form="order", id=order, values={"need_by": date(2026, 4, 1)}, lines=rows)
        records.apply(unit, [change])
    ((subject, lines),) = told(shop, "ann")
    assert subject == "SO20260302-0001 甲公司 有更新"
    assert lines[0] == "root · 修改"
    assert "明细第 1 行 · 数量: 10.000 → 2.000" in lines


def test_nobody_is_told_of_what_they_may_not_see(shop):
    order = shop.order("ann")
    follow(shop, "kim", order)
    shop.office.update("root", "order", order, secret="the price is 1")
    assert told(shop, "ann") == []
    shop.office.update("root", "order", order, secret="2", source="fair")
    ((_, lines),) = told(shop, "ann")
    assert lines == ["root · 修改", "来源: 空 → fair"]
    (line,) = shop.lines(order)
    with shop.office.act("root") as unit:
        rows = {"lines": [LineChange(id=line["id"], values={"qty": 2})]}
        records.apply(unit, [Update(form="order", id=order, lines=rows)])
    text = str(told(shop, "kim"))
    assert "数量" in text
    assert "合计" not in text


def test_one_who_may_see_the_record_no_more_is_told_nothing(shop, clock):
    order = shop.order("ann")
    follow(shop, "kim", order)
    clock.advance(days=1)
    shop.office.update("root", "order", order, source="fair")
    assert told(shop, "kim") == []
    with shop.office.act("root") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    assert told(shop, "kim") == []
    assert told(shop, "ann")[0] == ("SO20260302-0001 甲公司 已被删除", ["root"])


def test_what_is_unread_grows_and_what_was_read_does_not_come_again(shop, clock):
    order = shop.order("ann")
    shop.office.update("root", "order", order, source="fair")
    clock.advance(minutes=5)
    assert len(told(shop, "ann")) == 1
    shop.office.update("root", "order", order, source="shop")
    ((_, lines),) = told(shop, "ann")
    assert lines == ["root · 修改", "来源: fair → shop", "root · 修改", "来源: 空 → fair"]
    with shop.office.act("ann") as unit:
        messages.mark_read(unit, [each.id for each in messages.inbox(unit)])
    clock.advance(minutes=5)
    shop.office.update("root", "order", order, source="call")
    newest, _ = told(shop, "ann")
    assert newest[1] == ["root · 修改", "来源: shop → call"]


def test_who_created_it_on_a_page_follows_and_is_not_told_of_their_own_doing(shop):
    order = shop.order("ann")
    shop.office.update("ann", "order", order, need_by=date(2026, 4, 1))
    assert told(shop, "ann") == []
    with shop.office.act("ann", channel=Channel.IMPORT) as unit:
        values = {"code": "X", "name": "X"}
        (made,) = records.apply(unit, [records.Create(form="customer", values=values)])
    with shop.office.look("ann") as unit:
        assert following.is_following(unit, "order", order)
        assert not following.is_following(unit, "customer", made.id)


def test_what_was_rolled_back_is_not_told(shop):
    order = shop.order("ann")
    with shop.office.act("root") as unit:
        point = unit.connection.begin_nested()
        records.apply(unit, [Update(form="order", id=order, values={"source": "fair"})])
        point.rollback()
    assert told(shop, "ann") == []
