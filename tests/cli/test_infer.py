"""`orderkit infer` as a consultant uses it: from the files of a client to records in an app, and every way to fail."""

import csv
import json
import sqlite3
from pathlib import Path

import pytest
import xlsxwriter

from orderkit.cli import main
from tests.acceptance.real_data import BUNDLED

TEXTS = {
    "客户": [
        ["客户编号", "名称", "等级"],
        *([f"C{n:03}", f"公司{n}", "A" if n % 2 else "B"] for n in range(1, 21)),
    ],
    "订单": [
        ["销售订单（2026）", None, None, None],
        ["单号", "客户编号", "下单日期", "备注"],
        *([f"S{n}", f"C{n % 20 + 1:03}", f"2026-01-{n % 28 + 1:02}", None] for n in range(1, 31)),
    ],
    "订单明细": [
        ["单号", "行号", "产品", "数量", "单价"],
        *([f"S{n}", line, f"件{line}", n, 1.25 * line] for n in range(1, 31) for line in range(1, 3)),
        ["合计", None, None, 930, None],
    ],
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A client's workbook with a title above its headings and a row of totals."""
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in TEXTS.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def run(*words: object, language: str = "en") -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", language, *map(str, words)])
    return int(left.value.code or 0)


def test_from_a_workbook_to_records(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = tmp_path / "shop"
    assert run("infer", book, "--out", shop, "--format", "json") == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert said.err == ""
    assert {form["id"]: form["key"] for form in found["forms"]} == {
        "customer": "customer_no",
        "order": "order_no",
    }
    assert [each["kind"] for each in found["dirt"]] == ["date_as_text", "total_row", "empty_column"]
    assert run("check", shop, "--strict", "--no-cache") == 0
    assert run("fmt", shop, "--check") == 0
    assert run("build", shop) == 0
    assert run("migrate", shop) == 0
    for each in found["imports"]:
        assert run("import", each["id"], book, "--project", shop) == 0, capsys.readouterr().err
    with sqlite3.connect(shop / "var" / "app.db") as database:
        (customers,) = database.execute("select count(*) from customer").fetchone()
        (orders,) = database.execute('select count(*) from "order" where customer is not null').fetchone()
        (lines, pieces) = database.execute("select count(*), sum(qty) from order__lines").fetchone()
    database.close()
    assert (customers, orders, lines, pieces) == (20, 30, 60, 930)


def test_files_of_one_kind_are_one_form_with_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, days = tmp_path / "shop", sorted(BUNDLED.glob("*.csv"))
    assert run("infer", *days, "--out", shop, "--format", "json") == 0
    (form,) = json.loads(capsys.readouterr().out)["forms"]
    assert (form["id"], form["key"]) == ("invoice", "invoice_no")
    assert [each["id"] for each in form["lines"]["lines"]] == [
        "stock_code",
        "description",
        "quantity",
        "unit_price",
    ]
    assert run("build", shop) == 0
    assert run("migrate", shop) == 0
    assert run("import", "invoice_sheet", *days, "--project", shop) == 0
    rows = [row for day in days for row in csv.DictReader(day.read_text("utf-8").splitlines())]
    with sqlite3.connect(shop / "var" / "app.db") as database:
        (invoices,) = database.execute("select count(*) from invoice").fetchone()
        stored = database.execute("select count(*), sum(quantity) from invoice__lines").fetchone()
    database.close()
    assert invoices == len({row["InvoiceNo"] for row in rows})
    assert stored == (len(rows), sum(int(row["Quantity"]) for row in rows))


def test_what_the_report_says_an_import_refuses_it_does_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, customers, orders = tmp_path / "shop", tmp_path / "客户.csv", tmp_path / "订单.csv"
    customers.write_text(
        "客户编号,名称,额度,区域\n"
        + "".join(
            f"C{n:03},公司{n},{'约九千' if n == 4 else n * 1000},{'Ｎorth' if n == 5 else 'North'}\n"
            for n in range(1, 13)
        )
        + "C013,公司13,500,South\n"
        + "C014,公司14,500,South\n",
        encoding="utf-8",
    )
    orders.write_text(
        "单号,客户编号,日期\n"
        + "".join(f"S{n},C{n:03},2026-01-{n:02}\n" for n in range(1, 13))
        + "S13,C099,2026-01-13\nS14,C001,改天\n",
        encoding="utf-8",
    )
    assert run("infer", customers, orders, "--out", shop, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    told = {each["cell"] for dirt in found["dirt"] if dirt["stops_import"] for each in dirt["examples"]}
    assert told == {"C5", "B14", "C15"}
    assert run("build", shop) == 0
    assert run("migrate", shop) == 0
    refused = set()
    for import_id, path, code in (("customer_sheet", customers, 1), ("order_sheet", orders, 1)):
        capsys.readouterr()
        assert run("import", import_id, path, "--project", shop, "--keep-good", "--format", "json") == code
        (result,) = json.loads(capsys.readouterr().out)
        refused |= {each["cell"] for each in result["problems"]}
    # The customer that was refused is missing, so that their order is refused too.
    assert refused == told | {"B5"}


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ["in the data", "! 订单明细", "expected: a number", "when you have read"]),
        ("zh", ["数据中的问题", "! 订单明细", "应为：", "看过并改好"]),
    ],
)
def test_the_report_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, wanted: list[str]
) -> None:
    path = tmp_path / "订单明细.csv"
    path.write_text(
        "品号,数量\n" + "".join(f"P{n},{n}\n" for n in range(20)) + "P20,1.5a\n", encoding="gb18030"
    )
    assert run("infer", path, "--out", tmp_path / "shop", language=language) == 0
    said = capsys.readouterr()
    text = said.out + said.err
    assert [each for each in wanted if each not in text] == []


def test_a_folder_with_files_is_left_alone_unless_forced(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    assert run("new", shop) == 0
    root = (shop / "orderkit.yaml").read_text("utf-8")
    kept = (shop / "roles" / "sales.yaml").read_text("utf-8")
    was = (shop / "forms" / "customer.yaml").read_text("utf-8")
    capsys.readouterr()
    assert run("infer", book, "--out", shop) == 1
    assert "not an empty folder" in capsys.readouterr().err
    assert (shop / "forms" / "customer.yaml").read_text("utf-8") == was
    assert run("infer", book, "--out", shop, language="zh") == 1
    assert "--force" in capsys.readouterr().err
    assert run("infer", book, "--out", shop, "--force") == 0
    assert (shop / "orderkit.yaml").read_text("utf-8") == root
    assert (shop / "roles" / "sales.yaml").read_text("utf-8") == kept
    assert "customer_no" in (shop / "forms" / "customer.yaml").read_text("utf-8")


def test_what_does_not_fit_what_was_there_is_shown(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    (shop / "old").mkdir(parents=True)
    (shop / "old" / "mine.yaml").write_text("form: order\nfields: {name: {type: text}}\n", encoding="utf-8")
    assert run("infer", book, "--out", shop, "--force") == 1
    assert "OK2004" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "zh", "en"),
    [
        ("a.xlsx", None, "没有这个文件", "no such file"),
        ("a.csv", b"", "文件是空的", "is empty"),
        ("a.xlsx", b"PK\x03\x04broken", "无法打开", "cannot be opened"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "有打开密码",
            "a password",
        ),
        ("a.csv", b"\x00\x01\x02", "不是表格文件", "not a table"),
        ("a.csv", b"1,2\n3,4\n", "没有找到表格", "no table was found"),
        ("a.csv", "编号,名称\n".encode(), "没有找到表格", "no table was found"),
    ],
    ids=["missing", "empty", "broken", "protected", "binary", "no headings", "no rows"],
)
def test_a_file_that_cannot_be_read_is_refused_in_both_languages(  # noqa: PLR0917 - a row of the table above
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, zh: str, en: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for language, wanted in (("zh", zh), ("en", en)):
        assert run("infer", path, "--out", tmp_path / "shop", language=language) == 1
        said = capsys.readouterr().err
        assert wanted in said
        assert name in said
    assert not (tmp_path / "shop").exists()


def test_a_target_that_is_a_file_is_refused(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("infer", book, "--out", book) == 1
    assert "is not a folder" in capsys.readouterr().err


def test_a_sheet_without_a_table_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("说明").write(0, 0, 12)
        sheet = workbook.add_worksheet("客户")
        for number, row in enumerate(TEXTS["客户"]):
            sheet.write_row(number, 0, row)
        workbook.add_worksheet("空")
    assert run("infer", path, "--out", tmp_path / "shop") == 0
    said = capsys.readouterr().out
    assert "! 说明: no headings with rows below them" in said
    assert "空" not in said


def test_nothing_new_is_left_where_a_file_cannot_be_written(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "imports").write_text("in the way", encoding="utf-8")
    assert run("infer", book, "--out", shop, "--force") == 1
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in shop.rglob("*") if path.is_file()] == ["imports"]
