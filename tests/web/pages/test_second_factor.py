"""A second factor on the pages: set up, asked for, removed; sessions elsewhere; what administrators do."""

import pytest
from starlette.testclient import TestClient

from orderkit.engine.accounts import set_password, totp
from orderkit.engine.runtime import SYSTEM, Channel
from tests.support.clock import FakeClock
from tests.web.reader import Reader

PASSWORD = "correct horse battery"


@pytest.fixture
def zhang(office) -> str:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        set_password(unit, office.ids["zhang"], PASSWORD)
    return "zhang"


@pytest.fixture
def elsewhere(client: TestClient) -> Reader:
    """Another browser, which keeps its own cookies."""
    return Reader(TestClient(client.app, base_url=str(client.base_url)))


def code_of(secret: str, clock: FakeClock) -> str:
    return totp.code_at(secret.replace(" ", ""), totp.step_of(clock.now()))


def test_a_second_factor_from_setting_up_to_removing(
    as_, elsewhere: Reader, zhang: str, clock: FakeClock
) -> None:
    own = as_("zhang")
    page = own.get("/account/second-factor")
    assert "<svg" in page.html
    secret = page.one("code").text
    offered = page.one("input", name="offered").attributes["value"]
    wrong = own.post("/account/second-factor", {"code": "000000", "offered": offered})
    assert wrong.status == 422
    assert wrong.one("code").text == secret
    page = own.post("/account/second-factor", {"code": code_of(secret, clock), "offered": offered})
    recovery = [each.text for each in page.all("code")]
    assert len(recovery) == 10
    assert not own.get("/account/second-factor").all("code")

    clock.advance(seconds=30)
    asked = elsewhere.sign_in(zhang, PASSWORD)
    assert asked.path.startswith("/sign-in/code/")
    assert elsewhere.get("/inbox").path == "/sign-in"
    refused = elsewhere.post(asked.path, {"code": "000000", "next": "/inbox"})
    assert refused.status == 403
    page = elsewhere.post(asked.path, {"code": code_of(secret, clock), "next": "//evil.test"}, follow=False)
    assert page.response.headers["location"] == "/"
    assert elsewhere.get(asked.path).status == 404

    page = elsewhere.post("/account/second-factor/remove", {"password": "wrong"})
    assert page.status == 403
    page = elsewhere.post("/account/second-factor/remove", {"password": PASSWORD})
    assert page.path == "/account"
    assert own.post("/sign-out").path == "/sign-in"
    assert own.sign_in(zhang, PASSWORD).path == "/"


def test_whoever_is_signed_in_elsewhere_never_showed_the_code_that_is_asked_for_now(
    as_, elsewhere: Reader, zhang: str, clock: FakeClock
) -> None:
    elsewhere.sign_in(zhang, PASSWORD)
    assert elsewhere.get("/inbox").path == "/inbox"
    own = as_("zhang")
    page = own.get("/account/second-factor")
    secret, offered = page.one("code").text, page.one("input", name="offered").attributes["value"]
    own.post("/account/second-factor", {"code": code_of(secret, clock), "offered": offered})
    assert own.get("/inbox").path == "/inbox"
    assert elsewhere.get("/inbox").path == "/sign-in"


def test_one_leaves_everywhere_else_and_an_administrator_ends_all(
    as_, elsewhere: Reader, office, zhang: str
) -> None:
    own = as_("zhang")
    elsewhere.sign_in(zhang, PASSWORD)
    assert own.post("/account/sign-out-elsewhere").path == "/account"
    assert own.get("/inbox").path == "/inbox"
    assert elsewhere.get("/inbox").path == "/sign-in"

    elsewhere.sign_in(zhang, PASSWORD)
    user = f"/users/{office.ids['zhang']}"
    colleague = as_("li")
    for address in ("sign-out", "password", "second-factor"):
        assert colleague.post(f"{user}/{address}").status == 403
    root = as_("root")
    root.post(f"{user}/sign-out")
    assert elsewhere.get("/inbox").path == "/sign-in"
    root.post(f"{user}/password")
    due = elsewhere.sign_in(zhang, PASSWORD)
    assert due.path.startswith("/link/")
    assert elsewhere.get("/inbox").path == "/sign-in"
    changed = {"password": "another horse battery", "password_again": "another horse battery"}
    assert elsewhere.post(due.path, changed).path == "/"
