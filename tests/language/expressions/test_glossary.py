"""The glossary knows the functions that the checker knows, and its examples of calls can be read."""

import pytest

from orderkit.language.expressions import FUNCTION_WORDS
from orderkit.language.expressions.calls import functions
from orderkit.model.expressions.browser import FUNCTIONS
from orderkit.model.expressions.nodes import AggregateFunction


def test_every_function_is_explained() -> None:
    assert set(FUNCTION_WORDS) == {*functions.NAMES, *AggregateFunction, "find"}


def test_only_what_looks_beyond_the_page_is_the_servers() -> None:
    on_values = set(FUNCTION_WORDS) - set(AggregateFunction)
    assert on_values - FUNCTIONS == {"changed", "find"}


@pytest.mark.parametrize("name", list(FUNCTION_WORDS))
def test_a_text_is_short_and_in_both_languages(name: str) -> None:
    about = FUNCTION_WORDS[name].about
    assert set(about) == {"zh", "en"}
    assert max(map(len, about.values())) < 100
