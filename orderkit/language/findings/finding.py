"""Findings: what is wrong with a project, as values with a place.

Nothing here knows how a finding was found or how it is shown; `rendering` does the latter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from orderkit.language.findings.code import Code, Severity
from orderkit.model.labels import Label


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, columns in characters, the end just behind the last one."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A further remark, with the place it speaks of where there is one."""

    text: Label
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `mark` is what stands beside the underlined characters."""

    code: Code
    span: Span
    headline: Label
    help: Label | None = None
    mark: Label | None = None
    notes: tuple[Note, ...] = ()

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
