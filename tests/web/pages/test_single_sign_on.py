"""Signing in at the company's own provider, over real HTTP to a strict one that lies where a test lets it."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from joserfc import jwt
from sqlalchemy import func, select
from starlette.testclient import TestClient

from orderkit.catalog import built_in
from orderkit.connectors.http.fake import serving
from orderkit.database.connections.database import Database
from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts
from orderkit.engine.accounts.noting import ACCOUNT
from orderkit.engine.accounts.oidc import fetching, forget_identities
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.signing_in import IdentityProvider, LinkBy, SignIn
from orderkit.web.app import create_app
from orderkit.web.request.cookies import ATTEMPT, SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.office import open_office
from tests.support.projects import example
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, key, query_of
from tests.web.conftest import KEY
from tests.web.reader import Page, Reader

SHOP = "http://shop.test"
CALLBACK = f"{SHOP}/sign-in/oidc/callback"
NEW = {"sub": "u-1", "preferred_username": "nina", "name": "尼娜", "email": "nina@example.com"}
GROUPS = {"desk": ("sales",), "it": ("admin",)}
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


class Shop:
    """The example with a provider, and browsers that go to both."""

    def __init__(self, office, provider: FakeProvider) -> None:
        self.office = office
        self.provider = provider
        self.app = create_app(office.runtime, Settings(secret_keys=SecretKeys([KEY]), threads=4))

    def browser(self) -> Reader:
        client = TestClient(self.app, base_url=SHOP)
        client.headers["accept-language"] = "zh-CN"
        return Reader(client)

    def go(self, browser: Reader, next_address: str = "/") -> str:
        """Click the button, be signed in there, and return where the provider sends the browser."""
        started = browser.client.get("/sign-in/oidc", params={"next": next_address}, follow_redirects=False)
        assert started.status_code == 303, started.text
        there = httpx.get(started.headers["location"])
        assert there.status_code == 302, there.text
        return there.headers["location"].removeprefix(SHOP)

    def enter(self, browser: Reader, next_address: str = "/") -> Page:
        return browser.get(self.go(browser, next_address), follow=False)

    def signed_in(self, browser: Reader) -> str | None:
        session = accounts.find_session(self.office.runtime, browser.client.cookies.get(SESSION) or "")
        return None if session is None else session.person.login

    def user(self, login: str) -> dict[str, object]:
        user = self.office.runtime.database.tables["user"]
        with self.office.look(None) as unit:
            row = unit.connection.execute(select(user).where(user.c.login == login)).mappings().one()
            return {**row, "roles": accounts.roles_of(unit, row["id"])}


@pytest.fixture
def open_shop(databases, furnished, tmp_path, clock) -> Iterator:
    opened = []

    def open_with(provider: FakeProvider, environment=None, **settings) -> Shop:
        oidc = IdentityProvider(
            issuer=settings.pop("issuer", provider.issuer),
            client_id=CLIENT_ID,
            client_secret="${OIDC_SECRET}",
            **settings,
        )
        project = replace(example(), sign_in=SignIn(oidc=oidc))
        url, ids = furnished
        database = Database.open(databases.copied_url(url), project, built_in(), threads=8)
        opened.append(database)
        secrets = {"OIDC_SECRET": CLIENT_SECRET} if environment is None else environment
        office = open_office(project, database, tmp_path / "files", clock, (), environment=secrets)
        office.ids.update(ids)
        return Shop(office, provider)

    yield open_with
    for each in opened:
        each.close()


@pytest.fixture
def provider(clock) -> Iterator[FakeProvider]:
    fake = FakeProvider(clock, CALLBACK)
    fake.person = dict(NEW)
    with serving(fake) as address:
        fake.issuer = address
        yield fake


def refused(page: Page, status: int = 403) -> str:
    """Return what the sign-in page says of a refusal."""
    assert page.status == status, page.text
    assert page.title.startswith(("登录", "Sign in"))
    return page.one(cls="banner").text


def audited(shop: Shop) -> list[tuple[int, str]]:
    with shop.office.look(None) as unit:
        rows = select(tables.audit).where(tables.audit.c.form == ACCOUNT).order_by(tables.audit.c.id)
        return [(row.record_id, row.verb) for row in unit.connection.execute(rows)]


def test_somebody_new_signs_in_gets_an_account_and_comes_back_as_the_same(open_shop, provider) -> None:
    provider.person["groups"] = ["desk", "elsewhere"]
    shop = open_shop(
        provider, create=True, roles=GROUPS, label={"zh": "公司账号", "en": "the company account"}
    )
    browser = shop.browser()
    button = browser.get("/forms/order?view=open").one("a", "btn")
    assert button.text == "使用公司账号登录"
    page = browser.get(shop.go(browser, "/forms/order?view=open"), follow=False)
    assert page.status == 303
    assert page.response.headers["location"] == "/forms/order?view=open"
    made = shop.user("nina")
    assert (made["name"], made["roles"]) == ("尼娜", {"sales"})
    # The provider has not verified the address.
    assert made["email"] is None
    assert audited(shop)[-1] == (made["id"], "signed_in")

    provider.person |= {"preferred_username": "nina2", "name": "Other"}
    again = shop.browser()
    shop.enter(again)
    assert shop.signed_in(again) == "nina"
    assert provider.calls["/.well-known/openid-configuration"] == provider.calls["/keys"] == 1


def test_groups_give_and_take_roles_and_leave_those_they_do_not_name(open_shop, provider) -> None:
    provider.person |= {"preferred_username": "li", "groups": ["desk"]}
    shop = open_shop(provider, link_by=LinkBy.LOGIN, roles=GROUPS)
    # Somebody else who can mend things, so that the group may take the role away.
    with shop.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        accounts.set_password(unit, shop.office.ids["root"], "correct horse battery")
    for groups, roles in ((["desk"], {"lead", "sales"}), (["it"], {"lead", "admin"}), ([], {"lead"})):
        provider.person["groups"] = groups
        browser = shop.browser()
        shop.enter(browser)
        assert shop.signed_in(browser) == "li"
        assert shop.user("li")["roles"] == roles


def test_the_last_administrator_stays_one_whatever_the_groups_say(open_shop, provider) -> None:
    provider.person |= {"preferred_username": "wang", "groups": ["it"]}
    shop = open_shop(provider, link_by=LinkBy.LOGIN, roles=GROUPS)
    shop.enter(shop.browser())
    assert accounts.first_administrator_link(shop.office.runtime) is None
    provider.person["groups"] = []
    shop.enter(shop.browser())
    assert shop.user("wang")["roles"] == {"director", "admin"}


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA"])
def test_what_good_providers_sign_with_is_believed(open_shop, provider, algorithm: str) -> None:
    provider.kid, provider.algorithm = f"by {algorithm}", algorithm
    shop = open_shop(provider, create=True)
    browser = shop.browser()
    shop.enter(browser)
    assert shop.signed_in(browser) == "nina"


LIES = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ("nonce",)},
    "another audience": {"claims": {"aud": "another"}},
    "one audience more": {"claims": {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}},
    "another party": {"claims": {"azp": "another"}},
    "another issuer": {"claims": {"iss": "https://evil.test"}},
    "an issuer with a slash more": {},
    "no signature": {"algorithm": "none"},
    "the public key as a secret": {"algorithm": "HS256"},
    "an algorithm that is not listed": {"algorithm": "RS512"},
    "another access token": {"claims": {"at_hash": "AAAA"}},
    "expired": {"claims": {"exp": -120}},
    "no end": {"without": ("exp",)},
    "from the future": {"claims": {"iat": 120}},
    "from before the attempt": {"claims": {"iat": -120}},
    "nobody": {"without": ("sub",)},
    "a subject that is no text": {"claims": {"sub": 7}},
    "an empty subject": {"claims": {"sub": ""}},
    "a control character": {"claims": {"sub": "a\x00b"}},
    "no token": {"token": lambda _: "a.b"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_lets_nobody_in(open_shop, provider, clock, lie: str) -> None:
    shop = open_shop(provider, create=True)
    now = int(clock.now().timestamp())
    for name, value in LIES[lie].items():
        setattr(provider.lies, name, value)
    told = provider.lies.claims.items()
    provider.lies.claims = {claim: now + each if claim in {"exp", "iat"} else each for claim, each in told}
    if "slash" in lie:
        provider.lies.claims["iss"] = f"{provider.issuer}/"
    browser = shop.browser()
    said = refused(shop.enter(browser))
    assert "没有通过核对" in said
    assert shop.signed_in(browser) is None
    assert audited(shop)[-1] == (0, "sign_in_refused")
    with shop.office.look(None) as unit:
        assert unit.connection.scalar(select(func.count()).select_from(tables.identity)) == 0


def test_a_signature_of_somebody_else_under_the_providers_key_id_is_refused(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    shop.enter(shop.browser())
    provider.lies.token = lambda claims: jwt.encode({"alg": "RS256", "kid": "first"}, claims, key("stranger"))
    assert "没有通过核对" in refused(shop.enter(shop.browser()))


def test_new_keys_are_fetched_once_and_unknown_ones_are_refused(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    shop.enter(shop.browser())
    provider.kid = "second"
    browser = shop.browser()
    shop.enter(browser)
    assert shop.signed_in(browser) == "nina"
    assert provider.calls["/keys"] == 2
    provider.lies.token = lambda claims: provider.signed(claims, "third", "RS256")
    assert "没有通过核对" in refused(shop.enter(shop.browser()))
    assert provider.calls["/keys"] == 3


def test_an_answer_with_another_state_or_for_another_browser_is_not_taken(open_shop, provider, clock) -> None:
    shop = open_shop(provider, create=True)
    victim, attacker = shop.browser(), shop.browser()
    stolen = shop.go(attacker)
    # The attacker's code in the victim's browser, which began nothing, and then something else.
    assert "重新点" in refused(victim.get(stolen))
    own = shop.go(victim)
    assert "重新点" in refused(victim.get(stolen))
    # That used the victim's attempt up: what came back for it is not taken any more.
    assert "重新点" in refused(victim.get(own))
    own = shop.go(victim)
    assert "重新点" in refused(victim.get(own.replace("state=", "state=x")))
    assert shop.signed_in(victim) is None
    assert provider.calls["/token"] == 0

    # Under the victim's own state the attacker's code does not fit: it is bound to another verifier.
    own, stolen = shop.go(victim), shop.go(attacker)
    code, wanted = query_of(own)["code"], query_of(stolen)["code"]
    assert "重新点" in refused(victim.get(own.replace(code, wanted)))
    late = shop.go(victim)
    clock.advance(minutes=11)
    assert "重新点" in refused(victim.get(late))
    assert shop.signed_in(victim) is None


def test_a_code_counts_once(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    browser = shop.browser()
    address = shop.go(browser)
    kept = browser.client.cookies[ATTEMPT]
    assert browser.get(address, follow=False).status == 303
    assert ATTEMPT not in browser.client.cookies
    assert "重新点" in refused(browser.get(address))
    # Even with the cookie from before: the provider gives nothing for the code any more.
    browser.client.cookies.set(ATTEMPT, kept, domain="shop.test")
    assert "重新点" in refused(browser.get(address))


@pytest.mark.parametrize(
    "next_address", ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test"]
)
def test_nobody_is_sent_to_another_site(open_shop, provider, next_address: str) -> None:
    shop = open_shop(provider, create=True)
    page = shop.enter(shop.browser(), next_address)
    assert page.response.headers["location"] == "/"


def test_another_providers_answer_is_not_taken_for_ours(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    browser = shop.browser()
    address = shop.go(browser)
    issuer = query_of(address)["iss"]
    changed = str(httpx.URL(address).copy_set_param("iss", "https://evil.test"))
    assert issuer != "https://evil.test"
    assert "没有通过核对" in refused(browser.get(changed))
    assert provider.calls["/token"] == 0


def test_who_was_let_go_stays_out_and_keeps_the_roles_they_had(open_shop, provider) -> None:
    provider.person |= {"preferred_username": "li", "groups": ["desk"]}
    shop = open_shop(provider, link_by=LinkBy.LOGIN, create=True, roles=GROUPS)
    shop.enter(shop.browser())
    provider.person["groups"] = ["it"]
    with shop.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        accounts.deactivate(unit, shop.office.ids["li"])
    browser = shop.browser()
    assert "停用" in refused(shop.enter(browser))
    assert shop.signed_in(browser) is None
    assert shop.user("li")["roles"] == {"lead", "sales"}
    assert audited(shop)[-1] == (shop.office.ids["li"], "sign_in_refused")


def test_an_account_from_before_is_found_by_a_verified_address_alone(open_shop, provider) -> None:
    shop = open_shop(provider, link_by=LinkBy.EMAIL)
    shop.office.update(None, "user", shop.office.ids["li"], email="Nina@Example.com")
    provider.person["email_verified"] = False
    assert "没有您的账号" in refused(shop.enter(shop.browser()))
    provider.person["email_verified"] = "true"
    assert "没有您的账号" in refused(shop.enter(shop.browser()))
    provider.person["email_verified"] = True
    browser = shop.browser()
    shop.enter(browser)
    assert shop.signed_in(browser) == "li"

    # Whoever has the address after them does not get the account with it, until an administrator says so.
    provider.person["sub"] = "u-2"
    assert "不能自动关联" in refused(shop.enter(shop.browser()))
    with shop.office.act("root") as unit:
        assert forget_identities(unit, shop.office.ids["li"]) == 1
    browser = shop.browser()
    shop.enter(browser)
    assert shop.signed_in(browser) == "li"


def test_nobody_is_linked_or_made_where_the_project_does_not_say_so(open_shop, provider) -> None:
    provider.person |= {"preferred_username": "li", "email_verified": True}
    assert "没有您的账号" in refused(shop_enter(open_shop(provider)))
    # A login name that is taken here is not handed over to whoever has it there.
    assert "不能自动关联" in refused(shop_enter(open_shop(provider, create=True)))
    del provider.person["preferred_username"]
    assert "preferred_username" in refused(shop_enter(open_shop(provider, create=True)))


def shop_enter(shop: Shop) -> Page:
    return shop.enter(shop.browser())


def test_claims_inside_others_and_those_told_elsewhere_are_read(open_shop, provider) -> None:
    del provider.person["preferred_username"]
    provider.told_elsewhere = {"preferred_username": "nina", "realm_access": {"roles": ["desk"]}}
    shop = open_shop(provider, create=True, roles=GROUPS, groups="realm_access.roles")
    shop.enter(shop.browser())
    assert shop.user("nina")["roles"] == {"sales"}
    provider.told_elsewhere = {"sub": "somebody else", "realm_access": {"roles": ["it"]}}
    assert "没有通过核对" in refused(shop.enter(shop.browser()))
    assert shop.user("nina")["roles"] == {"sales"}


def test_a_provider_that_is_down_or_hangs_is_told_on_the_sign_in_page(
    open_shop, provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(provider, issuer="http://127.0.0.1:9", create=True)
    browser = shop.browser()
    assert "没有响应" in refused(browser.get("/sign-in/oidc"), 502)
    browser.client.headers["accept-language"] = "en"
    assert "does not answer" in refused(browser.get("/sign-in/oidc"), 502)

    monkeypatch.setattr(fetching.Fetcher.__init__, "__defaults__", (0.2,))
    provider.lies.delay_seconds = 1
    shop = open_shop(provider, create=True)
    assert "没有响应" in refused(shop.browser().get("/sign-in/oidc"), 502)


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://evil.test/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_says_wrong_things_of_itself_is_not_used(open_shop, provider, lie) -> None:
    provider.lies.discovery = lie
    shop = open_shop(provider, create=True)
    assert "返回的内容不对" in refused(shop.browser().get("/sign-in/oidc"), 502)


def test_a_missing_or_wrong_secret_says_how_to_mend_it(open_shop, provider) -> None:
    shop = open_shop(provider, environment={}, create=True)
    assert "OIDC_SECRET" in refused(shop.browser().get("/sign-in/oidc"), 502)
    shop = open_shop(provider, environment={"OIDC_SECRET": "wrong secret"}, create=True)
    said = refused(shop_enter(shop), 502)
    assert "client_secret" in said
    assert "wrong secret" not in said


def test_what_the_provider_refuses_is_told_without_what_it_wrote(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    for error, shown in (("access_denied", "access_denied"), ("<b>x</b>", "error")):
        browser = shop.browser()
        state = query_of(shop.go(browser))["state"]
        query = {
            "error": error,
            "error_description": "<b>pay here</b>",
            "state": state,
            "iss": provider.issuer,
        }
        said = refused(Page(browser.client.get("/sign-in/oidc/callback", params=query)))
        assert f"（{shown}）" in said
        assert "pay" not in said


def test_passwords_are_refused_where_the_provider_alone_counts_and_the_first_link_works(
    open_shop, provider
) -> None:
    shop = open_shop(provider, create=True, only=True)
    password = "correct horse battery"
    with shop.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        accounts.set_password(unit, shop.office.ids["zhang"], password)
    browser = shop.browser()
    page = browser.get("/sign-in")
    assert not page.all("input", id="password")
    page = browser.post("/sign-in", {"login": "zhang", "password": password})
    assert "不用密码登录" in refused(page)
    token = accounts.first_administrator_link(shop.office.runtime)
    browser.get(f"/link/{token}")
    first = {"login": "boss", "name": "B", "password": password, "password_again": password}
    browser.post(f"/link/{token}", first)
    assert shop.signed_in(browser) == "boss"


def test_our_own_code_is_asked_for_only_where_the_project_says_so(open_shop, provider) -> None:
    for again, path in ((False, "/"), (True, "/sign-in/set-up/")):
        shop = open_shop(provider, create=True, second_factor=again)
        project = shop.office.runtime.project
        object.__setattr__(project, "sign_in", replace(project.sign_in, second_factor=("everyone",)))
        page = shop.enter(shop.browser())
        assert page.response.headers["location"].startswith(path)
        assert page.response.headers["location"] == "/" or again


def test_leaving_offers_to_leave_the_provider_too(open_shop, provider) -> None:
    shop = open_shop(provider, create=True)
    browser = shop.browser()
    shop.enter(browser)
    browser.get("/")
    page = browser.post("/sign-out")
    assert shop.signed_in(browser) is None
    links = [each.attributes["href"] for each in page.all("a")]
    assert f"{provider.issuer}/leave?client_id={CLIENT_ID}" in links
    assert not browser.get("/sign-in").html.count("/leave")


def test_without_a_provider_there_is_no_such_address(nobody: Reader) -> None:
    assert not nobody.get("/sign-in").all("a", "btn")
    assert nobody.get("/sign-in/oidc", follow=False).status == 404
