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
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import tables_of
from orderkit.engine import records, workflow
from orderkit.engine.files.folder import Folder
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Query
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, SystemClock
from orderkit.engine.workflow.in_flight import bring_forward
from orderkit.language.compile import compile_project
from orderkit.language.findings import has_errors
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.plan.planning import plan
from orderkit.upkeep.doctor.examining import examine
from tests.database.schemas import schema_of
from tests.database.test_migrate import fresh_schema
from tests.properties.walking.documents import Files, settled
from tests.properties.walking.fields import (
    add_field,
    add_reference,
    demand,
    drop_field,
    mark,
    move_field,
    rename_field,
    retarget,
)
from tests.properties.walking.forms import (
    add_form,
    add_lines,
    change_key,
    drop_form,
    drop_lines,
    rename_form,
    rename_lines,
)
from tests.properties.walking.moving import form_to_lines, lines_to_form
from tests.properties.walking.rows import counts_of, fill, rows_of
from tests.properties.walking.scene import Cell, DoesNotFit, Edit, Rows, Scene
from tests.properties.walking.values import (
    add_formula,
    change_formula,
    change_options,
    derive,
    rescale,
    retype,
)
from tests.properties.walking.workflows import LIFE, change_workflow

# The steps, and how often each is tried beside the others.
STEPS = (
    *(add_field, change_options, retype) * 4,
    *(rename_field, drop_field, demand, rescale, mark, change_workflow) * 2,
    *(add_reference, retarget, move_field, change_formula, add_formula, derive),
    *(add_form, add_lines, rename_form, rename_lines, drop_form, drop_lines, change_key),
    *(lines_to_form, form_to_lines),
)
_MOST_TRIES = 50


@dataclass(kw_only=True)
class Walk:
    """A project on disk and its database. `counted` is how many steps were tried and what became of them."""

    url: str
    folder: Path
    random: Random
    files: Files
    project: Project
    counted: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)

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
            self.rows = rows_of(database)

    def step(self) -> Edit:
        """Make one random edit that compiles, and hold what it did against what it had to do."""
        edit, project = self._drawn()
        self.told.append(edit.words)
        try:
            expected = edit.rows(self.rows)
        except DoesNotFit:
            self._refused(edit, project, must_be=True)
            return edit
        with self.opened() as database:
            counts = counts_of(database)
        refused = self._change(edit, project)
        if refused is not None:
            assert edit.may_be_needed, f"{edit.words}: {_words(refused)}"
            self._refused(edit, project, must_be=False)
            return edit
        self.counted["landed"] += 1
        self.files, self.project = settled(edit.files), project
        with self.opened() as database:
            bring_forward(self.runtime(database))
            found = rows_of(database)
            assert _known(found, edit.unknown) == _known(expected, edit.unknown), edit.words
            assert counts_of(database) == counts, edit.words
            self.check_schema(database)
            self.check_people_can_work(database, found)
            fill(database, self.project, found, self.random)
            self._some_orders_move(database)
            self.rows = rows_of(database)
        return edit

    def _drawn(self) -> tuple[Edit, Project]:
        """Draw an edit, or two that have nothing to do with each other."""
        edit, project = self._one(self.files, self.project, self.rows)
        if edit.unknown or self.random.random() < 0.5:
            return edit, project
        try:
            rows = edit.rows(self.rows)
        except DoesNotFit:
            return edit, project
        second, both = self._one(edit.files, project, rows)
        if not edit.is_beside(second):
            return edit, project
        self.counted["two at once"] += 1
        return edit.then(second), both

    def _one(self, files: Files, project: Project, rows: Rows) -> tuple[Edit, Project]:
        """Draw edits until one compiles."""
        for _ in range(_MOST_TRIES):
            scene = Scene(
                files=files, project=project, rows=rows, random=self.random, number=self.counted["tried"]
            )
            self.counted["tried"] += 1
            edit = self.random.choice(STEPS)(scene)
            if edit is None:
                self.counted["not possible"] += 1
                continue
            outcome = compile_project(edit.files, built_in())
            if outcome.value is not None and not has_errors(outcome.found):
                return edit, outcome.value
            self.counted["not compiled"] += 1
        raise AssertionError(f"nothing compiles any more after {self.told}")

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

    def _migrate(self, project: Project) -> None:
        migrate(self.url, project, built_in(), self.migrations, model_hash=model_hash(project))

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

    def _some_orders_move(self, database: Database) -> None:
        """Let an order go to a state that a step of the walk has added."""
        found = next((each for each in self.project.workflows if each.id == LIFE), None)
        if found is None:
            return
        added = [each.id for each in found.transitions if each.id.startswith("to_")]
        if not added or self.random.random() < 0.5:
            return
        rows = rows_of(database)[found.form]
        waiting = [key for key, row in rows.items() if row[found.state_field] == found.initial]
        if not waiting:
            return
        try:
            with self.runtime(database).write(SYSTEM, Channel.PAGE) as unit:
                workflow.do(unit, found.form, self.random.choice(waiting), self.random.choice(added), {})
        except OrderkitError:
            # It runs by a definition of the past, or lacks a field that was made required since.
            self.counted["stayed"] += 1
        else:
            self.counted["moved"] += 1

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
