"""Imports: what files become, that a second time changes nothing, and that bad files change nothing at all."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from orderkit.engine.importing.options import Options
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.runs import RunState, find_run, recent_runs
from orderkit.model.errors import Denied, NotFound
from tests.engine.importing.trading import GOOD, HEADINGS, Shop, row, told, write_csv, write_xlsx

LINES = ("order", "position", "product", "qty", "price", "discount", "amount")


def test_rows_that_agree_on_the_match_are_one_record(any_shop: Shop) -> None:
    path = any_shop.csv(
        row(),
        row(单号="A1", 产品="P2", 数量="1", 单价="", 折扣="15%"),
        row(单号="A1", 客户="C2", 类型="特殊", 备注="急"),
    )
    result = any_shop.load(path)
    assert (result.state, result.rows, result.created) == (RunState.DONE, 3, 2)
    assert any_shop.stored(
        "order", "number", "external", "customer", "kind", "ordered_on", "note", "total"
    ) == [
        ("SO-0001", "A1", 1, "standard", date(2026, 3, 1), None, Decimal("5.50")),
        ("SO-0002", "A1", 2, "custom", date(2026, 3, 1), "急", Decimal("3.00")),
    ]
    # A blank price says nothing, so it is copied from the product.
    assert any_shop.stored("order.lines", *LINES) == [
        (1, 0, 1, Decimal("2.00"), Decimal("1.50"), None, Decimal("3.00")),
        (1, 1, 2, Decimal("1.00"), Decimal("2.50"), Decimal("0.1500"), Decimal("2.50")),
        (2, 0, 1, Decimal("2.00"), Decimal("1.50"), None, Decimal("3.00")),
    ]


def test_rows_of_one_record_need_not_stand_together(shop: Shop) -> None:
    result = shop.load(shop.csv(row(单号="A1"), row(单号="A2"), row(单号="A1", 产品="P2")))
    assert result.created == 2
    assert [line[:3] for line in shop.stored("order.lines", *LINES)] == [(1, 0, 1), (1, 1, 2), (2, 0, 1)]


def test_a_row_with_nothing_but_a_line_belongs_to_the_record_above(shop: Shop) -> None:
    blank = dict.fromkeys(("单号", "客户", "日期", "类型", "备注"), "")
    result = shop.load(shop.csv(row(), row(**blank, 产品="P2"), row(单号="A2")))
    assert result.created == 2
    assert [line[:3] for line in shop.stored("order.lines", *LINES)] == [(1, 0, 1), (1, 1, 2), (2, 0, 1)]


def test_a_second_time_changes_nothing(any_shop: Shop) -> None:
    path = any_shop.csv(row(), row(产品="P2", 折扣="5"), row(单号="A2", 单价=""), row(单号="A3", 备注="x"))
    assert any_shop.load(path).created == 3
    before = (
        any_shop.stored("order", "id", "revision", "updated_at"),
        any_shop.stored("order.lines", "id", *LINES),
    )
    again = any_shop.load(path)
    assert (again.state, again.created, again.updated, again.unchanged) == (RunState.DONE, 0, 0, 3)
    assert before == (
        any_shop.stored("order", "id", "revision", "updated_at"),
        any_shop.stored("order.lines", "id", *LINES),
    )


def test_what_differs_is_brought_to_what_the_file_says(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(), row(产品="P2"), row(单号="A2"), row(单号="A3")))
    result = any_shop.load(
        any_shop.csv(row(数量="9"), row(单号="A2", 备注="neu"), row(单号="A3"), row(单号="A4"))
    )
    assert (result.created, result.updated, result.unchanged) == (1, 2, 1)
    assert any_shop.stored("order", "external", "note", "revision", "total") == [
        ("A1", None, 2, Decimal("13.50")),
        ("A2", "neu", 2, Decimal("3.00")),
        ("A3", None, 1, Decimal("3.00")),
        ("A4", None, 1, Decimal("3.00")),
    ]
    # The line that stayed keeps its id, the one that is gone is gone.
    assert [line[0] for line in any_shop.stored("order.lines", "id", "order")] == [1, 3, 4, 5]


def test_a_blank_cell_says_nothing_about_a_stored_value(shop: Shop) -> None:
    shop.load(shop.csv(row(备注="keep", 折扣="10%")))
    assert shop.load(shop.csv(row(备注="", 折扣=""))).unchanged == 1
    assert shop.stored("order", "note") == [("keep",)]


def test_a_dry_run_writes_nothing_and_says_what_would_be(any_shop: Shop) -> None:
    path = any_shop.csv(row(), row(单号="A2"))
    before = any_shop.count("order", "order.lines", "customer", "product")
    result = any_shop.load(path, dry_run=True)
    assert (result.state, result.is_dry, result.created) == (RunState.DONE, True, 2)
    assert any_shop.count("order", "order.lines", "customer", "product") == before
    assert any_shop.load(path).created == 2
    assert any_shop.stored("order", "number") == [("SO-0001",), ("SO-0002",)]


class TestHistory:
    ROWS = (
        ("单号", "客户编码", "客户名称", "日期", "产品", "数量", "单价"),
        ("P1", "N1", "新客户", date(2020, 1, 2), "P1", -3, 0.1 + 0.2),
        ("P1", "N1", "", date(2020, 1, 2), "NEW", 2, 125.43999999999998),
        ("D1", "", "", datetime(2020, 1, 3, 8, 30), 4711, 1, 1),  # noqa: DTZ001 - a sheet has no zone
        ("合计", "", "", "", "", 1, 126),
    )

    def path(self, shop: Shop) -> object:
        return write_xlsx(shop.folder / "old.xlsx", {"说明": [("x",)], "历史": self.ROWS})

    def test_records_arrive_in_their_state_without_number_or_story(self, any_shop: Shop) -> None:
        result = any_shop.load(self.path(any_shop), "history")
        assert result.state is RunState.DONE, told(result.problems)
        assert (result.sheet, result.rows, result.created) == ("历史", 3, 2)
        assert any_shop.stored("order", "external", "number", "status", "ordered_on", "note", "total") == [
            ("P1", None, "placed", date(2020, 1, 2), "P1", Decimal("249.98")),
            ("D1", None, "done", date(2020, 1, 3), "D1", Decimal("1.00")),
        ]

    def test_what_is_referred_to_and_missing_is_made(self, any_shop: Shop) -> None:
        result = any_shop.load(self.path(any_shop), "history")
        assert dict(result.made) == {"customer": 2, "product": 2}
        assert any_shop.stored("customer", "code", "name")[3:] == [("N1", "新客户"), ("WALKIN", "散客")]
        # One that is known by its text only gets it for everything that it cannot do without.
        assert any_shop.stored("product", "code", "name")[2:] == [("NEW", "NEW"), ("4711", "4711")]
        again = any_shop.load(self.path(any_shop), "history")
        assert (again.unchanged, dict(again.made)) == (2, {})

    def test_a_record_that_is_found_is_not_changed_by_those_who_refer_to_it(self, shop: Shop) -> None:
        shop.office.create(None, "customer", {"code": "N1", "name": "老名字"})
        shop.load(self.path(shop), "history")
        assert ("N1", "老名字") in shop.stored("customer", "code", "name")

    def test_a_dry_run_says_what_would_be_made(self, shop: Shop) -> None:
        before = shop.count("customer", "product", "order")
        result = shop.load(self.path(shop), "history", dry_run=True)
        assert dict(result.made) == {"customer": 2, "product": 2}
        assert shop.count("customer", "product", "order") == before

    def test_only_what_is_named_is_waived(self, shop: Shop) -> None:
        rows = [self.ROWS[0], ("P1", "N1", "a", date(2020, 1, 2), "P1", "", 1)]
        result = shop.load(write_xlsx(shop.folder / "old.xlsx", {"历史": rows}), "history")
        assert told(result.problems) == [("F2", "required", "")]


class TestBadFiles:
    """Every bad cell is named, and nothing is imported."""

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            pytest.param({"数量": "viel"}, ("G3", "invalid", "viel"), id="not a number"),
            pytest.param({"日期": "2026-02-30"}, ("C3", "invalid", "2026-02-30"), id="not a day"),
            pytest.param({"类型": "别的"}, ("D3", "invalid", "别的"), id="unknown choice"),
            pytest.param({"客户": "C9"}, ("B3", "unknown_reference", "C9"), id="unknown customer"),
            pytest.param({"产品": "P9"}, ("F3", "unknown_reference", "P9"), id="unknown product"),
            pytest.param({"客户": ""}, ("B3", "required", ""), id="missing required"),
            pytest.param({"日期": ""}, ("C3", "required", ""), id="missing day"),
            pytest.param({"数量": ""}, ("G3", "required", ""), id="missing on a line"),
            pytest.param({"数量": "0"}, ("G3", "check_failed", "0"), id="a check of the form"),
            pytest.param({"客户": "OLD"}, ("B3", "where", "OLD"), id="a reference that may not be chosen"),
            pytest.param({"备注": "长" * 300}, ("E3", "invalid", "长" * 200), id="too long"),
            pytest.param({"单价": "1" * 17}, ("H3", "invalid", "1" * 17), id="too many digits"),
        ],
    )
    def test_a_bad_cell_is_named(
        self, untouched_shop: Shop, changes: dict[str, str], expected: tuple[str, str, str]
    ) -> None:
        result = untouched_shop.load(untouched_shop.csv(row(), row(单号="A2", **changes), row(单号="A3")))
        assert result.state is RunState.REFUSED
        assert told(result.problems) == [expected]
        (problem,) = result.problems
        assert problem.sheet == "orders.csv"
        assert problem.row == 3
        assert problem.heading == HEADINGS["ABCDEFGHI".index(expected[0][0])]
        assert problem.what["zh"]
        assert problem.what["en"]
        assert untouched_shop.count("order") == (0,)

    def test_every_bad_cell_of_the_file_is_named_at_once(self, untouched_shop: Shop) -> None:
        result = untouched_shop.load(
            untouched_shop.csv(
                row(数量="x", 日期="y"),
                row(单号="A2", 客户="C9", 产品="P9"),
                row(单号="A3", 数量="-1"),
                row(单号="A4", 客户="", 单价="z"),
                row(单号="A5"),
                row(单号="A5", 数量="x"),
            ),
            dry_run=True,
        )
        assert [cell for cell, _, _ in told(result.problems)] == [
            "C2",
            "G2",
            "B3",
            "F3",
            "G4",
            "B5",
            "H5",
            "G7",
        ]

    def test_what_is_wrong_and_what_is_expected_is_said_in_both_languages(self, untouched_shop: Shop) -> None:
        (unknown,) = untouched_shop.load(untouched_shop.csv(row(产品="P9"))).problems
        assert dict(unknown.what) == {"zh": "没有这个产品：P9", "en": "there is no product `P9`"}
        assert unknown.expected is not None
        assert dict(unknown.expected) == {"zh": "已有的产品", "en": "an existing product"}
        (number,) = untouched_shop.load(untouched_shop.csv(row(数量="x"))).problems
        assert number.expected is not None
        assert number.expected["en"] == "a number such as 1,234.5"

    def test_a_name_that_means_several_is_refused(self, shop: Shop) -> None:
        shop.office.create(None, "customer", {"code": "C3", "name": "客户C1"})
        (problem,) = shop.load(shop.csv(row(客户="客户C1"))).problems
        assert (problem.cell, problem.what["en"]) == ("B2", "2 records of Customer are called `客户C1`")
        assert shop.load(shop.csv(row(客户="客户C2"))).created == 1

    def test_a_missing_column_is_named(self, untouched_shop: Shop) -> None:
        short = [heading for heading in HEADINGS if heading not in {"数量", "折扣"}]
        result = untouched_shop.load(untouched_shop.csv(GOOD[:7], headings=short))
        assert [(each.code, each.heading, each.row) for each in result.problems] == [
            ("missing_column", "数量", 1),
            ("missing_column", "折扣", 1),
        ]

    def test_a_heading_that_stands_twice_is_named(self, untouched_shop: Shop) -> None:
        path = write_csv(untouched_shop.folder / "a.csv", (*HEADINGS, "数量"), (*GOOD, "3"))
        (problem,) = untouched_shop.load(path).problems
        assert (problem.cell, problem.code) == ("J1", "duplicate_heading")
        assert "G1" in problem.what["en"]

    def test_a_heading_that_nobody_reads_may_stand_twice(self, shop: Shop) -> None:
        path = write_csv(shop.folder / "a.csv", (*HEADINGS, "x", "x"), (*GOOD, "3", "4"))
        assert shop.load(path).created == 1

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b"\x00\x01\x02" * 100, "not_a_table"),
            (b"a,b\n1,2\n", "no_headings"),
            ((",".join(HEADINGS) + "\n").encode(), "no_rows"),
            ((",".join(HEADINGS) + "\n" + ",,,\n" * 3).encode(), "no_rows"),
        ],
        ids=["nothing", "garbage", "other headings", "headings only", "blank rows only"],
    )
    def test_a_file_without_a_table_is_refused(self, untouched_shop: Shop, content: bytes, code: str) -> None:
        path = untouched_shop.folder / "bad.csv"
        path.write_bytes(content)
        result = untouched_shop.load(path)
        assert (result.state, [each.code for each in result.problems]) == (RunState.REFUSED, [code])
        assert result.problems[0].sheet == "bad.csv"

    def test_a_wrong_sheet_is_refused(self, shop: Shop) -> None:
        path = write_xlsx(shop.folder / "a.xlsx", {"别的": [HEADINGS, GOOD]})
        (problem,) = shop.load(path, "history").problems
        assert problem.code == "no_sheet"
        assert shop.load(path, options=Options(sheet="别的")).created == 1

    def test_too_many_rows_are_refused(self, untouched_shop: Shop) -> None:
        result = untouched_shop.load(
            untouched_shop.csv(*(row(单号=f"A{n}") for n in range(20))), limits=Limits(rows=10)
        )
        assert [each.code for each in result.problems] == ["too_many_rows"]

    def test_a_formula_that_failed_is_an_empty_cell(self, untouched_shop: Shop) -> None:
        path = write_xlsx(untouched_shop.folder / "a.xlsx", {"订单": [HEADINGS, (*GOOD[:6], "", *GOOD[7:])]})
        assert told(untouched_shop.load(path).problems) == [("G2", "required", "")]


class TestHeadings:
    def test_headings_may_stand_in_a_later_row(self, shop: Shop) -> None:
        path = write_xlsx(
            shop.folder / "a.xlsx",
            {"订单": [("三月订单",), (), ("", *HEADINGS), ("", *GOOD), (), ("", *row(单号="A2"))]},
        )
        result = shop.load(path)
        assert (result.state, result.created) == (RunState.DONE, 2)

    def test_a_bad_cell_below_late_headings_has_its_own_name(self, untouched_shop: Shop) -> None:
        path = write_xlsx(
            untouched_shop.folder / "a.xlsx", {"订单": [("x",), ("", *HEADINGS), ("", *row(数量="?"))]}
        )
        (problem,) = untouched_shop.load(path).problems
        assert (problem.cell, problem.sheet) == ("H3", "订单")

    def test_the_sheet_whose_headings_fit_is_taken(self, shop: Shop) -> None:
        path = write_xlsx(shop.folder / "a.xlsx", {"说明": [("x", "y")], "数据": [HEADINGS, GOOD]})
        assert shop.load(path).sheet == "数据"

    def test_headings_over_two_rows_are_read_from_below(self, shop: Shop) -> None:
        path = write_xlsx(
            shop.folder / "a.xlsx",
            {"x": [("客户表",), ("编码", "资料", ""), ("", "名称", "等级"), ("N1", "甲", 3)]},
        )
        assert shop.load(path, "receipts_of_others").created == 1
        assert shop.stored("customer", "code", "name", "level")[3:] == [("N1", "甲", 3)]


class TestFormsWithoutMapping:
    def test_a_form_is_read_by_its_own_labels_in_any_language(self, shop: Shop) -> None:
        path = write_csv(
            shop.folder / "c.csv", ("客户编码*", "NAME", "等级"), ("C1", "新名", ""), ("N1", "乙", "7")
        )
        result = shop.load(path, "customer")
        assert (result.created, result.updated) == (1, 1)
        assert shop.stored("customer", "code", "name", "level")[0] == ("C1", "新名", None)

    def test_lines_stand_under_their_own_labels(self, shop: Shop) -> None:
        path = write_csv(
            shop.folder / "o.csv",
            ("外部单号", "客户", "日期", "明细.产品", "数量"),
            ("X1", "C1", "2026-01-01", "P1", "1"),
            ("X1", "C1", "2026-01-01", "P2", "2"),
        )
        result = shop.load(path, "order")
        assert result.created == 1, told(result.problems)
        assert len(shop.stored("order.lines", "id")) == 2

    def test_an_unknown_form_is_no_mapping(self, untouched_shop: Shop) -> None:
        with pytest.raises(NotFound):
            untouched_shop.load(untouched_shop.csv(row()), "orderz")
        with pytest.raises(NotFound):
            untouched_shop.load(untouched_shop.csv(row()), "order.lines")


class TestAccess:
    def test_an_import_needs_its_right(self, untouched_shop: Shop) -> None:
        with pytest.raises(Denied):
            untouched_shop.load(untouched_shop.csv(row()), login="rita")

    def test_a_person_writes_only_what_they_may(self, any_shop: Shop) -> None:
        any_shop.load(any_shop.csv(row()))
        result = any_shop.load(any_shop.csv(row(备注="mine?"), row(单号="A2")), login="ann")
        assert result.state is RunState.REFUSED
        (problem,) = result.problems
        assert (problem.row, problem.code) == (2, "not_possible")
        assert any_shop.stored("order", "external", "note") == [("A1", None)]

    def test_a_person_may_not_make_what_is_missing_without_the_right(self, shop: Shop) -> None:
        rows = [TestHistory.ROWS[0], ("P1", "N1", "a", date(2020, 1, 2), "P1", 1, 1)]
        result = shop.load(write_xlsx(shop.folder / "a.xlsx", {"历史": rows}), "history", login="ann")
        assert result.state is RunState.REFUSED
        assert shop.count("order") == (0,)
        assert ("N1",) not in shop.stored("customer", "code")


def test_rows_of_one_record_that_name_different_customers_are_refused(shop: Shop) -> None:
    history = [
        TestHistory.ROWS[0],
        ("D1", "N1", "a", date(2020, 1, 2), "P1", 1, 1),
        ("D1", "N2", "b", "", "P1", 1, 1),
    ]
    result = shop.load(write_xlsx(shop.folder / "h.xlsx", {"历史": history}), "history")
    assert result.state is RunState.REFUSED
    assert told(result.problems) == [("B3", "contradiction", "N2")]
    assert shop.count("order") == (0,)


def test_blank_rows_in_the_middle_are_told(shop: Shop) -> None:
    blank = ("",) * len(HEADINGS)
    rows = [row(), blank, row(单号="A2"), blank, blank, row(单号="A3"), blank]
    result = shop.load(shop.csv(*rows), dry_run=True)
    (warning,) = result.warnings
    assert (warning.row, warning.code) == (3, "blank_rows")
    assert dict(warning.what) == {
        "zh": "跳过 3 个空行：第 3、5–6 行",
        "en": "skipped, blank: 3 rows (3, 5–6)",
    }
    assert (result.state, result.created) == (RunState.DONE, 3)


def test_blank_rows_at_the_end_are_no_news(untouched_shop: Shop) -> None:
    blank = ("",) * len(HEADINGS)
    assert untouched_shop.load(untouched_shop.csv(row(), blank, blank), dry_run=True).warnings == ()


def test_rows_that_repeat_another_are_told(shop: Shop) -> None:
    result = shop.load(shop.csv(row(), row(), row(单号="A2")))
    assert [(each.row, each.code) for each in result.warnings] == [(3, "duplicate_row")]


def test_rows_that_contradict_each_other_are_warned_about(shop: Shop) -> None:
    result = shop.load(shop.csv(row(备注="eins"), row(备注="zwei"), row(备注="")))
    assert result.state is RunState.DONE
    assert [(each.cell, each.code) for each in result.warnings] == [("E3", "contradiction")]
    assert shop.stored("order", "note") == [("eins",)]


def test_runs_are_shown_to_who_started_them(any_shop: Shop) -> None:
    result = any_shop.load(any_shop.csv(row(数量="x")), login="ann")
    with any_shop.office.look("ann") as unit:
        (mine,) = recent_runs(unit)
    assert (mine.id, mine.state, mine.problem_count) == (result.run_id, RunState.REFUSED, 1)
    assert mine.problems == result.problems
    with any_shop.office.look("rita") as unit:
        assert recent_runs(unit) == ()
        with pytest.raises(NotFound):
            find_run(unit, result.run_id)
    with any_shop.office.look("root") as unit:
        assert find_run(unit, result.run_id).file_name == "orders.csv"
