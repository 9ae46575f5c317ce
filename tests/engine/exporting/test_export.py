"""Exports: what a reader may take along, harmless in Excel, and read again by an import."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.engine.access import Action
from orderkit.engine.exporting import FORMATS, Format, everything, export
from orderkit.engine.exporting.formats import xlsx_format
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.records import Query, stream
from orderkit.engine.records.reading import paging
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Denied
from orderkit.model.forms import SortKey
from tests.engine.importing.trading import Shop, row


def exported(
    shop: Shop,
    form: str = "order",
    format_: Format = FORMATS["xlsx"],
    login: str | None = None,
    **more: object,
) -> Path:
    path = shop.folder / f"out.{format_.name}"
    with path.open("wb") as target, shop.office.look(login) as unit:
        query = Query(form=form, sort=(SortKey(field="id"),))
        export(unit, query, format_, target, **more)  # type: ignore[arg-type]
    return path


def everything_exported(shop: Shop, form: str, format_: Format, login: str | None = None) -> Path:
    path = shop.folder / f"all.{format_.name}"
    with path.open("wb") as target, shop.office.look(login) as unit:
        query, columns = everything(unit, form)
        export(unit, query, format_, target, columns=columns, with_lines=True)
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
    text = exported(shop, "customer", FORMATS["csv"], columns=columns).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[4:]
    assert [each[0] for each in rows] == ["'=1+1", "'+49", "'-x", "'@cmd", "plain"]
    assert rows[0][1] == '\'=HYPERLINK("http://x")'
    sheet = cells(exported(shop, "customer", columns=columns))[4:]
    assert [each[0] for each in sheet] == ["=1+1", "+49", "-x", "@cmd", "plain"]


def test_a_number_that_excel_would_round_leaves_as_text(shop: Shop) -> None:
    shop.office.create(None, "product", {"code": "X", "name": "x", "price": Decimal("12345678901234.5678")})
    found = cells(exported(shop, "product", columns=["code", "price"]))
    assert found[-1] == ("X", "12,345,678,901,234.5678")
    text = exported(shop, "product", FORMATS["csv"], columns=["code", "price"]).read_text("utf-8-sig")
    assert text.splitlines()[-1] == "X,12345678901234.5678"


@pytest.mark.parametrize("format_", [FORMATS["xlsx"], FORMATS["csv"]], ids=["xlsx", "csv"])
def test_what_was_exported_with_its_lines_is_unchanged_when_imported(any_shop: Shop, format_: Format) -> None:
    any_shop.load(any_shop.csv(row(折扣="15%"), row(产品="P2"), row(单号="A2", 备注="=x")))
    columns = ["number", "external", "customer", "kind", "ordered_on", "note"]
    path = exported(any_shop, format_=format_, columns=columns, with_lines=True)
    result = any_shop.load(path, "order")
    assert (result.unchanged, result.created) == (2, 0), result.problems


def texts() -> st.SearchStrategy[str]:
    """Texts that a field keeps as they are, many of which a spreadsheet would take for something else."""
    odd = st.sampled_from(
        ["=1+1", "'=1", "''x", "+86 1", "-", "@x", "'", "1e5", "007", "1/2", "是", "true", "#N/A"]
    )
    plain = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
    return st.one_of(odd, plain, st.builds("{}{}".format, odd, plain)).filter(
        lambda text: text == text.strip()
    )


numbers = st.decimals(Decimal("0.01"), Decimal("99999999.99"), places=2)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(st.none() | texts(), min_size=1, max_size=4),
    amounts=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=3),
    discount=st.none() | st.decimals(0, 1, places=4),
)
def test_export_then_import_changes_nothing(
    untouched_shop: Shop,
    notes: list[str | None],
    amounts: list[tuple[Decimal, Decimal]],
    discount: Decimal | None,
) -> None:
    office = untouched_shop.office
    for note in notes:
        lines = [{"product": 1, "qty": qty, "price": price, "discount": discount} for qty, price in amounts]
        order = {"customer": 1, "ordered_on": office.today, "kind": "custom", "note": note}
        office.create(None, "order", order, {"lines": lines})
    before = untouched_shop.stored("order", "id", "revision")
    for format_ in (FORMATS["xlsx"], FORMATS["csv"]):
        path = everything_exported(untouched_shop, "order", format_)
        result = untouched_shop.load(path, "order")
        assert not result.problems, result.problems
        assert (result.unchanged, result.created, result.updated) == (len(before), 0, 0)
        assert untouched_shop.stored("order", "id", "revision") == before


def test_json_holds_what_the_api_gives(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(), row(产品="P2", 数量="3.5"), row(单号="A2", 备注="=x")))
    first, second = json.loads(everything_exported(any_shop, "order", FORMATS["json"]).read_text("utf-8"))
    assert (first["external"], second["external"], second["note"]) == ("A1", "A2", "=x")
    assert first["_titles"]["customer"] == "客户C1"
    assert [each["qty"] for each in first["lines"]] == ["2.00", "3.50"]
    assert first["total"] == "8.25"


def test_every_row_is_there_though_they_are_read_in_parts(any_shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(xlsx_format, "MOST_ROWS", 3)
    monkeypatch.setattr(paging, "STREAMED_AT_ONCE", 2)
    any_shop.load(any_shop.csv(*(row(单号=f"A{number}") for number in range(7))))
    for format_ in FORMATS.values():
        path = everything_exported(any_shop, "order", format_)
        if format_.name == "xlsx":
            sheets = [
                next(iter(read_sheets(path, sheet=name, limits=Limits())))
                for name in ("订单", "订单 2", "订单 3")
            ]
            assert [len(each.rows) for each in sheets] == [4, 4, 2]
            assert len({each.rows[0] for each in sheets}) == 1
        else:
            assert path.read_text("utf-8").count("SO-000") == 7


def test_what_is_in_hand_does_not_grow_with_what_is_written(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(paging, "STREAMED_AT_ONCE", 5)
    shop.load(shop.csv(*(row(单号=f"A{number}") for number in range(30))))
    most = 0
    with shop.office.look(None) as unit:
        for _ in stream(unit, Query(form="order", with_lines=True), action=Action.EXPORT):
            most = max(most, len(rows_of(unit)._rows["order"]))
    assert most == 5


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
