"""The preview: how a file is understood before anything is done with it."""

from datetime import date

import pytest

from orderkit.engine.importing.preview import Preview, preview
from orderkit.model.errors import Denied
from tests.engine.importing.test_run import TestHistory
from tests.engine.importing.trading import HEADINGS, Shop, row, told, write_csv, write_xlsx


def seen(shop: Shop, path: object, name: str = "orders", login: str | None = None) -> Preview:
    with shop.office.look(login) as unit:
        return preview(unit, name, path)  # type: ignore[arg-type]


def test_columns_are_shown_beside_the_fields_they_fill(untouched_shop: Shop) -> None:
    path = write_csv(untouched_shop.folder / "p.csv", (*HEADINGS, "其它"), (*row(), "x"))
    found = seen(untouched_shop, path)
    assert [(each.letters, each.heading, each.path) for each in found.columns][::3] == [
        ("A", "单号", "external"),
        ("D", "类型", "kind"),
        ("G", "数量", "lines.qty"),
        ("J", "其它", None),
    ]
    assert found.columns[6].field == {"zh": "数量", "en": "Quantity"}
    assert (found.header_cell, found.row_count, found.missing, found.problems) == ("A1", 1, (), ())


def test_the_first_records_are_shown_as_they_would_become(untouched_shop: Shop) -> None:
    path = untouched_shop.csv(row(), row(产品="P2", 折扣="12.5"), row(单号="A2", 类型="特殊", 客户="C2"))
    first, second = seen(untouched_shop, path).records
    assert (first.rows, first.is_new) == ((2, 3), True)
    assert first.values == {"external": "A1", "customer": "C1", "ordered_on": "2026-03-01", "kind": "标准"}
    assert [line.values for line in first.lines["lines"]] == [
        {"product": "P1", "qty": "2.00", "price": "1.50"},
        {"product": "P2", "qty": "2.00", "price": "1.50", "discount": "12.5%"},
    ]
    assert second.values["kind"] == "定制"


def test_records_that_are_there_already_are_marked(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(), row(单号="A2")))
    path = any_shop.csv(row(), row(单号="A2", 备注="x"), row(单号="A3"))
    found = [(each.is_new, each.is_changed) for each in seen(any_shop, path).records]
    assert found == [(False, False), (False, True), (True, True)]


def test_what_is_wrong_so_far_stands_beside_it(untouched_shop: Shop) -> None:
    found = seen(untouched_shop, untouched_shop.csv(row(数量="x", 产品="P9"), headings=HEADINGS))
    assert [cell for cell, _, _ in told(found.problems)] == ["G2", "F2"]
    assert seen(untouched_shop, untouched_shop.csv(row()[:3], headings=HEADINGS[:3])).missing == HEADINGS[3:]


def test_columns_that_only_rules_read_say_so(untouched_shop: Shop) -> None:
    path = write_xlsx(untouched_shop.folder / "h.xlsx", {"历史": TestHistory.ROWS})
    found = seen(untouched_shop, path, "history")
    customer = next(each for each in found.columns if each.heading == "客户编码")
    assert (customer.path, customer.field) == (
        "customer.code",
        {"zh": "客户 · 客户编码", "en": "Customer · Code"},
    )
    assert found.records[0].values["status"] == "已下单"
    assert found.fields["lines.qty"]["en"] == "Quantity"


def test_a_file_that_cannot_be_read_has_its_reason(untouched_shop: Shop) -> None:
    path = untouched_shop.folder / "x.xlsx"
    path.write_bytes(b"PK\x03\x04garbage")
    found = seen(untouched_shop, path)
    assert ([each.code for each in found.problems], found.records) == (["broken_workbook"], ())


def test_a_long_file_is_only_looked_into(untouched_shop: Shop) -> None:
    path = untouched_shop.csv(*(row(单号=f"A{n}", 日期=date(2026, 1, 1)) for n in range(1000)))
    found = seen(untouched_shop, path)
    assert (found.row_count, len(found.records)) == (1000, 20)


def test_a_preview_needs_the_right_to_import(untouched_shop: Shop) -> None:
    with pytest.raises(Denied):
        seen(untouched_shop, untouched_shop.csv(row()), login="rita")
