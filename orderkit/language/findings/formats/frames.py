"""The lines of a file that a finding is about, with the very characters underlined."""

import unicodedata
from collections.abc import Iterator, Sequence

from orderkit.language.findings.span import Span

_WHOLE_LINES = 4


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
        out.append(f" {number:>{len(str(last))}} | {line.replace(chr(9), ' ')}".rstrip())
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
    return f"{span.path}:{span.line}:{span.column}"
