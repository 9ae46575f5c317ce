"""What a format is given, and what it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from orderkit.language.findings.finding import Finding, Note
from orderkit.language.findings.fix import TextEdit
from orderkit.language.findings.span import Span
from orderkit.model.codes import Severity


@dataclass(frozen=True)
class Report:
    """Findings in the order to be shown.

    Args:
        findings: what was found.
        sources: the text of every file by path, also of those that are right.
        lang: the language of the texts, `zh` or `en`.
        version: of orderkit, for formats that name their tool.
    """

    findings: Sequence[Finding]
    sources: Mapping[str, str]
    lang: str = "en"
    version: str = ""

    @cached_property
    def lines(self) -> Mapping[str, Sequence[str]]:
        """The lines of every file that a finding speaks of."""
        paths = {span.path for each in self.findings for span in _spans(each)}
        return {path: _lines(self.sources[path]) for path in paths if path in self.sources}

    def count(self, severity: Severity) -> int:
        """Return how many findings weigh so much."""
        return sum(each.code.severity is severity for each in self.findings)

    def below(self, folder: str) -> "Report":
        """Return the report with paths that begin in another folder, as `examples/shop/` for `forms/a.yaml`."""
        if not folder:
            return self
        return replace(
            self,
            findings=[_below(each, folder) for each in self.findings],
            sources={folder + path: text for path, text in self.sources.items()},
        )


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a report. `is_for_review`: read by a tool that knows files from the working folder on."""

    render: Callable[[Report], str]
    is_for_review: bool = False


def _lines(text: str) -> list[str]:
    """Return the lines as places count them: only a line feed ends one."""
    return [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]


def _spans(finding: Finding) -> list[Span]:
    return [finding.span, *(note.span for note in finding.notes if note.span is not None)]


def _below(finding: Finding, folder: str) -> Finding:
    def moved(span: Span) -> Span:
        return span._replace(path=folder + span.path)

    fix = finding.fix
    return replace(
        finding,
        span=moved(finding.span),
        notes=tuple(
            Note(text=note.text, span=None if note.span is None else moved(note.span))
            for note in finding.notes
        ),
        fix=None
        if fix is None
        else replace(fix, edits=tuple(TextEdit(moved(edit.span), edit.text) for edit in fix.edits)),
    )
