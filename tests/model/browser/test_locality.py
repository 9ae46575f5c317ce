"""Which expressions a page answers by itself, and that the browser judges as the server does."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from orderkit.language.expressions import check_expression, check_template
from orderkit.model.expressions.browser import FUNCTIONS, browser_tree, is_local, page_of
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Number
from tests.database.expressions.strategies import expressions
from tests.support import world
from tests.support.node import AsksServer, BrowserEvaluator, answer_of, page_of_tables
from tests.support.world import MemoryRow

FORMS = world.project().form_by_id
PAGE = page_of(FORMS["order"], [FORMS["order.lines"]])

LOCAL = """
total * (1 - rate)
sum(lines.qty * lines.price, where=lines.done)
count(lines, where=lines.order.total > total)
customer == null
seller == me
me.id == 1
old.total
changed(total)
today() <= need_by
kind in ['repair', 'custom']
rmb_upper(total)
'urgent' in tags and me in watchers
ship_to.city == 'x'
took > old.took
data.n * 2
sum(lines.data.n + 1)
""".strip().splitlines()
ASKED = """
customer.name
me.name
original.total
net
count(repairs)
sum(customer.orders.total)
find(customer, name == this.code).level
count(lines, where=lines.order.customer.active)
row['a'] == code
original.tags
customer.seat.city
""".strip().splitlines()


@pytest.mark.parametrize("text", LOCAL)
def test_what_is_on_the_page_is_local(text: str) -> None:
    assert is_local(world.expression(text), PAGE)


@pytest.mark.parametrize("text", ASKED)
def test_what_is_not_on_the_page_is_asked(text: str) -> None:
    assert not is_local(world.expression(text), PAGE)


@pytest.mark.parametrize(
    ("text", "is_on_page"), [("{code} {total}", True), ("{kind}", False), ("{customer}", False)]
)
def test_titles_and_labels_are_not_on_the_page(text: str, is_on_page: bool) -> None:
    checked = check_template(text, world.scope())
    assert checked.expression is not None
    assert is_local(checked.expression, PAGE) is is_on_page


def test_the_browser_has_the_functions_that_count_as_local(browser_evaluator: BrowserEvaluator) -> None:
    assert set(browser_evaluator.ask(ask="names")) == FUNCTIONS


def test_no_digit_is_lost_on_the_way() -> None:
    for value in (999_999_999_999_999_999, Decimal("0.0000001")):
        tree = browser_tree(Literal(value, Number(7)))
        assert tree["value"]["value"] == format(Decimal(value), "f")


def small_page() -> dict[str, Any]:
    """Return what `PAGE` says, and nothing else, for order 1."""
    store = world.store()
    record = MemoryRow(store, "order", 1)
    lines = [row.id for row in record.rows("lines")]
    shown = {
        form: {
            key: {name: store.tables[form][key].get(name) for name in PAGE.fields[form] - {"id", "lines"}}
            for key in keys
        }
        for form, keys in {"order": [1], "order.lines": lines}.items()
    }
    roots = {
        "record": {"form": "order", "id": 1},
        "old": {"form": "order", "id": 1},
        "me": {"form": "user", "id": 1},
    }
    return page_of_tables(
        {**shown, "user": {1: {}}}, {"order": {1: {"lines": lines}}}, store.environment(), roots
    )


@given(text=expressions(2))
@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
def test_the_judgement_is_one_and_true(text: str, browser_evaluator: BrowserEvaluator) -> None:
    checked = check_expression(text, world.scope())
    if checked.expression is None:
        return
    judged = is_local(checked.expression, PAGE)
    assert browser_evaluator.are_local([checked.expression], PAGE) == [judged]
    if judged:
        answer = browser_evaluator.ask(
            ask="evaluate", tree=browser_tree(checked.expression), pages=[small_page()]
        )[0]
        assert not isinstance(answer_of(answer, is_raising=False), AsksServer)
