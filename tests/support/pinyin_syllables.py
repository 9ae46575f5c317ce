"""Writes the syllables of which ids of Chinese headings are made: `python -m tests.support.pinyin_syllables`.

The library that knows them is needed here only. Of each character it gives the most common reading, without its tone:
an id needs one, where a search needs all. What GB 2312 lacks is in no heading that people type.
"""

from collections import defaultdict
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from unicodedata import normalize

TARGET = Path(str(files("orderkit.inference"))) / "syllables.txt"
FIRST, LAST = 0x4E00, 0x9FFF


def table() -> str:
    """Return the table: syllables in order, each with its characters."""
    known = import_module("pypinyin.pinyin_dict").pinyin_dict
    found: dict[str, list[str]] = defaultdict(list)
    for code in range(FIRST, LAST + 1):
        character = chr(code)
        syllable = _plain(known.get(code, "").split(",")[0])
        if syllable and _is_common(character):
            found[syllable].append(character)
    return "".join(f"{syllable} {''.join(found[syllable])}\n" for syllable in sorted(found))


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _plain(reading: str) -> str:
    return "".join(each for each in normalize("NFD", reading).replace("u\u0308", "v") if "a" <= each <= "z")


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
