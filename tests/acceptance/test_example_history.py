"""The history of the example: built anew it is what is committed, and every database of its past comes to today."""

import filecmp
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.history import line_of, snapshot_of
from orderkit.database.schema import system_tables
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import tables_of
from orderkit.engine import audit, records
from orderkit.engine.importing import seeds
from orderkit.engine.records import LineChange, Update
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow.in_flight import BroughtForward, bring_forward
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from tests.acceptance.example_history import MIGRATIONS, STAGES, build, project_of
from tests.database.schemas import schema_of
from tests.support.clock import FakeClock
from tests.support.office import Office, Staff, open_office
from tests.support.projects import example

LAST = len(STAGES)
# Revisions are run by the clock of the machine, so people work long before and long after them.
BEFORE, AFTER = datetime(2024, 3, 4, 1, tzinfo=UTC), datetime(2099, 3, 2, 1, tzinfo=UTC)
NEEDED, SOONER = date(2099, 12, 31), date(2099, 11, 30)
CONTRACT = b"%PDF-1.7\n%%EOF\n"
# The way of an order: who presses what, and with what; without a name they approve.
WAY: Sequence[tuple[str, str | None, Mapping[str, object]]] = (
    ("zhang", "quote", {}),
    ("zhang", "place", {}),
    ("li", None, {}),
    ("zhao", "release", {"plan_start": SOONER, "plan_end": NEEDED}),
    ("zhao", "finish", {}),
    ("qian", "pack", {"packed_on": SOONER}),
    ("qian", "ship", {"carrier": "顺丰", "tracking_no": "SF1"}),
)
STAFF = (
    Staff(login="wang", roles=("director",)),
    Staff(login="li", roles=("lead",), manager="wang"),
    Staff(login="zhang", roles=("sales",), manager="li"),
    Staff(login="zhao", roles=("planner",)),
    Staff(login="qian", roles=("warehouse",)),
    Staff(login="sun", roles=("finance",)),
)


def stage(number: int) -> Project:
    """Return the model that a revision leads to, as its snapshot keeps it."""
    return snapshot_of(MIGRATIONS, line_of(MIGRATIONS)[number - 1]).project(built_in())


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What people left behind at a stage: orders by what they are there for, with their totals."""

    url: str
    files: Path
    orders: Mapping[str, int]
    totals: Mapping[str, object]
    receipt: int
    contract: int


def bring(url: str, number: int) -> None:
    """Migrate a database to a revision, as the artifact of that stage would."""
    project = stage(number)
    migrate(url, project, built_in(), MIGRATIONS, model_hash=model_hash(project), target=f"{number:04d}")


@contextmanager
def office_at(
    url: str, files: Path, number: int, now: datetime, staff: Sequence[Staff] = ()
) -> Iterator[Office]:
    """Open an office over a database at a stage."""
    project = stage(number)
    with closing(Database.open(url, project, built_in(), threads=2)) as database:
        yield open_office(project, database, files, FakeClock(now), staff)


@pytest.fixture(scope="module", params=[1, 4], ids=["from-0001", "from-0004"])
def began_at(request) -> int:
    """The revision at which a shop began to work."""
    return request.param


@pytest.fixture(scope="module")
def make_shop(databases, dialect, began_at, tmp_path_factory) -> Iterator[Callable[[], Shop]]:
    """Makes a shop that has worked at the revision where it began."""
    mark = databases.mark()

    def make() -> Shop:
        url, files = databases.fresh_url(dialect), tmp_path_factory.mktemp("files")
        bring(url, began_at)
        with office_at(url, files, began_at, BEFORE, STAFF) as office:
            return worked_in(office, url, began_at, files)

    yield make
    databases.clear(mark)


@dataclass(frozen=True, kw_only=True)
class Today:
    """A shop that was brought to today, with the office over it."""

    shop: Shop
    office: Office
    brought: BroughtForward


@pytest.fixture(scope="module")
def today(make_shop) -> Iterator[Today]:
    """A shop of the past, migrated in one go."""
    shop = make_shop()
    bring(shop.url, LAST)
    with office_at(shop.url, shop.files, LAST, AFTER) as office:
        yield Today(shop=shop, office=office, brought=bring_forward(office.runtime))


def worked_in(office: Office, url: str, number: int, files: Path) -> Shop:
    """Let people work: an order in every state, an approval half-way, a receipt to be confirmed, a contract."""
    with office.act(None) as unit:
        seeds.apply(unit)
    day = "delivery_date" if number < 3 else "need_by"
    custom, repair = ("special", "special") if number < 4 else ("custom", "repair")
    process = {"process": "按图纸折弯"}

    def order(price: str, upto: int, **values: object) -> int:
        made = _order(office, day, price, **values)
        for login, transition, asked in WAY[:upto]:
            if transition is None:
                office.decide(login)
            else:
                office.do(login, "order", made, transition, **asked)
        return made

    orders = {
        "inquiry": order("10", 0, kind=custom, **process),
        "quoted": order("20000", 1, kind=repair),
        "review": order("20000", 3),
        "planning": order("30", 3, kind=custom, **process),
        "packing": order("40", 5),
        "shipped": order("50", 7),
    }
    sender = office.person("zhang")
    contract = records.upload(
        office.runtime, sender, Channel.PAGE, "order", "contract", name="合同.pdf", chunks=[CONTRACT]
    )
    office.update("zhang", "order", orders["inquiry"], contract=contract.id, **{day: NEEDED})
    return Shop(
        url=url,
        files=files,
        orders=orders,
        totals={name: office.value("order", made, "total") for name, made in orders.items()},
        receipt=office.create("sun", "receipt", {"order": orders["shipped"], "amount": Decimal(120)}),
        contract=contract.id,
    )


def _order(office: Office, day: str, price: str, **values: object) -> int:
    line = {"product": 1, "qty": Decimal(2), "price": Decimal(price)}
    return office.create("zhang", "order", {"customer": 1, day: SOONER, **values}, {"lines": [line]})


def schema(url: str) -> dict[str, Any]:
    """Return the tables of a database of today, which are those of the model, and what is kept for a while."""
    with (
        closing(Database.open(url, example(), built_in(), threads=1)) as database,
        database.read() as connection,
    ):
        assert drift(connection, tables_of(example(), built_in())) == ()
        return schema_of(connection)


class TestCommitted:
    def test_building_the_history_anew_gives_the_committed_files(self, tmp_path):
        build(tmp_path)
        made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")}
        kept = {path.relative_to(MIGRATIONS) for path in MIGRATIONS.rglob("*.*") if path.suffix != ".pyc"}
        assert made == kept, "python -m tests.acceptance.example_history"
        _, other, unread = filecmp.cmpfiles(tmp_path, MIGRATIONS, sorted(map(str, made)), shallow=False)
        assert (other, unread) == ([], []), "python -m tests.acceptance.example_history"

    def test_it_ends_at_the_example_of_today(self):
        assert model_hash(stage(LAST)) == model_hash(example())

    @pytest.mark.parametrize("number", range(1, LAST + 1))
    def test_a_snapshot_keeps_the_model_of_its_stage(self, number):
        assert model_hash(stage(number)) == model_hash(project_of(number))


class TestToToday:
    """Each test looks at records of its own, or only looks."""

    def test_a_database_of_the_past_has_the_schema_of_a_fresh_one(self, today, databases, dialect):
        fresh = databases.fresh_url(dialect)
        bring(fresh, LAST)
        assert schema(today.shop.url) == schema(fresh)

    def test_rows_are_where_they_belong(self, today):
        shop, value = today.shop, today.office.value
        for name, made in shop.orders.items():
            assert value("order", made, "total") == shop.totals[name]
            assert value("order", made, "need_by") == (NEEDED if name == "inquiry" else SOONER)
        kinds = {name: value("order", made, "kind") for name, made in shop.orders.items()}
        assert kinds == dict.fromkeys(shop.orders, "standard") | {
            "inquiry": "custom",
            "quoted": "repair",
            "planning": "custom",
        }
        assert value("order", shop.orders["quoted"], "balance") == Decimal("40000.00")
        with today.office.look("wang") as unit:
            (line,) = records.get(unit, "order", shop.orders["planning"]).lines["lines"]
            view, path = records.open_attachment(unit, shop.contract)
        assert (line.values["discount"], line.values["cost"]) == (Decimal("0.0000"), Decimal("57.00"))
        assert (view.name, path.read_bytes()) == ("合同.pdf", CONTRACT)

    def test_running_orders_leave_the_state_that_is_gone_and_follow_the_newest_definition(self, today):
        shop, office = today.shop, today.office
        assert today.brought == BroughtForward(moved=1, followed=5)
        packed, in_review = shop.orders["packing"], shop.orders["review"]
        assert office.value("order", packed, "status") == "ready"
        assert [each[-1] for each in office.timeline("order", packed) if each[0] == "migrate"] == ["ready"]
        office.do("qian", "order", packed, "ship", carrier="顺丰", tracking_no="SF2")
        assert office.value("order", in_review, "status") == "review"
        office.decide("wang")
        assert office.value("order", in_review, "status") == "planning"

    def test_a_pinned_receipt_goes_on_by_the_rules_that_it_began_with(self, today):
        shop, office = today.shop, today.office
        office.do("sun", "receipt", shop.receipt, "confirm")
        assert office.value("receipt", shop.receipt, "status") == "confirmed"
        other = office.create("sun", "receipt", {"order": shop.orders["planning"], "amount": Decimal(120)})
        with pytest.raises(Refused):
            office.do("sun", "receipt", other, "confirm")

    def test_the_audit_tells_of_fields_and_options_by_the_names_of_today(self, today):
        with today.office.look(None) as unit:
            changed, created = audit.read(unit, "order", today.shop.orders["inquiry"])[:2]
        assert changed.changes["need_by"] == (SOONER.isoformat(), NEEDED.isoformat())
        assert created.changes["kind"] == (None, "custom")

    def test_what_was_dropped_is_kept_for_a_while(self, today):
        with today.office.look(None) as unit:
            kept = unit.connection.execute(sa.select(system_tables.retired)).one()
            values = unit.connection.execute(sa.text(f'SELECT id, value FROM "{kept.shadow}"')).all()
        assert kept.path == "order.packed_on"
        assert [(row.id, str(row.value)) for row in values] == [
            (today.shop.orders["shipped"], SOONER.isoformat())
        ]


class TestHalfWay:
    def test_orders_are_pinned_to_the_definition_they_began_with_until_one_says_otherwise(self, make_shop):
        """At the fifth revision the tier is higher and a field of the definition has another name."""
        shop = make_shop()
        bring(shop.url, 5)
        with office_at(shop.url, shop.files, 5, AFTER) as office:
            assert bring_forward(office.runtime) == BroughtForward()
            assert {name: office.value("order", made, "status") for name, made in shop.orders.items()} == {
                name: name for name in shop.orders
            }
            newer = _order(office, "need_by", "20000")
            office.do("zhang", "order", newer, "quote")
            for made, becomes in ((shop.orders["quoted"], "review"), (newer, "planning")):
                office.do("zhang", "order", made, "place")
                office.decide("li")
                assert office.value("order", made, "status") == becomes
            office.do("qian", "order", shop.orders["packing"], "pack", packed_on=NEEDED)
            assert office.value("order", shop.orders["packing"], "status") == "ready"


class TestBack:
    def test_going_back_works_out_totals_as_they_were_before(self, make_shop):
        """Without their discount lines cost more again, and so do the orders that add them up."""
        shop = make_shop()
        bring(shop.url, 6)
        order = shop.orders["inquiry"]
        with office_at(shop.url, shop.files, 6, AFTER) as office:
            with office.act("zhang") as unit:
                (line,) = records.get(unit, "order", order).lines["lines"]
                less = LineChange(id=line.id, values={"discount": Decimal("0.25")})
                records.apply(unit, [Update(form="order", id=order, values={}, lines={"lines": [less]})])
            assert office.value("order", order, "total") == Decimal("15.00")
        bring(shop.url, 5)
        with office_at(shop.url, shop.files, 5, AFTER) as office:
            assert office.value("order", order, "total") == Decimal("20.00")
            assert office.value("order", order, "balance") == Decimal("20.00")

    def test_the_way_back_to_the_beginning_and_to_today_again_loses_nothing(self, make_shop):
        shop = make_shop()
        bring(shop.url, LAST)
        before = schema(shop.url)
        bring(shop.url, 1)
        with office_at(shop.url, shop.files, 1, AFTER) as office:
            assert office.value("order", shop.orders["shipped"], "packed_on") == SOONER
            assert office.value("order", shop.orders["inquiry"], "delivery_date") == NEEDED
            kinds = [office.value("order", shop.orders[name], "kind") for name in ("inquiry", "quoted")]
            assert kinds == ["special", "special"]
        bring(shop.url, LAST)
        assert schema(shop.url) == before
        with office_at(shop.url, shop.files, LAST, AFTER) as office:
            bring_forward(office.runtime)
            for name, made in shop.orders.items():
                assert office.value("order", made, "total") == shop.totals[name]
            kinds = [office.value("order", shop.orders[name], "kind") for name in ("inquiry", "quoted")]
            assert kinds == ["custom", "repair"]
