"""Lists: what is shown, in which order, and that walking through pages misses and repeats nothing."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from orderkit.engine import records
from orderkit.engine.accounts import set_roles
from orderkit.engine.records import Create, Filter, LineChange, Operator, Query
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Denied, NotFound, Refused
from orderkit.model.forms import SortKey
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.support.trade import open_trade, trade


@pytest.fixture(scope="module")
def shop(databases, dialect, tmp_path_factory):
    """One trade for all tests here, which only read; those that write have a trade of their own."""
    mark = databases.mark()
    folder = tmp_path_factory.mktemp("files")
    yield open_trade(databases.make(trade(), dialect), folder, FakeClock())
    databases.clear(mark)


@pytest.fixture
def own_shop(make_database, tmp_path, clock):
    return open_trade(make_database(trade()), tmp_path, clock)


@pytest.fixture(scope="module")
def orders(shop):
    """Twelve orders with gaps in what they are sorted by, half of them Ann's."""
    return make_orders(shop)


def make_orders(shop):
    days = [None, date(2026, 3, 9), date(2026, 3, 5)]
    with shop.office.act(None) as unit:
        done = records.apply(
            unit,
            [
                Create(
                    form="order",
                    values={
                        "customer": shop.customer,
                        "seller": shop.office.ids["ann" if index % 2 else "max"],
                        "need_by": days[index % 3],
                        "external": f"E{index:02}" if index % 4 else None,
                        "process": "热 处理" if index == 5 else None,
                    },
                    lines={"lines": [LineChange(values={"product": shop.bolt, "qty": index + 1})]},
                )
                for index in range(12)
            ],
        )
    return [each.id for each in done]


def walk(unit, query):
    """Return the ids of all rows, forward; check that the way back shows the same pages."""
    pages, cursor = [], None
    while True:
        page = records.page(unit, Query(**{**query, "cursor": cursor}))
        pages.append([row.id for row in page.rows])
        if page.next is None:
            break
        cursor = page.next
    back, cursor = [pages[-1]], page.previous
    while cursor is not None:
        page = records.page(unit, Query(**{**query, "cursor": cursor}))
        back.insert(0, [row.id for row in page.rows])
        cursor = page.previous
    assert [each for some in back for each in some] == [each for some in pages for each in some]
    return [each for some in pages for each in some]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["need_by", "external", "total", "id", "created_at"])
def test_pages_follow_each_other_in_every_order(shop, orders, field, descending):
    with shop.office.look("root") as unit:
        sort = (SortKey(field=field, descending=descending),)
        found = walk(unit, {"form": "order", "sort": sort, "limit": 5})
        values = {
            row.id: row.values[field]
            for row in records.page(unit, Query(form="order", columns=(field,))).rows
        }
    filled = sorted({values[each] for each in orders if values[each] is not None}, reverse=descending)
    ids = [
        each
        for value in (*filled, None)
        for each in sorted((i for i in orders if values[i] == value), reverse=descending)
    ]
    assert found == ids


def test_pages_follow_each_other_ordered_by_yes_and_no(own_shop):
    shop = own_shop
    with shop.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        people = [
            records.Create(form="user", values={"login": f"u{n}", "name": f"U{n}", "active": n % 2 == 0})
            for n in range(6)
        ]
        records.apply(unit, people)
    with shop.office.look("root") as unit:
        found = walk(unit, {"form": "user", "sort": (SortKey(field="active"),), "limit": 2})
        active = {
            row.id: row.values["active"]
            for row in records.page(unit, Query(form="user", columns=("active",))).rows
        }
    assert [active[each] for each in found] == sorted(active.values())


def test_a_page_stays_put_while_records_come(own_shop):
    shop, orders = own_shop, make_orders(own_shop)
    with shop.office.look("root") as unit:
        first = records.page(unit, Query(form="order", sort=(SortKey(field="total"),), limit=4))
    shop.order("root", {"product": shop.bolt, "qty": Decimal("0.5")})
    with shop.office.look("root") as unit:
        second = records.page(
            unit, Query(form="order", sort=(SortKey(field="total"),), limit=4, cursor=first.next)
        )
    assert [row.id for row in second.rows] == orders[4:8]


def test_a_reader_sees_their_rows_and_their_fields(shop, orders):
    with shop.office.look("ann") as unit:
        page = records.page(
            unit, Query(form="order", columns=("number", "customer", "secret", "late", "total"))
        )
        counted = records.count(unit, Query(form="order"))
    assert sorted(row.id for row in page.rows) == orders[1::2]
    assert str(counted) == "6"
    row = page.rows[0]
    assert row.titles["customer"] == "甲公司"
    assert row.title == f"{row.values['number']} 甲公司"
    assert set(row.values) == {"number", "customer", "late", "total"}


def test_a_masked_field_is_masked_and_cannot_be_searched(shop):
    def found(login, **query):
        with shop.office.look(login) as unit:
            page = records.page(unit, Query(form="customer", columns=("phone",), **query))
            return [row.values["phone"] for row in page.rows]

    phone = (Filter(field="phone", operator=Operator.EQUAL, values=("13812345678",)),)
    assert found("ann") == ["138****5678"]
    assert found("ann", filters=phone) == []
    assert found("ann", search="1381") == []
    assert found("root", filters=phone) == ["13812345678"]
    assert found("root", search="1381") == ["13812345678"]


@pytest.mark.parametrize(
    ("filters", "indexes"),
    [
        pytest.param([("external", "eq", ["E05"])], [5], id="equal"),
        pytest.param([("external", "in", ["E05", "E06"])], [5, 6], id="one of"),
        pytest.param([("external", "contains", ["e0"])], [1, 2, 3, 5, 6, 7, 9], id="contains, whatever case"),
        pytest.param([("external", "contains", ["E0%"])], [], id="a sign of LIKE is a sign"),
        pytest.param([("external", "empty", [True])], [0, 4, 8], id="empty"),
        pytest.param([("need_by", "from", [date(2026, 3, 9)])], [1, 4, 7, 10], id="from a day"),
        pytest.param([("need_by", "to", [date(2026, 3, 8)])], [2, 5, 8, 11], id="up to a day"),
        pytest.param(
            [("total", "from", [Decimal(10)]), ("total", "to", [Decimal("12.5")])], [3, 4], id="range"
        ),
        pytest.param([("late", "eq", [False])], [1, 2, 4, 5, 7, 8, 10, 11], id="a virtual field"),
        pytest.param([("created_at", "eq", [date(2026, 3, 2)])], list(range(12)), id="the day of an instant"),
        pytest.param([("created_at", "to", [date(2026, 3, 1)])], [], id="up to the day before"),
        pytest.param([("created_at", "to", [date.max])], list(range(12)), id="up to the last day there is"),
        pytest.param([("created_at", "from", [date.min])], list(range(12)), id="from the first day there is"),
        pytest.param([("created_at", "eq", [date.min, date.max])], [], id="days at the ends of time"),
    ],
)
def test_filters(shop, orders, filters, indexes):
    wanted = tuple(Filter(field=f, operator=Operator(o), values=tuple(v)) for f, o, v in filters)
    with shop.office.look("root") as unit:
        page = records.page(unit, Query(form="order", filters=wanted, sort=(SortKey(field="id"),)))
        assert records.count(unit, Query(form="order", filters=wanted)).value == len(indexes)
    assert [orders.index(row.id) for row in page.rows] == indexes


@pytest.mark.parametrize(
    ("search", "count"),
    [("E05", 1), ("甲公司", 12), ("甲公司 e05", 1), ("热", 1), ("so20260302-0012", 1), ("nothing", 0)],
)
def test_a_search_looks_into_texts_and_titles(shop, orders, search, count):
    with shop.office.look("root") as unit:
        assert records.count(unit, Query(form="order", search=search)).value == count


def test_a_view_filters(own_shop, clock):
    shop, orders = own_shop, make_orders(own_shop)
    clock.advance(days=5)
    with shop.office.look("root") as unit:
        page = records.page(unit, Query(form="order", view="late", sort=(SortKey(field="id"),)))
    assert [orders.index(row.id) for row in page.rows] == [2, 5, 8, 11]


def test_a_view_on_a_hidden_field_does_not_tell_its_values(make_database, tmp_path, clock):
    form = """
form: deal
title: "{name}"
fields: {name: {type: text}, worth: {type: money}, open: {type: boolean}}
list: {views: {big: {label: Big, where: "worth > 100"}, open: {label: Open, where: "open"}}}
"""
    role = """
role: helper
forms: {deal: {read: true, hide: [worth]}}
"""
    partner = """
role: partner
forms: {deal: {read: "open"}}
"""
    model = project(form, role, partner)
    staff = (Staff(login="root", roles=("admin",)), Staff(login="hal", roles=("helper",)))
    both = Staff(login="pat", roles=("helper", "partner"))
    office = open_office(model, make_database(model), tmp_path / "files", clock, (*staff, both))
    for name, is_open in (("a", True), ("b", False)):
        office.create(None, "deal", {"name": name, "worth": 500, "open": is_open})

    def found(login, view):
        with office.look(login) as unit:
            known = [each.id for each in records.views(unit, model.form_by_id["deal"])]
            return known, [row.title for row in records.page(unit, Query(form="deal", view=view)).rows]

    assert found("root", "big") == (["big", "open"], ["b", "a"])
    assert found("hal", "open") == (["open"], ["a"])
    with pytest.raises(Denied):
        found("hal", "big")
    # Only where one role shows the field as well as the record does the view look at it.
    assert found("pat", "big") == (["big", "open"], ["a"])


@pytest.mark.parametrize(
    ("login", "query", "error"),
    [
        pytest.param("guest", {}, Denied, id="no role"),
        pytest.param("ann", {"view": "nonsense"}, NotFound, id="no such view"),
        pytest.param("ann", {"form": "nonsense"}, NotFound, id="no such form"),
        pytest.param("ann", {"form": "order.lines"}, NotFound, id="lines have no list"),
        pytest.param("ann", {"sort": (SortKey(field="secret"),)}, Refused, id="sorted by a hidden field"),
        pytest.param("ann", {"sort": (SortKey(field="late"),)}, Refused, id="sorted by a virtual field"),
        pytest.param("ann", {"cursor": "nonsense"}, Refused, id="a broken cursor"),
        pytest.param("ann", {"cursor": "e30"}, Refused, id="a cursor of nothing"),
        pytest.param(
            "ann",
            {"filters": (Filter(field="x", operator=Operator.EQUAL, values=(1,)),)},
            Refused,
            id="no field",
        ),
        pytest.param(
            "ann",
            {"filters": (Filter(field="external", operator=Operator.AT_LEAST, values=("a",)),)},
            Refused,
            id="texts have no order",
        ),
        pytest.param(
            "ann",
            {"filters": (Filter(field="late", operator=Operator.AT_LEAST, values=(True,)),)},
            Refused,
            id="yes and no have no order",
        ),
        pytest.param(
            "ann",
            {"filters": (Filter(field="external", operator=Operator.CONTAINS, values=("a" * 60_000,)),)},
            Refused,
            id="a text longer than a database searches for",
        ),
        pytest.param(
            "ann",
            {"filters": (Filter(field="external", operator=Operator.CONTAINS, values=("a",) * 2000),)},
            Refused,
            id="more conditions than a database nests",
        ),
        pytest.param("ann", {"sort": (SortKey(field="id"),) * 500}, Refused, id="more keys than make sense"),
    ],
)
def test_what_cannot_be_asked_is_refused(shop, login, query, error):
    with pytest.raises(error), shop.office.look(login) as unit:
        records.page(unit, Query(**{"form": "order", **query}))


@pytest.mark.parametrize(
    "query",
    [
        {"filters": (Filter(field="external", operator=Operator.EQUAL, values=("E\x0005",)),)},
        {"search": "E\x0005"},
    ],
    ids=["filter", "search"],
)
def test_a_character_that_no_text_holds_finds_nothing_or_is_refused(shop, orders, query):
    if shop.office.runtime.database.dialect == "postgresql":
        with pytest.raises(Refused, match="NUL"), shop.office.look("root") as unit:
            records.page(unit, Query(form="order", **query))
    else:
        with shop.office.look("root") as unit:
            assert records.page(unit, Query(form="order", **query)).rows == ()


@pytest.mark.parametrize("descending", [False, True])
def test_a_later_page_begins_in_the_index_and_not_at_its_start(own_shop, descending):
    """Page 2,000 costs what the first one does only if nothing before it is read."""
    shop, _ = own_shop, make_orders(own_shop)
    engine = shop.office.runtime.database.engine
    with shop.office.runtime.database.write() as connection:
        connection.exec_driver_sql('CREATE INDEX by_time ON "order" (created_at, id)')
    asked = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    with shop.office.look("root") as unit:
        query = {"form": "order", "sort": (SortKey(field="created_at", descending=descending),), "limit": 3}
        first = records.page(unit, Query(**query))
        asked.clear()
        records.page(unit, Query(**query, cursor=first.next))
        statement, parameters = next(each for each in asked if "ORDER BY" in each[0])
        if engine.dialect.name == "sqlite":
            plan = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            found = [row[3] for row in plan if "SEARCH" in row[3]]
        else:
            # A table so short would be read whole.
            for way in ("seqscan", "bitmapscan", "sort"):
                unit.connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            plan = unit.connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
            found = [row[0].replace(" ", "") for row in plan if "Index Cond" in row[0]]
    with shop.office.runtime.database.write() as connection:
        connection.exec_driver_sql("DROP INDEX by_time")
    assert any(f"created_at{'<' if descending else '>'}" in each for each in found), plan


def test_a_cursor_of_another_order_is_refused(shop, orders):
    with shop.office.look("root") as unit:
        page = records.page(unit, Query(form="order", sort=(SortKey(field="total"),), limit=2))
        with pytest.raises(Refused):
            records.page(unit, Query(form="order", sort=(SortKey(field="id"),), cursor=page.next))


def test_a_hidden_value_is_not_told_by_its_place_in_the_list(own_shop):
    """Clerk hides the total of today's orders; sorted by it, those that only clerk shows all look empty."""
    shop, orders = own_shop, make_orders(own_shop)
    with shop.office.act(None) as unit:
        set_roles(unit, shop.office.ids["ann"], ["sales", "clerk"])
    with shop.office.look("ann") as unit:
        found = walk(unit, {"form": "order", "sort": (SortKey(field="total"),), "limit": 5})
    assert [orders.index(each) for each in found] == [1, 3, 5, 7, 9, 11, 0, 2, 4, 6, 8, 10]


def test_one_record_with_its_lines(own_shop):
    shop = own_shop
    order = shop.order("ann")
    with shop.office.look("ann") as unit:
        view = records.get(unit, "order", order)
    assert (view.may_update, view.may_delete, view.revision) == (True, True, 1)
    assert "secret" not in view.values
    (line,) = view.lines["lines"]
    assert "cost" not in line.values
    assert (line.titles["product"], line.values["amount"]) == ("P1 螺栓", Decimal("25.00"))
    for login, record in (("ben", order), ("ann", order + 1), ("ann", -1), ("ann", 2**70)):
        with pytest.raises(NotFound), shop.office.look(login) as unit:
            records.get(unit, "order", record)


def test_titles_are_for_everybody_and_for_many(shop):
    with shop.office.look("guest") as unit:
        assert records.titles(unit, "product", [shop.nut, shop.bolt, 99]) == {
            shop.bolt: "P1 螺栓",
            shop.nut: "P2 螺母",
        }


def test_a_title_that_nothing_shows_is_for_who_may_read_the_record(shop, orders):
    def title(login, form, record_id):
        with shop.office.look(login) as unit:
            return records.title(unit, form, record_id)

    assert title("ann", "order", orders[0]) is None
    assert title("ann", "order", orders[1]).endswith("甲公司")
    assert title("guest", "customer", shop.customer) is None
    assert title("guest", "user", 1) == "root"
    assert title("root", "order", 10**9) is title("root", "order", 2**70) is None


def test_a_picker_offers_what_may_be_picked_best_first(own_shop):
    shop = own_shop
    office = shop.office
    office.create(None, "customer", {"code": "C2", "name": "乙公司", "active": False})
    office.create(None, "customer", {"code": "X甲", "name": "丙公司"})

    def offered(login, form, field, text=""):
        with office.look(login) as unit:
            return [option.title for option in records.references(unit, form, field, text)]

    assert offered("ann", "order", "customer") == ["甲公司", "丙公司"]
    assert offered("ann", "order", "customer", "甲") == ["甲公司", "丙公司"]
    assert offered("ann", "order", "customer", "c1") == ["甲公司"]
    assert offered("ann", "order.lines", "product", "螺母") == ["P2 螺母"]
    assert offered("kim", "order.lines", "product") == []
    assert offered("ann", "order", "seller", "be") == ["ben"]
    for login, field in (("guest", "customer"), ("ann", "kind"), ("ann", "secret")):
        with pytest.raises(NotFound):
            offered(login, "order", field)


def test_titles_of_records_in_titles_are_loaded_together_and_searched(make_database, tmp_path, clock):
    forms = (
        "form: area\ntitle: '{name}'\nfields: {name: {type: text}}",
        "form: town\ntitle: '{name} ({area})'\nfields: {name: {type: text}, area: {type: ref, to: area}}",
        "form: shop\ntitle: '{town}'\nfields: {town: {type: ref, to: town}}",
    )
    made = project(*forms)
    office = open_office(made, make_database(made), tmp_path, clock, [Staff(login="root", roles=("admin",))])
    for index in range(5):
        area = office.create(None, "area", {"name": f"A{index}"})
        town = office.create(None, "town", {"name": f"T{index}", "area": area})
        office.create(None, "shop", {"town": town})
    person = office.person("root")
    with office.runtime.read(person, Channel.PAGE) as unit:
        statements = []
        engine = office.runtime.database.engine
        event.listen(engine, "before_cursor_execute", lambda c, cu, s, *rest: statements.append(s))
        page = records.page(unit, Query(form="shop", search="a3"))
        assert [row.title for row in page.rows] == ["T3 (A3)"]
        assert len(records.page(unit, Query(form="shop", search="t")).rows) == 5
        # One of them asks which forms the search index covers.
        assert len([s for s in statements if s.startswith("SELECT")]) <= 7
