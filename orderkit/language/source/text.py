"""The text of one file, and where a character of it stands.

Nodes keep only offsets; lines and columns are worked out when a finding or an origin needs them.
"""

from bisect import bisect_right
from functools import cached_property

from orderkit.language.findings import Span, TextEdit


class SourceText:
    """A file: its path relative to the project, and its text without a byte-order mark."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, index = [0], self.text.find("\n")
        while index >= 0:
            starts.append(index + 1)
            index = self.text.find("\n", index + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset_of_line(self, line: int) -> int:
        """Return the offset at which a line (from 1) begins."""
        return self._line_starts[min(line, len(self._line_starts)) - 1]

    def line_at(self, offset: int) -> tuple[int, str]:
        """Return the offset at which the line of a character begins, and the line."""
        start = self.offset_of_line(self.position(offset)[0])
        end = self.text.find("\n", start)
        return start, self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        """Return the span of two offsets. An empty stretch is widened to the character it stands at."""
        if end <= start:
            end = start + 1
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        if end_column == 1 and end_line > line:
            end_line, end_column = line, end - 1 - self.offset_of_line(line) + 1
            end_column = max(end_column, column + 1)
        return Span(self.path, line, column, end_line, end_column)

    def edit(self, start: int, end: int, text: str) -> TextEdit:
        """Return the edit that puts `text` in the place of two offsets; nothing is widened."""
        return TextEdit(Span(self.path, *self.position(start), *self.position(end)), text)
