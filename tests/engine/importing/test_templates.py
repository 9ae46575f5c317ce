"""Templates: what they say, that the example is skipped, and that one filled by its own rules imports cleanly."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.engine.importing.reading.cells import Row, text_of
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.importing.runs import RunState
from orderkit.engine.importing.templates import keys, write_template
from orderkit.model.errors import Denied
from tests.engine.importing.trading import Shop, told, write_csv, write_xlsx


def template(shop: Shop, name: str = "order", login: str | None = None, locale: str | None = None) -> Path:
    path = shop.folder / f"{name}.xlsx"
    with path.open("wb") as target, shop.office.look(login) as unit:
        if locale is not None:
            unit.person = replace(unit.person, locale=locale)
        write_template(unit, name, target)
    return path


def sheets(path: Path) -> dict[str, tuple[Row, ...]]:
    return {name: next(iter(read_sheets(path, sheet=name, limits=Limits()))).rows for name in names(path)}


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        return re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def test_the_headings_are_the_readers_and_mark_what_must_be_filled(untouched_shop: Shop) -> None:
    rows = sheets(template(untouched_shop))["订单"]
    assert rows[0][:5] == ("外部单号", "客户 *", "类型", "日期 *", "业务员")
    assert rows[0][6:] == ("产品 *", "数量 *", "单价", "折扣", "导入说明（不导入）")
    english = sheets(template(untouched_shop, locale="en"))["Order"]
    assert english[0][:4] == ("External number", "Customer *", "Kind", "Date *")


def test_a_mapping_keeps_its_own_headings_sheet_and_place(untouched_shop: Shop) -> None:
    rows = sheets(template(untouched_shop, "history"))["历史"]
    assert rows[0][:7] == ("单号", "客户编码", "客户名称", "日期 *", "产品 *", "数量 *", "单价")
    below = sheets(template(untouched_shop, "receipts_of_others"))["客户"]
    assert below[2][:3] == ("编码 *", "名称 *", "等级")


def test_choices_and_records_are_offered_as_lists(untouched_shop: Shop) -> None:
    path = template(untouched_shop)
    listed = sheets(path)["参考"]
    columns = {
        text_of(cell): [text_of(row[at]) for row in listed[1:] if row[at]]
        for at, cell in enumerate(listed[0])
    }
    assert columns["类型"] == ["标准", "定制"]
    # Only records that the field's own rule lets in.
    assert columns["客户"] == ["C1", "C2"]
    assert columns["产品"] == ["P1", "P2"]
    written = part(path, "xl/worksheets/sheet1.xml")
    assert "<formula1>'参考'!$A$2:$A$3</formula1>" in written
    assert written.count('type="list"') == len(("客户", "类型", "业务员", "产品"))


def test_the_notes_say_type_expectation_and_bounds(untouched_shop: Shop) -> None:
    told_ = part(template(untouched_shop, "product"), "xl/comments1.xml")
    assert "必填" in told_
    assert "最小 0" in told_
    told_ = part(template(untouched_shop, locale="en"), "xl/comments1.xml")
    assert "an existing customer, see the sheet Reference" in told_
    assert "a date such as 2026-03-01" in told_
    assert "one of Standard, Custom" in told_


def test_keys_are_bounded_and_only_those_that_the_reader_may_see(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 1)
    listed = sheets(template(shop))["参考"]
    assert any("仅列出前" in text_of(cell) for row in listed for cell in row)
    assert "C2" not in {text_of(cell) for row in listed for cell in row}


def test_who_may_not_import_gets_no_template(untouched_shop: Shop) -> None:
    with pytest.raises(Denied):
        template(untouched_shop, login="rita")


@pytest.mark.parametrize("name", ["order", "orders", "history", "customer", "receipts_of_others", "product"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_an_untouched_template_has_no_rows(untouched_shop: Shop, name: str, locale: str) -> None:
    result = untouched_shop.load(template(untouched_shop, name, locale=locale), name)
    assert told(result.problems) == [("", "no_rows", "")]


def test_an_example_that_was_typed_over_is_asked_about(shop: Shop) -> None:
    rows = [list(row) for row in sheets(template(shop, "customer"))["客户"]]
    rows[1][0] = "MINE"
    result = shop.load(write_xlsx(shop.folder / "typed.xlsx", {"客户": rows}), "customer")
    assert told(result.problems)[0][1] == "example_changed"
    rows[1][-1] = ""
    result = shop.load(write_xlsx(shop.folder / "typed.xlsx", {"客户": rows}), "customer")
    assert (result.state, result.created) == (RunState.DONE, 1)


def test_the_example_is_known_in_a_text_table_too(shop: Shop) -> None:
    rows = [[text_of(cell) for cell in row] for row in sheets(template(shop, "product"))["产品"]]
    path = write_csv(shop.folder / "p.csv", *rows, ["N1", "neu", "2.5", ""])
    result = shop.load(path, "product")
    assert (result.state, result.created) == (RunState.DONE, 1), told(result.problems)


CODES = st.text("ABC123", min_size=1, max_size=6)
LINE = st.tuples(
    st.sampled_from(["P1", "P2"]),
    st.decimals(Decimal("0.01"), Decimal(9999), places=2),
    st.none() | st.decimals(0, 9999, places=2),
    st.none() | st.decimals(0, 1, places=4),
)
ORDER = st.tuples(
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["标准", "定制", None]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.none() | st.text("注意 note0", max_size=10),
    st.lists(LINE, min_size=1, max_size=3),
)


@given(orders=st.dictionaries(CODES, ORDER, min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_template_filled_by_its_own_rules_imports_cleanly(
    untouched_shop: Shop, orders: dict[str, tuple]
) -> None:
    """The sheet keeps its headings, example and notes; rows are what its lists and notes ask for."""
    made = [list(row) for row in sheets(template(untouched_shop))["订单"]]
    at = {text_of(cell).removesuffix(" *"): index for index, cell in enumerate(made[0])}
    for code, (customer, kind, day, note, lines) in orders.items():
        for product, qty, price, discount in lines:
            row: list[object] = [None] * len(made[0])
            for heading, value in (
                ("外部单号", code),
                ("客户", customer),
                ("类型", kind),
                ("日期", day),
                ("备注", note),
                ("产品", product),
                ("数量", qty),
                ("单价", price),
                ("折扣", discount),
            ):
                row[at[heading]] = value
            made.append(row)
    path = write_xlsx(untouched_shop.folder / "filled.xlsx", {"订单": made})
    result = untouched_shop.load(path, "order", dry_run=True)
    assert (told(result.problems), result.created) == ([], len(orders))
