"""Comments: which characters of a file are one. They are no nodes, so they are found between the scalars."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml._yaml import CParser

from orderkit.language.source.syntax import offset_of
from orderkit.language.source.text import SourceText

_BEGIN = re.compile(r"(?:^|(?<=[ \t\n\r\ufeff]))#", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`; `is_alone` where nothing but spaces stands before it on its line."""

    source: SourceText
    start: int
    end: int
    is_alone: bool

    @property
    def text(self) -> str:
        """The comment from its `#` on."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The number of its line, from 1."""
        return self.source.position(self.start)[0]


def comments_of(source: SourceText) -> Iterator[Comment]:
    """Yield the comments of a file in their order; behind an error of syntax nothing is known to be one."""
    scalars, limit = _scalars(source)
    starts = [start for start, _ in scalars]
    at = 0
    while (match := _BEGIN.search(source.text, at)) is not None and match.start() < limit:
        start = match.start()
        index = bisect_right(starts, start) - 1
        if index >= 0 and start < scalars[index][1]:
            at = scalars[index][1]
            continue
        end = source.text.find("\n", start)
        end = len(source.text) if end < 0 else end
        text = source.text[start:end].rstrip()
        line_start = source.text.rfind("\n", 0, start) + 1
        yield Comment(
            source, start, start + len(text), is_alone=not source.text[line_start:start].strip(" \t\ufeff")
        )
        at = end


def _scalars(source: SourceText) -> tuple[list[tuple[int, int]], int]:
    """Return where scalars stand in which a `#` is text, and up to where the file could be read."""
    text = source.text
    found: list[tuple[int, int]] = []
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            if isinstance(event, yaml.ScalarEvent) and event.style:
                start, end = _stretch(event)
                if event.style in "|>":
                    # A comment may stand behind the sign that begins a block text, not in it.
                    start = text.find("\n", start)
                    start = end if start < 0 else start
                found.append((start, end))
    except yaml.YAMLError as error:
        return found, offset_of(source, error)
    finally:
        parser.dispose()
    return found, len(text)


def _stretch(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index
