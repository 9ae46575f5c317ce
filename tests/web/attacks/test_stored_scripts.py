"""What people write stays text on every page, in every export, and in the API: also names of files and people."""

import csv
import io
import zipfile

import pytest
from starlette.testclient import TestClient

from orderkit.engine.accounts import make_token
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.rendering.templates import rich_text
from tests.support.office import Office
from tests.web.attacks.conftest import addresses
from tests.web.attacks.test_every_address import HOSTILE, MARK, PARTS, refuse_marks
from tests.web.conftest import SignIn
from tests.web.reader import Page

TEXTS = ("carrier", "tracking_no", "external_no", "note")
FORMULAS = ('=HYPERLINK("http://evil.test","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1")


@pytest.fixture
def haunted(office: Office, order: int, as_: SignIn) -> int:
    """An order whose every text, customer, product, attachment, salesperson and history holds markup."""
    hostile = " ".join(HOSTILE)
    office.update(None, "user", office.ids["zhang"], name=f"张敏{hostile}"[:60])
    office.update("root", "customer", 1, name=hostile, short_name=hostile, contact=hostile, note=hostile)
    office.update("root", "product", 1, name=hostile, spec=hostile)
    reader = as_("zhang")
    files = {"file": (f"{MARK}.pdf", b"%PDF-1.4\n%content\n")}
    page = reader.post("/forms/order/upload/contract", files=files, accept="application/json")
    for turn in ("a", "b"):
        office.update("zhang", "order", order, **dict.fromkeys(TEXTS, turn + hostile))
    office.update("zhang", "order", order, contract=page.response.json()["id"])
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    return order


def test_what_people_write_is_text_on_every_page(client: TestClient, as_: SignIn, haunted: int) -> None:
    carriers = set()
    for login in ("root", "zhang", "li"):
        reader = as_(login)
        for each in addresses(client, "GET"):
            forms = ("order", "customer", "product", "user") if "{form}" in each.path else ("order",)
            for form in forms:
                one = str(haunted) if form == "order" else "1"
                page = reader.get(each.filled(**{**PARTS, "form": form}, id=one) + "?q=x-mark")
                assert page.status < 500, (each, page.status)
                refuse_marks(page)
                if "x-mark" in page.html.replace("?q=x-mark", ""):
                    carriers.add((each.path, form))
    # The test has its power from pages that do show what was written.
    assert {path for path, _ in carriers} >= {
        "/",
        "/inbox",
        "/palette",
        "/dashboards/{dashboard}/panel",
        "/forms/{form}",
        "/forms/{form}/{id:id}",
        "/forms/{form}/{id:id}/edit",
        "/forms/{form}/options/{field}",
        "/reports/{report}",
    }, sorted(carriers)


def test_what_was_typed_wrong_comes_back_as_text(as_: SignIn, order: int) -> None:
    reader = as_("zhang")
    for path in ("/forms/order/new", f"/forms/order/{order}"):
        names = reader.get(path if path.endswith("new") else f"{path}/edit").form(path)
        for hostile in HOSTILE:
            kept = {"csrf_token", "revision"}
            sent: dict[str, object] = {name: hostile for name in names if name not in kept}
            page = reader.post(path, {**sent, "revision": "1", "lines.n0.qty": hostile})
            assert page.status in {400, 409, 422}, page.status
            refuse_marks(page)


def test_the_api_answers_with_json_that_no_browser_takes_for_a_page(
    client: TestClient, office: Office, haunted: int
) -> None:
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        token = make_token(unit, office.ids["root"], "test")
    for path in (f"/order/{haunted}", "/order?q=x-mark", f"/order/{haunted}/history", f"/{MARK}"):
        answer = client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {token}"})
        assert answer.headers["content-type"].split(";")[0].endswith("json"), path
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "stored",
    [
        "<p>text<script>alert(1)</script></p>",
        '<p onclick="alert(1)">text</p>',
        '<p>text <a href="javascript:alert(1)">x</a></p>',
        "<p>text <x-mark></x-mark></p>",
        '<p>text <img src="x" onerror="alert(1)"></p>',
    ],
)
def test_rich_text_that_was_stored_past_our_list_is_shown_without_the_rest(stored: str) -> None:
    # Rows that an older program, a restored copy or somebody at the database has written.
    shown = rich_text(stored)
    assert "text" in shown
    for evil in ("<script", "onclick", "javascript:", "x-mark", "<img", "onerror"):
        assert evil not in shown


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula_in_a_spreadsheet(
    client: TestClient, as_: SignIn, office: Office, order: int, formula: str
) -> None:
    office.update("root", "customer", 1, name=formula.strip() or formula)
    reader = as_("root")
    answer = reader.get("/forms/customer/export").response
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
    assert sheets
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    # Text alone says nothing of itself: what a spreadsheet would run must not begin a cell.
    rows = list(csv.reader(io.StringIO(reader.get("/forms/customer/export/csv").response.text)))
    cells = [cell for row in rows for cell in row]
    assert any(formula.strip() in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells), cells


def _word() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<script>alert(1)</script>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "is_shown"),
    [
        ("a.pdf", b"%PDF-1.4\n%content\n", "application/pdf", True),
        ("a.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image/png", True),
        ("a.docx", _word(), "application/octet-stream", False),
    ],
)
def test_a_file_is_shown_by_the_browser_only_where_it_can_run_nothing(
    as_: SignIn, name: str, content: bytes, media_type: str, is_shown: bool
) -> None:
    reader = as_("zhang")
    sent = {"file": (name, content)}
    page = reader.post("/forms/order/upload/contract", files=sent, accept="application/json")
    assert page.status == 200, page.text
    headers = reader.get(f"/files/{page.response.json()['id']}").response.headers
    assert headers["content-type"].partition(";")[0] == media_type
    assert headers["content-disposition"].startswith("inline" if is_shown else "attachment")
    assert headers["x-content-type-options"] == "nosniff"
    # No browser shows a PDF in a sandbox; scripts are refused to it all the same.
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox;") if media_type != "application/pdf" else "script-src 'none'" in policy


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.html.pdf',
        "a\r\nSet-Cookie: x=1.pdf",
        "合同；\u202efdp.pdf",
        "../../etc/passwd.pdf",
    ],
)
def test_the_name_of_a_file_adds_no_header(as_: SignIn, name: str) -> None:
    reader = as_("zhang")
    page = reader.post(
        "/forms/order/upload/contract",
        files={"file": (name, b"%PDF-1.4\n%content\n")},
        accept="application/json",
    )
    if page.status == 422:
        return
    answer = reader.get(f"/files/{page.response.json()['id']}").response
    assert answer.status_code == 200
    assert "x=1" not in answer.headers.get("set-cookie", "")
    disposition = answer.headers["content-disposition"]
    assert disposition.isascii()
    assert disposition.count("filename=") <= 1
    assert "/" not in disposition.partition("filename")[2].replace("''", "")
    assert Page(answer).all("x-mark") == []
