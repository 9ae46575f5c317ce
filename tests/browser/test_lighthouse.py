"""Lighthouse, as a phone: accessibility and best practices are whole on the pages that one sees every day.

Speed is measured by `make bench`, since it depends on what else the machine does.
"""

import os
import shutil

from playwright.sync_api import Playwright

from tests.browser.conftest import NAMES, Shop
from tests.support.lighthouse import debugged_chromium, looked_at

PAGES = ("/", "/forms/customer", "/forms/customer/1", "/dashboards/overview")
CATEGORIES = ("accessibility", "best-practices")


def test_lighthouse_finds_nothing_on_the_pages_of_every_day(shop: Shop, playwright: Playwright) -> None:
    page = shop.visit("admin")
    (session,) = [each for each in page.context.cookies() if each["name"] == "orderkit_session"]
    named = os.environ.get("ORDERKIT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with debugged_chromium(playwright, named) as port:
        seen = looked_at(port, [f"{shop.url}/sign-in"], CATEGORIES)
    with debugged_chromium(playwright, named, url=shop.url, session=session["value"]) as port:
        seen += looked_at(port, [shop.url + path for path in PAGES], CATEGORIES)
    assert [each.url.removeprefix(shop.url) for each in seen] == ["/sign-in", *PAGES]
    assert {each.url.removeprefix(shop.url): each.failed for each in seen if each.failed} == {}
    assert all(each.scores == dict.fromkeys(CATEGORIES, 100) for each in seen)
