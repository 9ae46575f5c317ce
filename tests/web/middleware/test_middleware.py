"""What holds for every request: headers, ids, limits, proxies, languages, and the token of its session."""

import json
import re
from ipaddress import ip_network

import pytest
import structlog
from starlette.testclient import TestClient

from orderkit.engine.accounts import set_password
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.middleware.cross_site import MOST_FIELDS
from orderkit.web.middleware.locales import nearest_locale
from orderkit.web.pages import home
from orderkit.web.request.cookies import NOTICE, SESSION, VISITOR
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.web.conftest import KEY
from tests.web.reader import Reader

PASSWORD = "correct horse battery"


def test_every_answer_says_what_a_page_may_do(nobody: Reader) -> None:
    for path in ("/sign-in", "/nowhere", "/healthz", "/api/v1/order"):
        headers = nobody.get(path).response.headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        for part in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'", "object-src 'none'"):
            assert part in headers["content-security-policy"], part
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=(self), geolocation=(self), microphone=()" in headers["permissions-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])


@pytest.mark.parametrize("given", ["short", "with blanks in it", "<x-mark>", "a" * 65, 'abcdefgh"; x="'])
def test_an_id_that_looks_like_none_is_not_sent_back(nobody: Reader, given: str) -> None:
    assert re.fullmatch(
        r"[0-9a-f]{16}", nobody.get("/sign-in", x_request_id=given).response.headers["x-request-id"]
    )
    kept = nobody.get("/sign-in", x_request_id="of-our-proxy.1").response.headers["x-request-id"]
    assert kept == "of-our-proxy.1"


def test_what_a_browser_brings_back_is_believed_only_with_our_signature(
    nobody: Reader, client: TestClient
) -> None:
    told = json.dumps(["your account is closed, call us", True, ""]).encode().hex()
    client.cookies.set(NOTICE, f"{told}.{'a' * 32}", domain="shop.test")
    assert "call us" not in nobody.get("/sign-in").html
    # Who can set a cookie for this site, as a sister site can, must not thereby know the token of its forms.
    client.cookies.set(VISITOR, f"chosen.{'a' * 32}", domain="shop.test")
    known = nobody.get("/sign-in").csrf
    client.cookies.set(VISITOR, f"chosen.{'a' * 32}", domain="shop.test")
    assert nobody.get("/sign-in").csrf != known


def test_built_files_may_be_kept_for_good_and_are_compressed(nobody: Reader, client: TestClient) -> None:
    page = nobody.get("/sign-in")
    address = next(each.attributes["href"] for each in page.all("link", rel="stylesheet"))
    answer = client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert "--ok-accent" in answer.text
    assert client.get("/static/app.css").status_code == 404
    assert client.get("/static/manifest.json").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_a_form_without_the_token_of_its_session_changes_nothing(as_, office) -> None:
    reader = as_("zhang")
    reader.csrf = ""
    page = reader.post("/sign-out", follow=False)
    assert page.status == 403
    assert "安全校验" in page.text
    assert reader.get("/inbox").status == 200


def test_a_form_with_the_token_of_another_session_changes_nothing(as_) -> None:
    other = as_("li").csrf
    reader = as_("zhang")
    reader.csrf = other
    assert reader.post("/sign-out", follow=False).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_from_another_site_changes_nothing_even_with_the_token(as_, site: str) -> None:
    assert as_("zhang").post("/sign-out", follow=False, sec_fetch_site=site).status == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_who_watches_the_server_is_no_visitor(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_before_sign_in_the_token_belongs_to_the_browsers_cookie(nobody: Reader, client: TestClient) -> None:
    nobody.get("/sign-in")
    client.cookies.clear()
    assert nobody.post("/sign-in", {"login": "zhang", "password": "x"}).status == 403


@pytest.mark.parametrize("path", ["/forms/order/new", "/locale"])
def test_a_body_that_is_no_form_is_refused_clearly(as_, client: TestClient, path: str) -> None:
    reader = as_("zhang")
    answer = client.post(
        path, content=b"{}", headers={"content-type": "application/json", "x-csrf-token": reader.csrf}
    )
    assert answer.status_code == 400
    assert "无法读取" in answer.text


def test_a_broken_multipart_body_is_refused_clearly(as_, client: TestClient) -> None:
    reader = as_("root")
    headers = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": reader.csrf}
    answer = client.post("/imports/online_retail", content=b"--x\r\nnonsense", headers=headers)
    assert (answer.status_code in {400, 422} and "banner-bad" in answer.text) or "fault" in answer.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(office) -> None:
    settings = Settings(secret_keys=SecretKeys([KEY]), largest_body=2000, largest_upload=4000, threads=2)
    with TestClient(create_app(office.runtime, settings)) as client:
        reader = Reader(client)
        reader.get("/sign-in")
        page = reader.post("/sign-in", {"login": "x" * 3000, "password": "y"})
        assert page.status == 413
        assert "太大" in page.text
        form = {"content-type": "application/x-www-form-urlencoded"}
        unannounced = client.post("/sign-in", content=iter([b"x" * 3000]), headers=form)
        assert unannounced.status_code == 413
        api = client.post("/api/v1/order", content=b"x" * 3000)
        assert api.status_code == 413
        assert api.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_a_form_of_more_fields_than_any_page_has_is_refused(as_, client: TestClient, kind: str) -> None:
    fields = [(f"f{number}", "") for number in range(MOST_FIELDS + 1)]
    files = {name: (None, text) for name, text in fields} if kind == "multipart" else None
    reader = as_("zhang")
    answer = client.post(
        "/locale",
        data=dict(fields) if files is None else None,
        files=files,
        headers={"x-csrf-token": reader.csrf},
    )
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_a_method_that_an_address_does_not_take_is_said(as_) -> None:
    page = as_("zhang").get("/sign-out")
    assert page.status == 405
    assert "不接受" in page.text


def test_only_named_proxies_are_believed(office) -> None:
    def scheme_of(networks: tuple, client_address: str, forwarded: str) -> bool:
        settings = Settings(secret_keys=SecretKeys([KEY]), trusted_proxies=networks)
        app = create_app(office.runtime, settings)
        with TestClient(app, client=(client_address, 1)) as client:
            answer = client.get(
                "/sign-in", headers={"x-forwarded-proto": forwarded, "x-forwarded-for": "1.2.3.4"}
            )
            return "strict-transport-security" in answer.headers

    proxy = (ip_network("10.0.0.0/8"),)
    assert scheme_of(proxy, "10.1.2.3", "https")
    assert not scheme_of(proxy, "192.168.0.1", "https")
    assert not scheme_of((), "10.1.2.3", "https")
    assert not scheme_of(proxy, "10.1.2.3", "gopher")


def test_cookies_are_hidden_from_scripts_and_secure_where_the_scheme_is(office) -> None:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        set_password(unit, office.ids["zhang"], PASSWORD)
    settings = Settings(secret_keys=SecretKeys([KEY]), is_https=True)
    with TestClient(create_app(office.runtime, settings), base_url="https://shop.test") as client:
        reader = Reader(client)
        reader.get("/sign-in")
        page = reader.post("/sign-in", {"login": "zhang", "password": PASSWORD}, follow=False)
    cookie = next(c for c in page.response.headers.get_list("set-cookie") if c.startswith(SESSION))
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.5,zh;q=0.9", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("", "zh-CN"),
        ("fr;q=huge, *", "zh-CN"),
    ],
)
def test_the_nearest_language_is_chosen(accepted: str, chosen: str) -> None:
    assert nearest_locale(accepted, ("zh-CN", "en"), "zh-CN") == chosen


def test_a_bug_of_ours_shows_a_reference_and_no_traceback(as_, monkeypatch) -> None:
    monkeypatch.setattr(home, "task_rows", lambda *_: 1 / 0)
    with structlog.testing.capture_logs() as logged:
        page = as_("zhang").get("/")
    reference = page.response.headers["x-request-id"]
    assert page.status == 500
    assert reference in page.text
    assert "ZeroDivisionError" not in page.html
    assert [(each["action"], each["request_id"]) for each in logged] == [("web.bug", reference)]
