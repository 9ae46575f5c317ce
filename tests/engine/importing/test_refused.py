"""Refused rows come back as a sheet like their own: with reasons, and imported once they are mended."""

from datetime import date
from pathlib import Path

from orderkit.engine.importing.options import Options
from orderkit.engine.importing.reading.cells import text_of
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.importing.result import ImportResult
from orderkit.engine.importing.runs import RunState
from tests.engine.importing.trading import HEADINGS, Shop, row, told, write_xlsx


def sheet_of(shop: Shop, result: ImportResult, locale: str = "zh-CN") -> tuple[Path, str, list[list[object]]]:
    """Return the workbook of refused rows, the name of its sheet and its cells."""
    assert result.refused_rows is not None
    path = shop.folder / "refused.xlsx"
    with path.open("wb") as target:
        result.refused_rows.write(target, locale)
    (sheet,) = read_sheets(path, sheet=None, limits=Limits())
    return path, sheet.name, [list(each) for each in sheet.rows]


def test_refused_rows_keep_their_columns_and_say_why(untouched_shop: Shop) -> None:
    path = untouched_shop.csv(
        (*row(), "meins"), (*row(单号="A2", 数量="viel"), "x"), headings=(*HEADINGS, "其它")
    )
    result = untouched_shop.load(path)
    _, name, rows = sheet_of(untouched_shop, result)
    assert (name, result.refused) == ("orders.csv", 1)
    assert rows[0] == [*HEADINGS, "其它", "导入说明（不导入）"]
    assert [text_of(cell) for cell in rows[1]][:7] == ["A2", "C1", "2026-03-01", "普通", "", "P1", "viel"]
    assert rows[1][-1] == "数量：不是数字（应为：数字，例如 1,234.5）"
    assert len(rows) == 2
    english = sheet_of(untouched_shop, result, "en")[2]
    assert english[1][-1] == "数量: not a number (expected: a number such as 1,234.5)"


def test_a_record_comes_back_whole(untouched_shop: Shop) -> None:
    path = untouched_shop.csv(row(), row(单号="A2"), row(产品="nix"), row(单号="A3"))
    rows = sheet_of(untouched_shop, untouched_shop.load(path))[2]
    assert [(each[0], each[5]) for each in rows[1:]] == [("A1", "P1"), ("A1", "nix")]
    assert rows[1][-1] == "同一条记录的第 4 行有问题"


def test_mended_rows_are_imported_and_the_reasons_are_not(shop: Shop) -> None:
    path = shop.csv(row(), row(单号="A2", 数量="viel"), row(单号="A3", 客户="nix"))
    result = shop.load(path, options=Options(keep_good=True))
    assert (result.created, result.refused) == (1, 2)
    _, name, rows = sheet_of(shop, result)
    rows[1][HEADINGS.index("数量")] = 5
    again = shop.load(write_xlsx(shop.folder / "again.xlsx", {name: rows}), options=Options(keep_good=True))
    assert (again.state, again.created, again.refused) == (RunState.DONE, 1, 1)
    # The reasons of a second time replace those of the first, in the same column.
    _, name, rows = sheet_of(shop, again)
    assert [each[0] for each in rows[1:]] == ["A3"]
    assert len(rows[0]) == len(HEADINGS) + 1
    rows[1][HEADINGS.index("客户")] = "C2"
    last = shop.load(write_xlsx(shop.folder / "last.xlsx", {name: rows}))
    assert (last.state, last.created, told(last.problems)) == (RunState.DONE, 1, [])
    assert shop.count("order") == (3,)


def test_headings_in_two_rows_and_what_stands_above_come_back_too(shop: Shop) -> None:
    sheet = [
        ("我们的客户",),
        ("编码", "客户", ""),
        ("", "名称", "等级"),
        ("N1", "eins", 1),
        ("N2", "zwei", "hoch"),
    ]
    result = shop.load(write_xlsx(shop.folder / "two.xlsx", {"客户": sheet}), "receipts_of_others")
    _, name, rows = sheet_of(shop, result)
    assert [text_of(each[0]) for each in rows] == ["我们的客户", "编码", "", "N2"]
    rows[-1][2] = 7
    again = shop.load(write_xlsx(shop.folder / "again.xlsx", {name: rows}), "receipts_of_others")
    assert (again.created, told(again.problems)) == (1, [])


def test_dates_stay_dates_and_formulas_stay_texts(untouched_shop: Shop) -> None:
    sheet = [HEADINGS, ("A1", "nix", date(2026, 3, 1), "", "", "P1", 2, 1.5, 0.15)]
    rows = sheet_of(
        untouched_shop, untouched_shop.load(write_xlsx(untouched_shop.folder / "d.xlsx", {"x": sheet}))
    )[2]
    assert [text_of(cell) for cell in rows[1][2:9]] == ["2026-03-01", "", "", "P1", "2", "1.5", "0.15"]
    rows = sheet_of(untouched_shop, untouched_shop.load(untouched_shop.csv(row(客户="nix", 备注="=1+1"))))[2]
    assert rows[1][4] == "=1+1"


def test_a_file_without_any_row_to_blame_gives_none(untouched_shop: Shop) -> None:
    assert untouched_shop.load(untouched_shop.csv(row()), dry_run=True).refused_rows is None
    assert untouched_shop.load(untouched_shop.csv(row()[1:], headings=HEADINGS[1:])).refused_rows is None
