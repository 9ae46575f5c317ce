"""Texts as sets of overlapping pairs of characters, in any script, so that every part of a word is found.

A text is folded character by character: what a database takes for the same letter, and more, becomes one.
So whatever a search for a word matches has all pairs of the word; what has all pairs need not match.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_END = "0000"
# A token is made of letters and digits alone, which no tokenizer takes apart; a code point has four of them.
_WIDTH = 4


def grams(texts: Iterable[str]) -> set[str]:
    """Return the pairs of characters in the texts, each as eight letters; none goes across white space."""
    found: set[str] = set()
    for text in texts:
        for word in folded(text).split():
            codes = [_code(character) for character in word]
            found.update(map("".join, zip(codes, [*codes[1:], _END], strict=True)))
    return found


def wanted_grams(word: str) -> tuple[set[str], str | None]:
    """Return the pairs that a text with this word has, and for a single character how one of its pairs begins."""
    pairs: set[str] = set()
    alone: str | None = None
    for piece in folded(word).split():
        codes = [_code(character) for character in piece]
        if len(codes) == 1:
            alone = codes[0]
        pairs.update(map("".join, pairwise(codes)))
    return pairs, None if pairs else alone


def folded(text: str) -> str:
    """Return the text with full-width letters narrow and capitals small, folded one character at a time.

    A pair of characters that Unicode would compose stays two, since a database finds each of them.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_folded, text))


@lru_cache(maxsize=65536)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character).casefold()


@lru_cache(maxsize=65536)
def _code(character: str) -> str:
    return in_letters(ord(character) + 1, _WIDTH)


def in_letters(number: int, width: int) -> str:
    """Return a number with a fixed count of digits of base 36."""
    found = ""
    for _ in range(width):
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found
