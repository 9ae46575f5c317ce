"""Files as people have them: every encoding and oddity is read, every broken file is refused with a reason."""

import threading
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
import xlsxwriter

from orderkit.engine.importing.reading import workbooks
from orderkit.engine.importing.reading.cells import (
    cell_address,
    column_letters,
    heading_key,
    is_blank,
    number_cell,
    text_of,
)
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.engine.importing.reading.tables import Sheet, read_sheets


def read(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    return list(read_sheets(path, sheet=sheet, limits=limits or Limits()))


def refused(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(path, sheet=sheet, limits=limits)
    return caught.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(125.43999999999998, "125.44", id="noise of binary floats is not what was typed"),
        pytest.param(-60.70400000000001, "-60.704", id="negative"),
        pytest.param(17850.0, "17850", id="a whole number has no places"),
        pytest.param(1e20, "100000000000000000000", id="no exponent"),
        pytest.param(0.1 + 0.2, "0.3", id="a sum of cells"),
    ],
)
def test_a_number_of_a_workbook_is_what_excel_shows(value: float, text: str) -> None:
    assert text_of(number_cell(value)) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" 甲 \n", "甲"),
        (True, "true"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 8, 30), "2026-03-01 08:30:00"),  # noqa: DTZ001 - a sheet has no zone
        (time(8, 30), "08:30:00"),
        (timedelta(hours=49, minutes=5), "49:05:00"),
    ],
)
def test_every_kind_of_cell_has_a_text(cell: object, text: str) -> None:
    assert text_of(cell) == text  # type: ignore[arg-type]


def test_cells_are_named_as_in_excel() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert cell_address(12, 2) == "C12"


def test_headings_are_compared_without_width_case_blanks_and_stars() -> None:
    assert heading_key("订单　号＊") == heading_key("订单 号")
    assert heading_key("*Unit\nPrice ") == heading_key("unit price")
    assert heading_key("数量") != heading_key("数 量")


def test_a_row_of_nothing_is_blank() -> None:
    assert is_blank((None, "", None))
    assert not is_blank((None, Decimal(0)))


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("编码,名称\n1,甲\n".encode(), id="utf-8"),
        pytest.param("编码,名称\n1,甲\n".encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param("编码,名称\n1,甲\n".encode("gb18030"), id="gb18030"),
        pytest.param("编码\t名称\n1\t甲\n".encode("utf-16"), id="unicode text of excel"),
        pytest.param("编码;名称\r\n1;甲\r\n".encode(), id="semicolons and windows line ends"),
        pytest.param('"编码"|"名称"\n"1"|"甲"\n'.encode(), id="pipes and quotes"),
    ],
)
def test_the_encoding_and_the_delimiter_of_a_text_table_are_found(tmp_path: Path, encoded: bytes) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes(encoded)
    (sheet,) = read(path)
    assert sheet == Sheet("客户.csv", (("编码", "名称"), ("1", "甲")))


def test_texts_of_a_table_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('code,note\n0012,"a, ""b""\nc"\n\n1.10,\u2028x\n', encoding="utf-8", newline="")
    (sheet,) = read(path)
    assert sheet.rows == (("code", "note"), ("0012", 'a, "b"\nc'), (), ("1.10", "\u2028x"))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        hidden = book.add_worksheet("内部")
        hidden.write(0, 0, "x")
        sheet = book.add_worksheet("订单")
        sheet.activate()
        sheet.set_first_sheet()
        hidden.hide()
        sheet.write_row(2, 1, ["日期", "数量", "是否"])
        sheet.write_datetime(3, 1, date(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(3, 2, 0.1 + 0.2)
        sheet.write_boolean(3, 3, True)
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
        book.add_worksheet("空")
    return path


def test_a_sheet_is_read_from_its_first_row_and_column_on(workbook: Path) -> None:
    (sheet,) = read(workbook, sheet="订单")
    assert sheet.rows[0] == (None, None, None, None)
    assert sheet.rows[2:4] == (
        (None, "日期", "数量", "是否"),
        (None, date(2026, 3, 1), Decimal("0.3"), True),
    )
    assert sheet.rows[4] == (None, None, None, None)


def test_visible_sheets_come_first(workbook: Path) -> None:
    assert [sheet.name for sheet in read(workbook)] == ["订单", "空", "内部"]


def test_a_sheet_that_is_not_there_names_those_that_are(workbook: Path) -> None:
    (problem,) = refused(workbook, sheet="退货").problems
    assert problem.code == "no_sheet"
    assert problem.help is not None
    assert problem.help["zh"] == "现有工作表：订单、空、内部"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(bytes(range(256)) * 20, "not_a_table", id="binary garbage"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table", id="a picture"),
        pytest.param(b"PK\x03\x04" + bytes(200), "broken_workbook", id="a broken zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken_workbook", id="a broken xls"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refused(path).problems[0].code == code


def test_a_small_file_cannot_ask_for_endless_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "z")
    assert path.stat().st_size < 10_000
    assert refused(path).problems[0].code == "broken_workbook"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=3), "too_many_rows"),
        (Limits(columns=1), "too_many_columns"),
        (Limits(file_bytes=10), "too_large"),
    ],
    ids=["rows", "columns", "bytes"],
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_above_a_limit_is_refused(tmp_path: Path, name: str, limits: Limits, code: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text("a,b\n" + "1,2\n" * 5)
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number in range(6):
                sheet.write_row(number, 0, ["a", "b"])
    assert refused(path, limits=limits).problems[0].code == code


def test_a_sheet_with_one_cell_far_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(999, 89, "z")
    (problem,) = refused(path, limits=Limits(cells=50_000)).problems
    assert problem.code == "too_many_rows"
    assert "1000 rows and 90 columns" in problem.message["en"]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("a").write(0, 0, "x")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            if name == "xl/sharedStrings.xml":
                filler = b" " * 200_000_000
                bad.writestr(name, b"<sst><si><t>" + filler + b"</t></si></sst>")
            else:
                bad.writestr(name, good.read(name))
    assert bomb.stat().st_size < 300_000
    assert refused(bomb, limits=Limits(memory_bytes=400_000_000)).problems[0].code == "broken_workbook"


def _with_texts(folder: Path, texts: str) -> Path:
    """Return a workbook whose table of texts is this XML."""
    good, bad = folder / "good.xlsx", folder / "bad.xlsx"
    with xlsxwriter.Workbook(good) as book:
        book.add_worksheet("a").write(0, 0, "x")
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            target.writestr(name, texts if name == "xl/sharedStrings.xml" else source.read(name))
    return bad


def test_entities_of_a_workbook_reach_no_file_and_do_not_grow(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    outside = f'<!DOCTYPE sst [<!ENTITY a SYSTEM "{secret.as_uri()}">]><sst><si><t>&a;</t></si></sst>'
    laughs = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    growing = f"<!DOCTYPE sst [{laughs}]><sst><si><t>&l9;</t></si></sst>"
    for texts in (outside, growing):
        (problem,) = refused(_with_texts(tmp_path, texts)).problems
        assert problem.code == "broken_workbook"
        assert "TOPSECRET" not in str(problem)


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    # The directory of a large one stands at its end.
    path.write_bytes(head + bytes(5_000_000) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    (problem,) = refused(path).problems
    assert problem.code == "protected"
    assert "密码" in problem.message["zh"]


def test_a_workbook_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("a").write(0, 0, "x")
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path).problems[0].code == "broken_workbook"


def test_rows_that_are_only_formatted_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("a")
        sheet.write(0, 0, "x")
        sheet.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))
    (found,) = read(path)
    assert found.rows == (("x",),)


def test_a_cell_that_never_ends_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"' + "x" * 1_100_000)
    assert refused(path).problems[0].code == "broken_table"


class _Timer:
    """A timer that goes off when a test says so."""

    made: ClassVar[list["_Timer"]] = []
    goes_off_at_once = False

    def __init__(self, seconds: float, function: Callable[[], None]) -> None:
        self.seconds, self.function, self.is_cancelled = seconds, function, False
        self.made.append(self)

    def start(self) -> None:
        if self.goes_off_at_once:
            self.function()

    def cancel(self) -> None:
        self.is_cancelled = True


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> type[_Timer]:
    monkeypatch.setattr(threading, "Timer", _Timer)
    monkeypatch.setattr(_Timer, "made", [])
    return _Timer


def test_only_opening_a_workbook_is_bounded_in_time_not_what_is_done_with_its_rows(
    workbook: Path, timer: type[_Timer]
) -> None:
    """On a busy machine half a million rows take their reader minutes, for which the process waits."""
    (sheet,) = read(workbook, sheet="订单", limits=Limits(seconds=7))
    assert sheet.rows
    lines = workbooks._lines(workbook, "订单", Limits(seconds=7))
    next(lines)
    assert [(each.seconds, each.is_cancelled) for each in timer.made] == [(7, True)] * len(timer.made)
    assert len(list(lines)) == len(sheet.rows) - 1


def test_a_workbook_that_takes_too_long_to_open_is_refused(
    workbook: Path, timer: type[_Timer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer, "goes_off_at_once", True)
    assert refused(workbook, sheet="订单").problems[0].code == "broken_workbook"
