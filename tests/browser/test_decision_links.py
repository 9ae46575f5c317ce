"""Deciding from a mail on a phone: no sideways scrolling, buttons for a thumb, both themes, nothing for axe to find."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Shop
from tests.browser.test_accessibility import bring_axe, found_on
from tests.engine.workflow.reviewing import status, submitted
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.links import ENVIRONMENT, STAFF, a_mailing_project, link, with_keys
from tests.support.office import Office, open_office
from tests.web.approved_shop import serving

SMALLEST_TARGET = 44


@pytest.fixture
def office(databases: Databases, tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    mark = databases.mark()
    project = a_mailing_project()
    database = databases.make(project, "sqlite")
    yield with_keys(open_office(project, database, tmp_path, clock, STAFF, environment=ENVIRONMENT))
    databases.clear(mark)


@pytest.fixture
def mailed(office: Office, browser: Browser) -> Iterator[Shop]:
    """The app as it is reached from a mail."""
    with serving(office) as url:
        found = Shop(url=url, browser=browser, runtime=office.runtime)
        yield found
        for context in found.contexts:
            context.close()
    assert found.complaints == []


def test_one_thumb_decides_from_a_mail(office: Office, mailed: Shop) -> None:
    request = submitted(office)
    page = mailed.visit(None, is_phone=True)
    bring_axe(page)
    page.goto(link(office, request, "boss", "reject"))
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]
    buttons = page.locator("button[name=verb]")
    expect(buttons).to_have_count(3)
    for each in buttons.all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= SMALLEST_TARGET
        assert box["width"] > 300
    page.get_by_role("button", name="驳回").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写意见")
    assert found_on(page, "asked for a comment") == []
    page.get_by_label("审批意见").fill("太贵")
    page.get_by_role("button", name="驳回").click()
    expect(page.get_by_role("heading", name="已驳回")).to_be_visible()
    assert found_on(page, "decided") == []
    assert status(office, request) == "refused"
    page.goto(link(office, request, "boss"))
    expect(page.get_by_role("heading", name="链接已失效")).to_be_visible()
