"""Columns in which few short texts are repeated: choices, however people have spelled them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from orderkit.inference import headings
from orderkit.inference.tables import Column

_MOST = 30
_MOST_IN_SHORT_TABLES = 8
_LONGEST = 30
_REPEATED = 5
_REPEATED_IN_SHORT_TABLES = 3


@dataclass(frozen=True, slots=True)
class Choices:
    """The options in the order of the sheet. `variants` maps other spellings to the option that is meant."""

    options: tuple[str, ...]
    variants: Mapping[str, str]

    def rewritten(self) -> dict[str, str]:
        """Return the spellings that an import cannot tell by itself: it does not mind the case, nor outer blanks."""
        known = {option.casefold() for option in self.options}
        return {text: meant for text, meant in self.variants.items() if text.casefold() not in known}


def choices_of(column: Column) -> Choices | None:
    """Return the choices of a column; None where it has too many, too long or too rare ones."""
    if headings.NAME.is_in(column.heading) or headings.CODE.is_in(column.heading):
        return None
    if (
        any(isinstance(cell, date | time) for cell in column.cells)
        or len(column.filled) < 2 * _REPEATED_IN_SHORT_TABLES
    ):
        return None
    if len(column.distinct) > 4 * _MOST or not all(_is_option(text) for text in column.distinct):
        return None
    spellings: dict[str, list[str]] = {}
    for text in column.distinct:
        spellings.setdefault(spelling_key(text), []).append(text)
    times = len(column.filled) / len(spellings)
    is_list = len(spellings) <= _MOST and times >= _REPEATED
    is_short_list = len(spellings) <= _MOST_IN_SHORT_TABLES and times >= _REPEATED_IN_SHORT_TABLES
    if len(spellings) < 2 or not (is_list or is_short_list):
        return None
    meant = {key: max(texts, key=lambda text: column.distinct[text]) for key, texts in spellings.items()}
    return Choices(
        tuple(meant.values()),
        {text: meant[key] for key, texts in spellings.items() for text in texts if text != meant[key]},
    )


def spelling_key(text: str) -> str:
    """Return the form in which spellings are compared: width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_option(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable()
