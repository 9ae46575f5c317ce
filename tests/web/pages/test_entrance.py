"""Coming in: sign-in, the first administrator's link, password links, languages, leaving."""

import pytest
from starlette.testclient import TestClient

from orderkit.engine.accounts import (
    LinkPurpose,
    find_session,
    first_administrator_link,
    make_link,
    set_password,
)
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.office import open_office
from tests.support.projects import example
from tests.web.reader import Reader

PASSWORD = "correct horse battery"


@pytest.fixture
def zhang(office) -> str:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        set_password(unit, office.ids["zhang"], PASSWORD)
    return "zhang"


def test_a_page_asks_to_sign_in_and_comes_back_to_it(nobody: Reader, zhang: str) -> None:
    page = nobody.get("/forms/order?view=open")
    assert page.path == "/sign-in"
    assert page.title.startswith("登录")
    (next_address,) = page.form("/sign-in")["next"]
    page = nobody.post("/sign-in", {"login": zhang, "password": PASSWORD, "next": next_address})
    assert page.url.endswith("/forms/order?view=open")


@pytest.mark.parametrize(
    "next_address",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/\x00",
        "/\u2028",
    ],
)
def test_nobody_is_sent_to_another_site(nobody: Reader, zhang: str, next_address: str) -> None:
    nobody.get("/sign-in")
    page = nobody.post("/sign-in", {"login": zhang, "password": PASSWORD, "next": next_address}, follow=False)
    assert page.response.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_sound_the_same(nobody: Reader, zhang: str) -> None:
    wrong = nobody.sign_in(zhang, "wrong")
    unknown = nobody.sign_in("nobody", "wrong")
    assert wrong.status == unknown.status == 403
    assert wrong.one(cls="banner").text == unknown.one(cls="banner").text
    assert wrong.one("input", id="login").attributes["value"] == zhang


def test_a_bad_post_to_sign_in_is_answered_kindly(nobody: Reader) -> None:
    nobody.get("/sign-in")
    assert nobody.post("/sign-in", {}).status == 403
    assert nobody.post("/sign-in", {"login": "\x00'\"<script>", "password": "x" * 5000}).status == 403


@pytest.mark.parametrize(
    ("next_address", "target"),
    [("/列表?q=订单", "/%E5%88%97%E8%A1%A8?q=%E8%AE%A2%E5%8D%95"), ("/\t/evil.test", "/")],
)
def test_a_part_of_a_page_is_sent_on_as_a_page_is(as_, next_address: str, target: str) -> None:
    page = as_("zhang").post(
        "/locale", {"locale": "en", "next": next_address}, follow=False, hx_request="true"
    )
    assert page.response.headers["hx-redirect"] == target


def test_leaving_ends_the_session_and_clears_what_the_browser_kept(as_) -> None:
    reader = as_("zhang")
    page = reader.post("/sign-out", follow=False)
    assert page.response.headers["clear-site-data"] == '"cache"'
    assert reader.get("/").path == "/sign-in"


def test_a_cookie_that_was_kept_past_signing_out_opens_nothing(as_, client: TestClient) -> None:
    reader = as_("zhang")
    kept = client.cookies[SESSION]
    reader.post("/sign-out")
    client.cookies.set(SESSION, kept, domain="shop.test")
    assert reader.get("/inbox").path == "/sign-in"


def test_signing_in_makes_a_fresh_session_whatever_cookie_was_planted(
    nobody: Reader, client: TestClient, zhang: str
) -> None:
    planted = "x" * 43
    client.cookies.set(SESSION, planted, domain="shop.test")
    nobody.sign_in(zhang, PASSWORD)
    assert nobody.get("/inbox").path == "/inbox"
    client.cookies.clear()
    client.cookies.set(SESSION, planted, domain="shop.test")
    assert nobody.get("/inbox").path == "/sign-in"


def test_a_session_does_not_outlive_the_rights_that_it_began_with(as_, office, client: TestClient) -> None:
    """Whoever has got hold of a session gains nothing by what its owner is given later."""
    as_("zhang")
    taken = client.cookies[SESSION]
    root = as_("root")
    own = client.cookies[SESSION]
    roles = f"/users/{office.ids['zhang']}/roles"
    assert root.post(roles, {"roles": ["sales"]}).status == 200
    assert find_session(office.runtime, taken) is not None, "nothing was changed"
    assert root.post(roles, {"roles": ["sales", "finance"]}).status == 200
    assert find_session(office.runtime, taken) is None
    # Who changes their own goes on, under another id.
    page = root.post(f"/users/{office.ids['root']}/roles", {"roles": ["admin", "finance"]})
    assert (page.status, page.path) == (200, f"/users/{office.ids['root']}")
    assert client.cookies[SESSION] != own
    assert find_session(office.runtime, own) is None


def test_the_language_is_switched_and_kept(as_) -> None:
    reader = as_("zhang")
    assert reader.get("/").one("html").attributes["lang"] == "zh-CN"
    page = reader.post("/locale", {"locale": "en", "next": "/inbox"})
    assert page.path == "/inbox"
    assert page.one("h1").text == "To do"
    assert reader.get("/forms/order").one("h1").text == "Sales order"
    reader.post("/locale", {"locale": "tlh", "next": "/"})
    assert reader.get("/inbox").one("h1").text == "To do"


def test_the_first_administrator_comes_in_by_a_link_that_works_once(databases, tmp_path, clock) -> None:
    mark = databases.mark()
    database = databases.make(example(), "sqlite", threads=4)
    empty = open_office(example(), database, tmp_path / "files", clock, ())
    token = first_administrator_link(empty.runtime)
    with TestClient(
        create_app(empty.runtime, Settings(secret_keys=SecretKeys(["long enough for a key"])))
    ) as client:
        reader = Reader(client)
        page = reader.get(f"/link/{token}")
        assert page.one("h1").text == "创建管理员"
        given = {"login": "boss", "name": "Boss", "password": PASSWORD}
        page = reader.post(f"/link/{token}", {**given, "password_again": "another one"})
        assert page.status == 422
        assert "不一致" in page.one(cls="banner").text
        page = reader.post(f"/link/{token}", {**given, "password": "short", "password_again": "short"})
        assert page.status == 422
        page = reader.post(f"/link/{token}", {**given, "password_again": PASSWORD})
        assert page.path == "/"
        assert "Boss" in page.one("h1").text
        assert reader.get(f"/link/{token}").status == 404
    assert first_administrator_link(empty.runtime) is None
    databases.clear(mark)


def test_a_password_link_sets_the_password_of_its_user(office, nobody: Reader) -> None:
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        token = make_link(unit, LinkPurpose.SET_PASSWORD, office.ids["sun"])
    page = nobody.get(f"/link/{token}")
    assert "孙丽" in page.text
    assert not page.all("input", id="login")
    page = nobody.post(f"/link/{token}", {"password": PASSWORD, "password_again": PASSWORD})
    assert page.path == "/"
    assert "孙丽" in page.one("h1").text
    assert "密码已设置" in page.one(cls="notice").text


def test_health_and_readiness_need_no_session(nobody: Reader) -> None:
    assert nobody.get("/healthz").html == "ok"
    assert nobody.get("/readyz").html == "ready"
