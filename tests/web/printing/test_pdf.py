"""Documents as PDF: text, sheets and glyphs of what WeasyPrint lays out, and its bounds."""

import io
import subprocess
import sys
from contextlib import ExitStack

import pytest
from pypdf import PdfReader

from orderkit.model.errors import Refused
from orderkit.web.printing import pdf
from orderkit.web.printing.pdf import pdf_of
from tests.web.conftest import SignIn, enter_order
from tests.web.printing.test_documents import printed, put

PAGE = "<style>@page{{size:{size};margin:10mm}}</style>{body}"


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def millimetres(reader: PdfReader) -> list[tuple[float, float]]:
    return [
        (round(float(page.mediabox.width) / 72 * 25.4, 1), round(float(page.mediabox.height) / 72 * 25.4, 1))
        for page in reader.pages
    ]


@pytest.mark.pdf
def test_every_record_begins_on_a_sheet_and_counts_its_own(as_: SignIn, office) -> None:
    ids = [enter_order(office), enter_order(office, qty="2")]
    reader = as_("zhang")
    action = "/forms/order/print/quotation/pdf"
    page = reader.get(f"/forms/order/print/quotation?ids={ids[0]},{ids[1]}")
    answer = reader.post(action, page.form(action)).response
    assert answer.headers["content-type"] == "application/pdf"
    found = read(answer.content)
    assert millimetres(found) == [(210.0, 297.0)] * 2
    texts = [each.extract_text() for each in found.pages]
    assert "60,000.00" in texts[0]
    assert "200.00" in texts[1]
    assert all("第 1 页，共 1 页" in each for each in texts)
    assert [each for _, each, _ in printed(office)] == ids


@pytest.mark.pdf
def test_chinese_is_drawn_with_glyphs_and_no_boxes(as_: SignIn, office, order) -> None:
    put(office, "order", order, status="ready")
    answer = as_("qian").post("/forms/order/print/delivery_note/pdf", {"ids": str(order)}).response
    found = read(answer.content)
    assert millimetres(found) == [(241.0, 140.0)]
    assert "杭州恒力机电有限公司" in found.pages[0].extract_text()
    fonts = found.pages[0]["/Resources"]["/Font"]
    assert fonts, "text, not a picture"
    for font in fonts.values():
        (inner,) = font.get_object()["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"].get_object()
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3")), "the font is in the file"


@pytest.mark.pdf
def test_the_head_of_a_table_stands_on_each_sheet() -> None:
    rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(120))
    table = f"<table><thead><tr><th>HEADING</th></tr></thead>{rows}</table>"
    found = read(pdf_of([PAGE.format(size="A5", body=table)]))
    assert len(found.pages) > 2
    assert all("HEADING" in each.extract_text() for each in found.pages)


@pytest.mark.pdf
def test_a_character_of_no_font_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        pdf_of([PAGE.format(size="A5", body="<p>\U000e1234</p>")])
    (problem,) = refused.value.problems
    assert problem.code == "no_font"
    assert problem.help is not None


@pytest.mark.pdf
def test_it_reads_no_file_and_no_address(tmp_path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text y='9'>SECRET</text></svg>")
    style = f"<style>@import url({secret.as_uri()})</style>"
    body = f"{style}<img src='{secret.as_uri()}'><a rel=attachment href='{secret.as_uri()}'>there</a>"
    data = pdf_of([PAGE.format(size="A5", body=body)])
    assert "SECRET" not in read(data).pages[0].extract_text()
    assert not read(data).attachments


@pytest.mark.pdf
def test_more_than_its_memory_ends_it_and_not_us() -> None:
    with pytest.raises(Refused) as refused:
        pdf_of([PAGE.format(size="A5", body="<p>x</p>" * 200_000)], memory_bytes=400 * 1024**2)
    assert refused.value.problems[0].code in {"pdf_failed", "no_pdf"}


@pytest.mark.pdf
def test_the_bound_on_memory_holds_whatever_time_is_left() -> None:
    tried = "from orderkit.web.printing.pdf_process import bound; bound(400 * 1024**2, 60); bytearray(2**30)"
    ended = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "MemoryError" in ended.stderr


def test_without_the_package_administrators_read_what_to_install(
    as_: SignIn, order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "why_not", lambda: pdf.NO_PACKAGE)
    path = f"/forms/order/print/quotation?ids={order}"
    assert "pip install" in as_("root").get(path).text
    assert "PDF" not in as_("zhang").get(path).text
    answer = as_("zhang").post("/forms/order/print/quotation/pdf", {"ids": str(order)})
    assert answer.status == 422
    assert "pip install" in answer.text


def test_who_waits_for_others_is_told_so_and_holds_no_thread_for_long(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "why_not", lambda: None)
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.01)
    with ExitStack() as others:
        for _ in range(2):
            others.enter_context(pdf._AT_ONCE)
        with pytest.raises(Refused) as refused:
            pdf_of(["<p>x</p>"])
    (problem,) = refused.value.problems
    assert problem.code == "pdf_busy"
    assert problem.help is not None
