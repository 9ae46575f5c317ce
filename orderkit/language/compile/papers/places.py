"""Where names stand in a template: the tree of Jinja2 knows lines, not columns."""

import re
from dataclasses import dataclass, field

from orderkit.language.findings import Span
from orderkit.language.source import SourceText


def first_words(said: str | None) -> str:
    """Return what Jinja2 says, as the end of a sentence."""
    message = said or "something is missing"
    return message[:1].lower() + message[1:].rstrip(".")


@dataclass(slots=True)
class Places:
    """Where names stand in a template."""

    source: SourceText
    seen: dict[tuple[int, str], int] = field(default_factory=dict)

    def of_line(self, line: int) -> Span:
        """Return the place of a line, without the spaces around it."""
        start = self.source.offset_of_line(line)
        _, text = self.source.line_at(start)
        indent = len(text) - len(text.lstrip())
        return self.source.span(start + indent, start + max(len(text.rstrip()), indent + 1))

    def of(self, line: int, name: str) -> Span:
        """Return the next place of a word in a line; the whole line where it is not found there."""
        start = self.source.offset_of_line(line)
        _, text = self.source.line_at(start)
        inside = list(re.finditer(rf"(?<![\w]){re.escape(name)}(?![\w])", text))
        tags = [
            match for match in inside if text.rfind("{", 0, match.start()) > text.rfind("}", 0, match.start())
        ]
        found = tags or inside
        count = self.seen[line, name] = self.seen.get((line, name), -1) + 1
        if not found:
            return self.of_line(line)
        match = found[min(count, len(found) - 1)]
        return self.source.span(start + match.start(), start + match.end())
