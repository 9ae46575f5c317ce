"""Writes changes as a revision that people can read: the same changes give the same text.

Only text is made here; `writing` puts it into files. What differs between the databases is in
`operations`, so that a revision says what happens and not how.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from orderkit.database.changes.between import Difference
from orderkit.database.changes.judging import Judgement, Severity, judge_all
from orderkit.database.changes.kinds import Change, MoveColumn
from orderkit.database.changes.reversing import reversed_changes
from orderkit.database.revisions.describing import describe
from orderkit.database.revisions.formulas import Formulas
from orderkit.database.revisions.literals import INDENT, call, imports_of, text, texts
from orderkit.database.revisions.statements import Statement, Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Where a revision stands in the line. The hashes are of the models that it starts from and leads to."""

    number: str
    previous: str | None
    starts_from: str | None
    leads_to: str


def render_revision(heading: Heading, difference: Difference) -> str:
    """Return the text of a revision file."""
    judged = judge_all(difference.changes, difference.before, difference.target)
    upgrade, downgrade = _bodies(difference, judged)
    functions = f"def upgrade() -> None:\n{upgrade}\n\ndef downgrade() -> None:\n{downgrade}"
    follows = f"follows {heading.previous}" if heading.previous else "the first"
    listed = "\n".join(
        f"- {describe(change)} ({_word(judgement)}){_remark(change)}" for change, judgement in judged
    )
    return (
        f'"""Revision {heading.number}, {follows}.\n\n{listed}\n"""\n\n'
        f"{imports_of(functions)}\n"
        f"revision = {text(heading.number)}\n"
        f"down_revision = {_or_none(heading.previous)}\n"
        "branch_labels = None\n"
        "depends_on = None\n"
        f"starts_from = {_or_none(heading.starts_from)}\n"
        f"leads_to = {text(heading.leads_to)}\n"
        f"is_safe_for_older = {all(judgement.is_safe_for_older for _, judgement in judged)}\n"
        f"retires = {texts(difference.retires)}\n\n\n"
        f"{functions}"
    )


def _bodies(difference: Difference, judged: Sequence[tuple[Change, Judgement]]) -> tuple[str, str]:
    """Return what stands in both functions. A revision that cannot be undone says why instead."""
    after = Formulas(difference.new, difference.target)
    before = Formulas(difference.old, difference.before) if difference.old is not None else None
    statements = Statements(after, before)
    forward = sorted(statements.of(difference.changes), key=lambda each: each.phase)
    lost = [(change, judgement) for change, judgement in judged if not judgement.is_reversible]
    if lost:
        return _body(_lines(forward)), _body(_irreversible(lost))
    return _body(_lines(forward)), _body(_lines(statements.of(reversed_changes(difference.changes))))


def _lines(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield the lines; what alters one table stands in one block as long as nothing comes between."""
    for table, group in groupby(statements, lambda each: each.altered):
        if table is None:
            for statement in group:
                yield from statement.lines
        else:
            yield f"with ok.alter_table({text(table)}) as table:"
            for statement in group:
                yield from (f"{INDENT}{line}" for line in statement.lines)


def _irreversible(lost: Sequence[tuple[Change, Judgement]]) -> list[str]:
    why = "; ".join(f"{describe(change)}: {judgement.reason['en']}" for change, judgement in lost)
    chinese = "；".join(f"{describe(change)}：{judgement.reason['zh']}" for change, judgement in lost)
    return call("raise ok.Irreversible", [text(why), text(chinese)])


def _body(lines: Iterator[str] | Sequence[str]) -> str:
    return "".join(f"{INDENT}{line}\n" for line in list(lines) or ["pass"])


def _word(judgement: Judgement) -> str:
    return "needs a backfill" if judgement.severity is Severity.BACKFILL else judgement.severity.name.lower()


def _remark(change: Change) -> str:
    """Return what whoever reads the head of a revision would not guess from its changes."""
    if not isinstance(change, MoveColumn):
        return ""
    if change.is_down:
        alone = f"where no {change.to_table}.{change.link} refers to a row"
    else:
        alone = f"where {change.table}.{change.link} is empty"
    return f";\n  {alone}, the value goes to the shadow table only"


def _or_none(value: str | None) -> str:
    return "None" if value is None else text(value)
