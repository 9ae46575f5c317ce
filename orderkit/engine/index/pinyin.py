"""Pinyin initials: `gzmy` finds 广州贸易. A character with several readings is found by each common one.

The readings stand in `readings.txt`, made by `python -m tests.support.pinyin_readings`: a line for each
letter or set of letters, then the characters whose readings begin with them, the most common one first.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product

from orderkit.engine.index.grams import folded

LEAST, MOST = 2, 12
_LONGEST_TEXT = 40
_MOST_VARIANTS = 16


def initials(text: str) -> set[str]:
    """Return what the pinyin of a text reads like from each of its characters on, up to twelve letters.

    Letters and digits stand for themselves, everything else is left out. A text without Chinese has none:
    it is found as it is.
    """
    known = _readings()
    letters = [some for each in folded(text) if (some := known.get(each) or _itself(each))]
    if not any(each in known for each in text):
        return set()
    found: set[str] = set()
    for start in range(min(len(letters), _LONGEST_TEXT)):
        found.update(_variants(letters[start : start + MOST]))
    return found


def wanted_initials(word: str) -> str | None:
    """Return how a word reads as initials; None for one that cannot be meant so."""
    text = folded(word)
    is_meant = len(text) >= LEAST and text.isascii() and text.isalnum() and not text.isdigit()
    return text[:MOST] if is_meant else None


def _variants(letters: list[str]) -> Iterator[str]:
    """Yield the readings of some characters; with too many of them the later characters keep the first."""
    count = 1
    choices = []
    for each in letters:
        fits = count * len(each) <= _MOST_VARIANTS
        choices.append(each if fits else each[0])
        count *= len(choices[-1])
    return map("".join, product(*choices))


def _itself(character: str) -> str:
    return character if character.isascii() and character.isalnum() else ""


@cache
def _readings() -> Mapping[str, str]:
    text = files(__package__).joinpath("readings.txt").read_text(encoding="utf-8")
    lines = (line.split(" ") for line in text.splitlines())
    return {character: letters for letters, characters in lines for character in characters}
