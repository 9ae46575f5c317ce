"""Real files, through the mappings of the example: the numbers of the reports are those of the files, to the cent.

The two days bundled with the example are always there; the larger files stand beside the repository.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderkit.engine import report
from orderkit.engine.importing import seeds
from orderkit.engine.importing.run import ImportResult, run
from orderkit.engine.importing.runs import RunState
from orderkit.engine.report import ResultTable
from orderkit.engine.runtime import SYSTEM
from tests.support.clock import FakeClock
from tests.support.office import Office, open_office
from tests.support.projects import EXAMPLE, example

BUNDLED = EXAMPLE / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"
DAYS = SHARED / "online_retail" / "by-day-sample"
SUPERSTORE = SHARED / "superstore_cn"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real files lie beside the repository only")


def facts(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "facts.json").read_text("utf-8"))
    return found


def load(office: Office, mapping: str, path: Path, **more: Any) -> ImportResult:
    result = run(office.runtime, SYSTEM, mapping, path, **more)
    assert result.problems == ()
    return result


def ask(office: Office, name: str, *measures: str, by: tuple[str, ...] = (), **asked: Any) -> ResultTable:
    with office.look(None) as unit:
        return report.run(unit, name, measures=measures, by=by, **asked)


def by_text(table: ResultTable) -> dict[str, tuple[object, ...]]:
    return {row.cells[0].text: tuple(cell.value for cell in row.cells[1:]) for row in table.rows}


def stored(office: Office, form: str) -> list[tuple[object, ...]]:
    """Return every stored value of a form, to see that nothing has changed."""
    table = office.runtime.database.tables[form]
    with office.look(None) as unit:
        return [tuple(row) for row in unit.connection.execute(table.select().order_by(table.c.id))]


def opened(databases: Any, dialect: str, folder: Path) -> Office:
    office = open_office(example(), databases.make(example(), dialect), folder, FakeClock(), [])
    with office.act(None) as unit:
        seeds.apply(unit)
    return office


@pytest.fixture(scope="module")
def bundled(databases, dialect, tmp_path_factory) -> Iterator[Office]:
    """The two days that the example brings along, on both databases."""
    mark = databases.mark()
    office = opened(databases, dialect, tmp_path_factory.mktemp("bundled"))
    for path in sorted(BUNDLED.glob("*.csv")):
        load(office, "online_retail", path)
    yield office
    databases.clear(mark)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The rows of these two days, read by Python's own reader."""
    found: list[dict[str, str]] = []
    for path in sorted(BUNDLED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return found


@pytest.fixture(scope="module")
def retail(databases, tmp_path_factory) -> Iterator[Office]:
    """Twelve days of Online Retail."""
    mark = databases.mark()
    office = opened(databases, "sqlite", tmp_path_factory.mktemp("retail"))
    for path in sorted(DAYS.glob("*.csv")):
        result = load(office, "online_retail", path)
        day = facts(DAYS)["per_day"][path.stem]
        assert (result.rows, result.created) == (day["lines"], day["invoices"])
    yield office
    databases.clear(mark)


def superstore_file() -> Path:
    (found,) = SUPERSTORE.glob("*.xls")
    return found


@pytest.fixture(scope="module")
def superstore(databases, tmp_path_factory) -> Iterator[Office]:
    """The sheet 订单 of the superstore."""
    mark = databases.mark()
    office = opened(databases, "sqlite", tmp_path_factory.mktemp("superstore"))
    result = load(office, "superstore", superstore_file())
    assert (result.state, result.sheet, result.rows) == (RunState.DONE, "订单", 10_000)
    yield office
    databases.clear(mark)


@pytest.fixture(scope="module")
def empty(databases, tmp_path_factory) -> Iterator[Office]:
    """The example with nothing but its seeds."""
    mark = databases.mark()
    yield opened(databases, "sqlite", tmp_path_factory.mktemp("empty"))
    databases.clear(mark)


class TestBundledDays:
    """The two days of Online Retail that the example brings along, on both databases."""

    def test_the_report_says_what_the_files_say(self, bundled: Office, rows: list[dict[str, str]]) -> None:
        table = ask(bundled, "all_orders", "revenue", "orders", "lines")
        assert [cell.value for cell in table.totals] == [
            sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows),
            len({row["InvoiceNo"] for row in rows}),
            len(rows),
        ]

    def test_every_customer_has_what_they_bought(self, bundled: Office, rows: list[dict[str, str]]) -> None:
        expected: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            name = row["CustomerID"].removesuffix(".0") or "散客"
            expected[name] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
        found = by_text(ask(bundled, "all_orders", "revenue", by=("customer",)))
        assert {name: value for name, (value,) in found.items()} == expected

    def test_invoices_that_begin_with_c_arrive_cancelled(
        self, bundled: Office, rows: list[dict[str, str]]
    ) -> None:
        cancelled = {row["InvoiceNo"] for row in rows if row["InvoiceNo"].startswith("C")}
        found = by_text(ask(bundled, "all_orders", "orders", by=("status",)))
        assert found["已取消"] == (len(cancelled),)
        everything, sold = ask(bundled, "all_orders", "orders"), ask(bundled, "sales", "orders")
        assert everything.totals[0].value == sold.totals[0].value + len(cancelled)  # type: ignore[operator]

    def test_a_second_time_changes_nothing(self, bundled: Office) -> None:
        before = {form: stored(bundled, form) for form in ("order", "order.lines", "customer", "product")}
        for path in sorted(BUNDLED.glob("*.csv")):
            again = load(bundled, "online_retail", path)
            assert (again.created, again.updated, dict(again.made)) == (0, 0, {})
            assert again.unchanged > 0
        assert before == {form: stored(bundled, form) for form in before}


@needs_shared
class TestOnlineRetail:
    """Twelve days of Online Retail."""

    def test_revenue_invoices_and_lines(self, retail: Office) -> None:
        table = ask(retail, "all_orders", "revenue", "orders", "lines")
        known = facts(DAYS)
        assert [cell.value for cell in table.totals] == [Decimal("625561.54"), 1537, known["lines"]]
        assert str(table.totals[0].value) == known["net_revenue"]

    def test_the_top_ten_customers(self, retail: Office) -> None:
        table = ask(retail, "all_orders", "revenue", by=("customer",), limit=11)
        found = [(row.cells[0].text, str(row.cells[1].value)) for row in table.rows]
        assert [each for each in found if each[0] != "散客"] == [
            tuple(each) for each in facts(DAYS)["top10_customers"]
        ]

    def test_every_day(self, retail: Office) -> None:
        found = by_text(ask(retail, "all_orders", "lines", "orders", "revenue", by=("day",)))
        expected = {
            day: (each["lines"], each["invoices"], Decimal(each["revenue"]))
            for day, each in facts(DAYS)["per_day"].items()
        }
        assert found == expected

    def test_a_second_time_changes_nothing(self, retail: Office) -> None:
        unchanged = 0
        for path in sorted(DAYS.glob("*.csv")):
            again = load(retail, "online_retail", path)
            assert (again.created, again.updated) == (0, 0)
            unchanged += again.unchanged
        assert unchanged == 1537


@needs_shared
class TestSuperstore:
    """The sheet 订单 of the superstore, 10,000 lines."""

    def test_totals(self, superstore: Office) -> None:
        known = facts(SUPERSTORE)
        table = ask(superstore, "history", "sales", "profit", "quantity", "orders", "lines")
        assert [cell.value for cell in table.totals] == [
            Decimal(known["total_sales"]),
            Decimal(known["total_profit"]),
            known["total_quantity"],
            2773,
            known["rows"],
        ]

    def test_months(self, superstore: Office) -> None:
        found = by_text(ask(superstore, "history", "orders", "sales", "profit", by=("month",)))
        assert found == {
            each["month"]: (each["orders"], Decimal(each["sales"]), Decimal(each["profit"]))
            for each in facts(SUPERSTORE)["monthly"]
        }

    @pytest.mark.parametrize(
        ("dimension", "key", "name", "measures"),
        [
            ("region", "by_region", "region", ("sales", "orders")),
            ("category", "by_category", "cat", ("sales", "profit")),
            ("ship_mode", "by_ship_mode", "ship", ("lines", "sales")),
        ],
    )
    def test_dimensions(
        self, superstore: Office, dimension: str, key: str, name: str, measures: tuple[str, ...]
    ) -> None:
        words = {"lines": "n"}
        found = by_text(ask(superstore, "history", *measures, by=(dimension,)))
        assert found == {
            each[name]: tuple(Decimal(each[words.get(measure, measure)]) for measure in measures)
            for each in facts(SUPERSTORE)[key]
        }

    def test_the_top_ten_customers(self, superstore: Office) -> None:
        table = ask(superstore, "history", "sales", "orders", by=("customer",), limit=10)
        assert [tuple(cell.value for cell in row.cells) for row in table.rows] == [
            (each["cid"], Decimal(each["sales"]), each["orders"])
            for each in facts(SUPERSTORE)["top10_customers"]
        ]

    def test_a_second_time_changes_nothing(self, superstore: Office) -> None:
        again = load(superstore, "superstore", superstore_file())
        assert (again.created, again.updated) == (0, 0)
        assert again.unchanged > 4000


class TestBadFiles:
    """Files as they go wrong: each is refused as a whole, with every fault at its cell."""

    def test_bad_cells_of_a_real_file(self, empty: Office, tmp_path: Path) -> None:
        lines = (BUNDLED / "2010-12-01.csv").read_text("utf-8").splitlines()
        lines[10] = "536367,84879,BIRD,many,2010-12-01 08:34:00,1.69,13047.0,United Kingdom"
        lines[20] = "536367,84880,BIRD,8,1st of December,cheap,13047.0,United Kingdom"
        lines[30] = ",22745,POPPY,6,2010-12-01 08:34:00,2.1,13047.0,United Kingdom"
        path = tmp_path / "2010-12-01.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        result = run(empty.runtime, SYSTEM, "online_retail", path, dry_run=True)
        assert result.state is RunState.REFUSED
        assert [(each.cell, each.heading, each.text) for each in result.problems][:3] == [
            ("D11", "Quantity", "many"),
            ("E21", "InvoiceDate", "1st of December"),
            ("F21", "UnitPrice", "cheap"),
        ]
        assert all(each.what["zh"] and each.what["en"] for each in result.problems)
        with empty.look(None) as unit:
            assert report.run(unit, "all_orders", measures=["lines"]).totals[0].value == 0
