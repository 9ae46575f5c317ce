"""A real workbook of eight sheets: inferred, corrected by hand as written here, built, imported, and compared to the cent."""

import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.cli import main
from tests.acceptance.real_data import SHARED, facts

FOLDER = SHARED / "classicmodels"
BOOK = FOLDER / "classicmodels_derived.xlsx"

# What a consultant puts right by hand, as text in a file → what stands there instead.
CORRECTIONS = {
    "orderkit.yaml": [("currency: CNY", "currency: USD")],
    "forms/productline.yaml": [("label: {en: productlines}", "label: {zh: 产品线, en: Product line}")],
    "forms/order.yaml": [
        ("label: {en: orderdetails}", "label: {zh: 明细, en: Lines}"),
        (
            "price_each: {type: money, label: {en: priceEach}, required: true}",
            (
                "price_each: {type: money, label: {en: Price}, required: true}\n"
                "      amount: {type: money, label: {en: Amount}, compute: quantity_ordered * price_each}"
            ),
        ),
    ],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with every sheet imported."""
    folder = tmp_path_factory.mktemp("inferred") / "shop"
    run("infer", BOOK, "--out", folder)
    for name, changes in CORRECTIONS.items():
        text = (folder / name).read_text("utf-8")
        for was, now in changes:
            assert was in text
            text = text.replace(was, now)
        (folder / name).write_text(text, encoding="utf-8")
    run("check", folder, "--strict", "--no-cache")
    run("build", folder)
    run("migrate", folder)
    return folder


@pytest.fixture(scope="module")
def database(shop: Path) -> Iterator[sqlite3.Connection]:
    """What stands in the database once the sheets are imported in the order that was proposed."""
    for import_id in ORDER:
        run("import", import_id, BOOK, "--project", shop)
    connection = sqlite3.connect(shop / "var" / "app.db")
    yield connection
    connection.close()


ORDER = [
    "office_sheet",
    "employee_sheet",
    "customer_sheet",
    "order_sheet",
    "payment_sheet",
    "productline_sheet",
    "product_sheet",
    "order_lines_sheet",
    "employee_again",
]


def run(*words: object) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    assert (left.value.code or 0) == 0


def test_what_is_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("infer", BOOK, "--out", tmp_path / "shop", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert {form["id"]: form["key"] for form in found["forms"]} == {
        "customer": "customer_number",
        "employee": "employee_number",
        "office": "office_code",
        "order": "order_number",
        "payment": "check_number",
        "productline": "product_line",
        "product": "product_code",
    }
    references = {
        f"{form['id']}.{field['id']}": field["to"]
        for form in found["forms"]
        for field in [*form["fields"], *(each for rows in form["lines"].values() for each in rows)]
        if "to" in field
    }
    assert references == {
        "customer.sales_rep_employee": "employee",
        "employee.office": "office",
        "employee.reports_to": "employee",
        "order.customer": "customer",
        "order.product": "product",
        "payment.customer": "customer",
        "product.product_line": "productline",
    }
    assert [each["id"] for each in found["imports"]] == ORDER
    assert [(each["kind"], each["heading"]) for each in found["dirt"]] == [
        ("empty_column", "htmlDescription"),
        ("empty_column", "image"),
    ]


def test_every_row_arrives(database: sqlite3.Connection) -> None:
    tables = {
        "customers": "customer",
        "employees": "employee",
        "offices": "office",
        "orderdetails": "order__lines",
        "orders": "order",
        "payments": "payment",
        "productlines": "productline",
        "products": "product",
    }
    counted = {
        sheet: database.execute(f'select count(*) from "{table}"').fetchone()[0]
        for sheet, table in tables.items()
    }
    assert counted == facts(FOLDER)["rows"]


def test_sums_are_those_of_the_workbook(database: sqlite3.Connection) -> None:
    known = facts(FOLDER)
    (amount, pieces) = _one(database, "select sum(amount), sum(quantity_ordered) from order__lines")
    assert (_money(amount), str(pieces)) == (known["order_lines_total"], known["quantity_total"])
    (paid, count, first, last) = _one(
        database, "select sum(amount), count(*), min(payment_date), max(payment_date) from payment"
    )
    assert (_money(paid), count) == (known["payments_total"], known["payments"])
    assert (first, last) == (known["first_payment"], known["last_payment"])
    by_status = database.execute(
        'select o.status, count(distinct o.id), sum(l.amount) from "order" o '
        'join order__lines l on l."order" = o.id group by o.status'
    )
    assert {status: (orders, _money(total)) for status, orders, total in by_status} == {
        each["st"]: (each["orders"], each["amount"]) for each in known["order_status"]
    }
    (not_shipped, with_comments, buyers) = _one(
        database,
        'select sum(shipped_date is null), sum(comments is not null), count(distinct customer) from "order"',
    )
    assert (not_shipped, with_comments, buyers) == (
        known["not_shipped"],
        known["with_comments"],
        known["customers_with_orders"],
    )
    assert _one(database, "select sum(quantity_in_stock) from product")[0] == known["stock_total_units"]


def test_the_tree_of_employees_has_one_root(database: sqlite3.Connection) -> None:
    assert _one(database, "select count(*), max(last_name) from employee where reports_to is null") == (
        1,
        "Murphy",
    )


def test_a_second_import_changes_nothing(
    database: sqlite3.Connection, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for import_id in ("employee_again", "order_lines_sheet", "payment_sheet"):
        capsys.readouterr()
        run("import", import_id, BOOK, "--project", shop)
        assert "created 0, updated 0" in capsys.readouterr().out


def _one(database: sqlite3.Connection, query: str) -> tuple[object, ...]:
    found: tuple[object, ...] = database.execute(query).fetchone()
    return found


def _money(stored: object) -> str:
    """Return a sum of money as the facts write it; SQLite keeps cents."""
    assert isinstance(stored, int)
    return str(Decimal(stored).scaleb(-2))


def test_a_chinese_workbook_needs_no_correction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, shop = SHARED / "superstore_cn", tmp_path / "shop"
    (book,) = folder.glob("*.xls")
    known = facts(folder)
    run("infer", book, "--out", shop, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    # Half of the order numbers have several customers and days, so rows stay rows.
    assert [(each["kind"], each["heading"]) for each in found["dirt"]] == [("nearly_document", "订单 ID")]
    run("check", shop, "--strict", "--no-cache")
    run("build", shop)
    run("migrate", shop)
    for each in found["imports"]:
        run("import", each["id"], book, "--project", shop)
    connection = sqlite3.connect(shop / "var" / "app.db")
    try:
        sales, pieces, profit, rows = _one(
            connection,
            'select sum(sales), sum(qty), sum(profit), count(*) from "order" where region is not null',
        )
        (returned,) = _one(connection, "select count(*) from return where returned")
    finally:
        connection.close()
    assert isinstance(sales, int)
    assert isinstance(profit, int)
    assert Decimal(sales).scaleb(-3) == Decimal(known["total_sales"])
    assert Decimal(profit).scaleb(-3) == Decimal(known["total_profit"])
    assert (pieces, rows, returned) == (known["total_quantity"], known["rows"], known["returned_orders"])
