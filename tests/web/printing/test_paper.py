"""The documents of the example on their sheets: what stands where, down to the millimetre, over several pages."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from orderkit.engine.printing import printable
from orderkit.model.exchange.papers import Asset
from orderkit.web.printing.drawing import parts_of
from orderkit.web.printing.sheets import document as html_of
from orderkit.web.printing.sheets import documents
from tests.language.compile.test_print_assets import font
from tests.support.office import Office
from tests.support.projects import example
from tests.web.conftest import SignIn, enter_order
from tests.web.printing.paper import Sheet, differences, laid_out, sheets_of
from tests.web.printing.test_documents import printed, put

GOLDENS = Path(__file__).parent / "goldens"


def long_order(office: Office, count: int, **values: object) -> int:
    """Enter an order with this many lines of the example's products."""
    product = office.runtime.database.tables["product"]
    with office.look(None) as unit:
        ids = unit.connection.execute(select(product.c.id).order_by(product.c.code)).scalars().all()
    lines = [
        {"product": ids[number % len(ids)], "qty": Decimal(number + 1), "price": Decimal("12.5")}
        for number in range(count)
    ]
    order = {"customer": 1, "need_by": office.today + timedelta(days=20), **values}
    return office.create("zhang", "order", order, {"lines": lines})


def receipt_of(office: Office, order: int, status: str = "confirmed") -> int:
    put(office, "order", order, status="shipped")
    made = office.create("sun", "receipt", {"order": order, "amount": Decimal(100)})
    put(office, "receipt", made, status=status)
    return made


def printed_sheets(office: Office, document: str) -> list[Sheet]:
    """Return a document of the starter set, long enough for its kind."""
    order = long_order(office, 26)
    if document == "payment_receipt":
        return sheets_of(office, "sun", "receipt", document, [receipt_of(office, order)])
    if document == "statement":
        for number in range(34):
            put(office, "order", long_order(office, 1 + number % 3), status="shipped")
        return sheets_of(office, "zhang", "customer", document, [1])
    states = {"quotation": "inquiry", "contract": "planning", "delivery_note": "ready"}
    put(office, "order", order, status=states[document])
    return sheets_of(office, "zhang", "order", document, [order])


@pytest.mark.pdf
@pytest.mark.parametrize(
    "document", ["quotation", "contract", "delivery_note", "statement", "payment_receipt"]
)
def test_each_document_stands_on_its_sheets_as_it_stood(
    office: Office, document: str, *, update_golden: bool
) -> None:
    sheets = printed_sheets(office, document)
    lines = [line for number, sheet in enumerate(sheets, 1) for line in (f"— {number} —", *sheet.lines())]
    golden = GOLDENS / f"{document}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert not differences(lines, golden.read_text(encoding="utf-8").splitlines())
    for number, sheet in enumerate(sheets, 1):
        texts = sheet.texts
        assert all(each.x >= 0 and each.x + each.width <= sheet.width + 0.1 for each in texts), number
        assert all(each.y >= 0 and each.y + each.height <= sheet.height + 0.1 for each in texts), number
        for index, one in enumerate(texts):
            for other in texts[index + 1 :]:
                assert not one.overlaps(other), f"{document}, sheet {number}: {one} over {other}"


@pytest.mark.pdf
def test_the_head_of_the_table_and_the_number_stand_on_every_page(office: Office) -> None:
    order = long_order(office, 60)
    first, *rest = sheets_of(office, "zhang", "order", "quotation", [order])
    assert len(rest) >= 2
    count = len(rest) + 1
    for number, sheet in enumerate([first, *rest], 1):
        head = sheet.of("产品 Product")
        assert sheet.of(f"第 {number} 页，共 {count} 页").y > 280
        if number > 1:
            assert head.y < 20, "at the top of the page, above its rows"
            assert not any("报价单" in each.text for each in sheet.texts), "the title stands once"


@pytest.mark.pdf
def test_the_total_never_stands_on_a_page_without_a_row() -> None:
    # Whatever the number of rows: at one of them the last fills its page, and the total would stand alone.
    third = replace(example().print_by_id["delivery_note"], height_mm=Decimal("93.3"))
    turned = set()
    for count in range(2, 16):
        rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(count))
        table = f'<table class="grid"><thead><tr><th>HEAD</th></tr></thead><tbody>{rows}</tbody><tfoot><tr><td>TOTAL</td></tr></tfoot></table>'
        sheets = laid_out(html_of(third, [table], title="", locale="en"))
        turned.add(len(sheets))
        (last,) = (sheet for sheet in sheets if any(each.text == "TOTAL" for each in sheet.texts))
        assert any(each.text.startswith("row") for each in last.texts), f"{count} rows"
        assert all(sheet.of("HEAD") for sheet in sheets)
    assert len(turned) > 1, "no page was turned"


@pytest.mark.pdf
def test_the_stamp_lies_over_the_place_of_the_signature_once_the_state_allows(office: Office) -> None:
    order = long_order(office, 3)
    found = {}
    for status in ("review", "planning"):
        put(office, "order", order, status=status)
        (sheet,) = sheets_of(office, "zhang", "order", "contract", [order])
        found[status] = [each for each in sheet.boxes if each.is_picture]
    assert [len(each) for each in found.values()] == [0, 1]
    (stamp,) = found["planning"]
    assert (stamp.width, stamp.height) == (pytest.approx(40, abs=0.1), pytest.approx(40, abs=0.1))
    seal = sheet.of("盖章：")
    assert stamp.overlaps(sheet.of("代表人"))
    assert abs(stamp.y + stamp.height / 2 - seal.y) < 25
    assert stamp.x < sheet.width / 2, "over the seller's side"
    assert stamp.y + stamp.height < sheet.height


@pytest.mark.pdf
def test_three_part_paper_repeats_its_head_within_the_perforation(office: Office) -> None:
    order = long_order(office, 26)
    put(office, "order", order, status="ready")
    sheets = sheets_of(office, "zhang", "order", "delivery_note", [order])
    assert len(sheets) > 1
    for sheet in sheets:
        assert (round(sheet.width), round(sheet.height)) == (241, 140)
        assert sheet.of("品名 Product")
        assert sheet.of(f"共 {len(sheets)} 页")
        assert min(each.x for each in sheet.texts) >= 16, "left of it are the holes"
        assert max(each.x + each.width for each in sheet.texts) <= 241 - 16


@pytest.mark.pdf
def test_labels_fill_a_sheet_cell_by_cell(office: Office) -> None:
    ids = [enter_order(office) for _ in range(5)]
    for each in ids:
        put(office, "order", each, status="ready")
    with office.look("qian") as unit:
        found = printable(unit, "order", "carton_label", ids)
        label = replace(
            found.document,
            width_mm=Decimal(210),
            height_mm=Decimal(297),
            columns=2,
            rows=2,
            source="<b>{{ number }}</b>",
        )
        parts = parts_of(unit, replace(found, document=label))
        (html,) = documents(label, parts, title="", locale="zh")
    first, second = laid_out(html)
    assert [(round(each.x), round(each.y)) for each in first.texts] == [
        (2, 2),
        (107, 2),
        (2, 150),
        (107, 150),
    ]
    assert [(round(each.x), round(each.y)) for each in second.texts] == [(2, 2)]
    assert len({each.text for each in (*first.texts, *second.texts)}) == 5


@pytest.mark.pdf
def test_a_font_of_the_project_is_in_the_pdf_and_reaches_the_preview(
    office: Office, as_: SignIn, order: int
) -> None:
    data = font("".join(map(chr, range(32, 127))) + "报价单合计")
    own = Asset(path="assets/own.ttf", digest=sha256(data).hexdigest(), media_type="font/sfnt")
    kept = office.runtime.project.print_by_id["quotation"]
    other = replace(kept, source="<p>报价单 OWN</p>", parts={}, font=own)
    project = replace(
        office.runtime.project,
        prints=tuple(other if each.id == kept.id else each for each in office.runtime.project.prints),
    )
    object.__setattr__(office.runtime, "project", project)
    object.__setattr__(office.runtime, "asset", {own.digest: data}.get)
    reader = as_("zhang")
    made = reader.post("/forms/order/print/quotation/pdf", {"ids": str(order)}).response.content
    fonts = PdfReader(BytesIO(made)).pages[0]["/Resources"]["/Font"]
    assert any("of-this-document" in each.get_object()["/BaseFont"] for each in fonts.values())
    sheet = reader.get(f"/forms/order/print/quotation/sheet?ids={order}")
    address = f"/print-fonts/{own.digest}"
    assert f'src:url("{address}")' in sheet.html
    assert "font-src 'self'" in sheet.response.headers["content-security-policy"]
    assert reader.get(address).response.content == data
    assert reader.get(address).response.headers["x-content-type-options"] == "nosniff"
    assert reader.get(f"/print-fonts/{'0' * 64}").status == 404


def test_no_document_is_printed_without_the_stamp_that_is_gone(
    office: Office, as_: SignIn, order: int
) -> None:
    put(office, "order", order, status="planning")
    object.__setattr__(office.runtime, "asset", lambda _: None)
    page = as_("zhang").post("/forms/order/print/contract/sheet", {"ids": str(order)})
    assert page.status == 422
    assert "assets/stamp.png" in page.text
    assert "orderkit build" in page.text
    assert not printed(office)
