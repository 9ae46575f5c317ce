"""Where a table begins and ends in a sheet as people make them."""

from orderkit.inference.tables import merged, read_table
from tests.inference.tables import table


def test_headings_stand_below_a_title_and_a_blank_row() -> None:
    found = table(
        "客户",
        ["客户清单", None, None],
        [None, None, None],
        ["制表人：张三", None, None],
        ["编号", "名称", "城市"],
        ["A1", "甲", "上海"],
        [None, None, None],
        ["A2", "乙", "北京"],
    )
    assert found.heading_row == 4
    assert [column.heading for column in found.columns] == ["编号", "名称", "城市"]
    assert [(row.number, text) for row, text in zip(found.rows, found.columns[0].texts, strict=True)] == [
        (5, "A1"),
        (7, "A2"),
    ]


def test_a_heading_of_several_lines_is_one_line() -> None:
    assert table("a", ["单价\n（元）", "品名"], ["1", "x"]).columns[0].heading == "单价 （元）"


def test_a_sheet_of_numbers_or_of_headings_only_is_no_table() -> None:
    assert read_table("f", "a", [("1", "2"), ("3", "4")]) is None
    assert read_table("f", "a", [("编号", "名称"), (None, "")]) is None
    assert read_table("f", "a", []) is None


def test_totals_at_the_end_are_no_records() -> None:
    found = table(
        "a", ["单号", "金额"], ["S1", "1"], ["合计", "5"], ["S2", "2"], ["合 计:", "3"], ["Total", "6"]
    )
    assert found.columns[0].texts == ("S1", "合计", "S2", "合 计:")
    assert found.totals == ((6, 0, "Total"),)


def test_headings_that_stand_twice_and_columns_without_one_are_told() -> None:
    found = table("a", ["编号", "名称", "编号 *", None, "城市"], ["A1", "甲", "B1", "?", "上海"])
    assert [column.heading for column in found.columns] == ["编号", "名称", "城市"]
    assert (found.repeated, found.unnamed) == ((("编号 *", 2),), (3,))


def test_files_with_the_same_headings_are_one_table() -> None:
    files = [
        read_table(name, name, [("No", "Name"), (f"{name}-1", "x")], is_workbook=False)
        for name in ("jan", "feb")
    ]
    (found,) = merged([each for each in files if each is not None])
    assert found.files == ("jan", "feb")
    assert found.columns[0].texts == ("jan-1", "feb-1")
    assert [(row.file, row.number) for row in found.rows] == [("jan", 2), ("feb", 2)]
