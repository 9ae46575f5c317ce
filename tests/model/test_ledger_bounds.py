"""Conditions of `never` as bounds: what they compare, in numbers and in SQL."""

from decimal import Decimal

import pytest

from orderkit.model.ledger_bounds import bounds_of
from tests.support.projects import project

LEDGER = """
ledger: stock
keys: {day: date}
measures: {a: decimal(3), b: integer, c: money}
balance: {free: "a - b"}
never: ["%s"]
postings: {post: {a: +qty}}
"""


def bounds(condition):
    (ledger,) = project(LEDGER % condition).ledgers
    return bounds_of(ledger)


@pytest.mark.parametrize(
    ("condition", "postgresql", "sqlite"),
    [
        ("a < 0", '"a"', '"a"'),
        ("free < 0", '"a" - "b"', '"a" - 1000 * "b"'),
        ("a > b", '-"a" + "b"', '-"a" + 1000 * "b"'),
        ("c > 2 * a + 5", '2 * "a" - "c" + 5', '2 * "a" - 10 * "c" + 5000'),
        ("-a > 0.5", '"a" + 0.5', '"a" + 500'),
        ("b <= -3", '"b" + 2', '"b" + 2'),
        ("free - 0.25 * b < -1", '"a" - 1.25 * "b" + 1', '"a" - 1250 * "b" + 1000'),
    ],
)
def test_a_condition_is_a_sum_that_stays_above_its_floor_in_either_database(condition, postgresql, sqlite):
    (bound,) = bounds(condition)
    assert bound.sql() == postgresql
    assert bound.sql({"a": 3, "b": 0, "c": 2}) == sqlite


@pytest.mark.parametrize(
    ("condition", "numbers", "slack"),
    [
        ("free < 0", (5, 2, 0), 3),
        ("free < 0", (1, 2, 0), -1),
        ("c > 2 * a", (1, 0, 3), -1),
        ("b <= -3", (0, -2, 0), 0),
        ("b <= -3", (0, -3, 0), -1),
    ],
)
def test_the_slack_is_below_zero_exactly_where_the_condition_holds(condition, numbers, slack):
    (bound,) = bounds(condition)
    assert bound.slack(dict(zip("abc", map(Decimal, numbers), strict=True))) == slack


def test_conditions_joined_by_or_are_bounds_of_their_own():
    assert [bound.sql() for bound in bounds("a < 0 or b < 0")] == ['"a"', '"b"']


def test_another_bound_has_another_column_and_the_same_bound_the_same():
    (first,), (second,), (third,) = bounds("a < 0"), bounds("a - 0 < 0"), bounds("a < -1")
    assert first.id == second.id != third.id
