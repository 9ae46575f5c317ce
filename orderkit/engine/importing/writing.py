"""Writes planned records through `records.apply`, in chunks of complete records.

Every chunk is a transaction of its own, which also notes how far the import is and what it wrote: one
that broke off goes on exactly there. A trial is the same thing undone at its end, so it finds exactly
what the real one would.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from orderkit.engine.importing.matching.existing import Planned
from orderkit.engine.importing.matching.references import Reference, values_to_make
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.rows import RowReader
from orderkit.engine.importing.runs import Verb
from orderkit.engine.records import ChangesRefused, Create, apply, as_stored, can_stand_alone, put_again
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Problem, Refused, Stale
from orderkit.model.forms import FormId


@dataclass(slots=True)
class Written:
    """What came of a chunk: `made` counts records that were referred to and did not exist."""

    created: int = 0
    updated: int = 0
    made: dict[FormId, int] = field(default_factory=dict)
    records: list[tuple[FormId, int, Verb]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)


class _Undone(Exception):
    """Ends a trial, so that its transaction is rolled back."""


def rows_in(planned: Iterable[Planned]) -> int:
    """Return how many database rows these records are."""
    return sum(each.draft.line_count for each in planned)


def next_chunk(planned: Sequence[Planned], start: int, rows: int) -> Sequence[Planned]:
    """Return whole records from a place on, of about so many database rows, at least one."""
    end, found = start, 0
    while end < len(planned) and (end == start or found + planned[end].draft.line_count <= rows):
        found += planned[end].draft.line_count
        end += 1
    return planned[start:end]


def write_chunk(unit: Unit, reader: RowReader, chunk: Sequence[Planned]) -> Written:
    """Write a chunk in an open unit. Problems mean that the unit must not commit."""
    written = Written()
    plan = reader.plan
    missing = list(dict.fromkeys(r for planned in chunk for r in planned.references() if r.is_missing))
    if missing:
        made = _made(unit, reader, missing, written)
        if not made:
            return written
    changes = [planned.change(plan.form.id) for planned in chunk]
    try:
        applied = apply(unit, changes, waive=plan.waive, history=plan.is_history)
    except ChangesRefused as refused:
        for index, problems in sorted(refused.by_change.items()):
            written.problems += located(reader, chunk[index], problems)
        return written
    for planned, each in zip(chunk, applied, strict=True):
        written.created += planned.id is None
        written.updated += planned.id is not None and each.has_changed
        if planned.id is None or each.has_changed:
            verb = Verb.CREATED if planned.id is None else Verb.UPDATED
            written.records.append((each.form, each.id, verb))
    return written


def _made(unit: Unit, reader: RowReader, missing: Sequence[Reference], written: Written) -> bool:
    """Make what is referred to and missing; return whether all of it could be made."""
    again = [each for each in missing if unit.is_trial and each.tried is not None]
    _put_again(unit, again)
    fresh = [each for each in missing if each.id is None]
    forms = unit.project.form_by_id
    creates = [Create(form=r.form, values=values_to_make(forms[r.form], r)) for r in fresh]
    try:
        applied = apply(unit, creates, waive=reader.plan.waive, history=reader.plan.is_history)
    except ChangesRefused as refused:
        for index, problems in sorted(refused.by_change.items()):
            reference = fresh[index]
            for problem in problems:
                path = f"{reference.path}.{problem.path}" if problem.path else reference.path
                written.problems.append(_at(reader, reference.row, path, problem, fallback=reference.path))
        return False
    for reference, each in zip(fresh, applied, strict=True):
        reference.id = each.id
        if unit.is_trial and can_stand_alone(unit, reference.form):
            reference.tried = as_stored(unit, reference.form, each.id)
    for reference in missing:
        assert reference.id is not None
        written.made[reference.form] = written.made.get(reference.form, 0) + 1
        written.records.append((reference.form, reference.id, Verb.MADE))
    return True


def _put_again(unit: Unit, references: Sequence[Reference]) -> None:
    """Store what earlier parts of the trial have made and judged; each part is taken back, with what it made."""
    for form in dict.fromkeys(each.form for each in references):
        some = [each for each in references if each.form == form]
        ids = put_again(unit, form, [each.tried for each in some if each.tried is not None])
        for reference, record_id in zip(some, ids, strict=True):
            reference.id = record_id


def commit_chunk(
    runtime: Runtime,
    person: Person,
    reader: RowReader,
    chunk: Sequence[Planned],
    *,
    request_id: str,
    note: Callable[[Unit, Written], None],
) -> Written:
    """Write a chunk for good and note it with it; nothing of it, if there is any problem."""
    before = [r for planned in chunk for r in planned.references() if r.is_missing]
    written = Written()
    try:
        with runtime.write(person, Channel.IMPORT, request_id=request_id) as unit:
            written = write_chunk(unit, reader, chunk)
            if written.problems:
                raise _Undone  # noqa: TRY301 - leaving a unit by an exception is what rolls it back
            note(unit, written)
    except _Undone:
        _forget(before)
        return Written(problems=written.problems)
    except (Refused, Denied, NotFound, Stale, Conflict) as error:
        _forget(before)
        found = try_chunk(runtime, person, reader, chunk).problems
        return Written(problems=found or _of_error(reader, chunk, error))
    return written


def try_chunk(runtime: Runtime, person: Person, reader: RowReader, chunk: Sequence[Planned]) -> Written:
    """Write a chunk and take it back, to learn what would come of it."""
    written, is_whole = _tried(runtime, person, reader, chunk)
    if is_whole or len(chunk) == 1:
        return written
    # An error that names no record (no right to change it, somebody else's change) is found one by one.
    alone = Written()
    for planned in chunk:
        each, _ = _tried(runtime, person, reader, [planned])
        alone.created += each.created
        alone.updated += each.updated
        alone.problems += each.problems
        for form, count in each.made.items():
            alone.made[form] = alone.made.get(form, 0) + count
    return alone


def _tried(
    runtime: Runtime, person: Person, reader: RowReader, chunk: Sequence[Planned]
) -> tuple[Written, bool]:
    before = [r for planned in chunk for r in planned.references() if r.is_missing]
    written = Written()
    try:
        with runtime.write(person, Channel.IMPORT) as unit:
            unit.is_trial = True
            written = write_chunk(unit, reader, chunk)
            unit.before_commit()
            raise _Undone  # noqa: TRY301 - leaving a unit by an exception is what rolls it back
    except _Undone:
        return written, True
    except (Refused, Denied, NotFound, Stale, Conflict) as error:
        for reference in before:
            reference.tried = None
        return Written(problems=_of_error(reader, chunk, error)), False
    finally:
        _forget(before)


def _forget(references: Iterable[Reference]) -> None:
    for reference in references:
        reference.id = None


def located(reader: RowReader, planned: Planned, problems: Iterable[Problem]) -> list[ImportProblem]:
    """Return what the rules say about one record, each at the cell that it is about."""
    found = []
    for problem in problems:
        first, *rest = problem.path.split(".")
        row, path = planned.draft.rows[0], problem.path
        if first in planned.draft.lines and rest:
            lines = planned.draft.lines[first]
            row = lines[int(rest[0])].row if rest[0].isdigit() and int(rest[0]) < len(lines) else row
            path = ".".join((first, *rest[1:]))
        found.append(_at(reader, row, path, problem))
    return found


def _of_error(reader: RowReader, chunk: Sequence[Planned], error: OrderkitError) -> list[ImportProblem]:
    problem = Problem(path="", code=type(error).__name__.lower(), message=error.explain)
    return [_at(reader, chunk[0].draft.rows[0], "", problem)]


def _at(
    reader: RowReader, row: int, path: str, problem: Problem, *, fallback: str | None = None
) -> ImportProblem:
    if not reader.has_column(path) and fallback is not None:
        path = fallback
    return reader.problem(path, row, problem.code, problem.message, problem.help)
