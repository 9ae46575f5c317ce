"""Ledgers that change between revisions: entries keep what was posted, balances are added up anew."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from orderkit.catalog import built_in
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.drift import drift
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
from orderkit.model.stored import model_hash
from tests.support.clock import FakeClock
from tests.support.projects import project

PRODUCT = "form: product\nfields: {name: {type: text}}\n"
FIRST = """
ledger: stock
keys: {product: ref(product), place: text}
measures: {on_hand: decimal(3), reserved: decimal(3)}
never: ["on_hand < 0", "reserved < 0"]
postings: {receive: {on_hand: +qty}, reserve: {reserved: +qty}}
"""


def after(**words):
    """Return the ledger with some of its words exchanged."""
    given = {
        "head": "ledger: stock",
        "keys": "{product: ref(product), place: text}",
        "measures": "{on_hand: decimal(3), reserved: decimal(3)}",
        "never": '["on_hand < 0", "reserved < 0"]',
        **words,
    }
    return (
        f"{given['head']}\nkeys: {given['keys']}\nmeasures: {given['measures']}\nnever: {given['never']}\n"
        "postings: {receive: {on_hand: +qty}, reserve: {reserved: +qty}}\n"
    )


class Shop:
    """A database with the first ledger and some entries; `bring` brings it to another."""

    def __init__(self, url, folder):
        self.url = url
        self.folder = folder
        self.bring(FIRST)
        self.post("A", on_hand=5, reserved=1)
        self.post("A", on_hand=2)
        self.post("B", on_hand=3)
        # As a unit would leave them.
        self.bring(after(measures="{on_hand: decimal(3), reserved: decimal(3), extra: integer}"))
        self.bring(FIRST, "stock.extra")

    def bring(self, ledger, *allow, to=None, more=None):
        made = project(PRODUCT, *(each for each in (ledger, more) if each))
        write_next_revision(made, built_in(), self.folder, allow_drop=frozenset(allow))
        migrate(self.url, made, built_in(), self.folder, model_hash=model_hash(made), target=to)
        self.project = made
        return made

    def tables(self):
        return metadata_of(tables_of(self.project, built_in())).tables

    def run(self, statement):
        engine = open_engine(parsed(self.url)).execution_options(orderkit_writes=True)
        try:
            with engine.begin() as connection:
                found = connection.execute(statement)
                return found.all() if found.returns_rows else []
        finally:
            engine.dispose()

    def post(self, place, **moves):
        numbers = {name: Decimal(moves.get(name, 0)) for name in ("on_hand", "reserved")}
        values = {"posting": "receive", "posted_at": FakeClock().now(), "place": place, **numbers}
        self.run(sa.insert(self.tables()["stock__entries"]).values(**values))

    def balances(self, *names, table="stock"):
        of = self.tables()[table]
        return sorted((tuple(row) for row in self.run(sa.select(*(of.c[name] for name in names)))), key=str)

    def drifts(self):
        engine = open_engine(parsed(self.url))
        try:
            with engine.connect() as connection:
                return [each.words["en"] for each in drift(connection, tables_of(self.project, built_in()))]
        finally:
            engine.dispose()


@pytest.fixture
def shop(databases, dialect, tmp_path):
    mark = databases.mark()
    yield Shop(databases.fresh_url(dialect, is_whole=True), tmp_path / "migrations")
    databases.clear(mark)


def test_balances_are_added_up_from_the_entries(shop):
    assert shop.balances("place", "on_hand", "reserved") == [("A", 7, 1), ("B", 3, 0)]
    assert shop.drifts() == []


def test_a_ledger_a_key_and_a_measure_are_renamed_with_all_that_was_posted(shop):
    shop.bring(
        after(
            head="ledger: goods\nrenamed_from: stock",
            keys="{product: ref(product), shelf: {type: text, renamed_from: place}}",
            measures="{there: {type: decimal(3), renamed_from: on_hand}, reserved: decimal(3)}",
            never='["there < 0"]',
        ).replace("on_hand: +qty", "there: +qty")
    )
    assert shop.balances("shelf", "there", "reserved", table="goods") == [("A", 7, 1), ("B", 3, 0)]
    assert shop.drifts() == []


def test_a_new_measure_begins_at_zero_and_a_new_key_is_empty_for_what_was_posted(shop):
    shop.bring(
        after(
            keys="{product: ref(product), place: text, lot: text}",
            measures="{on_hand: decimal(3), reserved: decimal(3), value: money}",
        )
    )
    assert shop.balances("place", "lot", "on_hand", "value") == [("A", None, 7, 0), ("B", None, 3, 0)]
    assert shop.drifts() == []


def test_balances_are_added_up_by_the_keys_that_are_left(shop):
    shop.bring(after(keys="{product: ref(product)}"), "stock.place")
    assert shop.balances("on_hand", "reserved") == [(10, 1)]
    assert shop.drifts() == []


@pytest.mark.parametrize(
    ("ledger", "what"),
    [
        (after(keys="{product: ref(product)}"), "stock.place"),
        (after(measures="{on_hand: decimal(3)}", never='["on_hand < 0"]'), "stock.reserved"),
        (None, "stock"),
    ],
)
def test_what_would_lose_entries_is_refused_until_it_is_allowed(shop, ledger, what):
    ledger = (
        ledger
        if ledger is None or "reserved: decimal" in ledger
        else ledger.replace(", reserve: {reserved: +qty}", "")
    )
    with pytest.raises(Refused) as refused:
        shop.bring(ledger)
    assert any(f"--allow-drop {what}`" in (each.help or {}).get("en", "") for each in refused.value.problems)
    shop.bring(ledger, what)
    assert shop.drifts() == []


def test_a_new_bound_takes_what_is_beyond_it_as_a_floor_that_the_database_keeps(shop):
    shop.bring(after(never='["on_hand > 4"]'))
    table = shop.tables()["stock"]
    (floor,) = (each.name for each in table.c if each.name.startswith("floor_"))
    assert shop.balances("place", floor) == [("A", -3), ("B", 0)]
    of_place = sa.update(table).where(table.c.place == "A")
    with pytest.raises(IntegrityError):
        shop.run(of_place.values(on_hand=Decimal(8)))
    shop.run(of_place.values(on_hand=Decimal(6)))
    with pytest.raises(IntegrityError):
        shop.run(sa.update(table).where(table.c.place == "B").values(on_hand=Decimal(5)))


def test_entries_name_the_form_that_they_are_about_by_its_new_name(shop):
    order = "form: order\nfields: {lines: {type: lines, fields: {qty: {type: integer}}}}\n"
    entries = shop.tables()["stock__entries"]
    shop.bring(FIRST, more=order)
    shop.run(sa.update(entries).values(form="order", row_form="order.lines"))
    shop.bring(FIRST, more=order.replace("form: order", "form: sale\nrenamed_from: order"))
    named = {tuple(row) for row in shop.run(sa.select(entries.c.form, entries.c.row_form))}
    assert named == {("sale", "sale.lines")}


def test_undoing_the_revision_adds_the_balances_up_as_they_were(shop):
    shop.bring(after(keys="{product: ref(product), place: text, lot: text}"))
    made = project(PRODUCT, FIRST)
    migrate(
        shop.url, shop.project, built_in(), shop.folder, model_hash=model_hash(shop.project), target="0003"
    )
    shop.project = made
    assert shop.balances("place", "on_hand") == [("A", 7), ("B", 3)]
    assert shop.drifts() == []
