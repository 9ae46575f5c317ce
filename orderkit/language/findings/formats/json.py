"""For tools: everything that is known of a finding, as `document` declares it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from orderkit.language.findings.finding import Finding, Note
from orderkit.language.findings.fix import Fix
from orderkit.language.findings.formats.document import (
    EditDocument,
    FindingDocument,
    FindingsDocument,
    FixDocument,
    NoteDocument,
    Position,
    Range,
    Snippet,
)
from orderkit.language.findings.formats.report import Format, Report
from orderkit.language.findings.span import Span
from orderkit.model.codes import Severity
from orderkit.model.labels import text_of


def render(report: Report) -> str:
    """Return the document as text."""
    errors = report.count(Severity.ERROR)
    document = FindingsDocument(
        version=1,
        valid=errors == 0,
        error_count=errors,
        warning_count=report.count(Severity.WARNING),
        hint_count=report.count(Severity.HINT),
        findings=[_finding(each, report) for each in report.findings],
    )
    return json.dumps(asdict(document), ensure_ascii=False, indent=2)


def _finding(finding: Finding, report: Report) -> FindingDocument:
    code, lang = finding.code, report.lang
    headline = text_of(finding.headline, lang)
    help_ = None if finding.help is None else text_of(finding.help, lang)
    place = _range(finding.span)
    return FindingDocument(
        code=code.id,
        name=code.name,
        severity=code.severity.value,
        summary=headline,
        detail=help_ or text_of(code.explained, lang),
        headline=headline,
        help=help_,
        range=place,
        path=place.filename,
        start=place.start,
        end=place.end,
        snippet=_snippet(report.lines.get(finding.path, ()), finding.span),
        notes=[_note(note, lang) for note in finding.notes],
        fix=None if finding.fix is None else _fix(finding.fix, lang),
    )


def _note(note: Note, lang: str) -> NoteDocument:
    place = None if note.span is None else _range(note.span)
    return NoteDocument(
        text=text_of(note.text, lang),
        range=place,
        path=None if place is None else place.filename,
        start=None if place is None else place.start,
        end=None if place is None else place.end,
    )


def _fix(fix: Fix, lang: str) -> FixDocument:
    return FixDocument(
        title=text_of(fix.title, lang),
        applicability=fix.applicability.value,
        edits=[EditDocument(range=_range(edit.span), new_text=edit.text) for edit in fix.edits],
    )


def _range(span: Span) -> Range:
    return Range(
        filename=span.path,
        start=Position(line=span.line, column=span.column),
        end=Position(line=span.end_line, column=span.end_column),
    )


def _snippet(lines: Sequence[str], span: Span) -> Snippet | None:
    if span.line > len(lines):
        return None
    shown = lines[span.line - 1 : span.end_line]
    first = lines[span.line - 1]
    before_last = sum(len(line) + 1 for line in shown[:-1])
    end = before_last + min(span.end_column - 1, len(shown[-1]))
    start = min(span.column - 1, len(first))
    return Snippet(
        context=_context(lines, span.line),
        code="\n".join(shown),
        start_line=span.line,
        highlight_start_offset=start,
        highlight_end_offset=max(end, start),
    )


def _context(lines: Sequence[str], number: int) -> str | None:
    """Return the line that a line belongs to: the nearest above that is indented less."""
    indent = _indent(lines[number - 1])
    above = (
        line for line in reversed(lines[: number - 1]) if line.strip() and not line.lstrip().startswith("#")
    )
    return next((line.strip() for line in above if _indent(line) < indent), None)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


FORMAT = Format(render)
