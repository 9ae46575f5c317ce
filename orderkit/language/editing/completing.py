"""What could stand at the cursor: a name that cannot exist is put there, and the compiler says what it knows.

So completion can never disagree with the compiler, and every place that reports an unknown name with
what is known there completes: fields in expressions, forms, roles, states, options, functions, keys.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.language.compile import Analysis, analyse_project
from orderkit.language.findings import Finding

# Long enough to be like nothing, so that no guess gets in the way.
_MARK = "zqzqzqzqzqzq"
_WORD = re.compile(r"\w*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name, and the part of the line from column `start` up to `end` that it would take the place of."""

    name: str
    start: int
    end: int


def complete(
    files: Mapping[str, bytes], catalog: Catalog, path: str, line: int, column: int
) -> tuple[Candidate, ...]:
    """Return what could be written at a place, by name. Lines and columns count from 1.

    Args:
        files: the project as it is being written.
        catalog: what the installation knows.
        path: the file.
        line: the cursor's line.
        column: the column of the character behind the cursor.
    """
    lines = files[path].decode("utf-8", errors="replace").split("\n")
    if not 1 <= line <= len(lines):
        return ()
    text = lines[line - 1]
    start, end = _word_around(text, column - 1)
    for mark in (_MARK, f"{_MARK}: x"):
        marked = [*lines[: line - 1], text[:start] + mark + text[end:], *lines[line:]]
        analysis = analyse_project({**files, path: "\n".join(marked).encode()}, catalog)
        names = {str(name) for finding in _at(analysis, path, line) for name in finding.candidates}
        if names:
            return tuple(Candidate(name, start + 1, end + 1) for name in sorted(names))
    return ()


def _word_around(text: str, at: int) -> tuple[int, int]:
    start = at = min(max(at, 0), len(text))
    while start > 0 and _WORD.fullmatch(text[start - 1]) and text[start - 1]:
        start -= 1
    match = _WORD.match(text, at)
    return start, at if match is None else match.end()


def _at(analysis: Analysis, path: str, line: int) -> Iterator[Finding]:
    """Yield the findings that are about the mark."""
    for finding in analysis.found:
        if finding.path == path and finding.span.line == line and _MARK in finding.headline.get("en", ""):
            yield finding
