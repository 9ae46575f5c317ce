"""Reports: exact numbers on both databases, only over what the reader may see."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orderkit.engine.periods import bucket_start
from orderkit.engine.report import OneOf, explain_sql
from orderkit.model.analysis.reports import Grain
from orderkit.model.errors import Denied, NotFound, Refused
from tests.engine.report.sales import ORDERS, Sales, texts, totals, values

COUNTED = [order for order in ORDERS if order.status != "cancelled"]


def test_sums_are_exact_to_the_cent(sales: Sales) -> None:
    table = sales.ask("revenue", "lines", "orders", "largest", "big")
    # 12.50 + 0.33 + 120.00 + 0.01 + 100.00 - 7.50 + 999,999,900.00 + 1.00
    assert totals(table) == [
        Decimal("1000000126.34"),
        8,
        6,
        Decimal("999999900.00"),
        Decimal("1000000120.00"),
    ]
    assert [cell.text for cell in table.totals][:2] == ["1,000,000,126.34", "8"]


def test_an_average_is_divided_once_and_half_up(sales: Sales) -> None:
    table = sales.ask("average", by=["product"], sort=["-average"])
    nuts = (Decimal("120.00") + Decimal("0.01") + Decimal("100.00")) / 3
    assert values(table)[1] == (
        sales.products["nut"],
        round(nuts, 6).normalize().quantize(Decimal("0.000001")),
    )


def test_a_count_of_an_expression_leaves_empty_ones_out(sales: Sales) -> None:
    assert totals(sales.ask("lines", "priced")) == [8, 5]


def test_a_ratio_is_made_of_exact_sums(sales: Sales) -> None:
    table = sales.ask("margin", by=["customer"], sort=["customer"])
    # A: (132.83 - 105) / 132.83, B: (92.51 - 50) / 92.51
    assert [cell[1] for cell in values(table)][:2] == [Decimal("0.209516"), Decimal("0.459518")]
    assert [cell[1] for cell in texts(table)][:2] == ["21.0%", "46.0%"]


def test_a_ratio_of_nothing_is_empty(sales: Sales) -> None:
    table = sales.ask("margin", "revenue", "largest", "average", where=sales.filters("time:2001"))
    assert [cell.value for cell in table.totals] == [None, Decimal("0.00"), None, None]
    assert [cell.text for cell in table.totals] == ["", "0.00", "", ""]


@pytest.mark.parametrize("grain", list(Grain))
def test_a_grain_groups_by_the_day_in_the_zone_of_the_project(sales: Sales, grain: Grain) -> None:
    expected: dict[date | None, Decimal] = defaultdict(Decimal)
    for order in COUNTED:
        start = None if order.day is None else bucket_start(order.day, grain)
        expected[start] += sum(order.amounts)
    table = sales.ask("revenue", by=[grain.value])
    assert dict(values(table)) == expected
    days = [row[0] for row in values(table)]
    assert days == [*sorted(day for day in days if day is not None), None]


def test_buckets_have_names(sales: Sales) -> None:
    assert [row[0] for row in texts(sales.ask("lines", by=["week"]))] == [
        "2025-W14",
        "2026-W01",
        "2026-W02",
        "2026-W03",
        "2026-W09",
        "（空）",
    ]


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("customer", ["客户C", "客户A", "客户B"]),
        ("region", ["（空）", "浙江", "江苏"]),
        ("status", ["进行中", "完成"]),
        ("urgent", ["是", "否"]),
        ("seller", ["ann", "both"]),
        ("product", ["bolt", "nut"]),
    ],
)
def test_groups_are_called_as_people_call_them(sales: Sales, dimension: str, expected: list[str]) -> None:
    assert [row[0] for row in texts(sales.ask("revenue", by=[dimension]))] == expected


def test_the_lowest_of_instants_is_an_instant(sales: Sales) -> None:
    (cell,) = sales.ask("first").totals
    assert cell.value == datetime(2025, 3, 31, 17, 30, tzinfo=UTC)
    assert cell.text == "2025-04-01 01:30"


def test_the_rest_is_worked_out_anew_and_not_added_up(sales: Sales) -> None:
    table = sales.ask("revenue", "orders", by=["product"], limit=1, with_others=True)
    assert texts(table) == [("bolt", "999,999,906.33", "5"), ("其它", "220.01", "2")]
    assert table.rows[-1].is_others
    # One order has both products, so the counts do not add up to the total.
    assert totals(table) == [Decimal("1000000126.34"), 6]


def test_the_rest_holds_the_empty_group_too(sales: Sales) -> None:
    first = sales.ask("revenue", by=["region"], sort=["revenue"], limit=1, with_others=True)
    assert texts(first) == [("江苏", "92.51"), ("其它", "1,000,000,033.83")]
    last = sales.ask("revenue", by=["region"], limit=1, with_others=True)
    assert texts(last) == [("（空）", "999,999,901.00"), ("其它", "225.34")]


@pytest.mark.parametrize(
    ("conditions", "lines"),
    [
        (["time:2026"], 6),
        (["time:this_year"], 6),
        (["time:2026-01"], 4),
        (["month:2026-01"], 4),
        (["time:2026-01-01"], 2),
        (["time:2026-01-12"], 1),
        (["time:..2025-12-31"], 1),
        (["region:浙江"], 3),
        (["region:浙江,江苏"], 6),
        (["region:"], 2),
        (['region:"浙江",'], 5),
        (["status:done"], 5),
        (["urgent:true"], 3),
        (["urgent:true", "time:2026-01-01"], 2),
        (["status:done", "status:open"], 0),
    ],
)
def test_filters_leave_what_they_say(sales: Sales, conditions: list[str], lines: int) -> None:
    assert totals(sales.ask("lines", where=sales.filters(*conditions))) == [lines]


def test_a_filter_on_a_reference_takes_its_id(sales: Sales) -> None:
    where = [OneOf(dimension="customer", values=(sales.customers["B"],))]
    assert totals(sales.ask("revenue", where=where)) == [Decimal("92.51")]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("region", "malformed"),
        ("colour:red", "unknown_dimension"),
        ("time:soon", "invalid"),
        ("status:lost", "invalid"),
        ("customer:A", "invalid"),
        ("urgent:maybe", "invalid"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(sales: Sales, condition: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        sales.filters("status:done", condition)
    assert [(each.path, each.code) for each in caught.value.problems] == [("where.1", code)]


def test_the_period_before_is_compared_as_far_as_this_one_has_come(sales: Sales) -> None:
    table = sales.ask("revenue", where=sales.filters("time:this_year"), compare="previous_period")
    assert table.previous is not None
    assert table.previous_period is not None
    assert (table.previous_period.start, table.previous_period.end) == (date(2025, 1, 1), date(2025, 3, 5))
    assert table.previous[0].value == Decimal("0.00")
    whole = sales.ask("revenue", where=sales.filters("time:2026"), compare="previous_period")
    assert whole.previous_period == table.previous_period
    assert sales.ask("revenue", compare="previous_period").previous is None


def test_two_dimensions_make_a_group_of_every_pair(sales: Sales) -> None:
    table = sales.ask("lines", by=["customer", "year"], sort=["customer", "year"])
    assert texts(table) == [
        ("客户A", "2025", "1"),
        ("客户A", "2026", "2"),
        ("客户B", "2026", "3"),
        ("客户C", "2026", "1"),
        ("客户C", "（空）", "1"),
    ]


def test_the_order_may_be_asked_for(sales: Sales) -> None:
    up = sales.ask("revenue", by=["customer"], sort=["revenue"])
    assert [row[0] for row in texts(up)] == ["客户B", "客户A", "客户C"]
    assert [row[0] for row in texts(sales.ask("revenue", by=["year"], sort=["-year"]))] == [
        "2026",
        "2025",
        "（空）",
    ]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"measures": ["revenu"]}, "measures.0"),
        ({"measures": ["revenue"], "by": ["customer", "colour"]}, "by.1"),
        ({"measures": ["revenue"], "sort": ["cost"]}, "sort.0"),
        ({"measures": ["revenue"], "where": [OneOf(dimension="x", values=(1,))]}, "where.0"),
    ],
)
def test_names_that_do_not_exist_are_refused(sales: Sales, asked: dict[str, list[str]], path: str) -> None:
    more = {name: value for name, value in asked.items() if name != "measures"}
    with pytest.raises(Refused) as caught:
        sales.ask(*asked["measures"], **more)
    assert [each.path for each in caught.value.problems] == [path]


def test_a_report_without_time_has_no_grains(sales: Sales) -> None:
    with pytest.raises(Refused):
        sales.ask("total", name="orders", by=["month"])


class TestAccess:
    def test_a_reader_counts_only_the_rows_they_may_see(self, sales: Sales) -> None:
        assert totals(sales.ask("revenue", "lines", login="ann")) == [Decimal("1000000032.83"), 4]

    def test_a_measure_over_a_hidden_field_is_left_out_and_says_why(self, sales: Sales) -> None:
        table = sales.ask(login="ann")
        seen = ["revenue", "orders", "lines", "average", "largest", "first", "big"]
        assert [each.id for each in table.measures] == seen
        assert len(table.notes) == 3
        assert table.notes[1]["en"] == "`Cost` is left out: you may not see this field"

    def test_nothing_but_hidden_measures_gives_no_rows(self, sales: Sales) -> None:
        table = sales.ask("cost", login="ann")
        assert (table.rows, table.totals, table.measures) == ((), (), ())
        assert len(table.notes) == 1

    def test_a_dimension_over_a_hidden_field_is_denied(self, sales: Sales) -> None:
        with pytest.raises(Denied):
            sales.ask("revenue", by=["region"], login="ann")
        with pytest.raises(Denied):
            sales.ask("revenue", where=sales.filters("region:浙江"), login="ann")

    def test_a_field_counts_only_on_rows_on_which_one_role_shows_it(self, sales: Sales) -> None:
        """As seller `both` sees their own orders without costs, as auditor done ones with costs."""
        table = sales.ask("revenue", "cost", "lines", login="both")
        # Own: 0.01 + 100.00 - 7.50 + 1.00; done of others: 12.50 + 120.33. Costs of done ones: 105.
        assert totals(table) == [Decimal("226.34"), Decimal("105.00"), 7]

    def test_a_reference_keeps_its_title_but_not_its_fields(self, sales: Sales) -> None:
        assert texts(sales.ask("lines", by=["customer"], login="ann"))[0][0] == "客户A"

    def test_what_is_summed_over_other_records_needs_all_of_them(self, sales: Sales) -> None:
        """`sum(orders.total)` of a customer would tell of orders that the reader may not see."""
        system = sales.ask("owed", "sold", name="customers")
        assert totals(system) == [Decimal("1000000151.34"), Decimal("1000000151.34")]
        table = sales.ask("owed", name="customers", login="ann")
        assert table.measures == ()
        assert (
            table.notes[0]["en"] == "`Owed` is left out: it sums up records of which you may see only a part"
        )

    def test_the_lines_of_a_record_come_with_it(self, sales: Sales) -> None:
        assert totals(sales.ask("pieces", name="orders")) == [Decimal("1000021.338")]
        assert totals(sales.ask("pieces", name="orders", login="ann")) == [Decimal("1000020.333")]

    def test_without_read_there_are_no_rows(self, sales: Sales) -> None:
        assert totals(sales.ask("lines", login="guest")) == [0]

    def test_without_the_report_it_is_denied(self, sales: Sales) -> None:
        with pytest.raises(Denied):
            sales.ask("revenue", login="nobody")
        with pytest.raises(NotFound):
            sales.ask("revenue", name="secret")


def test_the_sql_of_an_answer_can_be_read(sales: Sales) -> None:
    with sales.office.look("ann") as unit:
        text = explain_sql(
            unit, "sales", measures=["revenue"], by=["month"], where=sales.filters("time:2026")
        )
    assert "sum(" in text
    assert "2026-01-01" in text
    assert "LEFT OUTER JOIN" in text


def test_a_sum_that_no_field_could_hold_is_said_or_exact(sales: Sales) -> None:
    largest = Decimal("9999999999999999.99")
    with sales.office.look(None) as unit:
        table = unit.runtime.database.tables["order"]
        lines = unit.runtime.database.tables["order.lines"]
    with sales.office.runtime.database.write() as connection:
        parent = connection.execute(table.select().limit(1)).one().id
        row = {"order": parent, "position": 9, "amount": largest}
        many = connection.execute(lines.insert().returning(lines.c.id), [row] * 12).scalars().all()
    try:
        if sales.office.runtime.database.dialect == "sqlite":
            with pytest.raises(Refused) as caught:
                sales.ask("revenue")
            assert caught.value.problems[0].code == "too_large"
        else:
            assert totals(sales.ask("revenue"))[0] == largest * 12 + Decimal("1000000126.34")
    finally:
        with sales.office.runtime.database.write() as connection:
            connection.execute(lines.delete().where(lines.c.id.in_(many)))
