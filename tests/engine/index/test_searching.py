"""The index is for speed only: with it a search gives each reader what it gives without; and pinyin besides."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.database.schema.system_tables import search_entry, search_form
from orderkit.engine import records
from orderkit.engine.index.filling import entries_counted, fill
from orderkit.engine.index.pinyin import wanted_initials
from orderkit.engine.records import Create, Delete, Query, Update
from orderkit.engine.runtime import Channel
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.support.trade import STAFF, Trade, open_trade, trade

READERS = [each.login for each in STAFF if each.login != "guest"]
PARTS = [
    "广州",
    "深圳",
    "贸易",
    "有限公司",
    "五金",
    "A1",
    "ａ１",
    "ß",
    "İ",
    "e\u0301",
    "é",
    "-",
    "%",
    "_",
    " ",
    "100",
    "重庆",
    "银行",
]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join)
FORMS = ("customer", "product", "order", "receipt", "user")


@pytest.fixture(scope="module")
def shop(databases, dialect, tmp_path_factory) -> Iterator[Trade]:
    mark = databases.mark()
    made = open_trade(databases.make(trade(), dialect), tmp_path_factory.mktemp("files"), FakeClock())
    chance = random.Random(7)
    fill_with(made, chance, 12)
    fill(made.office.runtime, batch=5)
    # Those that come after the index was filled are indexed as they are written.
    fill_with(made, chance, 12)
    yield made
    databases.clear(mark)


class Undone(Exception):
    """What goes wrong after a write."""


def fill_with(shop: Trade, chance: random.Random, count: int) -> None:
    def text() -> str:
        return "".join(chance.choices(PARTS, k=chance.randint(1, 4)))

    for _ in range(count):
        shop.customer = shop.office.create(
            None,
            "customer",
            {
                "code": f"{text()}{chance.random()}",
                "name": f"x{text()}",
                "phone": text(),
                "seller": shop.office.ids["ann"],
            },
        )
        values = {"source": text(), "secret": text(), "external": f"{text()}{chance.random()}"}
        shop.order(None, seller=shop.office.ids[chance.choice(["ann", "ben", "root"])], **values)
        shop.receipt({}, memo=text())


@contextmanager
def without_index(shop: Trade) -> Iterator[None]:
    change(shop, search_form.update().values(state="stale"))
    yield
    change(shop, search_form.update().values(state="ready"))


def change(shop: Trade, *statements) -> None:
    with shop.office.runtime.database.write() as connection:
        for each in statements:
            connection.execute(each)


def found(shop: Trade, login: str, form: str, search: str) -> list[int]:
    with shop.office.look(login) as unit:
        page = records.page(unit, Query(form=form, search=search, limit=200))
    return sorted(row.id for row in page.rows)


def readable(form: str) -> list[str]:
    """Return who may read records of a form at all."""
    return {"order": READERS, "receipt": ["root"], "user": ["root"]}.get(form, ["root", "ann", "ben", "max"])


@settings(max_examples=40)
@given(st.sampled_from(FORMS), st.lists(TEXTS, min_size=1, max_size=2), st.data())
def test_a_search_finds_the_same_with_the_index_and_without(shop, form, words, data):
    text = " ".join(words)
    login = data.draw(st.sampled_from(readable(form)))
    with_it = found(shop, login, form, text)
    with without_index(shop):
        without = found(shop, login, form, text)
    assert set(without) <= set(with_it)
    # What may be initials finds more: names that read so, `ａ１` as `a1` among them.
    if not any(wanted_initials(word) for word in text.split()):
        assert without == with_it


@pytest.mark.parametrize("text", ["公", "a", "1", "so20260302", "x", "广州 贸易", "SO", "甲公司"])
@pytest.mark.parametrize("login", ["root", "ann", "kim"])
def test_common_words_and_single_characters_too(shop, login, text):
    with_it = found(shop, login, "order", text)
    with without_index(shop):
        assert found(shop, login, "order", text) == with_it


@pytest.mark.parametrize(("login", "count"), [("root", 1), ("ann", 0)])
def test_a_hidden_field_is_not_told_by_trial(shop, login, count):
    """A phone is masked for sales: neither its text nor anything that the index has of it finds the customer."""
    made = shop.office.create(
        None, "customer", {"code": f"M{login}", "name": f"m{login}", "phone": f"广州139{login}8"}
    )
    assert len(found(shop, login, "customer", f"州139{login}8")) == count
    shop.office.update(None, "customer", made, phone=None)
    assert found(shop, "root", "customer", f"州139{login}8") == []


def test_what_is_written_is_found_at_once_and_what_is_gone_is_not(shop):
    made = shop.office.create(None, "receipt", {"memo": "佛山收款"})
    assert found(shop, "root", "receipt", "佛山") == [made]
    shop.office.update(None, "receipt", made, memo="东莞收款")
    assert found(shop, "root", "receipt", "佛山") == []
    assert found(shop, "root", "receipt", "dgsk") == [made]
    with shop.office.act(None) as unit:
        (other,) = records.apply(unit, [Create(form="receipt", values={"memo": "珠海"})])
        # Within its transaction already.
        assert [row.id for row in records.page(unit, Query(form="receipt", search="珠海")).rows] == [other.id]
        records.apply(unit, [Update(form="receipt", id=made, values={"memo": "湛江"})])
        records.apply(
            unit,
            [
                Delete(form="receipt", id=made, revision=None),
                Delete(form="receipt", id=other.id, revision=None),
            ],
        )
    for word in ("珠海", "湛江", "东莞"):
        assert found(shop, "root", "receipt", word) == []


def test_the_name_of_a_customer_finds_orders_by_pinyin_and_a_new_name_is_known_at_once(shop):
    shop.customer = shop.office.create(None, "customer", {"code": "Z1", "name": "中山灯饰"})
    order = shop.order(None)
    assert found(shop, "root", "order", "zsds") == found(shop, "root", "order", "山灯") == [order]
    assert found(shop, "root", "customer", "SDS") == [shop.customer]
    shop.office.update(None, "customer", shop.customer, name="江门灯饰")
    assert found(shop, "root", "order", "zsds") == found(shop, "root", "order", "山灯") == []
    assert found(shop, "root", "order", "jmds") == found(shop, "root", "order", "门灯") == [order]


def test_a_reference_is_picked_by_pinyin(shop):
    shop.customer = shop.office.create(None, "customer", {"code": "Z2", "name": "惠州电子"})
    with shop.office.look("root") as unit:
        options = records.references(unit, "order", "customer", "hzdz")
    assert [each.title for each in options] == ["惠州电子"]


def test_what_is_undone_leaves_no_entry(shop):
    def write_and_fail() -> None:
        with shop.office.act(None) as unit:
            records.apply(unit, [Create(form="receipt", values={"memo": "汕头"})])
            raise Undone

    with pytest.raises(Undone):
        write_and_fail()
    shop.order(None)
    with shop.office.runtime.database.read() as connection:
        counted = entries_counted(connection, trade())
    assert {form for form, (rows, entries) in counted.items() if rows != entries} == set()


def test_a_record_written_by_a_program_of_another_model_is_found_all_the_same(shop):
    mine = search_form.c.form == "receipt"
    with shop.office.runtime.database.read() as connection:
        fingerprint = connection.execute(sa.select(search_form.c.fingerprint).where(mine)).scalar_one()
    change(shop, search_form.update().where(mine).values(fingerprint="another"))
    made = shop.office.create(None, "receipt", {"memo": "潮州"})
    assert found(shop, "root", "receipt", "潮州") == [made]
    change(shop, search_form.update().where(mine).values(fingerprint=fingerprint))
    assert found(shop, "root", "receipt", "潮州") == [made]
    assert found(shop, "root", "receipt", "czzz") == found(shop, "root", "receipt", "zhou") == []
    assert fill(shop.office.runtime) == 1
    assert found(shop, "root", "receipt", "cz") == [made]


def test_filling_goes_on_where_it_stopped_and_takes_away_what_is_gone(shop):
    runtime = shop.office.runtime
    with runtime.database.read() as connection:
        number = connection.execute(
            sa.select(search_form.c.number).where(search_form.c.form == "receipt")
        ).scalar_one()
    made = shop.office.create(None, "receipt", {"memo": "梅州"})
    entry = search_entry.c.key % (1 << 40) == made
    mine = sa.and_(entry, search_entry.c.key > number << 40, search_entry.c.key < (number + 1) << 40)
    if runtime.database.dialect == "postgresql":
        change(shop, search_entry.delete().where(mine))
        assert found(shop, "root", "receipt", "梅州") == []
    change(shop, search_form.update().values(state="stale"))
    told: list[tuple[int, int]] = []
    fill(runtime, lambda done, total: told.append((done, total)), lambda: len(told) == 2, batch=5)
    assert found(shop, "root", "receipt", "梅州") == [made]
    fill(runtime, lambda done, total: told.append((done, total)), batch=5)
    assert told[-1][0] <= told[-1][1]
    assert found(shop, "root", "receipt", "梅州") == [made]
    with runtime.database.read() as connection:
        assert set(connection.execute(sa.select(search_form.c.state)).scalars()) == {"ready"}
    assert fill(runtime) == 0


def test_the_channel_does_not_matter(shop):
    with shop.office.runtime.write(shop.office.person("root"), Channel.IMPORT) as unit:
        records.apply(
            unit, [Create(form="receipt", values={"memo": f"批量{index}号"}) for index in range(30)]
        )
    assert len(found(shop, "root", "receipt", "批量")) == 30
    assert len(found(shop, "root", "receipt", "量29")) == 1


STORE = """
form: store
label: {zh: 门店, en: Store}
title: "{code}"
fields:
  code:  {type: text, label: {zh: 编码, en: Code}, required: true}
  alias: {type: text, label: {zh: 别名, en: Alias}}
"""
VISIT = """
form: visit
label: {zh: 拜访, en: Visit}
title: "{store} {day}"
fields:
  day:   {type: date, label: {zh: 日期, en: Day}}
  store: {type: ref, to: store, label: {zh: 门店, en: Store}, search: [code, alias]}
"""
ROLE = """
role: scout
label: {zh: 巡店员, en: Scout}
forms:
  store: {read: true, hide: [alias]}
  visit: {read: true}
"""


def test_pinyin_does_not_tell_a_hidden_field_either(make_database, tmp_path, clock):
    made = project(STORE, VISIT, ROLE)
    staff = [Staff(login="root", roles=("admin",)), Staff(login="sam", roles=("scout",))]
    office = open_office(made, make_database(made), tmp_path, clock, staff)
    fill(office.runtime)
    store = office.create(None, "store", {"code": "S1", "alias": "南山一店"})
    visit = office.create(None, "visit", {"store": store})
    for login, stores in (("root", [store]), ("sam", [])):
        with office.look(login) as unit:
            assert [row.id for row in records.page(unit, Query(form="store", search="nsyd")).rows] == stores
            assert [each.id for each in records.references(unit, "visit", "store", "nsy")] == stores
            # The alias is no part of the title that a visit prints.
            assert records.page(unit, Query(form="visit", search="nsyd")).rows == ()
            assert [row.id for row in records.page(unit, Query(form="visit", search="s1")).rows] == [visit]
