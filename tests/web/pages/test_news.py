"""What has changed since an approver last looked is marked on the record, said to ears, and counted in the inbox."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from orderkit.database.schema.system_tables import record_look
from orderkit.engine import records
from orderkit.engine.records import LineChange, Update
from orderkit.engine.workflow import Verb


def resubmitted(office, order):
    """Let an order be looked at, sent back, changed and placed again."""
    office.decide("li", Verb.RETURN, "价格太低")
    office.runtime.clock.advance(hours=2)
    with office.act("zhang") as unit:
        (row,) = records.get(unit, "order", order).lines["lines"]
        change = LineChange(id=row.id, values={"price": Decimal(99)})
        until = office.today + timedelta(days=9)
        values = {"quote_valid_until": until}
        records.apply(unit, [Update(form="order", id=order, values=values, lines={"lines": [change]})])
    office.do("zhang", "order", order, "place")


def placed(office, order):
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")


def looks(office):
    with office.look(None) as unit:
        return unit.connection.execute(select(func.count()).select_from(record_look)).scalar_one()


def test_an_approver_sees_what_changed_since_they_looked(as_, office, order) -> None:
    placed(office, order)
    reader = as_("li")
    first = reader.get(f"/forms/order/{order}")
    assert not first.all(cls="is-news")
    resubmitted(office, order)
    assert "上次查看后有" in reader.get("/inbox").text
    for _ in range(2):
        page = reader.get(f"/forms/order/{order}")
        marked = page.all(cls="is-news")
        assert marked
        assert all("已变更，原为" in each.text or "新增的行" in each.text for each in marked)
        assert "张敏" in page.one(cls="news").text
        assert any(each.tag == "td" for each in marked), "a cell of a row"
        assert any(each.tag in {"div", "dd"} for each in marked), "a field"
    office.runtime.clock.advance(hours=1)
    assert not reader.get(f"/forms/order/{order}").all(cls="is-news")
    assert "上次查看后有" not in reader.get("/inbox").text


def test_only_who_decides_is_noted_and_shown_anything(as_, office, order) -> None:
    placed(office, order)
    for login in ("root", "zhang", "wang"):
        as_(login).get(f"/forms/order/{order}")
    assert looks(office) == 0
    as_("li").get(f"/forms/order/{order}")
    assert looks(office) == 1
    resubmitted(office, order)
    assert not as_("root").get(f"/forms/order/{order}").all(cls="is-news")


def test_a_page_fetched_ahead_is_no_look(as_, office, order) -> None:
    """A browser keeps pages for times without a connection, whether their reader opens them or not."""
    placed(office, order)
    as_("li").get(f"/forms/order/{order}", **{"orderkit-ahead": "1"})
    assert looks(office) == 0
