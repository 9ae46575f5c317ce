"""Signing in where more than a password is asked: the page is used, and axe finds nothing on it."""

from playwright.sync_api import Page

from orderkit.engine.access.people import find_person
from orderkit.engine.accounts import demand_password
from orderkit.engine.runtime import SYSTEM, Channel
from tests.browser.conftest import PASSWORD, Shop
from tests.browser.test_accessibility import bring_axe, found_on


def _password_given(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(login)
    page.locator("#password").fill(password)
    page.locator(".entrance-form button.btn-primary").click()


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
