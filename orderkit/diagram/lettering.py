"""How wide a text will be, and where its lines break, without the font at hand.

Chinese characters are as wide as they are high; the widths of others are those of common sans serif
fonts, taken a little too wide, so that a text never runs out of its shape.
"""

import unicodedata
from itertools import pairwise

_NARROW = frozenset("iIjlftr.,:;|!'()[]{} -/\\`")
_BROAD = frozenset("mwMW@%&—…")
_NEVER_FIRST = frozenset("，。、；：？！）】》”’…,.;:?!)]}%")
_NEVER_LAST = frozenset("（【《“‘([{")
MORE = "…"


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in the unit of `size`, the height of its letters."""
    return sum(_width(letter) for letter in text) * size


def is_wide(letter: str) -> bool:
    """Return whether a character is as wide as it is high."""
    return unicodedata.east_asian_width(letter) in {"W", "F", "A"}


def lines_of(text: str, width: float, size: float, *, most: int) -> tuple[str, ...]:
    """Return a text in lines that fit into `width`, at most so many; the last may end in an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width_of((line + piece).rstrip(), size) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while width_of(line.rstrip(), size) > width:
            fitting = _fitting(line, width, size)
            lines.append(line[:fitting])
            line = line[fitting:]
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width_of(last + MORE, size) > width:
        last = last[:-1]
    return (*lines[: most - 1], last + MORE)


def _pieces(text: str) -> tuple[str, ...]:
    """Return the parts between which a line may break."""
    if not text:
        return ()
    breaks = [0]
    for index, (before, after) in enumerate(pairwise(text), start=1):
        may_break = before == " " or is_wide(before) or is_wide(after)
        if may_break and after != " " and after not in _NEVER_FIRST and before not in _NEVER_LAST:
            breaks.append(index)
    return tuple(text[start:end] for start, end in pairwise([*breaks, len(text)]))


def _fitting(text: str, width: float, size: float) -> int:
    """Return how many letters of a text fit, at least one."""
    count = 1
    while count < len(text) and width_of(text[: count + 1], size) <= width:
        count += 1
    return count


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if is_wide(letter):
        return 1.0
    if letter in _NARROW:
        return 0.36
    if letter in _BROAD:
        return 0.92
    return 0.7 if letter.isupper() else 0.6
