"""Lengths of time: what is written is what is read, and only fixed ones have seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.model.values.durations import ALL_UNITS, STOPWATCH_UNITS, TimeSpan, TimeUnit, time_span


@given(st.builds(TimeSpan, st.integers(0, 999_999), st.sampled_from(ALL_UNITS)))
def test_a_span_reads_back_from_its_text(span: TimeSpan) -> None:
    assert time_span(str(span)) == span


@pytest.mark.parametrize("text", ["", "8", "wh", "-1d", "1.5h", "8 h", "1d12h", "2m", "٣d", "1000000d"])
def test_what_is_no_span(text: str) -> None:
    assert time_span(text) is None


def test_a_unit_that_a_place_does_not_take_is_not_read() -> None:
    assert time_span("8wh", STOPWATCH_UNITS) is None
    assert time_span(" 90min ", STOPWATCH_UNITS) == TimeSpan(90, TimeUnit.MINUTES)


def test_only_fixed_lengths_have_seconds() -> None:
    assert TimeSpan(2, TimeUnit.DAYS).seconds == 172_800
    for unit in set(ALL_UNITS) - set(STOPWATCH_UNITS):
        with pytest.raises(ValueError, match="no length of its own"):
            assert TimeSpan(1, unit).seconds
