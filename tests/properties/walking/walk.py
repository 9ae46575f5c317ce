"""A project that is changed step by step, with a database full of rows behind it."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from orderkit.catalog import built_in
from orderkit.cli.planning.before import side_of
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.history import head_of
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import tables_of
from orderkit.engine import records
from orderkit.engine.files.folder import Folder
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Query
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, SystemClock
from orderkit.engine.workflow.in_flight import bring_forward
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.plan.planning import plan
from orderkit.upkeep.doctor.examining import examine
from tests.database.schemas import schema_of
from tests.database.test_migrate import fresh_schema
from tests.properties.walking.computing import compute_all, computed_cells, wrong_values
from tests.properties.walking.documents import Files, settled
from tests.properties.walking.drawing import STEPS, Drawing, Step
from tests.properties.walking.orders import send
from tests.properties.walking.returning import Standing, there_and_back
from tests.properties.walking.rows import counts_of, fill, rows_of
from tests.properties.walking.scene import Cell, DoesNotFit, Edit, Rows, differences
from tests.properties.walking.workflows import life_of

_OFTEN = 0.6


@dataclass(kw_only=True)
class Walk:
    """A project on disk and its database.

    Attributes:
        counted: how many steps were tried, what became of them, and what orders met on the way.
        told: the steps in words.
        rows: what the database holds.
        steps: what is drawn from.
    """

    url: str
    folder: Path
    random: Random
    files: Files
    project: Project
    counted: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)
    steps: Sequence[Step] = STEPS

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations"

    def runtime(self, database: Database) -> Runtime:
        return runtime_over(self.project, database, files_folder=self.folder / "files", clock=SystemClock())

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """Open the database of the model of now."""
        with closing(Database.open(self.url, self.project, built_in(), threads=2)) as database:
            yield database

    def begin(self, populate: Callable[[Runtime], None] = lambda _: None) -> None:
        """Make the database of the first model, and let people work in it."""
        write_next_revision(self.project, built_in(), self.migrations)
        self._migrate(self.project)
        with self.opened() as database:
            populate(self.runtime(database))
            fill(database, self.project, rows_of(database), self.random)
            compute_all(self.runtime(database))
            self.rows = rows_of(database)

    def step(self) -> Edit:
        """Make one random edit that compiles, and hold what it did against what it had to do."""
        edit, project = self._drawing().edit(self.files, self.project, self.rows)
        self.told.append(edit.words)
        if edit.leaves and self.random.random() < _OFTEN:
            self._an_order_goes(edit.leaves)
        is_inhabited = self._is_inhabited(edit.leaves)
        try:
            expected = edit.rows(self.rows)
        except DoesNotFit:
            self._refused(edit, project, must_be=True)
            self.counted["orders without a way out"] += is_inhabited
            return edit
        before = self._standing()
        with self.opened() as database:
            counts = counts_of(database)
        refused = self._change(edit, project)
        if refused is not None:
            assert edit.may_be_needed, f"{edit.words}: {_words(refused)}"
            self._refused(edit, project, must_be=False)
            return edit
        self.counted["landed"] += 1
        self.files, self.project = settled(edit.files), project
        self._check_landed(edit, expected, counts)
        self.counted["orders led out" if self._is_following() else "orders left in peace"] += is_inhabited
        if self.random.random() < _OFTEN:
            self._go_back(edit, before)
        self._people_work()
        return edit

    def _drawing(self) -> Drawing:
        return Drawing(random=self.random, counted=self.counted, steps=self.steps)

    def _check_landed(self, edit: Edit, expected: Rows, counts: Mapping[str, int]) -> None:
        """Hold the rows, the schema and what formulas give against what they must be."""
        with self.opened() as database:
            runtime = self.runtime(database)
            bring_forward(runtime)
            self.rows = rows_of(database)
            # What a formula gives is held against the formula.
            unknown = edit.unknown | computed_cells(self.project)
            others = differences(_known(self.rows, unknown), _known(expected, unknown))
            assert others == [], f"{edit.words}: {others}"
            wrong = wrong_values(runtime)
            assert wrong == [], f"{edit.words}: {wrong}"
            assert counts_of(database) == counts, edit.words
            self.check_schema(database)
            self.check_people_can_work(database, self.rows)

    def _people_work(self) -> None:
        with self.opened() as database:
            runtime = self.runtime(database)
            fill(database, self.project, self.rows, self.random)
            compute_all(runtime)
            self.rows = rows_of(database)
        if self.random.random() < _OFTEN:
            self._an_order_goes()

    def _is_inhabited(self, state: str) -> bool:
        """Whether orders stand in a state."""
        life = life_of(self.project)
        return life is not None and any(
            row[life.state_field] == state for row in self.rows[life.form].values()
        )

    def _is_following(self) -> bool:
        """Whether orders follow the workflow of now."""
        life = life_of(self.project)
        return life is not None and life.in_flight == "migrate"

    def _an_order_goes(self, state: str = "") -> None:
        """Let an order go to a state that a step of the walk has added."""
        with self.opened() as database:
            self.counted[send(self.runtime(database), database, self.random, state)] += 1
            self.rows = rows_of(database)

    def _go_back(self, edit: Edit, before: Standing) -> None:
        """Undo the last step and do it again."""
        after = self._standing()
        if after.revision == before.revision:
            return
        became = there_and_back(
            before,
            after,
            go=lambda standing: self._migrate(standing.project, target=standing.revision),
            look=lambda standing: self._standing(standing.project, standing.revision),
            free=edit.unknown | computed_cells(before.project),
        )
        self.counted[became] += 1

    def _standing(self, project: Project | None = None, revision: str | None = None) -> Standing:
        """Return what there is now, read by a model."""
        model = project or self.project
        with closing(Database.open(self.url, model, built_in(), threads=2)) as database:
            rows = rows_of(database)
        number = revision or head_of(self.migrations) or ""
        return Standing(project=model, revision=number, schema=self.schema(), rows=rows)

    def _change(self, edit: Edit, project: Project) -> Refused | DatabaseUnusable | None:
        """Build and migrate; what is refused is returned, and the files of its build are taken away."""
        before = set(self.migrations.rglob("*.*"))
        try:
            write_next_revision(project, built_in(), self.migrations, allow_drop=edit.allow_drop)
            self._migrate(project)
        except (Refused, DatabaseUnusable) as error:
            for path in set(self.migrations.rglob("*.*")) - before:
                if path.is_file():
                    path.unlink()
            return error
        return None

    def _migrate(self, project: Project, *, target: str | None = None) -> None:
        migrate(self.url, project, built_in(), self.migrations, model_hash=model_hash(project), target=target)

    def _refused(self, edit: Edit, project: Project, *, must_be: bool) -> None:
        """Hold that an edit is refused, with a code, and leaves everything as it was."""
        schema = self.schema()
        error = self._change(edit, project)
        assert error is not None, f"{edit.words} was to be refused"
        assert _is_known(error), f"{edit.words}: {_words(error)}"
        self.counted["rows do not fit" if must_be else "needed by running records"] += 1
        assert self.schema() == schema, edit.words
        with self.opened() as database:
            assert rows_of(database) == self.rows, edit.words

    def schema(self) -> Mapping[str, Any]:
        """Return the schema of the database without what is kept for a while."""
        engine = open_engine(database_url(self.url))
        with engine.connect() as connection:
            found = schema_of(connection)
        engine.dispose()
        return {name: table for name, table in found.items() if not name.startswith("retired_")}

    def check_schema(self, database: Database) -> None:
        """Hold the database against the model, in both directions."""
        with database.read() as connection:
            assert drift(connection, tables_of(self.project, built_in())) == (), self.told[-1]
            if database.dialect == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []

    def check_people_can_work(self, database: Database, rows: Rows) -> None:
        """Hold that every form can be listed and a record of it be read."""
        with self.runtime(database).read(SYSTEM, Channel.PAGE) as unit:
            for form in self.project.forms:
                if form.parent is not None:
                    continue
                page = records.page(unit, Query(form=form.id, limit=5))
                assert bool(page.rows) == bool(rows[form.id]), form.id
                for row in page.rows[:1]:
                    records.get(unit, form.id, row.id)

    def end(self, fresh_url: str, made_url: str) -> None:
        """Hold what must be true at the end of every walk."""
        side = side_of(self.project, built_in())
        assert plan(side, side, built_in()).entries == ()
        assert write_next_revision(self.project, built_in(), self.migrations) is None
        fresh = replace(self, url=fresh_url, folder=self.folder / "fresh")
        shutil.copytree(self.migrations, fresh.migrations)
        fresh._migrate(self.project)
        assert self.schema() == fresh.schema() == fresh_schema(made_url, self.project)
        with self.opened() as database:
            examination = examine(
                database,
                self.project,
                built_in(),
                self.migrations,
                model_hash=model_hash(self.project),
                files=Folder(self.folder / "files"),
                now=datetime.now(UTC),
            )
        assert [each for each in examination.found if each.is_fault] == []


def _known(rows: Rows, unknown: frozenset[Cell]) -> Rows:
    """Return rows without the values that an edit lets be anything."""
    return {
        form: {
            key: {name: value for name, value in row.items() if (form, name) not in unknown}
            for key, row in kept.items()
        }
        for form, kept in rows.items()
    }


def _is_known(error: Refused | DatabaseUnusable) -> bool:
    if isinstance(error, Refused):
        return all(each.known_as is not None for each in error.problems) and bool(error.problems)
    return error.known_as is not None


def _words(error: Refused | DatabaseUnusable) -> Sequence[str]:
    if isinstance(error, Refused):
        return [f"{each.path}: {each.message['en']}" for each in error.problems]
    return [str(error)]
