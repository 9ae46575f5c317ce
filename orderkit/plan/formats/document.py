"""The shape of what `plan --format json` prints; its JSON Schema is `schemas/plan.json`.

Keys are only ever added under one `version`. A reader must take further keys for granted.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from orderkit.plan.values import Area, Manner

Weight = Literal["safe", "backfill", "breaking", "destructive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceDocument:
    """What an entry brings about elsewhere."""

    summary: str
    subject: Annotated[str | None, Field(description="The path of what is affected, where it has one.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDocument:
    """One change."""

    severity: Annotated[Weight, Field(description="What it means for data and for those who rely on it.")]
    area: Annotated[Area, Field(description="The part of the project.")]
    subject: Annotated[str, Field(description="The path of what changes, such as `order.lines.cost`.")]
    manner: Annotated[Manner, Field(description="What happens to it.")]
    attribute: Annotated[str | None, Field(description="What changes about it; null where it is the whole.")]
    summary: Annotated[str, Field(description="The change as a sentence, in the language of the call.")]
    before: str | None
    after: str | None
    consequences: list[ConsequenceDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalDocument:
    """What cannot be done as it is."""

    code: Annotated[str | None, Field(description="Permanent; `orderkit explain CODE` says more.")]
    name: Annotated[str, Field(description="A stable word for it.")]
    path: str
    message: str
    help: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsDocument:
    """How many entries there are of each weight."""

    safe: Annotated[int, Field(ge=0)]
    backfill: Annotated[int, Field(ge=0)]
    breaking: Annotated[int, Field(ge=0)]
    destructive: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """What `orderkit plan --format json` prints."""

    version: Literal[1]
    project: str
    against: Annotated[str | None, Field(description="What the project is compared with, in words.")]
    empty: Annotated[bool, Field(description="Whether nothing changes and nothing is refused.")]
    counts: CountsDocument
    entries: Annotated[list[EntryDocument], Field(description="The heaviest first.")]
    notes: list[str]
    sql: Annotated[dict[str, list[str]], Field(description="Statements by dialect, where `--sql` asked.")]
    refusals: list[RefusalDocument]


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(PlanDocument).json_schema(),
    }
