"""Runs one revision: all at once where its tables are small, step by step where one is large.

On SQLite everything is in the one transaction of the whole migration. On PostgreSQL a small revision is one
transaction with its row in the version table; a large one is checked first, then run in steps that commit
by themselves and are journalled, so that whoever comes after a kill goes on with the first that is not done.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import DBAPIError

from orderkit.database.migrating import journal
from orderkit.database.migrating.journal import Finished, JournalledStep, Line
from orderkit.database.migrating.locking import Patience, await_upkeep, holders, patiently
from orderkit.database.migrating.refusals import (
    Stopped,
    irreversible,
    lock_not_obtained,
    script_missing,
    script_raised,
)
from orderkit.database.migrating.scripts import Script
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.checks.refusing import refuse_failing
from orderkit.database.operations.operation import (
    Context,
    InBatches,
    InOneTransaction,
    Irreversible,
    Operation,
    Phase,
    Repeatable,
)
from orderkit.database.operations.script import giving
from orderkit.database.operations.sql import execute, quoted
from orderkit.database.operations.stepwise import phases_of
from orderkit.model.errors import OrderkitError

# An index that is built concurrently waits for transactions, and nobody waits for it.
_PATIENT_LOCK = "SET lock_timeout = '600s'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a revision has come. `done` and `total` count steps, or the rows of the step that runs."""

    line: Line
    revision: str
    step: int
    title: str
    done: int
    total: int
    is_of_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """From how many rows on a table is large, and how many rows of it are changed at once."""

    large: int = 50_000
    batch: int = 5_000


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs revisions on a database. `turn` is the connection that holds the lock."""

    engine: sa.Engine
    turn: sa.Connection
    now: datetime
    timezone: str
    sizes: Sizes
    patience: Patience
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    finished: list[str] = field(default_factory=list)
    in_part: str = ""

    @property
    def done(self) -> str:
        """What is committed: revisions, and how many steps of the one that runs; empty when nothing is."""
        return ", ".join([*self.finished, *([self.in_part] if self.in_part else [])])

    @property
    def is_sqlite(self) -> bool:
        """Whether everything is in one transaction."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, lock_seconds: float | None = None) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction: on SQLite in the only one there is."""
        if self.is_sqlite:
            yield self.turn
            return
        with self.engine.begin() as connection:
            if lock_seconds is not None:
                execute(connection, f"SET LOCAL lock_timeout = {int(lock_seconds * 1000)}")
            yield connection

    def run(self, line: Line, script: Script, previous: str | None, *, is_undoing: bool = False) -> None:
        """Do a revision, or undo it, and note it. Raises what `refusals` and `operations.refusing` say."""
        self.go_on()
        try:
            revision = _Run(self, line, script, previous, is_undoing=is_undoing)
            if script.is_collected:
                revision.operations = script.operations(is_undoing=is_undoing)
            is_divided: list[bool] = []
            if not self.is_sqlite and script.is_collected:
                self.patiently(lambda: is_divided.append(revision.is_large()), revision.tables)
            if not any(is_divided):
                self.patiently(revision.at_once, revision.tables)
            else:
                revision.step_by_step()
        except (OrderkitError, DBAPIError):
            raise
        except Irreversible as error:
            raise irreversible(script.number, error.why, error.zh) from error
        except Exception as error:
            raise script_raised(script.number, error) from error

    def patiently(self, action: Callable[[], None], tables: tuple[str, ...]) -> None:
        """Do what needs locks on the tables, again where they were not to be had; name who holds them at last."""

        def refuse() -> Exception:
            return lock_not_obtained(", ".join(tables) or "tables", holders(self.turn, tables), self.done)

        patiently(action, self.patience, refuse)

    def go_on(self) -> None:
        """Raise Stopped when asked to stop, and what the driver says when the session with our lock was lost."""
        if self.should_stop():
            raise Stopped(self.done)
        if not self.is_sqlite:
            execute(self.turn, "SELECT 1")


class _Run:
    """One revision being run."""

    def __init__(
        self, runner: Runner, line: Line, script: Script, previous: str | None, *, is_undoing: bool
    ) -> None:
        self.runner, self.line, self.script, self.previous = runner, line, script, previous
        self.is_undoing = is_undoing
        self.key = journal.journal_number(script.number, is_undoing=is_undoing)
        self.operations: Sequence[Operation] | None = None
        self.phases: Sequence[Phase] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that are touched, as they are named before the revision."""
        return self._named_before(lambda _: True)

    def _named_before(self, is_meant: Callable[[Operation], bool]) -> tuple[str, ...]:
        """Return the tables of these operations, as they are named before the revision."""
        before: dict[str, str] = {}
        found: dict[str, None] = {}
        for operation in self.operations or ():
            for table in operation.tables if is_meant(operation) else ():
                found[before.get(table, table)] = None
            if operation.renames is not None:
                old, new = operation.renames
                before[new] = before.get(old, old)
        return tuple(found)

    def is_large(self) -> bool:
        """Return whether a table is large, or the revision has been begun step by step."""
        limit = self.runner.sizes.large
        with self.runner.transaction(lock_seconds=self.runner.patience.lock_seconds) as connection:
            if self.line == "project" and journal.steps_of(connection, self.key):
                return True
            there = set(sa.inspect(connection).get_table_names())
            return any(
                execute(
                    connection,
                    f"SELECT count(*) FROM (SELECT 1 FROM {quoted(table)} LIMIT {limit + 1}) AS ok_rows",
                ).scalar_one()
                > limit
                for table in self.tables
                if table in there
            )

    def at_once(self) -> None:
        """Run it in one transaction."""
        with self.runner.transaction(lock_seconds=self.runner.patience.lock_seconds) as connection:
            context = self._context(connection)
            self._note_changed_values(connection)
            if self.operations is None:
                with (
                    Operations.context(MigrationContext.configure(connection)),
                    giving(lambda operation: _apply(operation, context)),
                ):
                    self.script.function(is_undoing=self.is_undoing)()
            else:
                for place, operation in enumerate(self.operations):
                    self.runner.go_on()
                    self._tell(place, operation.title, place, len(self.operations))
                    _apply(operation, context)
            self._note(connection)

    def step_by_step(self) -> None:
        """Check all of it, then run what the journal does not name as done."""
        assert self.operations is not None, "only what is known beforehand is divided"
        phases = self.phases = phases_of(self.operations)
        with self.runner.transaction() as connection:
            steps = journal.steps_of(connection, self.key)
        if not steps:
            self.runner.patiently(self._check, self.tables)
            with self.runner.transaction() as connection:
                self._note_changed_values(connection)
        for place, phase in enumerate(phases):
            step = steps.get(place)
            if place or step is not None:
                self._come_to(place)
            self.runner.go_on()
            if step is not None and step.title != phase.title:
                raise script_missing(self.script.number)
            if step is None or not step.is_done:
                self._tell(place, phase.title, place, len(phases))
                self._run_phase(place, phase, step)
        with self.runner.transaction() as connection:
            self._note(connection)
        self.runner.in_part = ""

    def _check(self) -> None:
        """Refuse rows that do not fit, before anything is changed."""
        with self.runner.transaction(lock_seconds=self.runner.patience.lock_seconds) as connection:
            foresight = Foresight(connection, self.script.number, self.runner.now, self.runner.timezone)
            for operation in self.operations or ():
                for check in operation.checks():
                    refuse_failing(connection, check)
                operation.foresee(foresight)
            connection.rollback()

    def _run_phase(self, place: int, phase: Phase, step: JournalledStep | None) -> None:
        match phase:
            case InOneTransaction():
                self.runner.patiently(lambda: self._in_one(place, phase), self.tables)
            case InBatches():
                self._in_batches(place, phase, step)
            case Repeatable():
                self._repeatable(place, phase)

    def _in_one(self, place: int, phase: InOneTransaction) -> None:
        patience = self.runner.patience
        with self.runner.transaction(lock_seconds=patience.lock_seconds) as connection:
            for check in phase.checks:
                refuse_failing(connection, check)
            if phase.alters is not None:
                await_upkeep(connection, phase.alters, patience)
            phase.run(self._context(connection))
            journal.note_step(connection, self.key, place, phase.title, self.runner.now)

    def _in_batches(self, place: int, phase: InBatches, step: JournalledStep | None) -> None:
        table = quoted(phase.table)
        last = step.progress if step is not None and step.progress is not None else 0
        with self.runner.transaction() as connection:
            total = execute(connection, f"SELECT count(*) FROM {table}").scalar_one()
            left = execute(connection, f'SELECT count(*) FROM {table} WHERE "id" > {last}').scalar_one()
        done, size = total - left, self.runner.sizes.batch
        while True:
            self.runner.go_on()
            batch: list[tuple[int | None, int]] = []

            def run(last: int = last, batch: list[tuple[int | None, int]] = batch) -> None:
                batch[:] = [self._batch(place, phase, last, size)]

            self.runner.patiently(run, (phase.table,))
            upper, count = batch[0]
            if upper is None:
                return
            last, done = upper, done + count
            self._come_to(place)
            self._tell(place, phase.title, min(done, total), total, is_of_rows=True)

    def _batch(self, place: int, phase: InBatches, last: int, size: int) -> tuple[int | None, int]:
        """Deal with the next rows after the id `last`; return the last of them and how many they are."""
        with self.runner.transaction(lock_seconds=self.runner.patience.lock_seconds) as connection:
            found = f'SELECT "id" FROM {quoted(phase.table)} WHERE "id" > {last} ORDER BY "id" LIMIT {size}'
            upper: int | None
            upper, count = tuple(
                execute(connection, f'SELECT max("id"), count(*) FROM ({found}) AS ok_rows').one()
            )
            if upper is not None:
                phase.run(self._context(connection), last + 1, upper)
            journal.note_step(
                connection,
                self.key,
                place,
                phase.title,
                self.runner.now,
                is_done=upper is None,
                progress=last if upper is None else upper,
            )
        return upper, count

    def _repeatable(self, place: int, phase: Repeatable) -> None:
        with self.runner.transaction() as connection:
            for check in phase.checks:
                refuse_failing(connection, check)
        with self.runner.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            execute(connection, _PATIENT_LOCK)
            try:
                phase.run(self._context(connection))
            finally:
                # The pool keeps the session.
                if not connection.invalidated:
                    execute(connection, "SET lock_timeout = '30s'")
        with self.runner.transaction() as connection:
            journal.note_step(connection, self.key, place, phase.title, self.runner.now)

    def _context(self, connection: sa.Connection) -> Context:
        return Context(
            connection=connection,
            number=self.script.number,
            is_undoing=self.is_undoing,
            now=self.runner.now,
            timezone=self.runner.timezone,
        )

    def _note_changed_values(self, connection: sa.Connection) -> None:
        """Note before anything is done which forms the search index has to go through again."""
        if self.line != "project":
            return
        tables = None if self.operations is None else self._named_before(lambda each: each.changes_values)
        journal.note_changed_values(connection, tables)

    def _note(self, connection: sa.Connection) -> None:
        """Note in the transaction that the revision is done or undone."""
        if self.is_undoing:
            journal.move_to(connection, self.line, self.previous)
            journal.note_undone(connection, self.line, self.script.number)
            return
        journal.move_to(connection, self.line, self.script.number)
        if self.line == "project":
            journal.note_finished(connection, finished(self.line, self.script), self.runner.now)

    def _come_to(self, place: int) -> None:
        """Remember for whoever asks how much of it is committed: all steps before this one, and some of it perhaps."""
        self.runner.in_part = f"{self.line} {self.key} ({place}/{len(self.phases)})"

    def _tell(self, step: int, title: str, done: int, total: int, *, is_of_rows: bool = False) -> None:
        self.runner.on_progress(
            Progress(
                line=self.line,
                revision=self.script.number,
                step=step,
                title=title,
                done=done,
                total=total,
                is_of_rows=is_of_rows,
            )
        )


def finished(line: Line, script: Script) -> Finished:
    """Return what is noted of a revision that was done."""
    return Finished(
        line=line,
        number=script.number,
        title=script.title.splitlines()[0] if script.title else "",
        starts_from=script.starts_from,
        leads_to=script.leads_to,
        is_safe_for_older=script.is_safe_for_older,
    )


def _apply(operation: Operation, context: Context) -> None:
    for check in operation.checks():
        refuse_failing(context.connection, check)
    operation.apply(context)
