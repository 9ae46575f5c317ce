"""Edits of text, applied from the end so that none moves another.

Line ends, the byte-order mark and everything outside the edits stay as they are.
"""

from collections.abc import Iterable, Sequence

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.fix import Fix, TextEdit

_MARK = "\ufeff"


def edited(text: str, edits: Iterable[TextEdit]) -> str:
    """Return the text of a file after edits that do not overlap."""
    starts = _line_starts(text)
    places = sorted((*_offsets(edit, starts, text), edit.text) for edit in edits)
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text


def safe_fixes(findings: Iterable[Finding]) -> tuple[Fix, ...]:
    """Return the safe fixes that can be applied together: of those that touch each other, the first."""
    taken: list[TextEdit] = []
    fixes: list[Fix] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or not fix.is_safe or fix in fixes:
            continue
        if not any(_touches(edit, other) for edit in fix.edits for other in taken):
            taken += fix.edits
            fixes.append(fix)
    return tuple(fixes)


def _touches(one: TextEdit, other: TextEdit) -> bool:
    a, b = one.span, other.span
    if a.path != b.path:
        return False
    return a[1:3] <= b[3:5] and b[1:3] <= a[3:5]


def _offsets(edit: TextEdit, starts: Sequence[int], text: str) -> tuple[int, int]:
    span = edit.span
    shift = 1 if text.startswith(_MARK) else 0

    def offset(line: int, column: int) -> int:
        first = starts[min(line, len(starts)) - 1]
        return max(0, min(first + column - 1 + (shift if line == 1 else 0), len(text)))

    return offset(span.line, span.column), offset(span.end_line, span.end_column)


def _line_starts(text: str) -> list[int]:
    starts, index = [0], text.find("\n")
    while index >= 0:
        starts.append(index + 1)
        index = text.find("\n", index + 1)
    return starts
