"""Twelve days of Online Retail and the superstore: the numbers of the reports are those of the files, to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.engine.importing.runs import RunState
from tests.acceptance.real_data import SHARED, ask, by_text, facts, load, opened
from tests.support.office import Office

DAYS = SHARED / "online_retail" / "by-day-sample"
SUPERSTORE = SHARED / "superstore_cn"


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
