"""Places, findings and edits as the Language Server Protocol says them.

Ours count lines and columns from 1, in characters; the protocol's from 0, in the client's units, which
the document's codec counts.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from lsprotocol import types as lsp
from pygls import uris
from pygls.workspace import PositionCodec

from orderkit.language.findings import Finding, Severity, Span, TextEdit
from orderkit.model.labels import text_of

SOURCE = "orderkit"
NO_LINE = 2**31 - 1
NOWHERE = (0, 0)
_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.HINT: lsp.DiagnosticSeverity.Information,
}


class Translator:
    """Translates for one project: its root, its texts, the client's units and the reader's language."""

    def __init__(self, root: Path, files: Mapping[str, bytes], codec: PositionCodec, lang: str) -> None:
        self.root = root
        self.files = files
        self.codec = codec
        self.lang = lang
        self._lines: dict[str, list[str]] = {}

    def uri(self, path: str) -> str:
        """Return the address of a file."""
        return uris.from_fs_path(str(self.root / path)) or ""

    def range(self, span: Span) -> lsp.Range:
        """Return a stretch of a file."""
        return lsp.Range(
            start=self.position(span.path, span.line, span.column),
            end=self.position(span.path, span.end_line, span.end_column),
        )

    def location(self, span: Span) -> lsp.Location:
        """Return a stretch of a file with its address."""
        return lsp.Location(uri=self.uri(span.path), range=self.range(span))

    def place(self, path: str, position: lsp.Position) -> tuple[int, int]:
        """Return line and column of a position of the client; one that no file has is a place with nothing there."""
        if position.line >= NO_LINE:
            return NOWHERE
        found = self.codec.position_from_client_units(self.lines(path), position)
        return found.line + 1, found.character + 1

    def diagnostic(self, finding: Finding) -> lsp.Diagnostic:
        """Return a finding, with its help, and its further places."""
        text = text_of(finding.headline, self.lang)
        if finding.help is not None:
            text += f"\n{text_of(finding.help, self.lang)}"
        return lsp.Diagnostic(
            range=self.range(finding.span),
            message=text,
            severity=_SEVERITIES[finding.code.severity],
            code=finding.code.id,
            source=SOURCE,
            related_information=[
                lsp.DiagnosticRelatedInformation(self.location(note.span), text_of(note.text, self.lang))
                for note in finding.notes
                if note.span is not None
            ],
        )

    def workspace_edit(self, edits: Iterable[TextEdit]) -> lsp.WorkspaceEdit:
        """Return edits by file."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for each in edits:
            made = lsp.TextEdit(range=self.range(each.span), new_text=each.text)
            changes.setdefault(self.uri(each.span.path), []).append(made)
        return lsp.WorkspaceEdit(changes=changes)

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file; there is always one more that is empty, where a place may end."""
        if path not in self._lines:
            text = self.files.get(path, b"").decode("utf-8", errors="replace")
            self._lines[path] = [*text.split("\n"), ""]
        return self._lines[path]

    def position(self, path: str, line: int, column: int) -> lsp.Position:
        """Return a place in the client's units; one behind the end of its line is the end."""
        lines = self.lines(path)
        index = min(line - 1, len(lines) - 1)
        return self.codec.position_to_client_units(
            lines, lsp.Position(line=index, character=min(max(column - 1, 0), len(lines[index])))
        )
