"""Dashboards: tiles with their numbers, filters over them, and nothing that the reader may not see."""

from decimal import Decimal

import pytest

from orderkit.engine.report import (
    ChartData,
    DashboardView,
    KpiData,
    ListData,
    PivotData,
    Unavailable,
    dashboard,
)
from orderkit.model.errors import Denied, NotFound, Refused
from tests.engine.report.sales import Sales, texts


def seen(sales: Sales, login: str | None = None, **filters: str) -> DashboardView:
    with sales.office.look(login) as unit:
        return dashboard(unit, "overview", filters)


def test_every_tile_has_its_numbers(sales: Sales) -> None:
    kpi, cost, line, pie, pivot, records = seen(sales).tiles
    assert isinstance(kpi, KpiData)
    assert (kpi.value.text, kpi.previous and kpi.previous.text, kpi.change) == (
        "1,000,000,112.84",
        "0.00",
        None,
    )
    assert isinstance(cost, KpiData)
    assert (cost.value.text, cost.previous) == ("151.00", None)
    assert isinstance(line, ChartData)
    assert texts(line.table) == [
        ("2026-01", "999,999,992.51"),
        ("2026-02", "0.00"),
        ("2026-03", "120.33"),
    ]
    assert isinstance(pie, ChartData)
    assert texts(pie.table) == [("客户C", "999,999,900.00"), ("其它", "212.84")]
    assert isinstance(pivot, PivotData)
    assert [cell.text for cell in pivot.rows] == ["客户C", "客户A", "客户B"]
    assert [cell.text for cell in pivot.columns] == ["2026-01", "2026-03"]
    assert [[None if cell is None else cell.text for cell in row] for row in pivot.cells] == [
        ["999,999,900.00", None],
        [None, "120.33"],
        ["92.51", None],
    ]
    assert [cell.text for cell in pivot.column_totals] == ["999,999,992.51", "120.33"]
    assert pivot.total.text == "1,000,000,112.84"
    assert isinstance(records, ListData)
    assert len(records.page.rows) == 2


def test_a_filter_holds_for_the_reports_it_names(sales: Sales) -> None:
    kpi = seen(sales, period="2025", region="浙江").tiles[0]
    assert isinstance(kpi, KpiData)
    assert kpi.value.value == Decimal("12.50")


def test_an_empty_filter_lets_everything_through(sales: Sales) -> None:
    view = seen(sales, period="")
    kpi = view.tiles[0]
    assert isinstance(kpi, KpiData)
    assert kpi.value.value == Decimal("1000000126.34")
    assert kpi.previous is None


def test_filters_show_what_may_be_chosen(sales: Sales) -> None:
    period, region = seen(sales, period="2026-01").filters
    assert (period.value, period.is_period) == ("2026-01", True)
    assert period.options[0].value == "2026-01"
    assert "this_year" in {option.value for option in period.options}
    assert (region.value, region.is_period) == ("", False)
    assert [option.value for option in region.options] == ["浙江", "江苏"]


def test_a_change_is_a_part_of_the_number_before(sales: Sales) -> None:
    kpi = seen(sales, period="2026-03", region="浙江").tiles[0]
    assert isinstance(kpi, KpiData)
    assert (kpi.value.value, kpi.change) == (Decimal("120.33"), None)
    later = seen(sales, period="2026-01-12..2026-01-12", region="").tiles[0]
    assert isinstance(later, KpiData)
    assert later.previous is not None
    # The day before had -7.50.
    assert later.previous.value == Decimal("-7.50")
    assert later.change == Decimal("133333321.0000")


@pytest.mark.parametrize("filters", [{"period": "soon"}, {"period": "2026-13"}])
def test_a_value_that_a_filter_cannot_have_is_refused(sales: Sales, filters: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        seen(sales, **filters)
    assert [each.path for each in caught.value.problems] == ["period"]


def test_a_tile_over_a_hidden_field_says_so_in_its_place(sales: Sales) -> None:
    view = seen(sales, "ann")
    assert isinstance(view.tiles[0], KpiData)
    assert isinstance(view.tiles[1], Unavailable)
    assert view.tiles[1].why["en"] == "`Cost` is left out: you may not see this field"
    assert view.filters[1].options == ()


def test_a_dashboard_needs_its_right(sales: Sales) -> None:
    with pytest.raises(Denied):
        seen(sales, "guest")
    with sales.office.look(None) as unit, pytest.raises(NotFound):
        dashboard(unit, "secret")
