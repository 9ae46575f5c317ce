"""A plan for programs: everything that is known of it, as `document` declares it."""

import json
from dataclasses import asdict

from orderkit.database.changes.judging import Severity
from orderkit.model.errors import Problem
from orderkit.model.labels import text_of
from orderkit.plan.formats.document import (
    ConsequenceDocument,
    CountsDocument,
    EntryDocument,
    PlanDocument,
    RefusalDocument,
    Weight,
)
from orderkit.plan.values import Entry, Plan

_WEIGHTS: dict[Severity, Weight] = {
    Severity.SAFE: "safe",
    Severity.BACKFILL: "backfill",
    Severity.BREAKING: "breaking",
    Severity.DESTRUCTIVE: "destructive",
}


def render(plan: Plan, language: str) -> str:
    """Return the document as text."""
    document = PlanDocument(
        version=1,
        project=plan.project,
        against=None if plan.against is None else text_of(plan.against, language),
        empty=plan.is_empty,
        counts=CountsDocument(**{name: len(plan.of(weight)) for weight, name in _WEIGHTS.items()}),
        entries=[_entry(each, language) for each in plan.entries],
        notes=[text_of(each, language) for each in plan.notes],
        sql={dialect: list(statements) for dialect, statements in plan.sql.items()},
        refusals=[_refusal(each, language) for each in plan.refusals],
    )
    return json.dumps(asdict(document), ensure_ascii=False, indent=2) + "\n"


def _entry(entry: Entry, language: str) -> EntryDocument:
    return EntryDocument(
        severity=_WEIGHTS[entry.severity],
        area=entry.area,
        subject=entry.subject,
        manner=entry.manner,
        attribute=entry.attribute or None,
        summary=text_of(entry.words, language),
        before=None if entry.before is None else text_of(entry.before, language),
        after=None if entry.after is None else text_of(entry.after, language),
        consequences=[
            ConsequenceDocument(summary=text_of(each.words, language), subject=each.subject or None)
            for each in entry.consequences
        ],
    )


def _refusal(problem: Problem, language: str) -> RefusalDocument:
    return RefusalDocument(
        code=None if problem.known_as is None else problem.known_as.id,
        name=problem.code if problem.known_as is None else problem.known_as.name,
        path=problem.path,
        message=text_of(problem.message, language),
        help=None if problem.help is None else text_of(problem.help, language),
    )
