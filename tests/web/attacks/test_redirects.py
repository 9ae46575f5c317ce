"""Nobody is sent from here to another site, whatever an address, a form or a header says where to go next."""

from urllib.parse import urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from orderkit.engine.accounts import set_password
from orderkit.engine.runtime import SYSTEM, Channel
from tests.support.office import Office
from tests.web.attacks.conftest import addresses
from tests.web.attacks.test_every_address import PARTS
from tests.web.conftest import SignIn
from tests.web.reader import Page, Reader

PASSWORD = "correct horse battery"
HOSTILE = [
    "https://evil.test/",
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "https:evil.test",
    "https:/evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.test",
    "/\n/evil.test",
    "\t//evil.test",
    "%2f%2fevil.test",
    "/%2f%2fevil.test",
    "/%5cevil.test",
    "/%09/evil.test",
    "/.//evil.test",
    "/..//evil.test",
    "@evil.test",
    ".evil.test",
    "/\r\nlocation: https://evil.test",
    "/%0d%0alocation:%20https://evil.test",
    "/\x85/evil.test",
    "/\u2028/evil.test",
    "http://shop.test@evil.test/",
    "http://shop.test.evil.test/",
]
# A few that stand for the ways in which a browser is led astray; the others are held by `own_address`.
WAYS = ("//evil.test/inbox", "/\\evil.test/", "https:evil.test/", "/\r\nset-cookie: evil=1")
FIELDS = (
    "next",
    "list",
    "query",
    "back",
    "from",
    "saved",
    "view",
    "file",
    "url",
    "recent",
    "copy",
    "comment",
)


def hold(page: Page) -> bool:
    """Return whether somebody was sent on, which must be to this site, as a browser reads what it was told."""
    headers = page.response.headers
    assert "evil" not in headers.get("set-cookie", ""), page.url
    told = [
        headers[name] for name in ("location", "hx-redirect", "hx-location", "refresh") if name in headers
    ]
    for each in told:
        assert each.isprintable(), f"{page.url}: {each!r}"
        read = each.strip().replace("\\", "/")
        whole = urlsplit(urljoin("http://shop.test/sign-in", read))
        assert read.startswith("/"), f"{page.url}: {each}"
        assert (whole.scheme, whole.netloc) == ("http", "shop.test"), f"{page.url}: {each}"
    return bool(told)


@pytest.mark.parametrize("given", HOSTILE)
def test_what_comes_after_is_here(as_: SignIn, given: str) -> None:
    reader = as_("zhang")
    reader.get("/inbox")
    assert hold(reader.post("/locale", {"locale": "zh", "next": given}, follow=False))
    assert hold(reader.post("/locale", {"locale": "zh", "next": given}, follow=False, hx_request="true"))
    answer = reader.client.get("/sign-in", params={"next": given}, follow_redirects=False)
    assert hold(Page(answer))


def test_signing_in_leads_here(office: Office, nobody: Reader) -> None:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        set_password(unit, office.ids["zhang"], PASSWORD)
    for given in WAYS:
        answer = nobody.client.get("/sign-in", params={"next": given})
        (kept,) = Page(answer).form("/sign-in")["next"]
        assert kept == "/"
        nobody.get("/sign-in")
        sent = {"login": "zhang", "password": PASSWORD, "next": given}
        assert hold(nobody.post("/sign-in", sent, follow=False))
        nobody.get("/inbox")
        nobody.post("/sign-out")


@pytest.mark.parametrize("way", [WAYS[0], WAYS[-1]])
def test_no_page_sends_anybody_elsewhere(client: TestClient, as_: SignIn, order: int, way: str) -> None:
    reader = as_("root")
    sent_on = 0
    for each in addresses(client, "GET"):
        path = each.filled(**PARTS, id=str(order))
        answer = client.get(path, params=dict.fromkeys(FIELDS, way), follow_redirects=False)
        sent_on += hold(Page(answer))
    header = {"hx_request": "true", "hx_current_url": way.replace("\r\n", "")}
    for each in addresses(client, "POST"):
        path = each.filled(**PARTS, id=str(order))
        if path == "/sign-out":
            continue
        page = reader.post(path, dict.fromkeys(FIELDS, way), follow=False, **(header if sent_on % 2 else {}))
        sent_on += hold(page)
    assert sent_on > 12
    for path in ("/inbox", "/forms/order"):
        client.cookies.clear()
        assert hold(Page(client.get(path, params={"next": way}, follow_redirects=False)))
        given = {"hx-request": "true", "hx-current-url": way.replace("\r\n", "")}
        assert hold(Page(client.get(path, headers=given, follow_redirects=False)))
