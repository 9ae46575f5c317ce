"""Imports: what files become, that a second time changes nothing, and that bad files change nothing at all."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.engine import pacing
from orderkit.engine.importing import run as run_module
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.run import Stage
from orderkit.engine.importing.runs import RunState, find_run, recent_runs
from orderkit.engine.importing.transitions import BY_WORKER, TakenOver, claim, stop_run, to_go_on
from orderkit.engine.records import Update, apply
from orderkit.model.errors import Conflict, Denied, NotFound
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


class TestLongFiles:
    """Transactions are small here, so that a few rows are a long file; how fast this machine is does not matter."""

    @pytest.fixture(autouse=True)
    def small_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("ALONE_ROWS", "FIRST_ROWS", "MOST_ROWS"):
            monkeypatch.setattr(run_module, name, 4)
        monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1_000)

    def rows(self, count: int = 10) -> list[tuple[object, ...]]:
        return [row(单号=f"A{number}") for number in range(count)]

    def test_progress_is_told_and_kept(self, shop: Shop) -> None:
        told_: list[tuple[Stage, int, int]] = []
        result = shop.load(shop.csv(*self.rows()), on_progress=lambda *each: told_.append(each))
        assert told_ == [
            (Stage.READING, 0, 0),
            *((Stage.TRYING, done, 10) for done in (2, 4, 6, 8, 10)),
            *((Stage.WRITING, done, 10) for done in (2, 4, 6, 8, 10)),
        ]
        with shop.office.look(None) as unit:
            kept = find_run(unit, result.run_id)
        assert (kept.state, kept.total, kept.done, kept.created) == (RunState.DONE, 10, 10, 10)

    def test_one_bad_row_at_the_end_keeps_everything_out(self, shop: Shop) -> None:
        result = shop.load(shop.csv(*self.rows(), row(单号="B", 数量="-1")))
        assert told(result.problems)[0][0] == "G12"
        assert shop.count("order") == (0,)

    def test_records_that_collide_in_different_chunks_are_found(self, any_shop: Shop) -> None:
        rows = [(f"N{number}", "a", f"T{number}") for number in range(8)]
        headings = ("客户编码", "客户名称", "税号")
        result = any_shop.load(
            write_csv(any_shop.folder / "c.csv", headings, *rows, ("N9", "b", "T0")), "customer"
        )
        assert told(result.problems) == [("C10", "duplicate", "T0")]
        assert result.problems[0].what["en"] == "the same as in row 2, though it must be unique"
        assert any_shop.count("customer") == (3,)

    def test_an_import_that_is_cancelled_keeps_whole_records_and_goes_on_later(self, any_shop: Shop) -> None:
        path = any_shop.csv(*self.rows())
        seen: list[Stage] = []

        def stop() -> bool:
            return seen.count(Stage.WRITING) >= 2

        result = any_shop.load(path, on_progress=lambda stage, *_: seen.append(stage), is_cancelled=stop)
        assert (result.state, result.created) == (RunState.CANCELLED, 4)
        assert any_shop.count("order", "order.lines") == (4, 4)
        again = any_shop.load(path)
        assert (again.created, again.unchanged) == (6, 4)
        assert len(set(any_shop.stored("order", "external"))) == 10

    def test_a_page_may_stop_an_import(self, shop: Shop) -> None:
        def stop(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.TRYING and done == 4:
                with shop.office.act(None) as unit:
                    (run,) = recent_runs(unit)
                    stop_run(unit, run.id)

        result = shop.load(shop.csv(*self.rows()), on_progress=stop)
        assert (result.state, shop.count("order")) == (RunState.CANCELLED, (0,))

    def test_the_good_rows_are_kept_where_that_is_wanted(self, shop: Shop) -> None:
        rows = [*self.rows(5), row(单号="B", 数量="-1"), row(单号="C", 产品="nix"), *self.rows(7)[5:]]
        result = shop.load(shop.csv(*rows), options=Options(keep_good=True))
        assert (result.state, result.created, result.refused) == (RunState.DONE, 7, 2)
        assert [each.row for each in result.problems] == [7, 8]
        assert not result.is_clean
        assert {external for (external,) in shop.stored("order", "external")} == {f"A{n}" for n in range(7)}

    def test_a_heading_that_is_missing_keeps_everything_out(self, shop: Shop) -> None:
        path = shop.csv(*(each[1:] for each in self.rows()), headings=HEADINGS[1:])
        result = shop.load(path, options=Options(keep_good=True))
        assert (result.state, shop.count("order")) == (RunState.REFUSED, (0,))

    def test_a_record_that_is_refused_only_while_it_is_written_is_left_out_alone(self, shop: Shop) -> None:
        path = shop.csv(*self.rows(5), row(单号="Z", 客户="C2"))

        def interfere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 2:
                with shop.office.act(None) as unit:
                    apply(unit, [Update(form="customer", id=2, values={"active": False})])

        result = shop.load(path, on_progress=interfere, options=Options(keep_good=True))
        assert (result.state, result.created, result.refused) == (RunState.DONE, 5, 1)
        assert told(result.problems)[0][0] == "B7"

    def test_what_broke_off_goes_on_where_it_was(self, any_shop: Shop) -> None:
        """Nothing tells these records apart: only the run itself knows what is written already."""
        mapped = any_shop.csv(*(row(单号="", 备注=str(number)) for number in range(10)))

        def crash(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            any_shop.load(mapped, "notes", on_progress=crash)
        assert any_shop.count("order") == (4,)
        with any_shop.office.look(None) as unit:
            (broken,) = recent_runs(unit)
            assert (broken.state, broken.done, broken.created) == (RunState.FAILED, 4, 4)
            assert to_go_on(unit, broken.id, "notes", mapped) == broken
        result = any_shop.load(mapped, "notes", run_id=broken.id, expected={RunState.FAILED})
        assert (result.state, result.created) == (RunState.DONE, 10)
        assert sorted(int(note) for (note,) in any_shop.stored("order", "note")) == list(range(10))

    def test_of_two_who_work_on_one_import_each_record_is_written_by_one(self, any_shop: Shop) -> None:
        """A worker that was given up wakes again, while the next one has gone on with its import."""
        path = any_shop.csv(*(row(单号="", 备注=str(number)) for number in range(10)))

        def go_on_elsewhere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                with any_shop.office.look(None) as unit:
                    (run,) = recent_runs(unit)
                assert any_shop.load(path, "notes", run_id=run.id, expected=BY_WORKER).created == 10

        with pytest.raises(TakenOver):
            any_shop.load(path, "notes", on_progress=go_on_elsewhere)
        assert any_shop.count("order") == (10,)
        with any_shop.office.look(None) as unit:
            (run,) = recent_runs(unit)
        assert (run.state, run.done, run.created) == (RunState.DONE, 10, 10)

    def broken(self, shop: Shop, path: Path, name: str = "notes", **more: object) -> int:
        """Let an import break off after it wrote two chunks, and return its run."""

        def crash(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            shop.load(path, name, on_progress=crash, **more)
        with shop.office.look(None) as unit:
            return recent_runs(unit)[0].id

    def without_keys(self, **changed: object) -> list[tuple[object, ...]]:
        """Return ten rows that nothing tells apart, the last one changed."""
        rows = [row(单号="", 备注=str(number)) for number in range(9)]
        return [*rows, row(单号="", 备注="9", **changed)]

    @pytest.mark.parametrize("options", [Options(), Options(keep_good=True)])
    def test_what_is_bad_by_now_keeps_out_what_was_to_be_written_whole(
        self, shop: Shop, options: Options
    ) -> None:
        """It goes on as it was begun, whatever it is told now."""
        path = shop.csv(*self.without_keys(客户="C2"))
        run_id = self.broken(shop, path)
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED}, options=options)
        assert (again.state, again.created, told(again.problems)) == (
            RunState.FAILED,
            4,
            [("B11", "where", "C2")],
        )
        assert shop.count("order") == (4,)
        shop.office.update(None, "customer", 2, active=True)
        last = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (last.state, last.created, shop.count("order")) == (RunState.DONE, 10, (10,))

    def test_what_is_bad_by_now_is_left_out_where_good_rows_are_kept(self, shop: Shop) -> None:
        bad = row(单号="", 备注="bad", 客户="NEW")
        path = shop.csv(bad, *self.without_keys(客户="C2"))
        run_id = self.broken(shop, path, options=Options(keep_good=True))
        # What was refused stays so; somebody may have imported it mended.
        shop.office.create(None, "customer", {"code": "NEW", "name": "neu"})
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created, again.refused) == (RunState.DONE, 9, 2)
        assert told(again.problems) == [("B2", "unknown_reference", "NEW"), ("B12", "where", "C2")]
        assert sorted(str(note) for (note,) in shop.stored("order", "note")) == list("012345678")

    def test_what_stands_already_is_not_judged_again(self, shop: Shop) -> None:
        first = row(单号="", 备注="first", 客户="C2")
        path = shop.csv(first, *self.without_keys())
        run_id = self.broken(shop, path)
        shop.office.update(None, "customer", 2, active=False)
        again = shop.load(path, "notes", run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created) == (RunState.DONE, 11)

    def test_it_does_not_go_on_among_other_records(self, shop: Shop) -> None:
        """Two rows were one record; now that the customers are called otherwise they are two."""
        path = shop.csv(*self.rows(6), row(单号="Z"), row(单号="Z", 客户="客户C1"))
        run_id = self.broken(shop, path, "orders")
        shop.office.update(None, "customer", 1, name="anders")
        shop.office.update(None, "customer", 2, name="客户C1")
        again = shop.load(path, run_id=run_id, expected={RunState.FAILED})
        assert (again.state, again.created) == (RunState.FAILED, 4)
        assert [each.code for each in again.problems] == ["changed_since"]
        assert shop.count("order") == (4,)

    def test_another_file_does_not_go_on(self, shop: Shop) -> None:
        run_id = self.broken(shop, shop.csv(*self.without_keys()))
        other = shop.csv(*self.without_keys(数量="3"))
        with pytest.raises(Conflict):
            shop.load(other, "notes", run_id=run_id, expected={RunState.FAILED})
        assert shop.count("order") == (4,)

    def test_few_changes_among_many_rows_are_written_whole_or_not_at_all(self, shop: Shop) -> None:
        shop.load(shop.csv(*self.rows()))
        rows = self.rows()
        rows[0], rows[-1] = row(单号="A0", 备注="neu"), row(单号="A9", 数量="-1")
        result = shop.load(shop.csv(*rows))
        assert (result.state, told(result.problems)[0][0]) == (RunState.REFUSED, "G11")
        assert ("neu",) not in shop.stored("order", "note")

    @pytest.mark.parametrize("why", ["a dry run", "under way", "another file", "another mapping"])
    def test_only_what_broke_off_goes_on(self, shop: Shop, why: str) -> None:
        path = shop.csv(*self.without_keys())
        run_id = self.broken(shop, path)
        dry = shop.load(path, "notes", dry_run=True, is_cancelled=lambda: True)
        assert dry.state is RunState.CANCELLED
        with shop.office.act(None) as unit:
            assert to_go_on(unit, run_id, None, path).done == 4
            if why == "a dry run":
                run_id = dry.run_id
            elif why == "under way":
                claim(unit.connection, run_id, {RunState.FAILED})
            elif why == "another file":
                path = shop.csv(*self.without_keys(数量="3"))
            with pytest.raises(Conflict):
                to_go_on(unit, run_id, "orders" if why == "another mapping" else "notes", path)

    def test_somebody_else_may_get_in_between(self, shop: Shop) -> None:
        """A product goes while the file is being written: what is written stays, the rest is refused."""
        path = shop.csv(*self.rows(5), row(单号="Z", 产品="P2"))

        def interfere(stage: Stage, done: int, total: int) -> None:
            if stage is Stage.WRITING and done == 2:
                with shop.office.act(None) as unit:
                    apply(unit, [Update(form="customer", id=1, values={"active": False})])

        result = shop.load(path, on_progress=interfere)
        assert (result.state, result.created) == (RunState.FAILED, 2)
        assert told(result.problems)[0][0] == "B4"
        assert shop.count("order") == (2,)


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
