"""Fixes: how a finding can be mended, as edits of text.

A fix never carries YAML to be written anew, only stretches of the file and what shall stand there, so
that comments, blank lines and order stay. `edits` applies them.
"""

from dataclasses import dataclass
from enum import StrEnum

from orderkit.language.findings.span import Span
from orderkit.model.labels import Label


class Applicability(StrEnum):
    """Who may apply a fix: `check --fix` (safe), a person who looked at it (unsafe), nobody but by hand (shown)."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class TextEdit:
    """What shall stand at a stretch of a file; an empty stretch is an insertion.

    Column 0 of line 1 is the byte-order mark, where there is one.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A way to mend a finding. Its edits do not overlap; they are all applied, or none."""

    title: Label
    edits: tuple[TextEdit, ...]
    applicability: Applicability = Applicability.SAFE

    @property
    def is_safe(self) -> bool:
        """Whether it may be applied without anybody looking."""
        return self.applicability is Applicability.SAFE
