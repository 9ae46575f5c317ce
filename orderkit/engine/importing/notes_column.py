"""The column that orderkit writes for people and never reads into a field: the example's mark, and reasons.

The mark ends in a digest of its row, so that an example is only skipped as long as nobody has typed over it.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from orderkit.engine.importing.reading.cells import Cell, heading_key, text_of
from orderkit.model.labels import label
from orderkit.model.values.numbers import plain_text

HEADING = label(zh="导入说明（不导入）", en="Import notes (not imported)")
_KEYS = frozenset(heading_key(text) for text in HEADING.values())
_MARK = label(
    zh="示例行，导入时跳过，可以删除 #{digest}", en="example, skipped by the import, may be deleted #{digest}"
)
_MARKED = re.compile(
    "|".join(re.escape(text).replace(r"\{digest\}", "([0-9a-f]{8})") for text in _MARK.values())
)


def is_notes(heading: str) -> bool:
    """Whether a heading is that of the column for people, in any language."""
    return heading_key(heading) in _KEYS


def mark_of(cells: Iterable[Cell], locale: str) -> str:
    """Return the mark of an example with these cells."""
    text = _MARK["zh" if locale.startswith("zh") else "en"]
    return text.format(digest=_digest(cells))


def is_example(note: str, cells: Iterable[Cell]) -> bool | None:
    """Whether a row is an example as it was written; None is a row that was one and has been changed."""
    found = _MARKED.fullmatch(note.strip())
    if found is None:
        return False
    return True if _digest(cells) in found.groups() else None


def _digest(cells: Iterable[Cell]) -> str:
    """Return eight characters that stand for the cells, whatever program has saved them since."""
    texts = "\x1f".join(_plain(cell) for cell in cells).rstrip("\x1f")
    return hashlib.sha256(texts.encode()).hexdigest()[:8]


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else text_of(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    text = text_of(cell)
    try:
        number = Decimal(text.removesuffix("%").replace(",", ""))
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    return plain_text(number / 100 if text.endswith("%") else number)
