"""Tests written as prose: Markdown with YAML files, whose comments say what is to be found.

A case is a heading and what follows it. A file is a line with its path in backticks and a block
```` ```yaml ```` (or `html`, a template). A comment `# error: [OK2102] "part of the headline"` (or `warning:`, `hint:`) expects that finding on its
line; nothing else may be found. A block ```` ```snapshot ```` holds what `check` prints; `pytest --update-golden` writes it.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from orderkit.language.findings import render_human
from tests.language.examples import compiled

FENCE = "```"
_EXPECTED = re.compile(
    r'#\s*(?P<severity>error|warning|hint): \[(?P<code>OK\d{4})\](?:\s+"(?P<part>[^"]*)")?'
)
_PATH = re.compile(r"^`(?P<path>[\w/.-]+\.(ya?ml|html))`$")


@dataclass(frozen=True)
class Case:
    """One heading with its files; `snapshot` is the line numbers of its block in the page."""

    page: Path
    heading: str
    files: dict[str, str] = field(default_factory=dict)
    snapshot: tuple[int, int] | None = None

    def __str__(self) -> str:
        return f"{self.page.stem}: {self.heading}"


def cases_of(page: Path) -> list[Case]:
    """Return the cases of a page that have files."""
    lines = page.read_text(encoding="utf-8").splitlines()
    cases: list[Case] = []
    path, at = "", 0
    while at < len(lines):
        line = lines[at]
        named = _PATH.match(line)
        if line.startswith("## "):
            cases.append(Case(page, line[3:].strip()))
        elif named:
            path = named["path"]
        elif line.startswith(FENCE):
            end = lines.index(FENCE, at + 1)
            if line in (f"{FENCE}yaml", f"{FENCE}html"):
                cases[-1].files[path or f"file{len(cases[-1].files)}.yaml"] = (
                    "\n".join(lines[at + 1 : end]) + "\n"
                )
            elif line == f"{FENCE}snapshot":
                cases[-1] = Case(page, cases[-1].heading, cases[-1].files, (at + 1, end))
            path, at = "", end
        at += 1
    return [case for case in cases if case.files]


def check(case: Case, *, update_golden: bool) -> None:
    """Compare what is found with what the comments expect, and with the snapshot."""
    found = compiled(case.files).found
    expected = sorted(
        (path, number, match["severity"], match["code"], match["part"] or "")
        for path, text in case.files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in _EXPECTED.finditer(line)
    )
    actual = sorted((f.path, f.span.line, f.code.severity.value, f.code.id, f.headline["en"]) for f in found)
    assert [each[:4] for each in actual] == [each[:4] for each in expected], render_human(found, case.files)
    for *place, part in expected:
        assert any(each[:4] == tuple(place) and part in each[4] for each in actual), part
    if case.snapshot is not None:
        printed = render_human(found, _without_comments(case.files))
        _check_snapshot(case, printed, update_golden=update_golden)


def _without_comments(files: dict[str, str]) -> dict[str, str]:
    """Return the files as a consultant would have written them, for the lines that a snapshot shows."""
    return {path: re.sub(rf"[ \t]*{_EXPECTED.pattern}", "", text) for path, text in files.items()}


def _check_snapshot(case: Case, printed: str, *, update_golden: bool) -> None:
    # Read anew: writing the snapshot of an earlier case has moved the lines.
    written = next(each.snapshot for each in cases_of(case.page) if each.heading == case.heading)
    assert written is not None
    start, end = written
    lines = case.page.read_text(encoding="utf-8").splitlines()
    if update_golden:
        lines[start:end] = printed.rstrip("\n").split("\n")
        case.page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    assert printed.rstrip("\n") == "\n".join(lines[start:end])
