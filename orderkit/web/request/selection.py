"""Which records a request is about, where it names several: `?ids=3,7`."""

from collections.abc import Sequence

from orderkit.engine.records import MOST_SOURCES
from orderkit.model.errors import NotFound

_LONGEST_ID = 18


def ids_in_text(text: str) -> Sequence[int]:
    """Return ids from a text with commas between, in their order. Raises NotFound for what is none."""
    parts = [each.strip() for each in text.split(",", MOST_SOURCES + 1) if each.strip()]
    if not all(each.isascii() and each.isdecimal() and len(each) <= _LONGEST_ID for each in parts):
        raise NotFound
    return [int(each) for each in parts]
