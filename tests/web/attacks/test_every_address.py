"""What holds for every page there is, also for one that is added tomorrow: the addresses are read from the app."""

import pytest
from starlette.testclient import TestClient

from orderkit.engine.audit import EXPORT, REFUSAL
from tests.web.attacks.conftest import addresses
from tests.web.conftest import SignIn
from tests.web.reader import Page, Reader

# Whoever makes a page public writes it here, and somebody reads it in review.
PUBLIC = {
    "/healthz",
    "/readyz",
    "/sign-in",
    "/sign-out",
    "/locale",
    "/link/{token}",
    "/decide/{token}",
    "/worker.js",
    "/manifest.webmanifest",
    "/app-icon.svg",
    "/app-icon-whole.svg",
    "/offline",
}
PARTS = {
    "document": "quotation",
    "digest": "0" * 64,
    "form": "order",
    "workflow": "order_life",
    "transition": "quote",
    "verb": "approve",
    "dashboard": "overview",
    "format": "csv",
    "report": "sales",
    "page": "deliveries",
    "part": "times",
    "mapping": "superstore",
    "target": "receipt",
    "field": "customer",
}
MARK = "<x-mark>"
HOSTILE = [
    f'"{MARK}',
    f"'{MARK}",
    f"</title>{MARK}",
    f"</template></script></textarea>{MARK}",
    '" onmouseover="alert(1)" x="',
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%=7*7%>",
]
PARAMETERS = [
    "q",
    "next",
    "sort",
    "view",
    "cursor",
    "before",
    "ids",
    "copy",
    "customer",
    "status",
    "tab",
    "x",
]


def refuse_marks(page: Page) -> None:
    """Fail where something that was sent in has become part of the page."""
    if not page.response.headers.get("content-type", "").startswith("text/html"):
        # No browser takes it for a page: `nosniff` stands with every answer.
        assert page.response.headers["x-content-type-options"] == "nosniff"
        return
    for each in page.elements:
        assert each.tag != "x-mark", f"{page.url}: an element of the attacker's"
        for name, value in each.attributes.items():
            assert not name.startswith("on"), f"{page.url}: <{each.tag} {name}={value!r}>"
            if name in {"href", "src", "action", "formaction", "data"}:
                assert not value.strip().lower().startswith("javascript:"), f"{page.url}: {value}"
    assert "49$49" not in page.html, f"{page.url}: a template was run"


def test_nothing_is_shown_before_sign_in(client: TestClient, nobody: Reader) -> None:
    found = [each for each in addresses(client, "GET") if each.path not in PUBLIC]
    assert len(found) > 20
    for each in found:
        page = nobody.get(each.filled(**PARTS), follow=False)
        assert page.status in {303, 404}, (each, page.status)
        if page.status == 303:
            assert page.response.headers["location"].startswith("/sign-in"), each


def test_nothing_is_changed_before_sign_in(client: TestClient, nobody: Reader, contents) -> None:
    before = contents()
    nobody.get("/sign-in")
    for each in addresses(client, "POST"):
        if each.path not in PUBLIC:
            page = nobody.post(each.filled(**PARTS), {"revision": "1", "login": "zhang"}, follow=False)
            assert page.status in {303, 401, 403, 404}, (each, page.status)
    assert contents() == before


@pytest.mark.parametrize("login", ["zhang", "root"])
def test_no_form_is_taken_without_the_token_of_its_session(
    client: TestClient, as_: SignIn, order: int, contents, login: str
) -> None:
    reader = as_(login)
    before = contents()
    found = addresses(client, "POST")
    assert len(found) > 20
    for each in found:
        for token in ("", "0" * 43, reader.csrf[::-1]):
            reader.csrf, kept = token, reader.csrf
            page = reader.post(each.filled(**PARTS, id=str(order)), {"revision": "1"}, follow=False)
            reader.csrf = kept
            assert page.status == 403, (each, page.status)
    assert contents() == before


def test_no_form_is_taken_from_another_site(client: TestClient, as_: SignIn, order: int, contents) -> None:
    reader = as_("root")
    before = contents()
    for each in addresses(client, "POST"):
        for site in ("cross-site", "same-site"):
            page = reader.post(each.filled(**PARTS, id=str(order)), follow=False, sec_fetch_site=site)
            assert page.status == 403, (each, page.status)
    assert contents() == before


def test_looking_changes_nothing(client: TestClient, as_: SignIn, order: int, contents) -> None:
    reader = as_("root")
    before = contents()
    seen = 0
    for each in addresses(client, "GET"):
        page = reader.get(each.filled(**PARTS, id=str(order)), follow=False)
        assert page.status < 500, (each, page.status)
        seen += page.status == 200
    assert seen > 12
    after = contents()
    written = [entry for entry in after.pop("ok_audit") if entry not in before["ok_audit"]]
    # What left the house as a file and who was refused are written down, and nothing else.
    noted = {name for entry in written for name in (EXPORT, REFUSAL) if name in entry}
    assert noted == {EXPORT, REFUSAL}
    assert all(EXPORT in entry or REFUSAL in entry for entry in written), written
    assert set(before.pop("ok_audit_personal")) <= set(after.pop("ok_audit_personal"))
    assert after == {name: rows for name, rows in before.items() if name != "ok_audit"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_stands_in_an_address_becomes_part_of_a_page(
    client: TestClient, as_: SignIn, order: int, hostile: str
) -> None:
    reader = as_("root")
    for each in addresses(client, "GET"):
        whole = each.filled(**PARTS, id=str(order))
        answer = client.get(whole, params=dict.fromkeys(PARAMETERS, hostile), follow_redirects=True)
        assert answer.status_code < 500, (each, answer.status_code)
        refuse_marks(Page(answer))
        for part in PARTS:
            if f"{{{part}}}" in each.path:
                broken = each.filled(**{**PARTS, part: hostile.replace("/", "")}, id=str(order))
                page = reader.get(broken)
                assert page.status < 500, (each, page.status)
                refuse_marks(page)


@pytest.mark.parametrize(
    "name", ["x-request-id", "accept-language", "referer", "hx-current-url", "user-agent"]
)
def test_nothing_that_stands_in_a_header_becomes_part_of_a_page(as_: SignIn, name: str) -> None:
    reader = as_("root")
    for hostile in HOSTILE:
        page = reader.get("/", **{name: hostile})
        assert page.status == 200
        refuse_marks(page)
