"""The shape of what `check --format json` prints; its JSON Schema is `schemas/findings.json`.

Keys are only ever added under one `version`. A reader must take further keys for granted.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A character of a file."""

    line: Annotated[int, Field(description="From 1.", ge=1)]
    column: Annotated[
        int, Field(description="From 1, in characters; 0 stands for the byte-order mark of a file.", ge=0)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A stretch of a file."""

    filename: Annotated[str, Field(description="Relative to the project, with `/`.")]
    start: Position
    end: Annotated[Position, Field(description="Just behind the last character.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """The lines that a finding is about."""

    context: Annotated[
        str | None, Field(description="The line of the map it stands in, such as `form: order`.")
    ]
    code: Annotated[str, Field(description="The lines as written, without the last line end.")]
    start_line: Annotated[int, Field(description="The number of the first of them.", ge=1)]
    highlight_start_offset: Annotated[int, Field(description="In characters of `code`, from 0.", ge=0)]
    highlight_end_offset: Annotated[int, Field(description="Just behind the last one.", ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDocument:
    """A further remark."""

    text: str
    range: Annotated[Range | None, Field(description="The place it speaks of, where there is one.")]
    path: Annotated[str | None, Field(description="As `range.filename`.")]
    start: Position | None
    end: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDocument:
    """What shall stand at a stretch of a file; an empty stretch is an insertion."""

    range: Range
    new_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixDocument:
    """How to mend it: all edits together, or none."""

    title: str
    applicability: Annotated[
        Literal["safe", "unsafe", "shown"],
        Field(description="`safe`: applied by `check --fix`; `unsafe`: a guess; `shown`: only to be read."),
    ]
    edits: list[EditDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDocument:
    """One fault."""

    code: Annotated[str, Field(description="Permanent; `orderkit explain CODE` says more.")]
    name: Annotated[str, Field(description="The code in words.")]
    severity: Literal["error", "warning", "hint"]
    summary: Annotated[str, Field(description="What is wrong, in a line.")]
    detail: Annotated[str, Field(description="What to do, or what the code is about.")]
    headline: Annotated[str, Field(description="As `summary`.")]
    help: Annotated[str | None, Field(description="What to do, where that is known.")]
    range: Range
    path: Annotated[str, Field(description="As `range.filename`.")]
    start: Position
    end: Position
    snippet: Annotated[Snippet | None, Field(description="Null where the file could not be read as text.")]
    notes: list[NoteDocument]
    fix: FixDocument | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsDocument:
    """What `orderkit check --format json` prints."""

    version: Literal[1]
    valid: Annotated[bool, Field(description="Whether there is no error.")]
    error_count: Annotated[int, Field(ge=0)]
    warning_count: Annotated[int, Field(ge=0)]
    hint_count: Annotated[int, Field(ge=0)]
    findings: list[FindingDocument]


def findings_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(FindingsDocument).json_schema(),
    }
