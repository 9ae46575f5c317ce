"""Whether a database is what an artifact expects: asked before anything is served, worked off or imported.

A database behind, or one whose migration stopped half-way, needs `migrate`. One that is ahead is left by
a newer build: programs of the revision before may go on with it as long as every revision beyond theirs
was recorded as safe for them, so that several servers can be updated one after the other.
"""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.connections.database import Database
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.definitions.states import is_to_be_moved
from orderkit.database.migrating.stamp import SYSTEM_REVISIONS, Stamp, read_stamp, refuse_other_project
from orderkit.database.revisions.history import head_of, line_of
from orderkit.database.schema.system_tables import migration_step, revision
from orderkit.model.codes import ERROR, Code
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

EMPTY = Code(
    "OK6701",
    "database-empty",
    ERROR,
    since="0.1",
    explain="""
        The database has none of orderkit's tables: it is new, or the URL names another one than was meant.
        Run `orderkit migrate DIR`, which makes them; a database that should hold data is restored by
        `orderkit restore`.
    """,
    zh="数据库里没有 orderkit 的表：它是新的，或者地址写错了。请运行 `orderkit migrate 目录` 建表；本应有数据的数据库请用 `orderkit restore` 恢复。",
)
BEHIND = Code(
    "OK6703",
    "database-behind",
    ERROR,
    since="0.1",
    explain="""
        The database lacks revisions of this build. A program that ran over it would look for columns that are
        not there yet. Make a backup (`orderkit backup`) and run `orderkit migrate DIR`.
    """,
    zh="数据库缺少这次构建的迁移，程序会找不到还没有建的列。请先备份（`orderkit backup`），再运行 `orderkit migrate 目录`。",
)
AHEAD = Code(
    "OK6704",
    "database-ahead",
    ERROR,
    since="0.1",
    explain="""
        The database was migrated by a newer build, and at least one revision since then is not safe for
        programs of this one: it renamed or retired something, or nobody recorded what it did. Deploy the newer
        build here too, or restore the backup that was made before. Revisions that only add are accepted:
        `is_safe_for_older = True` stands in them.
    """,
    zh="数据库已被更新的构建迁移过，其后至少有一个版本对旧程序不安全：它重命名或停用了什么，或者没有记录它做过什么。请在这里也部署新构建，或恢复迁移前的备份。只增不减的版本（其中写着 `is_safe_for_older = True`）是被接受的。",
)
UNFINISHED = Code(
    "OK6705",
    "migration-unfinished",
    ERROR,
    since="0.1",
    explain="""
        A migration of this database was stopped between two steps, by a kill, a power cut or a lost connection.
        What was done is kept and what is left is known: run `orderkit migrate` with the newer build again, and it
        goes on where it stopped.
    """,
    zh="这个数据库的迁移在两步之间中断了（进程被终止、断电或连接中断）。做过的都保留着，剩下的也有记录：请用新构建再次运行 `orderkit migrate`，它会从中断处继续。",
)
OTHER_HISTORY = Code(
    "OK6706",
    "database-of-another-history",
    ERROR,
    since="0.1",
    explain="""
        The database and this build both have a revision of this number, but not the same one: each came from another
        branch of the project. Their tables differ although nothing is behind. Merge the branches, let
        `orderkit build --rebase` give the later revision the next number, and deploy that; a database that the
        wrong branch migrated is restored from its backup.
    """,
    zh="数据库和这次构建都有这个编号的版本，但不是同一个：它们来自项目的不同分支。虽然没有落后，表却不同。请合并分支，用 `orderkit build --rebase` 给后来的版本下一个编号，再部署；被错误分支迁移过的数据库请从备份恢复。",
)

RECORDS_TO_BE_MOVED = Code(
    "OK6403",
    "records-to-be-moved",
    ERROR,
    since="0.1",
    explain="""
        Records stand in states that their workflow does not have in this build, and the workflow says
        `in_flight: migrate`. Either the build is new and `orderkit migrate` did not come to its end: run it
        again, and it moves them. Or the build is old, and a newer one has moved them on: deploy that one.
    """,
    zh="有单据停在本次构建的流程里没有的状态上，而流程写了 `in_flight: migrate`。若这是新构建，说明 `orderkit migrate` 没有做完，请再运行一次；若这是旧构建，说明单据已被新构建转走，请部署新构建。",
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the two lines of revisions: what the database has, and what the program knows."""

    id: str
    words: Label
    have: str | None
    need: str | None

    @property
    def is_ahead(self) -> bool:
        return self.have is not None and (self.need is None or self.have > self.need)


def check_ready(
    database: Database, project: Project, migrations: Path, *, is_about_to_move: bool = False
) -> None:
    """Refuse a database that is not what the project and its `migrations` folder expect.

    Args:
        database: the one to be used.
        project: the model of the artifact.
        migrations: its folder of revisions.
        is_about_to_move: whether records in states that are gone are moved next, so that they do not matter.

    Raises:
        DatabaseUnusable: with `reason` `empty`, `other_project`, `unfinished`, `other_history`, `behind`, `ahead` or
            `states`, and the remedy.
    """
    with database.read() as connection:
        stamp = read_stamp(connection)
        if stamp.project is None or stamp.system_revision is None:
            unfinished = unfinished_steps(connection)
            raise (
                _unfinished(unfinished[0])
                if unfinished
                else DatabaseUnusable("empty", _EMPTY, known_as=EMPTY)
            )
        refuse_other_project(stamp, project)
        if unfinished := unfinished_steps(connection):
            raise _unfinished(unfinished[0])
        lines = _lines(stamp, migrations)
        refuse_other_history(connection, stamp.project_revision, migrations)
        for line in lines:
            if line.have == line.need:
                continue
            if not line.is_ahead:
                raise DatabaseUnusable("behind", _behind(line), known_as=BEHIND)
            unsafe = _first_unsafe(connection, line)
            if unsafe is not None:
                raise DatabaseUnusable("ahead", _ahead(line, unsafe), known_as=AHEAD)
        if not is_about_to_move and is_to_be_moved(connection, project):
            raise DatabaseUnusable("states", _STATES, known_as=RECORDS_TO_BE_MOVED)


def unfinished_steps(connection: sa.Connection) -> tuple[sa.Row[tuple[object, ...]], ...]:
    """Return the journal's rows, in order: those of a revision are forgotten when it comes to its end."""
    if not sa.inspect(connection).has_table(migration_step.name):
        return ()
    in_order = (migration_step.c.line.desc(), migration_step.c.number, migration_step.c.position)
    return tuple(connection.execute(sa.select(migration_step).order_by(*in_order)))


def _lines(stamp: Stamp, migrations: Path) -> tuple[_Line, _Line]:
    return (
        _Line("system", SYSTEM_WORDS, stamp.system_revision, head_of(SYSTEM_REVISIONS)),
        _Line("project", PROJECT_WORDS, stamp.project_revision, head_of(migrations)),
    )


def refuse_other_history(connection: sa.Connection, have: str | None, migrations: Path) -> None:
    """Refuse a database that went another way up to the last revision that both have."""
    need = head_of(migrations)
    if have is None or need is None or not sa.inspect(connection).has_table(revision.name):
        return
    number = min(have, need)
    wanted = sa.select(revision.c.leads_to).where(revision.c.line == "project", revision.c.number == number)
    noted = connection.execute(wanted).scalar()
    known = next(script.leads_to for script in line_of(migrations) if script.number == number)
    if None not in (noted, known) and noted != known:
        raise DatabaseUnusable(
            "other_history",
            label(
                zh=f"数据库的版本 {number} 与这次构建的 {number} 不是同一个（来自不同分支）："
                "请合并分支并运行 `orderkit build --rebase`，或使用迁移此数据库的那次构建",
                en=f"revision {number} of the database is another one than revision {number} of this build, from another "
                "branch: merge the branches and run `orderkit build --rebase`, or use the build that migrated it",
            ),
            known_as=OTHER_HISTORY,
        )


def _first_unsafe(connection: sa.Connection, line: _Line) -> str | None:
    """Return the first revision beyond the program's that is not known to be safe for it."""
    beyond = [f"{number:04d}" for number in range(int(line.need or 0) + 1, int(line.have or 0) + 1)]
    safe: set[str] = set()
    if sa.inspect(connection).has_table(revision.name):
        found = sa.select(revision.c.number).where(revision.c.line == line.id, revision.c.is_safe_for_older)
        safe = set(connection.execute(found).scalars())
    return next((number for number in beyond if number not in safe), None)


SYSTEM_WORDS = label(zh="orderkit 自身的表", en="orderkit's own tables")
PROJECT_WORDS = label(zh="项目的表", en="the project's tables")

_STATES = label(
    zh="有单据停在本次构建没有的状态上：请运行 `orderkit migrate`；若数据库已由更新的构建迁移，请部署那个构建",
    en="records stand in states that this build does not have: run `orderkit migrate`, or deploy the newer build "
    "that has moved them",
)

_EMPTY = label(
    zh="这个数据库还没有建表：请先运行 `orderkit migrate`",
    en="this database has no tables yet: run `orderkit migrate` first",
)


def _behind(line: _Line) -> Label:
    have, need = line.have or "0000", line.need or "0000"
    return label(
        zh=f"数据库版本过旧（{line.words['zh']}在 {have}，需要 {need}）：请先备份，再运行 `orderkit migrate`",
        en=f"the database is behind ({line.words['en']} are at {have}, {need} is needed): "
        "make a backup, then run `orderkit migrate`",
    )


def _ahead(line: _Line, unsafe: str) -> Label:
    have, need = line.have or "0000", line.need or "0000"
    return label(
        zh=f"数据库版本比程序新（{line.words['zh']}在 {have}，程序只到 {need}），且版本 {unsafe} 对旧程序不安全："
        "请部署更新的构建，或恢复备份",
        en=f"the database is ahead ({line.words['en']} are at {have}, this build knows {need}), "
        f"and revision {unsafe} is not safe for older programs: deploy a newer build, or restore a backup",
    )


def _unfinished(step: sa.Row[tuple[object, ...]]) -> DatabaseUnusable:
    return DatabaseUnusable(
        "unfinished",
        label(
            zh=f"迁移中断在版本 {step.number} 的第 {step.position} 步（{step.title}）：请再次运行 `orderkit migrate`",
            en=f"a migration stopped in revision {step.number} at step {step.position} ({step.title}): "
            "run `orderkit migrate` again",
        ),
        known_as=UNFINISHED,
    )
