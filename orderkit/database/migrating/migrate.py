"""Brings a database to the state of a project: orderkit's own tables first, then the project's.

Under a lock, so that two that migrate at once wait for each other. On SQLite everything is one transaction,
after a copy of the file; on PostgreSQL each revision is one or several (see `running`), and whatever ends a
migration in the middle, the next one goes on. Revisions are written by `revisions`, never here.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.defaults import DEFAULT_SQLITE_PATH
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url
from orderkit.database.definitions.refusing import problems_of_drops
from orderkit.database.definitions.states import migrating, problems_of_states
from orderkit.database.migrating import journal
from orderkit.database.migrating.backups import back_up, has_rows, keep_newest
from orderkit.database.migrating.journal import Line
from orderkit.database.migrating.locking import Patience, postgresql_turn, sqlite_turn
from orderkit.database.migrating.losing import losses, paths_dropped, would_lose
from orderkit.database.migrating.readiness import AHEAD, refuse_other_history
from orderkit.database.migrating.refusals import (
    drifted,
    other_start,
    script_missing,
    told,
    unknown_target,
)
from orderkit.database.migrating.running import Progress, Runner, Sizes, finished
from orderkit.database.migrating.scripts import Script, scripts_of
from orderkit.database.migrating.stamp import (
    SYSTEM_REVISIONS,
    read_stamp,
    refuse_other_project,
    write_project,
    write_stamp,
)
from orderkit.database.revisions.history import head_of
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
from orderkit.model.labels import label
from orderkit.model.project import Project

# Alembic keeps the running migration in globals of the process.
_ALEMBIC = threading.Lock()
BEFORE_THE_FIRST = "0000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A revision that was run."""

    line: Line
    revision: str
    title: str
    is_undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What was done. `steps` is empty when the database was there already; `backup` is its copy from before."""

    url: sa.URL
    steps: tuple[Step, ...]
    backup: Path | None = None


def _nobody(_: object) -> None:
    """Listen to nothing."""


def migrate(
    url: str,
    project: Project,
    catalog: Catalog,
    migrations: Path,
    *,
    model_hash: str,
    folder: Path | None = None,
    target: str | None = None,
    may_lose: bool = True,
    on_step: Callable[[Step], None] = _nobody,
    on_progress: Callable[[Progress], None] = _nobody,
    should_stop: Callable[[], bool] = lambda: False,
    sizes: Sizes = Sizes(),  # noqa: B008 - frozen
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> Migrated:
    """Bring the database of `url` to the last revision; make it first if it is a SQLite file in a folder that is there.

    Args:
        url: as people write it; a relative SQLite path counts from `folder`.
        project: the model that belongs to the revisions.
        catalog: where its field types come from.
        migrations: the folder that holds `versions/`.
        model_hash: of the model, noted in the database.
        folder: the project or artifact.
        target: the number of the revision to come to, forward or back; the last by default.
        may_lose: whether going back may drop rows and values that the newer revisions made room for.
        on_step: called after each revision, on SQLite when all of them are committed.
        on_progress: called before each step, and after some thousand rows.
        should_stop: asked between steps; Stopped is raised when it says so.
        sizes: from when on a table is large.
        patience: how long to wait for others.

    Raises:
        DatabaseUnusable: it cannot be reached, is another project's, is ahead, or something broke.
        Refused: rows do not fit; the problems name them.
        Stopped: as asked by `should_stop`.
    """
    head = head_of(migrations)
    if target is not None and not (target.isdecimal() and int(target) <= int(head or 0)):
        raise unknown_target(target, head)
    goal = head if target is None else (None if int(target) == 0 else f"{int(target):04d}")
    place = database_url(url, folder=folder)
    _make_own_folder(place, folder)
    engine = open_engine(place, may_create=True)
    turn = sqlite_turn if engine.dialect.name == "sqlite" else postgresql_turn
    migration: _Migration | None = None
    try:
        with (
            told(engine.url, lambda: None if migration is None else migration.runner.done),
            _ALEMBIC,
            turn(engine, patience) as connection,
        ):
            runner = Runner(
                engine=engine,
                turn=connection,
                now=datetime.now(UTC),
                timezone=project.timezone,
                sizes=sizes,
                patience=patience,
                on_progress=on_progress,
                should_stop=should_stop,
            )
            migration = _Migration(runner, project, catalog, migrations, on_step, may_lose=may_lose)
            migration.bring(goal, model_hash)
    except BaseException:
        if migration is not None and migration.backup is not None:
            # Nothing of the one transaction stays, so the copy is equal to what it was made of.
            migration.backup.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()
    if migration.backup is not None:
        keep_newest(Path(engine.url.database or ""))
    if runner.is_sqlite:
        for step in migration.steps:
            on_step(step)
    return Migrated(url=engine.url, steps=tuple(migration.steps), backup=migration.backup)


def _make_own_folder(url: sa.URL, folder: Path | None) -> None:
    """Make the folder in which a project has its database unless something else is said; no other one."""
    if folder is None or url.get_backend_name() != "sqlite":
        return
    own = folder.absolute() / DEFAULT_SQLITE_PATH.parent
    if Path(url.database or "").absolute().parent == own:
        own.mkdir(exist_ok=True)


class _Migration:
    """One call of `migrate`."""

    def __init__(
        self,
        runner: Runner,
        project: Project,
        catalog: Catalog,
        migrations: Path,
        on_step: Callable[[Step], None],
        *,
        may_lose: bool,
    ) -> None:
        self.runner, self.project, self.catalog, self.migrations = runner, project, catalog, migrations
        self.on_step = on_step
        self.may_lose = may_lose
        self.steps: list[Step] = []
        self.backup: Path | None = None

    def bring(self, goal: str | None, model_hash: str) -> None:
        """Bring both lines forward, the project's to `goal`, and note it."""
        with self.runner.transaction() as connection:
            stamp = read_stamp(connection)
            refuse_other_project(stamp, self.project)
            system_head = head_of(SYSTEM_REVISIONS)
            _refuse_ahead(stamp.system_revision, system_head)
            _refuse_ahead(stamp.project_revision, head_of(self.migrations))
            if int(stamp.project_revision or 0) >= int(goal or 0):
                # On the way forward each revision says from which model it starts.
                refuse_other_history(connection, stamp.project_revision, self.migrations)
            if stamp.system_revision is None:
                _refuse_foreign_tables(connection, self.project, self.catalog)
            is_own_current = stamp.system_revision == system_head
            begun = journal.unfinished(connection) if is_own_current else None
            if is_own_current and stamp.project_revision == goal and begun is None:
                if stamp.model_hash != model_hash:
                    self._refuse_stranded(connection, goal, goal)
                    write_stamp(connection, self.project, model_hash)
                return
            self._back_up(connection)
        if not is_own_current:
            self._forward("system", scripts_of(SYSTEM_REVISIONS), stamp.system_revision, system_head)
            with self.runner.transaction() as connection:
                self._note_own(connection)
                write_project(connection, self.project)
                begun = journal.unfinished(connection)
        with self.runner.transaction() as connection:
            self._refuse_stranded(connection, stamp.project_revision, goal)
        self._bring_project(stamp.project_revision, goal, begun)
        with self.runner.transaction() as connection:
            self._check(connection, goal)
            write_stamp(connection, self.project, model_hash)

    def _bring_project(self, at: str | None, goal: str | None, begun: str | None) -> None:
        """Bring the project's tables to `goal`. What was begun is finished first, in its own direction."""
        if at == goal and begun is None:
            return
        scripts = scripts_of(self.migrations)
        if begun is not None:
            number = begun.rstrip("-")
            if number not in scripts:
                raise script_missing(number)
            if begun.endswith("-"):
                self._back(scripts, at, _before(number), is_begun=True)
                at = _before(number)
            else:
                self._forward("project", scripts, at, number)
                at = number
        if int(at or 0) <= int(goal or 0):
            self._forward("project", scripts, at, goal)
        else:
            self._back(scripts, at, goal)

    def _forward(self, line: Line, scripts: dict[str, Script], at: str | None, goal: str | None) -> None:
        for number, script in scripts.items():
            if int(at or 0) < int(number) <= int(goal or 0):
                if line == "project":
                    self._refuse_other_start(script)
                    self._refuse_needed(script)
                self.runner.run(line, script, _before(number))
                self._tell(line, script, is_undone=False)

    def _back(
        self, scripts: dict[str, Script], at: str | None, goal: str | None, *, is_begun: bool = False
    ) -> None:
        undone = [
            script
            for number, script in reversed(scripts.items())
            if int(goal or 0) < int(number) <= int(at or 0)
        ]
        if not is_begun:
            self._refuse_losing(undone)
        for script in undone:
            self.runner.run("project", script, _before(script.number), is_undoing=True)
            self._tell("project", script, is_undone=True)

    def _refuse_losing(self, undone: Sequence[Script]) -> None:
        """Refuse to go back where that cannot be, data would be lost, or running records need what would be dropped."""
        with self.runner.transaction() as connection:
            lost = losses(connection, undone)
            if self.may_lose:
                return
            dropped = paths_dropped(connection, undone)
            needed = problems_of_drops(connection, self.project, dropped, self.catalog)
        if lost or needed:
            raise would_lose(lost, needed)

    def _tell(self, line: Line, script: Script, *, is_undone: bool) -> None:
        step = Step(line=line, revision=script.number, title=script.title, is_undone=is_undone)
        self.steps.append(step)
        if not self.runner.is_sqlite:
            self.runner.finished = [f"{each.line} {each.revision}" for each in self.steps]
            self.on_step(step)

    def _refuse_other_start(self, script: Script) -> None:
        previous = _before(script.number)
        if script.starts_from is None or previous is None:
            return
        with self.runner.transaction() as connection:
            found = journal.leads_to(connection, "project", previous)
        if found is not None and found != script.starts_from:
            raise other_start(script.number, script.starts_from, found)

    def _refuse_needed(self, script: Script) -> None:
        """Refuse to drop what records still need that run by a definition of the past."""
        with self.runner.transaction() as connection:
            problems = problems_of_drops(connection, self.project, script.retires, self.catalog)
        if problems:
            raise Refused(problems)

    def _refuse_stranded(self, connection: sa.Connection, at: str | None, goal: str | None) -> None:
        """Refuse a model that lost states in which records stand, and does not say where they go."""
        if goal != head_of(self.migrations) or not migrating(self.project):
            return
        problems = problems_of_states(connection, self.project, self._tables_before(at))
        if problems:
            raise Refused(problems)

    def _tables_before(self, at: str | None) -> Mapping[str, str]:
        """Return what tables that later revisions rename are called at a revision."""
        before: dict[str, str] = {}
        for number, script in scripts_of(self.migrations).items():
            if int(number) > int(at or 0) and script.is_collected:
                for operation in script.operations(is_undoing=False):
                    if operation.renames is not None:
                        old, new = operation.renames
                        before[new] = before.pop(old, old)
        return before

    def _back_up(self, connection: sa.Connection) -> None:
        """Copy a SQLite file that has rows. Nobody else writes: we have the lock, and have written nothing yet."""
        path = self.runner.engine.url.database
        if self.runner.is_sqlite and path is not None and has_rows(connection):
            self.backup = back_up(Path(path), self.runner.now)

    def _note_own(self, connection: sa.Connection) -> None:
        """Note the revisions of orderkit's own tables, the first of which are older than the table of notes."""
        noted = journal.numbers_noted(connection, "system")
        for number, script in scripts_of(SYSTEM_REVISIONS).items():
            if number not in noted:
                journal.note_finished(connection, finished("system", script), self.runner.now)

    def _check(self, connection: sa.Connection, goal: str | None) -> None:
        """Refuse a database that is not what it should be now."""
        if self.runner.is_sqlite:
            _refuse_broken_references(connection)
        if goal is None or goal != head_of(self.migrations):
            return
        expected = tables_of(self.project, self.catalog)
        harmful = tuple(
            each for each in drift(connection, expected) if each.is_harmful and not each.is_only_emptier
        )
        if harmful:
            raise drifted(harmful)


def _before(number: str) -> str | None:
    """Return the number of the revision before; None for the first."""
    return f"{int(number) - 1:04d}" if int(number) > 1 else None


def _refuse_broken_references(connection: sa.Connection) -> None:
    """Refuse rows that refer to nothing; SQLite did not look while tables were copied."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseUnusable(
            "data",
            label(
                zh=f"表 {broken[0]} 的第 {broken[1]} 行引用了 {broken[2]} 中不存在的记录；未做任何更改，请先改正数据",
                en=f"row {broken[1]} of {broken[0]} refers to a record of {broken[2]} that does not exist; "
                "nothing was changed, correct the data first",
            ),
        )


def _refuse_ahead(have: str | None, need: str | None) -> None:
    if have is not None and (need is None or have > need):
        raise DatabaseUnusable(
            "ahead",
            label(
                zh=f"数据库已在版本 {have}，比这次构建的 {need or BEFORE_THE_FIRST} 新：请部署更新的构建，或恢复备份",
                en=f"the database is at {have}, ahead of {need or BEFORE_THE_FIRST} in this build: "
                "deploy a newer build, or restore a backup",
            ),
            known_as=AHEAD,
        )


def _refuse_foreign_tables(connection: sa.Connection, project: Project, catalog: Catalog) -> None:
    taken = sorted(set(sa.inspect(connection).get_table_names()) & tables_of(project, catalog).keys())
    if taken:
        raise DatabaseUnusable(
            "not_empty",
            label(
                zh=f"这个数据库里已有不是 orderkit 建的表（{', '.join(taken)}）：请使用一个空数据库",
                en=f"this database holds tables that orderkit did not make ({', '.join(taken)}): use an empty one",
            ),
        )
