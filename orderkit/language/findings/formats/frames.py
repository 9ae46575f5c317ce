"""The lines of a file that a finding is about, with the very characters underlined."""

import unicodedata
from collections.abc import Iterator, Sequence

from orderkit.language.findings.span import Span

_WHOLE_LINES = 4
# A longer line is cut to what lies around the place.
_LONGEST_LINE = 400
_BEFORE = 80
# What a terminal would obey is shown as a picture of itself.
_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys((*range(0x80, 0xA0), 0x2028, 0x2029), "\ufffd"),
}


def frame(lines: Sequence[str], span: Span, mark: str = "", sign: str = "^") -> list[str]:
    """Return the numbered lines of a span, each underlined with `sign`; `mark` stands behind the last.

    Of a long span the first and the last line are shown.
    """
    last = min(span.end_line, len(lines))
    numbers = list(range(span.line, last + 1))
    cut = len(numbers) > _WHOLE_LINES
    if cut:
        numbers = [numbers[0], numbers[-1]]
    margin = " " * (len(str(last)) + 2)
    out: list[str] = []
    for number in numbers:
        line = lines[number - 1]
        start = span.column if number == span.line else len(line) - len(line.lstrip()) + 1
        end = span.end_column if number == span.end_line else len(line) + 1
        line, start, end = _window(line.replace("\t", " "), start, end)
        out.append(f" {number:>{len(str(last))}} | {visible(line)}".rstrip())
        before, marked = line[: start - 1], line[start - 1 : max(end, start) - 1]
        is_last = number == numbers[-1]
        if not line.strip() and not is_last:
            continue
        out.append(
            f"{margin}| {' ' * width(before)}{sign * max(width(marked), 1)}{f' {mark}' if mark and is_last else ''}"
        )
        if cut and not is_last:
            out.append(f"{margin}…")
    return out


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """Return what is shown of a line, and where the columns from `start` up to `end` stand in it."""
    if len(line) <= _LONGEST_LINE:
        return line, start, end
    first = max(0, start - 1 - _BEFORE)
    last = first + _LONGEST_LINE
    shown = f"{'…' if first else ''}{line[first:last]}{'…' if last < len(line) else ''}"
    moved = first - bool(first)
    return shown, start - moved, min(end, last + 1) - moved


def visible(text: str) -> str:
    """Return a text of somebody else's on one line, without characters that a terminal would obey."""
    return text.translate(_PICTURES)


def width(text: str) -> int:
    """Return the cells that a text takes in a terminal: a Chinese character takes two, an accent none."""
    return sum(_widths(text))


def _widths(text: str) -> Iterator[int]:
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
            yield 0
        else:
            yield 2 if unicodedata.east_asian_width(character) in "WF" else 1


def where(span: Span) -> str:
    """Return a place as editors take it: `forms/order.yaml:7:24`."""
    return f"{visible(span.path)}:{span.line}:{span.column}"
