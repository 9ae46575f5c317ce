"""Exports: what a reader may take along, harmless in Excel, and read again by an import."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.engine.importing.export import ExportFormat, export
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.records import Query
from orderkit.model.errors import Denied
from orderkit.model.forms import SortKey
from tests.engine.importing.trading import Shop, row


def exported(
    shop: Shop,
    form: str = "order",
    format_: ExportFormat = ExportFormat.XLSX,
    login: str | None = None,
    **more: object,
) -> Path:
    path = shop.folder / f"out.{format_}"
    with path.open("wb") as target, shop.office.look(login) as unit:
        query = Query(form=form, sort=(SortKey(field="id"),))
        export(unit, query, format_, target, **more)  # type: ignore[arg-type]
    return path


def cells(path: Path) -> list[tuple[object, ...]]:
    (sheet,) = read_sheets(path, sheet=None, limits=Limits())
    return list(sheet.rows)


def test_a_list_becomes_a_sheet_with_real_numbers_and_days(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(), row(单号="A2", 类型="特殊", 数量="3")))
    heading, first, second = cells(exported(any_shop))
    assert heading == ("单号", "外部单号", "客户", "类型", "日期", "业务员", "合计")
    assert first[1:4] == ("A1", "客户C1", "标准")
    assert str(first[4]) == "2026-03-01"
    assert first[6] == Decimal(3)
    assert second[3] == "定制"


def test_texts_never_turn_into_formulas(shop: Shop) -> None:
    for code in ("=1+1", "+49", "-x", "@cmd", "plain"):
        shop.office.create(None, "customer", {"code": code, "name": '=HYPERLINK("http://x")'})
    columns = ["code", "name"]
    text = exported(shop, "customer", ExportFormat.CSV, columns=columns).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[4:]
    assert [each[0] for each in rows] == ["'=1+1", "'+49", "'-x", "'@cmd", "plain"]
    assert rows[0][1] == '\'=HYPERLINK("http://x")'
    sheet = cells(exported(shop, "customer", columns=columns))[4:]
    assert [each[0] for each in sheet] == ["=1+1", "+49", "-x", "@cmd", "plain"]


def test_a_number_that_excel_would_round_leaves_as_text(shop: Shop) -> None:
    shop.office.create(None, "product", {"code": "X", "name": "x", "price": Decimal("12345678901234.5678")})
    found = cells(exported(shop, "product", columns=["code", "price"]))
    assert found[-1] == ("X", "12,345,678,901,234.5678")
    text = exported(shop, "product", ExportFormat.CSV, columns=["code", "price"]).read_text("utf-8-sig")
    assert text.splitlines()[-1] == "X,12345678901234.5678"


def test_what_was_exported_with_its_lines_is_unchanged_when_imported(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(折扣="15%"), row(产品="P2"), row(单号="A2", 备注="=x")))
    columns = ["number", "external", "customer", "kind", "ordered_on", "note"]
    for format_ in ExportFormat:
        path = exported(any_shop, format_=format_, columns=columns, with_lines=True)
        result = any_shop.load(path, "order")
        assert (result.unchanged, result.created) == (2 if format_ is ExportFormat.XLSX else 1, 0), (
            result.problems
        )


def test_only_what_may_be_exported_leaves(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row()))
    any_shop.load(any_shop.csv(row(单号="A2"), row(单号="A3")), login="ann")
    ann = any_shop.office.ids["ann"]
    with any_shop.office.act(None) as unit:
        table = unit.runtime.database.tables["order"]
        unit.connection.execute(table.update().where(table.c.external != "A1").values(seller=ann))
    assert [each[1] for each in cells(exported(any_shop, login="ann"))[1:]] == ["A2", "A3"]
    with pytest.raises(Denied):
        exported(any_shop, login="rita")
