"""What is wrong with the cells of a client, each thing with its place and what was expected."""

from datetime import date
from decimal import Decimal

from orderkit.inference.dirt_kinds import DirtKind
from orderkit.inference.report import dirt_lines, document
from tests.inference.tables import dirt, proposal, table


def test_cells_that_do_not_fit() -> None:
    found = proposal(
        table("货", ["编号", "数量"], *([f"A{n}", Decimal(n)] for n in range(12)), ["A12", "约十"])
    )
    (unfit,) = dirt(found, DirtKind.UNFIT)
    assert (unfit.sheet, unfit.heading, unfit.count) == ("货", "数量", 1)
    assert [(each.cell, each.found) for each in unfit.examples] == [("B14", "约十")]
    assert unfit.expected == {"zh": "数字，例如 1,234.5", "en": "a number such as 1,234.5"}
    assert DirtKind.UNFIT.stops_import


def test_numbers_and_dates_kept_as_text_in_a_workbook_only() -> None:
    rows = [
        ["编号", "数量", "日期"],
        *([f"A{n}", Decimal(n), date(2026, 1, n)] for n in range(1, 9)),
        ["A9", "9", "2026-01-09"],
    ]
    found = proposal(table("货", *rows))
    assert [[each.cell for each in one.examples] for one in dirt(found, DirtKind.NUMBER_AS_TEXT)] == [["B10"]]
    assert [[each.cell for each in one.examples] for one in dirt(found, DirtKind.DATE_AS_TEXT)] == [["C10"]]
    text = proposal(table("货", *([str(cell) for cell in row] for row in rows), is_workbook=False))
    assert text.dirt == ()


def test_keys_that_stand_twice() -> None:
    rows = [[f"A{n}", f"名{n}"] for n in range(30)]
    (twice,) = dirt(proposal(table("货", ["编号", "名称"], *rows, ["A3", "别名"])), DirtKind.DUPLICATE_KEY)
    assert [(each.cell, each.found) for each in twice.examples] == [("A32", "A3")]


def test_spellings_of_options() -> None:
    rows = [[f"A{n}", "North" if n % 2 else "South"] for n in range(20)]
    (variants,) = dirt(
        proposal(table("货", ["编号", "区域"], *rows, ["A20", "north"], ["A21", "South "])),
        DirtKind.CHOICE_VARIANT,
    )
    assert [(each.cell, each.found) for each in variants.examples] == [("B22", "north"), ("B23", "South ")]


def test_what_a_sheet_lacks() -> None:
    found = proposal(
        table(
            "货",
            ["城市", "备注", "城市", None],
            ["沪", None, "京", "x"],
            ["沪", None, "京", "x"],
            ["合计", None, None, None],
        )
    )
    assert [each.kind for each in found.dirt] == [
        DirtKind.REPEATED_HEADING,
        DirtKind.UNNAMED_COLUMN,
        DirtKind.TOTAL_ROW,
        DirtKind.NO_KEY,
        DirtKind.EMPTY_COLUMN,
    ]


def test_examples_are_few_and_counted() -> None:
    rows = [[f"A{n}", Decimal(n)] for n in range(200)] + [[f"B{n}", f"约{n}"] for n in range(15)]
    (unfit,) = dirt(proposal(table("货", ["编号", "数量"], *rows)), DirtKind.UNFIT)
    assert (unfit.count, len(unfit.examples)) == (15, 5)


def test_the_report_is_short_and_its_document_whole() -> None:
    headings = ["编号", *(f"空{n}" for n in range(90))]
    found = proposal(table("货", headings, *([f"A{n}", *[None] * 90] for n in range(3))))
    for language, last in (
        ("zh", "……还有 30 项（--format json 全部列出）"),
        ("en", "… and 30 more (--format json lists them all)"),
    ):
        lines = list(dirt_lines(found, language))
        assert (len(lines), lines[-1]) == (61, last)
    faults = document(found)["dirt"]
    assert isinstance(faults, list)
    assert len(faults) == 90


def test_every_kind_is_told_in_both_languages() -> None:
    assert all(kind.words["zh"] and kind.words["en"] for kind in DirtKind)
    assert len({kind.word for kind in DirtKind}) == len(DirtKind)
