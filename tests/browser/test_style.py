"""The controls, on the page that shows all of them: what is entered is what would be sent."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Shop

SENT = """
() => {
  const sent = {};
  for (const [name, value] of new FormData(document.querySelector("form[data-style]"))) {
    if (value !== "") (sent[name] ??= []).push(String(value));
  }
  return sent;
}
"""


@pytest.fixture
def page(workshop: Shop) -> Page:
    page = workshop.visit("admin")
    page.goto("/_style")
    return page


def _field(page: Page, kind: str, state: str = "empty") -> Locator:
    return page.locator(f'[data-field="light.{kind}.{state}"]')


def test_what_is_entered_into_each_control_is_sent(page: Page) -> None:
    money = _field(page, "money")
    amount = money.locator("input")
    amount.fill("=12,000*3+0.5")
    amount.blur()
    expect(amount).to_have_value("36,000.5")
    expect(money.locator("[data-words]")).to_have_text("叁万陆仟元伍角")
    amount.focus()
    expect(amount).to_have_value("36000.5")
    page.keyboard.type("48000.25")
    expect(amount).to_have_value("48000.25")
    amount.blur()
    expect(amount).to_have_value("48,000.25")
    day = _field(page, "date")
    day.locator("[data-menu-button]").click()
    typed = day.locator("[data-day-typed]")
    typed.fill("2026年3月32日")
    typed.press("Enter")
    expect(typed).to_have_attribute("aria-invalid", "true")
    typed.fill("2026年3月5日")
    typed.press("Enter")
    expect(typed).to_be_hidden()
    _field(page, "rating").get_by_label("4").press(" ")
    _field(page, "choices").get_by_text("加急").click()
    sent = page.evaluate(SENT)
    assert {name: sent[f"light.{name}.empty"] for name in ("money", "date", "rating", "choices")} == {
        "money": ["48000.25"],
        "date": ["2026-03-05"],
        "rating": ["4"],
        "choices": ["urgent"],
    }


def test_no_text_of_a_value_becomes_part_of_the_page(page: Page) -> None:
    assert page.locator("[onerror], form[data-style] img[src=x]").count() == 0
    assert "<img src=x onerror" in _field(page, "text", "long").locator("input").input_value()
