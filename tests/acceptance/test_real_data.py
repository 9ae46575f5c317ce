"""The two days of real data that the example brings along: the reports say what the files say, to the cent."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.engine import report
from orderkit.engine.importing.run import run
from orderkit.engine.importing.runs import RunState
from orderkit.engine.runtime import SYSTEM
from tests.acceptance.real_data import BUNDLED, ask, by_text, load, opened, stored
from tests.support.office import Office


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
