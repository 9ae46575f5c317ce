"""Imports one file: read, try, write. A file with any problem changes nothing, unless the good rows are wanted.

The whole file is tried first, then written in short transactions. One that broke off goes on where it
was; what stands there already is recognised and left alone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from orderkit.engine.importing import runs, transitions
from orderkit.engine.importing.heartbeat import kept_alive
from orderkit.engine.importing.judging import (
    layout_of,
    other_records,
    still_refused,
    touched,
    with_rules,
    would_be,
)
from orderkit.engine.importing.matching.chosen import plan_with
from orderkit.engine.importing.matching.existing import Planned
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.preparing import (
    Prepared,
    allowed_plan,
    find_sheet,
    prepare,
    unreadable,
)
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.refused import RefusedRows, refused_rows
from orderkit.engine.importing.result import ImportResult, OnProgress, OnRefused, Stage
from orderkit.engine.importing.rows import FoundSheet
from orderkit.engine.importing.runs import ImportRun, RunState
from orderkit.engine.importing.transitions import TakenOver
from orderkit.engine.importing.writing import Written, commit_chunk, next_chunk, rows_in, try_chunk
from orderkit.engine.pacing import Pace, give_way
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import Refused

MAX_PROBLEMS = 10_000
ALONE_ROWS = 300
"""A file of no more rows is written in one transaction, which needs no trial before it."""
MOST_ROWS = 5_000
FIRST_ROWS = 50
"""Rows of the first and of the largest transaction; in between, as many as are soon written."""
NOTE_SECONDS = 1.0
"""How often a trial, of which nothing else is kept, asks whether somebody wants it to stop."""
_AS_IS = Options()


def run(
    runtime: Runtime,
    person: Person,
    name: str,
    path: Path,
    *,
    dry_run: bool = False,
    options: Options = _AS_IS,
    file_name: str | None = None,
    limits: Limits | None = None,
    on_progress: OnProgress | None = None,
    on_refused: OnRefused | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    run_id: int | None = None,
    expected: Collection[RunState] = transitions.NEW,
) -> ImportResult:
    """Import a file through a mapping (or the form of that id) and return what came of it.

    Args:
        runtime: the opened project; no unit may be open in this thread.
        person: with whose rights; needs `import` on the form, and what every single change needs.
        name: id of an `import:`, or of a form.
        path: the file.
        file_name: what people call it, if it lies elsewhere.
        dry_run: do everything but keep nothing.
        options: how the file is read, and whether good rows are kept without the bad ones.
        limits: bounds on the file.
        on_progress: told after each chunk; the counts are records.
        on_refused: told which rows are refused, before others are written, and again when there are more: so
            they are there also when the import breaks off.
        is_cancelled: asked after each chunk.
        run_id: a run made by `runs.open_run` that this does, or goes on with where it broke off; it is done as
            it was begun, with those options.
        expected: the states in which that run may be.
    Raises: NotFound, Denied, Refused; Conflict, when the run is of another file or mapping; TakenOver, when it is in
    another state, or somebody else goes on with it or takes it back meanwhile. What is wrong with the file
    stands in the result.
    """
    called = file_name or path.name
    with runtime.read(person, Channel.IMPORT) as unit:
        plan = allowed_plan(unit, name, options.columns)
    if run_id is None:
        with runtime.write(person, Channel.IMPORT) as unit:
            digest = runs.digest_of(path)
            run_id = runs.open_run(
                unit, mapping=name, file_name=called, digest=digest, is_dry=dry_run, options=options
            )
    with runtime.write(SYSTEM, Channel.IMPORT) as unit:
        runs.must_be_of(runs.find_run(unit, run_id), name, path)
        transitions.claim(unit, run_id, expected)
        begun = runs.find_run(unit, run_id)
    task = _Import(
        runtime=runtime,
        person=person,
        plan=plan,
        begun=begun,
        done=begun.done,
        unchanged=begun.unchanged,
        bad=begun.refused_rows,
        layout=begun.layout,
        refused=begun.refused,
        file_name=called,
        is_dry=begun.is_dry,
        options=begun.options,
        on_progress=on_progress or (lambda *_: None),
        on_refused=on_refused or (lambda _: None),
        is_cancelled=is_cancelled or (lambda: False),
    )
    try:
        with kept_alive(runtime, run_id):
            return task.run(path, limits or Limits())
    except TakenOver:
        raise
    except BaseException:
        with runtime.write(person, Channel.IMPORT) as unit:
            transitions.break_off(unit, run_id)
        raise


@dataclass(slots=True, kw_only=True)
class _Import:
    """One import under way."""

    runtime: Runtime
    person: Person
    plan: Plan
    begun: ImportRun
    file_name: str
    is_dry: bool
    options: Options
    on_progress: OnProgress
    on_refused: OnRefused
    is_cancelled: Callable[[], bool]
    done: int
    unchanged: int
    bad: frozenset[int]
    layout: str
    refused: int
    sheet: str = ""
    rows: int = 0
    is_short: bool = False
    may_go_on: bool = True
    noted: float = 0.0
    warnings: tuple[ImportProblem, ...] = ()
    found: FoundSheet | None = None
    prepared: Prepared | None = None
    refused_rows: RefusedRows | None = None

    def run(self, path: Path, limits: Limits) -> ImportResult:
        """Do it."""
        self.on_progress(Stage.READING, 0, 0)
        try:
            self.plan = plan_with(self.runtime.project, self.plan.id, self.options.columns)
            found = find_sheet(
                self.plan,
                path,
                sheet=self.options.sheet,
                limits=limits,
                file_name=self.file_name,
                columns=self.options.columns,
            )
        except Refused as error:
            return self._end(self._ended_badly(), self._before([unreadable(self.file_name, error)]))
        self.found = found
        self.sheet = found.sheet.name
        prepared = self.prepared = self._prepared(found)
        self.rows = prepared.row_count
        self.warnings = tuple(prepared.reader.warnings)
        problems = other_records(prepared, self.begun)
        if problems:
            return self._end(self._ended_badly(), self._before([*problems, *self.begun.problems]))
        if not self.done:
            self.unchanged = sum(each.is_unchanged for each in prepared.planned)
            self._note(total=len(prepared.planned), unchanged=self.unchanged)
            self.noted = perf_counter()
        tried, is_stopped = self._try(prepared)
        if is_stopped:
            return self._end(RunState.CANCELLED, self._before(self.begun.problems))
        problems = still_refused(prepared, self.begun, with_rules(prepared, tried.problems))
        bad = frozenset(each.row for each in problems)
        refused = touched(prepared.planned, bad)
        self.refused = len(refused)
        is_of_rows = all(row >= found.binding.first_data_row for row in bad)
        if problems and not (self.options.keep_good and is_of_rows):
            return self._end(self._ended_badly(), self._before(problems))
        if self.is_dry:
            return self._end(RunState.DONE, would_be(prepared, refused, problems))
        return self._write(prepared, problems, bad)

    def _before(self, problems: Sequence[ImportProblem]) -> Written:
        """Return what an earlier attempt wrote, with the problems that keep this one from writing."""
        return Written(created=self.begun.created, updated=self.begun.updated, problems=list(problems))

    def _ended_badly(self) -> RunState:
        return RunState.FAILED if self.begun.created + self.begun.updated else RunState.REFUSED

    def _prepared(self, found: FoundSheet) -> Prepared:
        with self.runtime.read(self.person, Channel.IMPORT) as unit:
            return prepare(unit, self.plan, found, dates=self.options.dates)

    def _try(self, prepared: Prepared) -> tuple[Written, bool]:
        """Try everything. A short file needs no trial: it is written whole or not at all."""
        rest = prepared.planned[self.done :]
        todo = [each for each in rest if not each.is_unchanged and each.refused is None]
        total = Written()
        self.is_short = rows_in(todo) <= ALONE_ROWS
        if self.is_short and not self.is_dry and not prepared.problems:
            return total, False
        pace = _pace()
        done = 0
        while done < len(todo):
            chunk = next_chunk(todo, done, pace.size)
            begun = perf_counter()
            each = try_chunk(self.runtime, self.person, prepared.reader, chunk)
            pace.took(perf_counter() - begun, rows_in(chunk))
            _add(total, each)
            done += len(chunk)
            give_way(self.runtime.database)
            self.on_progress(Stage.TRYING, done, len(todo))
            if self._is_stopped():
                return total, True
            if len(total.problems) >= MAX_PROBLEMS and not self.options.keep_good:
                break
        return total, False

    def _write(self, prepared: Prepared, problems: list[ImportProblem], bad: frozenset[int]) -> ImportResult:
        """Write what is not refused, from where an earlier attempt stopped. Each chunk notes how far it is."""
        planned = prepared.planned
        refused = touched(planned, bad)
        total = self._before(problems)
        self.layout = layout_of(planned)
        self.bad = bad
        self._note(total=len(planned), refused=self.refused, problems=self._kept(problems))
        if not self.may_go_on:
            return self._end(RunState.CANCELLED, total)
        self._tell_refused(problems)
        pace = _pace()
        if self.is_short and not self.options.keep_good:
            pace.size = rows_in(planned)
        while self.done < len(planned):
            some = next_chunk(planned, self.done, pace.size)
            chunk = [
                each
                for at, each in enumerate(some, start=self.done)
                if at not in refused and not each.is_unchanged and each.refused is None
            ]
            done = self.done + len(some)
            begun = perf_counter()
            each = self._commit(prepared, chunk, done, total)
            if each.problems and self.options.keep_good:
                if len(chunk) > 1:
                    pace.size = max(1, rows_in(chunk) // 4)
                    continue
                self.refused += 1
                total.problems += each.problems
                self.bad |= {problem.row for problem in each.problems}
                self._note(done=done, refused=self.refused, problems=self._kept(total.problems))
            elif each.problems:
                total.problems += each.problems
                self.refused = len(touched(planned, {problem.row for problem in each.problems}))
                return self._end(
                    RunState.FAILED if total.created + total.updated else RunState.REFUSED, total
                )
            else:
                _add(total, each)
                pace.took(perf_counter() - begun, rows_in(chunk))
                if done < len(planned):
                    give_way(self.runtime.database)
            self.done = done
            self.on_progress(Stage.WRITING, done, len(planned))
            if (self.is_cancelled() or not self.may_go_on) and done < len(planned):
                return self._end(RunState.CANCELLED, total)
        return self._end(RunState.DONE, total)

    def _commit(self, prepared: Prepared, chunk: list[Planned], done: int, before: Written) -> Written:
        """Write a chunk and with it how far the import is, so that it goes on there if it breaks off."""
        if not chunk:
            self._note(done=done)
            return Written()

        def note(unit: Unit, written: Written) -> None:
            created, updated = before.created + written.created, before.updated + written.updated
            counts = {"done": done, "created": created, "updated": updated}
            self.may_go_on = transitions.advance(unit.connection, self.begun.id, since=self.done, **counts)
            runs.note_written(unit, self.begun.id, written.records)

        request_id = runs.request_of(self.begun.id)
        return commit_chunk(
            self.runtime, self.person, prepared.reader, chunk, request_id=request_id, note=note
        )

    def _kept(self, problems: Sequence[ImportProblem]) -> Mapping[str, object]:
        return runs.kept_problems(problems, self.warnings, self.bad, self.layout)

    def _is_stopped(self) -> bool:
        if perf_counter() - self.noted >= NOTE_SECONDS:
            self._note()
            self.noted = perf_counter()
        return self.is_cancelled() or not self.may_go_on

    def _note(self, **values: object) -> None:
        with self.runtime.database.write() as connection:
            self.may_go_on = transitions.advance(connection, self.begun.id, since=self.done, **values)

    def _end(self, state: RunState, written: Written) -> ImportResult:
        problems = sorted(written.problems, key=lambda each: (each.row, len(each.cell), each.cell))
        self._tell_refused(problems)
        with self.runtime.write(self.person, Channel.IMPORT) as unit:
            transitions.close_run(
                unit,
                self.begun.id,
                state,
                problems=self._kept(problems),
                refused=self.refused,
                created=written.created,
                updated=written.updated,
                unchanged=self.unchanged,
            )
        return ImportResult(
            run_id=self.begun.id,
            mapping=self.plan.id,
            file_name=self.file_name,
            sheet=self.sheet,
            state=state,
            is_dry=self.is_dry,
            rows=self.rows,
            created=written.created,
            updated=written.updated,
            unchanged=self.unchanged,
            refused=self.refused,
            made=written.made,
            problems=tuple(problems),
            warnings=self.warnings,
            refused_rows=self.refused_rows,
        )

    def _tell_refused(self, problems: Sequence[ImportProblem]) -> None:
        """Tell which rows are refused, unless just these were told before."""
        if self.found is None or self.prepared is None:
            return
        found = refused_rows(self.found.sheet, self.found.binding, self.prepared.drafts, problems)
        if found is not None and found != self.refused_rows:
            self.on_refused(found)
        self.refused_rows = found


def _pace() -> Pace:
    return Pace(most=MOST_ROWS, size=min(FIRST_ROWS, MOST_ROWS))


def _add(total: Written, each: Written) -> None:
    total.created += each.created
    total.updated += each.updated
    total.problems += each.problems
    for form, count in each.made.items():
        total.made[form] = total.made.get(form, 0) + count
