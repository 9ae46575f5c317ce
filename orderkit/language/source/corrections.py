"""Fixes of words: another text in the place of a scalar or a part of one, with quotes only where needed."""

import re
from collections.abc import Iterable, Mapping

from orderkit.language.findings import Applicability, Fix, Span, TextEdit, guess
from orderkit.language.source.nodes import Node, ScalarNode
from orderkit.language.source.traps import quoted
from orderkit.model.labels import label

_PLAIN = re.compile(r"[\w.-]*\w")
# Signs of expressions, which stand behind something else and need no quotes there.
_SIGN = re.compile(r" (?:and|or) |[=!]=|[<>]=?|[()+*/-]")


def rewritten(place: Node | Span, text: str) -> TextEdit | None:
    """Return the edit that puts `text` in a place, or None where that takes more than an edit.

    A text that needs quotes is written with them, unless the place lies inside of a text.
    """
    is_plain = _PLAIN.fullmatch(text) is not None and not text.startswith("-")
    if isinstance(place, Span):
        return TextEdit(place, text) if is_plain or _SIGN.fullmatch(text) else None
    if not isinstance(place, ScalarNode) or place.is_broken or not place.text:
        return None
    if not place.style:
        return place.source.edit(place.start, place.end, text if is_plain else quoted(text))
    return TextEdit(place.part(0, len(place.text)), text) if is_plain else None


def correction(
    place: Node | Span, name: str, known: Iterable[str], labels: Mapping[str, str] | None = None
) -> Fix | None:
    """Return the fix that writes what was probably meant in place of `name`; it is safe only if that is sure."""
    meant = guess(name, known, labels)
    if meant is None:
        return None
    return rewriting(place, meant.name, is_sure=meant.is_sure)


def rewriting(place: Node | Span, text: str, *, is_sure: bool = True) -> Fix | None:
    """Return the fix that writes `text` in a place."""
    edit = rewritten(place, text)
    if edit is None:
        return None
    return Fix(
        title=label(zh=f"改成 `{text.strip()}`", en=f"write `{text.strip()}`"),
        edits=(edit,),
        applicability=Applicability.SAFE if is_sure else Applicability.UNSAFE,
    )
