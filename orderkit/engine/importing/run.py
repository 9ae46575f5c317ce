"""Imports one file: read, try, write. A file with any problem changes nothing.

The file is tried in full first and then written in chunks, each its own transaction. Who stops it in
between, or whose machine does, runs it again: what is there already is recognised and left alone.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from orderkit.engine.importing import runs
from orderkit.engine.importing.matching.existing import Planned
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.preparing import (
    FoundSheet,
    Prepared,
    allowed_plan,
    find_sheet,
    prepare,
    unreadable,
)
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.engine.importing.runs import RunState
from orderkit.engine.importing.writing import Written, chunks, commit_chunk, try_chunk
from orderkit.engine.runtime import Channel, Person, Runtime
from orderkit.model.forms import FormId

MAX_PROBLEMS = 10_000


class Stage(StrEnum):
    """What an import is doing."""

    READING = "reading"
    TRYING = "trying"
    WRITING = "writing"


OnProgress = Callable[[Stage, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of a file. REFUSED, or after a dry run, nothing of it has been written.

    FAILED with problems means that somebody changed what the file refers to while it was written;
    what was written by then stays, and importing the file again goes on from there.
    `created`, `updated` and `unchanged` count records; `made` those of other forms that they refer
    to and that did not exist. Of a dry run they say what would happen.
    """

    run_id: int
    mapping: str
    file_name: str
    sheet: str
    state: RunState
    is_dry: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    made: Mapping[FormId, int] = field(default_factory=dict)
    problems: tuple[ImportProblem, ...] = ()
    warnings: tuple[ImportProblem, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether the file was (or can be) imported in full."""
        return self.state is RunState.DONE


def run(
    runtime: Runtime,
    person: Person,
    name: str,
    path: Path,
    *,
    dry_run: bool = False,
    sheet: str | None = None,
    file_name: str | None = None,
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    run_id: int | None = None,
) -> ImportResult:
    """Import a file through a mapping (or the form of that id) and return what came of it.

    Args:
        runtime: the opened project; no unit may be open in this thread.
        person: with whose rights; needs `import` on the form, and what every single change needs.
        name: id of an `import:`, or of a form.
        path: the file.
        file_name: what people call it, if it lies elsewhere.
        dry_run: do everything but keep nothing.
        sheet: a sheet by name, instead of the mapping's own.
        limits: bounds on the file.
        on_progress: told after each chunk; the counts are records.
        is_cancelled: asked after each chunk.
        run_id: a run made by `runs.open_run` that this continues.
    Raises: NotFound, Denied. What is wrong with the file stands in the result.
    """
    called = file_name or path.name
    with runtime.read(person, Channel.IMPORT) as unit:
        plan = allowed_plan(unit, name)
    if run_id is None:
        with runtime.write(person, Channel.IMPORT) as unit:
            digest = _digest(path)
            run_id = runs.open_run(unit, mapping=name, file_name=called, digest=digest, is_dry=dry_run)
    task = _Import(
        runtime=runtime,
        person=person,
        plan=plan,
        run_id=run_id,
        file_name=called,
        is_dry=dry_run,
        on_progress=on_progress or (lambda *_: None),
        is_cancelled=is_cancelled or (lambda: False),
    )
    try:
        return task.run(path, sheet, limits or Limits())
    except BaseException:
        with runtime.write(person, Channel.IMPORT) as unit:
            runs.close_run(unit, run_id, RunState.FAILED)
        raise


@dataclass(slots=True, kw_only=True)
class _Import:
    """One import under way."""

    runtime: Runtime
    person: Person
    plan: Plan
    run_id: int
    file_name: str
    is_dry: bool
    on_progress: OnProgress
    is_cancelled: Callable[[], bool]
    sheet: str = ""
    rows: int = 0
    unchanged: int = 0
    warnings: tuple[ImportProblem, ...] = ()

    def run(self, path: Path, sheet: str | None, limits: Limits) -> ImportResult:
        """Do it."""
        self._note(state=RunState.RUNNING)
        self.on_progress(Stage.READING, 0, 0)
        try:
            found = find_sheet(self.plan, path, sheet=sheet, limits=limits)
        except UnreadableFile as error:
            return self._end(RunState.REFUSED, Written(problems=[unreadable(self.file_name, error)]))
        self.sheet = found.sheet.name
        prepared = self._prepared(found)
        self.rows = len(prepared.rows)
        self.warnings = tuple(prepared.reader.warnings)
        self.unchanged = sum(each.is_unchanged for each in prepared.planned)
        todo = [each for each in prepared.planned if not each.is_unchanged and each.refused is None]
        self._note(total=len(prepared.planned), done=self.unchanged, unchanged=self.unchanged)
        tried, is_stopped = self._try(prepared, todo)
        problems = _with_rules(prepared, tried.problems)
        if is_stopped:
            return self._end(RunState.CANCELLED, Written())
        if problems:
            return self._end(RunState.REFUSED, Written(problems=problems))
        if self.is_dry:
            tried.made = Counter(reference.form for reference in prepared.reader.references.missing())
            return self._end(RunState.DONE, tried)
        return self._write(prepared, todo)

    def _prepared(self, found: FoundSheet) -> Prepared:
        with self.runtime.read(self.person, Channel.IMPORT) as unit:
            return prepare(unit, self.plan, found)

    def _try(self, prepared: Prepared, todo: Sequence[Planned]) -> tuple[Written, bool]:
        """Try every chunk. A single one needs no trial: it is written whole or not at all."""
        total = Written()
        parts = list(chunks(todo, self.runtime.database.dialect))
        if len(parts) == 1 and not self.is_dry and not prepared.problems:
            return total, False
        done = 0
        for chunk in parts:
            each = try_chunk(self.runtime, self.person, prepared.reader, chunk)
            _add(total, each)
            done += len(chunk)
            self.on_progress(Stage.TRYING, done, len(todo))
            if self._is_stopped():
                return total, True
            if len(total.problems) >= MAX_PROBLEMS:
                break
        return total, False

    def _write(self, prepared: Prepared, todo: Sequence[Planned]) -> ImportResult:
        total = Written()
        done = 0
        for chunk in chunks(todo, self.runtime.database.dialect):
            each = commit_chunk(self.runtime, self.person, prepared.reader, chunk)
            _add(total, each)
            if each.problems:
                return self._end(RunState.FAILED if done else RunState.REFUSED, total)
            done += len(chunk)
            self.on_progress(Stage.WRITING, done, len(todo))
            may_go_on = self._note(done=self.unchanged + done, created=total.created, updated=total.updated)
            if (not may_go_on or self.is_cancelled()) and done < len(todo):
                return self._end(RunState.CANCELLED, total)
        return self._end(RunState.DONE, total)

    def _is_stopped(self) -> bool:
        return self.is_cancelled() or not self._note()

    def _note(self, **values: object) -> bool:
        with self.runtime.database.write() as connection:
            return runs.advance(connection, self.run_id, **values)

    def _end(self, state: RunState, written: Written) -> ImportResult:
        problems = sorted(written.problems, key=lambda each: (each.row, len(each.cell), each.cell))
        with self.runtime.write(self.person, Channel.IMPORT) as unit:
            runs.close_run(
                unit,
                self.run_id,
                state,
                problems=problems,
                warnings=self.warnings,
                created=written.created,
                updated=written.updated,
                unchanged=self.unchanged,
            )
        return ImportResult(
            run_id=self.run_id,
            mapping=self.plan.id,
            file_name=self.file_name,
            sheet=self.sheet,
            state=state,
            is_dry=self.is_dry,
            rows=self.rows,
            created=written.created,
            updated=written.updated,
            unchanged=self.unchanged,
            made=written.made,
            problems=tuple(problems),
            warnings=self.warnings,
        )


def _with_rules(prepared: Prepared, broken: Sequence[ImportProblem]) -> list[ImportProblem]:
    """Return what is wrong with the cells, and what the rules say about rows that could be read.

    A row with a bad cell breaks rules only because of it; of these only what is missing elsewhere
    in the row is news.
    """
    bad_cells = {(each.row, each.cell) for each in prepared.problems}
    bad_rows = {each.row for each in prepared.problems if each.row}
    spoilt = {row for draft in prepared.drafts if not bad_rows.isdisjoint(draft.rows) for row in draft.rows}
    news = [
        each
        for each in broken
        if each.row not in spoilt or (each.code == "required" and (each.row, each.cell) not in bad_cells)
    ]
    return [*prepared.problems, *news]


def _add(total: Written, each: Written) -> None:
    total.created += each.created
    total.updated += each.updated
    total.problems += each.problems
    for form, count in each.made.items():
        total.made[form] = total.made.get(form, 0) + count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
