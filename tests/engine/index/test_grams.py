"""Pairs of characters: whatever a database finds in a text, the pairs of the word are among those of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.index.grams import folded, grams, wanted_grams

CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs"]), st.sampled_from("aAＡ广州ßẞİıée\u0301 \u3000%_ſK")
)


@given(
    st.text(CHARACTERS, max_size=8),
    st.text(CHARACTERS, max_size=8),
    st.text(CHARACTERS, min_size=1, max_size=8),
)
def test_a_text_has_the_pairs_of_every_part_of_it(before, after, word):
    pairs, alone = wanted_grams(word)
    for text in (
        before + word + after,
        before + word.lower() + after,
        before + word.lower().upper().lower() + after,
    ):
        have = grams([text])
        if text.lower().count(word.lower()):
            assert pairs <= have
            assert alone is None or any(pair.startswith(alone) for pair in have)


@pytest.mark.parametrize("code", range(0, 0x110000, 0x1000))
def test_folding_does_not_tell_apart_what_a_database_finds_alike(code):
    for each in range(code, code + 0x1000):
        if not 0xD800 <= each < 0xE000:
            assert folded(chr(each).lower()) == folded(chr(each))


@pytest.mark.parametrize(
    ("text", "word", "is_found"),
    [
        ("广州贸易", "州贸", True),
        ("广州 贸易", "州贸", False),
        ("ＡＢＣ１２", "bc1", True),
        ("订单ABC", "单a", True),
        ("广州", "贸易", False),
    ],
)
def test_a_word_is_found_by_any_two_characters_in_whatever_width(text, word, is_found):
    assert (wanted_grams(word)[0] <= grams([text])) is is_found
