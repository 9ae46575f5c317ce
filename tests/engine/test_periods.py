"""Periods: what a name means on a given day, and what comes before it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.periods import (
    PERIOD_NAMES,
    Period,
    bucket_start,
    bucket_text,
    next_bucket,
    period_of,
)
from orderkit.model.analysis.reports import Grain

TODAY = date(2026, 3, 4)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", date(2026, 3, 4), date(2026, 3, 5)),
        ("yesterday", date(2026, 3, 3), date(2026, 3, 4)),
        ("this_week", date(2026, 3, 2), date(2026, 3, 9)),
        ("last_week", date(2026, 2, 23), date(2026, 3, 2)),
        ("this_month", date(2026, 3, 1), date(2026, 4, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 3, 1)),
        ("this_quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("last_quarter", date(2025, 10, 1), date(2026, 1, 1)),
        ("this_year", date(2026, 1, 1), date(2027, 1, 1)),
        ("last_year", date(2025, 1, 1), date(2026, 1, 1)),
        ("last_7_days", date(2026, 2, 26), date(2026, 3, 5)),
        ("last_30_days", date(2026, 2, 3), date(2026, 3, 5)),
        ("last_12_months", date(2025, 4, 1), date(2026, 4, 1)),
        ("all", None, None),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-02-28", date(2026, 2, 28), date(2026, 3, 1)),
        ("2026-01-01..2026-01-31", date(2026, 1, 1), date(2026, 2, 1)),
        ("2025-11..2026-02", date(2025, 11, 1), date(2026, 3, 1)),
        ("2026-01-01..", date(2026, 1, 1), None),
        ("..2026-01-31", None, date(2026, 2, 1)),
    ],
)
def test_a_period_is_what_its_name_says(text: str, start: date | None, end: date | None) -> None:
    found = period_of(text, TODAY)
    assert found is not None
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13", "2026-02-30", "26-01", "2026-W54", "2026-02-01..2026-01-01", "a..b"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert period_of(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("this_year", date(2025, 1, 1), date(2025, 3, 5), id="as far as this year has come"),
        pytest.param("this_month", date(2026, 2, 1), date(2026, 2, 5), id="as far as this month has come"),
        pytest.param("2025", date(2024, 1, 1), date(2025, 1, 1), id="a whole year"),
        pytest.param("2026-02", date(2026, 1, 1), date(2026, 2, 1), id="a whole month"),
        pytest.param("last_30_days", date(2026, 1, 4), date(2026, 2, 3), id="as many days"),
        pytest.param(
            "2026-02-01..2026-02-10", date(2026, 1, 22), date(2026, 2, 1), id="as many days as given"
        ),
        pytest.param("today", date(2026, 3, 3), date(2026, 3, 4), id="a day"),
    ],
)
def test_the_period_before_is_comparable(text: str, start: date, end: date) -> None:
    found = period_of(text, TODAY)
    assert found is not None
    before = found.previous(TODAY)
    assert before is not None
    assert (before.start, before.end) == (start, end)


def test_at_the_end_of_a_long_month_the_month_before_is_whole() -> None:
    found = period_of("this_month", date(2026, 3, 30))
    assert found is not None
    assert found.previous(date(2026, 3, 30)) == Period(
        start=date(2026, 2, 1), end=date(2026, 3, 1), grain=Grain.MONTH
    )


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "0001-W01", "0001-01-01..9999-12-30"])
def test_what_begins_with_the_first_day_has_none_before(text: str) -> None:
    period = period_of(text, TODAY)
    assert period is not None
    assert period.previous(TODAY) is None


def test_an_open_period_has_none_before() -> None:
    assert Period(start=None, end=TODAY).previous(TODAY) is None


@given(DAYS, st.sampled_from(list(Grain)))
def test_buckets_cover_every_day_once(day: date, grain: Grain) -> None:
    start = bucket_start(day, grain)
    end = next_bucket(start, grain)
    assert start <= day < end
    assert bucket_start(start, grain) == start
    assert bucket_start(end - timedelta(days=1), grain) == start
    assert bucket_start(end, grain) == end


@given(DAYS, st.sampled_from(list(Grain)))
def test_the_text_of_a_bucket_is_read_as_that_bucket(day: date, grain: Grain) -> None:
    start = bucket_start(day, grain)
    found = period_of(bucket_text(start, grain), TODAY)
    assert found is not None
    assert (found.start, found.end) == (start, next_bucket(start, grain))


@given(DAYS, st.sampled_from(sorted(PERIOD_NAMES)))
def test_every_named_period_exists_on_every_day(today: date, name: str) -> None:
    found = period_of(name, today)
    assert found is not None
    if found.start is not None:
        assert found.end is not None
        assert found.start < found.end
