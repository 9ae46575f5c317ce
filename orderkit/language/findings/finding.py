"""Findings: what is wrong with a project, as values with a place.

Nothing here knows how a finding was found or how it is shown; `formats` does the latter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from orderkit.language.findings.fix import Fix
from orderkit.language.findings.span import Span
from orderkit.model.codes import Code, Severity
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A further remark, with the place it speaks of where there is one."""

    text: Label
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `mark` is what stands beside the underlined characters, `fix` what would mend it.

    `candidates` are the names that could stand at its place, where a name that is not known stands there.
    """

    code: Code
    span: Span
    headline: Label
    help: Label | None = None
    mark: Label | None = None
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    candidates: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The file, relative to the project."""
        return self.span.path


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by file, place and code, each once."""
    first: dict[tuple[Span, str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.span, finding.code.id, str(dict(finding.headline))), finding)
    return tuple(first[key] for key in sorted(first))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything stops the build."""
    return any(finding.code.severity is Severity.ERROR for finding in findings)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a pass hands on: as much value as could be made, and every finding."""

    value: T
    found: tuple[Finding, ...] = ()
