"""Texts that a spreadsheet would take for formulas, made harmless in text tables, and read back as they were."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MARK = "'"


def harmless(text: str) -> str:
    """Return a text with the mark before it that spreadsheets read as: this is text. `original` takes it away."""
    return f"{_MARK}{text}" if text.lstrip(_MARK).startswith(_STARTS) else text


def original(text: str) -> str:
    """Return the text that `harmless` was given."""
    is_marked = text.startswith(_MARK) and text.lstrip(_MARK).startswith(_STARTS)
    return text[len(_MARK) :] if is_marked else text
