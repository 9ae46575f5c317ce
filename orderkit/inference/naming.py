"""Ids of forms and fields, made of headings: English in snake case, Chinese translated or spelled in pinyin."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from orderkit.inference.glossary import translated
from orderkit.language.compile.names.collecting import MAX_ID, shortened
from orderkit.language.compile.shapes.system_fields import (
    RESERVED_FORMS,
    RESERVED_LINES,
    RESERVED_TOP_LEVEL,
    RESERVED_WORDS,
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_BUILT_IN = frozenset({"user", "department", "everyone", "admin"})
_IDENTIFYING = frozenset({"id", "no", "nr", "number", "num", "code", "key"})
_LONGEST_FORM = 38
"""Leaves room for `_2`; with its lines behind it, a form still makes the name of a table."""

# A field may be called so, but no expression could name it: a parser takes them for words of other languages.
_UNSPEAKABLE = frozenset({"is", "nil", "then"})
FORBIDDEN_FIELDS = RESERVED_TOP_LEVEL | RESERVED_LINES | RESERVED_WORDS | _UNSPEAKABLE
FORBIDDEN_FORMS = RESERVED_FORMS | RESERVED_WORDS | _UNSPEAKABLE | _BUILT_IN


def words_of(heading: str) -> tuple[str, ...]:
    """Return the English words of a heading: `salesRepNumber` has three, 客户编号 has `customer` and `no`."""
    text = unicodedata.normalize("NFKC", heading).replace("'", "").replace("№", " no ")
    split = _CAMEL.sub(" ", text)
    plain = "".join(each for each in unicodedata.normalize("NFD", split) if not unicodedata.combining(each))
    found: list[str] = []
    for part in _PARTS.findall(plain.casefold()):
        found += [part] if part.isascii() else _of_chinese(part)
    return tuple(found)


def _of_chinese(text: str) -> list[str]:
    """Return English words, or one word of pinyin; none for characters that nobody uses."""
    known = translated(text)
    if known is not None:
        return known
    spelled = "".join(_syllables().get(each, "") for each in text)
    return [spelled] if spelled else []


@cache
def _syllables() -> Mapping[str, str]:
    text = files(__package__).joinpath("syllables.txt").read_text(encoding="utf-8")
    lines = (line.split(" ") for line in text.splitlines())
    return {character: syllable for syllable, characters in lines for character in characters}


def english(heading: str) -> str | None:
    """Return the English label of a Chinese heading; None where it is not Chinese, or not fully known."""
    parts = _PARTS.findall(unicodedata.normalize("NFKC", heading).lower())
    is_chinese = any(not part.isascii() for part in parts)
    if not is_chinese or any(not part.isascii() and translated(part) is None for part in parts):
        return None
    return " ".join(words_of(heading)).capitalize() or None


def field_id(heading: str, taken: Collection[str], *, is_reference: bool = False) -> str:
    """Return an id that no other field has. A reference is called like what it refers to: `customer`, not `customer_no`."""
    words = words_of(heading)
    if is_reference:
        shorter = list(words)
        while len(shorter) > 1 and shorter[-1] in _IDENTIFYING:
            shorter.pop()
        short = _id(shorter, "field", MAX_ID - 2)
        if short not in taken and short not in FORBIDDEN_FIELDS:
            return short
    return _free(_id(words, "field", MAX_ID - 3), {*taken, *FORBIDDEN_FIELDS})


def form_id(name: str, taken: Collection[str]) -> str:
    """Return an id that no other form has: that of a single record, `order` for a sheet `orders`."""
    words = list(words_of(name))
    if words:
        words[-1] = singular(words[-1])
    made = _id(words, "form", _LONGEST_FORM)
    return _free(
        f"form_{made}"[:_LONGEST_FORM] if made.startswith("ok_") else made, {*taken, *FORBIDDEN_FORMS}
    )


def singular(word: str) -> str:
    """Return the singular of a plain English plural; any other word as it is."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "news", "sales", "series"))
    ):
        return word[:-1]
    return word


def _id(words: Collection[str], kind: str, most: int) -> str:
    text = "_".join(words)
    if not re.match(r"[a-z]", text):
        text = f"{kind}_{text}".rstrip("_")
    return shortened(text, most).strip("_")


def _free(wanted: str, taken: Collection[str]) -> str:
    """Return the id, or the first of `wanted_2`, `wanted_3`, … that is free."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found
