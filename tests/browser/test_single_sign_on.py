"""Signing in at the company's own provider in a real browser, which keeps our cookies and policy on the way there and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from orderkit.connectors.http.fake import serving
from orderkit.engine.runtime import SystemClock
from orderkit.model.labels import label
from orderkit.model.signing_in import IdentityProvider, LinkBy, SignIn
from tests.browser.conftest import Shop, served
from tests.browser.test_accessibility import bring_axe, found_on
from tests.support.databases import Databases
from tests.support.projects import example
from tests.support.provider import CLIENT_ID, FakeProvider


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider(SystemClock(), "")
    fake.is_public = True
    fake.person = {"sub": "u-1", "preferred_username": "zhang"}
    with serving(fake) as address:
        fake.issuer = address
        yield fake


@pytest.fixture
def shop(databases: Databases, browser: Browser, tmp_path: Path, provider: FakeProvider) -> Iterator[Shop]:
    oidc = IdentityProvider(
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        link_by=LinkBy.LOGIN,
        label=label(zh="公司账号", en="the company account"),
    )
    for each in served(databases, browser, tmp_path, project=replace(example(), sign_in=SignIn(oidc=oidc))):
        provider.redirect = f"{each.url}/sign-in/oidc/callback"
        yield each


def test_one_clicks_and_is_in_and_a_refusal_stands_on_the_page(shop: Shop, provider: FakeProvider) -> None:
    page = shop.visit(None)
    bring_axe(page)
    page.goto("/forms/order?view=open")
    button = page.get_by_role("link", name="使用公司账号登录")
    expect(button).to_be_visible()
    found = found_on(page, "the sign-in page with a provider")
    provider.lies.algorithm = "none"
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("没有通过核对")
    found += found_on(page, "a sign-in that was refused")
    provider.lies.algorithm = None
    page.get_by_role("link", name="使用公司账号登录").click()
    page.wait_for_url(f"{shop.url}/forms/order?view=open")
    # What the page still asks for is answered before its session ends.
    expect(page.locator(".is-awaited")).to_have_count(0)

    page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    page.wait_for_url(f"{shop.url}/sign-in?left=1")
    leaving = page.get_by_role("link", name="同时退出公司账号")
    expect(leaving).to_have_attribute("href", f"{provider.issuer}/leave?client_id={CLIENT_ID}")
    found += found_on(page, "having left")
    assert found == []
