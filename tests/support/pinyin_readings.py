"""Writes the readings by which pinyin initials find Chinese: `python -m tests.support.pinyin_readings`.

The library that knows them is needed here only: of what it keeps, a server needs a letter or two a
character. A reading counts as common when phrases of its dictionary use it, or when it is a surname's.
"""

from collections import Counter, defaultdict
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from unicodedata import normalize

TARGET = Path(str(files("orderkit.engine.index"))) / "readings.txt"
# What is in use: the common ideographs. Rarer blocks would double the table for characters nobody types.
FIRST, LAST = 0x4E00, 0x9FFF
LEAST_SHARE, LEAST_PHRASES = 0.04, 2
SURNAMES = {
    "单": "s",
    "仇": "q",
    "曾": "z",
    "区": "o",
    "解": "x",
    "查": "z",
    "乐": "y",
    "朴": "p",
    "尉": "y",
} | {
    "缪": "m",
    "翟": "z",
    "覃": "q",
    "盖": "g",
    "长": "c",
}


def table() -> str:
    """Return the table: sets of letters in order, each with its characters."""
    used = _used()
    known = import_module("pypinyin.pinyin_dict").pinyin_dict
    found: dict[str, list[str]] = defaultdict(list)
    for code in range(FIRST, LAST + 1):
        character = chr(code)
        letters = list(dict.fromkeys(_initial(each) for each in known.get(code, "").split(",")))
        counts = used[character]
        least = max(LEAST_PHRASES, LEAST_SHARE * counts.total())
        common = [each for each in letters[1:] if counts[each] >= least or SURNAMES.get(character) == each]
        if letters[0]:
            found["".join([letters[0], *common])].append(character)
    return "".join(f"{letters} {''.join(found[letters])}\n" for letters in sorted(found))


def _used() -> dict[str, Counter[str]]:
    """Return how many phrases read a character with each initial."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in import_module("pypinyin.phrases_dict").phrases_dict.items():
        for character, reading in zip(phrase, readings, strict=False):
            found[character][_initial(reading[0])] += 1
    return found


def _initial(reading: str) -> str:
    letter = normalize("NFD", reading)[:1]
    return letter if "a" <= letter <= "z" else ""


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
