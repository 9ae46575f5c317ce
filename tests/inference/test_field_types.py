"""What a column holds, by its heading and its cells."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from orderkit.catalog import built_in
from orderkit.engine.importing.reading.cells import Cell
from orderkit.inference.field_types import guess
from orderkit.inference.tables import Column


def guessed(heading: str, *cells: Cell) -> tuple[str, Mapping[str, object], tuple[int, ...]]:
    found = guess(Column(heading, 0, cells), built_in())
    return found.type, found.options, found.unfit


@pytest.mark.parametrize(
    ("heading", "cells", "wanted", "options"),
    [
        ("数量", [Decimal(1), Decimal(2), None], "integer", {}),
        ("数量", [Decimal("1.5"), Decimal(2)], "decimal", {"scale": 1}),
        ("单价", [Decimal(3), Decimal(2)], "money", {"scale": 2}),
        ("unitPrice", [Decimal("3.125"), Decimal(2)], "money", {"scale": 3}),
        ("Amount", ["$1,200.50", "$3"], "money", {"scale": 2, "currency": "USD"}),
        ("货款", ["¥12.50", "3元"], "money", {"scale": 2}),
        ("利润", [Decimal("0.1"), Decimal("42.5600000000001")], "money", {"scale": 2}),
        ("折扣", [Decimal("0.15"), Decimal(0), Decimal(1)], "percent", {"scale": 4}),
        ("税率", ["13%", "6%"], "percent", {"scale": 4}),
        ("汇率", [Decimal("6.8123"), Decimal("7.1")], "decimal", {"scale": 4}),
        ("折扣", ["0.15", "0.2"], "decimal", {"scale": 2}),
        ("下单日期", [date(2026, 3, 1), None], "date", {}),
        ("created", [datetime(2026, 3, 1, 8, 30)], "datetime", {}),  # noqa: DTZ001 - a workbook has no zones
        ("下单", ["2026年3月1日", "2026/3/2"], "date", {}),
        ("日期", ["2026-03-01 08:30", "2026-03-02 09:00"], "datetime", {}),
        ("日期", [Decimal(46000), Decimal(46001)], "date", {}),
        ("重量", [Decimal(46000), Decimal(46001)], "integer", {}),
        ("班次", [time(8, 30), time(9)], "time", {}),
        ("是否启用", [Decimal(1), Decimal(0)], "boolean", {}),
        ("件数", [Decimal(1), Decimal(0)], "integer", {}),
        ("退回", ["是", "是"], "boolean", {}),
        ("active", ["Yes", "no", "YES"], "boolean", {}),
        ("邮箱", ["a@b.cn", "c@d.com"], "email", {}),
        ("手机", [Decimal(13812345678), "025-83001234"], "phone", {}),
        ("网站", ["https://a.cn", "www.b.com"], "url", {}),
        ("编号", ["0012", "0013"], "text", {}),
        ("客户编号", [Decimal(12), Decimal(13)], "text", {}),
        ("流水", ["0012", "0013"], "text", {}),
        ("身份", [Decimal(12345678901234567), Decimal(12345678901234568)], "text", {}),
        ("备注", ["a\nb"], "longtext", {}),
        ("备注", ["x" * 300], "longtext", {}),
        ("备注", [None, None], "text", {}),
        ("状态", ["新", "旧", "新", "旧", "新", "旧"], "choice", {"options": ["新", "旧"]}),
        ("城市", ["沪", "京", "津"], "text", {}),
    ],
)
def test_the_type_of_a_column(
    heading: str, cells: list[Cell], wanted: str, options: Mapping[str, object]
) -> None:
    assert guessed(heading, *cells) == (wanted, options, ())


def test_a_few_wrong_cells_do_not_change_the_type() -> None:
    assert guessed("数量", *[Decimal(1)] * 9, "约十") == ("integer", {}, (9,))
    assert guessed("日期", *[date(2026, 3, 1)] * 9, "待定") == ("date", {}, (9,))
    assert guessed("数量", Decimal(1), "约十")[0] == "text"


def test_spellings_of_an_option_are_one_option() -> None:
    found = guess(
        Column("区域", 0, ("North", "north", "North ", "Ｎorth", "South", "South", "North", "South")),
        built_in(),
    )
    assert found.choices is not None
    assert found.choices.options == ("North", "South")
    assert found.choices.variants == {"north": "North", "Ｎorth": "North"}
    assert found.choices.rewritten() == {"Ｎorth": "North"}


def test_days_that_may_be_months_are_told() -> None:
    assert guess(Column("date", 0, ("03/04/2026", "05/06/2026")), built_in()).is_ambiguous
    assert not guess(Column("date", 0, ("13/04/2026", "05/06/2026")), built_in()).is_ambiguous
