"""How findings are shown: for people with the lines they are about, for tools as JSON.

Colours are the command line's; this module writes plain text.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.span import Span
from orderkit.model.labels import Label, text_of

SHOWN_AT_MOST = 200


def render_json(findings: Sequence[Finding], lang: str = "en") -> str:
    """Return the findings as the JSON that `check --format json` prints."""
    return json.dumps(
        {"version": 1, "findings": [_as_json(finding, lang) for finding in findings]},
        ensure_ascii=False,
        indent=2,
    )


def _as_json(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "code": finding.code.id,
        "severity": finding.code.severity.value,
        **_place(finding.span),
        "headline": text_of(finding.headline, lang),
        "help": None if finding.help is None else text_of(finding.help, lang),
        "notes": [
            {**({} if note.span is None else _place(note.span)), "text": text_of(note.text, lang)}
            for note in finding.notes
        ],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "path": span.path,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def render_concise(findings: Sequence[Finding], lang: str = "en") -> str:
    """Return one line a finding, as compilers print them."""
    return "".join(
        f"{_where(finding.span)}: {_title(finding)}: {text_of(finding.headline, lang)}\n"
        for finding in findings
    )


def render_human(findings: Sequence[Finding], sources: Mapping[str, str], lang: str = "en") -> str:
    """Return the findings with the lines they are about.

    Args:
        findings: in the order to be shown.
        sources: the text of each file by path; a finding whose file is missing is shown without lines.
        lang: the language of the texts.
    """
    shown = findings[:SHOWN_AT_MOST]
    lines = {path: sources[path].splitlines() for path in {f.path for f in shown} if path in sources}
    parts = [_block(finding, lines.get(finding.path, []), lang) for finding in shown]
    more = len(findings) - len(shown)
    if more > 0:
        parts.append(text_of({"zh": f"还有 {more} 条\n", "en": f"and {more} more\n"}, lang))
    return "\n".join(parts)


def _block(finding: Finding, lines: Sequence[str], lang: str) -> str:
    span = finding.span
    out = [f"{_title(finding)}: {text_of(finding.headline, lang)}", f"  --> {_where(span)}"]
    if span.line <= len(lines):
        out += _excerpt(lines[span.line - 1], span, finding.mark, lang)
        if finding.help is not None or finding.notes:
            out.append(f"{' ' * (len(str(span.line)) + 2)}|")
    for note in finding.notes:
        text = text_of(note.text, lang)
        out.append(f"  ::: {_where(note.span)}   {text}" if note.span else f"  note: {text}")
    if finding.help is not None:
        out.append(f"  help: {text_of(finding.help, lang)}")
    return "\n".join(out) + "\n"


def _excerpt(line: str, span: Span, mark: Label | None, lang: str) -> list[str]:
    number = str(span.line)
    margin = " " * (len(number) + 2)
    end = span.end_column if span.end_line == span.line else len(line) + 1
    before, marked = line[: span.column - 1], line[span.column - 1 : max(end, span.column) - 1]
    underline = " " * _width(before) + "^" * max(_width(marked), 1)
    if mark is not None:
        underline += f" {text_of(mark, lang)}"
    return [f"{margin}|", f" {number} | {line.replace(chr(9), ' ')}", f"{margin}| {underline}"]


def _width(text: str) -> int:
    """Return the cells that a text takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _where(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}"


def _title(finding: Finding) -> str:
    return f"{finding.code.severity.value}[{finding.code.id}] {finding.code.name}"
