"""Signing in with all that may be asked, and tokens: each page is used, and axe finds nothing on it."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from orderkit.engine.access.people import find_person
from orderkit.engine.accounts import demand_password, person_of_token, totp
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import PASSWORD, Shop
from tests.browser.test_accessibility import bring_axe, found_on


def _password_given(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(login)
    page.locator("#password").fill(password)
    page.locator(".entrance-form button.btn-primary").click()


def _code_given(page: Page, secret: str, *, steps: int = 0) -> None:
    step = totp.step_of(datetime.now(UTC)) + steps
    page.locator("input[name=code]").fill(totp.code_at(secret, step))
    page.locator("form:has(input[name=code]) button.btn-primary").click()


def test_a_second_factor_is_set_up_asked_for_and_its_codes_are_shown_once(shop: Shop) -> None:
    page = shop.visit("zhang")
    bring_axe(page)
    page.goto("/account/second-factor")
    expect(page.locator(".qr svg")).to_be_visible()
    found = found_on(page, "setting up a second factor")
    secret = page.locator("form code").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill("000000")
    page.locator("form:has(input[name=code]) button.btn-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += found_on(page, "a wrong code while setting up")
    _code_given(page, secret)
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    kept = page.locator(".recovery-codes code").first.inner_text()
    found += found_on(page, "recovery codes")
    page.goto("/account/second-factor")
    expect(page.locator(".recovery-codes")).to_have_count(0)
    found += found_on(page, "a second factor that is set")

    other = shop.visit(None)
    bring_axe(other)
    _password_given(other, "zhang", PASSWORD)
    other.wait_for_url("**/sign-in/code/**")
    found += found_on(other, "asking for a code")
    # The code of setting up is used; the one of the next half minute is not.
    _code_given(other, secret, steps=1)
    other.wait_for_url(f"{shop.url}/")

    third = shop.visit(None)
    _password_given(third, "zhang", PASSWORD)
    third.locator("input[name=code]").fill(kept)
    third.locator("form:has(input[name=code]) button.btn-primary").click()
    third.wait_for_url(f"{shop.url}/")
    page.goto("/account")
    expect(page.get_by_text("最近使用：")).to_have_count(3)
    found += found_on(page, "the account with its sessions")
    page.get_by_role("button", name="退出其他设备").click()
    expect(page.get_by_text("最近使用：")).to_have_count(1)
    third.goto("/inbox")
    third.wait_for_url("**/sign-in?**")
    assert found == []


def test_a_password_that_is_demanded_is_set_before_anything_else(shop: Shop) -> None:
    with shop.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        person = find_person(unit, "li")
        assert person is not None
        assert person.id is not None
        demand_password(unit, person.id)
    page = shop.visit(None)
    bring_axe(page)
    _password_given(page, "li", PASSWORD)
    page.wait_for_url("**/link/**")
    assert found_on(page, "a password that is demanded") == []
    page.locator("#password").fill("another good password")
    page.locator("#password_again").fill("another good password")
    page.locator(".entrance-form button.btn-primary").click()
    page.wait_for_url(f"{shop.url}/")


def test_a_token_is_made_copied_and_revoked(shop: Shop) -> None:
    page = shop.visit("zhang")
    bring_axe(page)
    page.goto("/account")
    form = page.locator("form[action='/account/tokens']")
    form.get_by_label("用途").fill("夜间同步")
    form.get_by_text("读写", exact=True).click()
    form.locator("summary").click()
    form.get_by_text("客户", exact=True).click()
    form.get_by_label("有效天数").fill("30")
    found = found_on(page, "a token about to be made")
    form.get_by_role("button", name="生成令牌").click()
    token = page.locator("#fresh-secret").inner_text()
    found += found_on(page, "a token shown once")
    person = person_of_token(shop.runtime, token)
    assert person is not None
    assert person.scope is not None
    assert (person.scope.reach.value, person.scope.forms) == ("write", frozenset({"customer"}))
    page.goto("/account")
    row = page.locator(".task", has_text="夜间同步")
    expect(row).to_contain_text("只限：客户")
    row.get_by_role("button", name="停用").click()
    expect(page.locator(".task", has_text="夜间同步")).to_contain_text("已停用")
    assert person_of_token(shop.runtime, token) is None
    assert found == []
