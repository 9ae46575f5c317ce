"""What a database says about itself: whose it is, and which revisions it has.

`migrate` writes it, `check_ready` compares it with what is about to be served.
"""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.connections.database import Database
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.revisions.history import head_of
from orderkit.database.schema import system_tables
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

SYSTEM_VERSION_TABLE = "ok_system_version"
PROJECT_VERSION_TABLE = "ok_project_version"
SYSTEM_REVISIONS = Path(__file__).parent / "system_revisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Whose database it is and how far it has come; all None when orderkit never touched it."""

    project: str | None = None
    model_hash: str | None = None
    system_revision: str | None = None
    project_revision: str | None = None


def read_stamp(connection: sa.Connection) -> Stamp:
    """Return the stamp of the database."""
    names = set(sa.inspect(connection).get_table_names())
    settings: dict[str, str] = {}
    if system_tables.setting.name in names:
        table = system_tables.setting
        settings = {row.name: row.value for row in connection.execute(sa.select(table.c.name, table.c.value))}
    return Stamp(
        project=settings.get("project"),
        model_hash=settings.get("model_hash"),
        system_revision=_version(connection, SYSTEM_VERSION_TABLE, names),
        project_revision=_version(connection, PROJECT_VERSION_TABLE, names),
    )


def write_stamp(connection: sa.Connection, project: Project, model_hash: str) -> None:
    """Note whose database this is and by which model it was brought forward last."""
    table = system_tables.setting
    for name, value in (("project", project.id), ("model_hash", model_hash)):
        updated = connection.execute(table.update().where(table.c.name == name).values(value=value))
        if updated.rowcount == 0:
            connection.execute(table.insert().values(name=name, value=value))


def check_ready(database: Database, project: Project, migrations: Path) -> None:
    """Refuse a database that is not what the project and its `migrations` folder expect.

    Raises:
        DatabaseUnusable: with `reason` `empty`, `other_project`, `behind` or `ahead`, and the remedy.
    """
    with database.read() as connection:
        stamp = read_stamp(connection)
    if stamp.project is None or stamp.system_revision is None:
        raise DatabaseUnusable("empty", _EMPTY)
    refuse_other_project(stamp, project)
    expected = (head_of(SYSTEM_REVISIONS), head_of(migrations))
    found = (stamp.system_revision, stamp.project_revision)
    for have, need, words in zip(found, expected, _LINES, strict=True):
        if have == need:
            continue
        if need is None or (have is not None and have > need):
            raise DatabaseUnusable("ahead", _ahead(words, have, need))
        raise DatabaseUnusable("behind", _behind(words, have, need))


def refuse_other_project(stamp: Stamp, project: Project) -> None:
    """Raise DatabaseUnusable when the database belongs to another project."""
    if stamp.project is not None and stamp.project != project.id:
        raise DatabaseUnusable(
            "other_project",
            label(
                zh=f"这个数据库属于项目 {stamp.project}，不是 {project.id}：请检查 --database 或 ORDERKIT_DATABASE_URL",
                en=f"this database belongs to the project {stamp.project}, not to {project.id}: "
                "check --database or ORDERKIT_DATABASE_URL",
            ),
        )


def _version(connection: sa.Connection, table: str, names: set[str]) -> str | None:
    if table not in names:
        return None
    version = connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(table))).scalar()
    return None if version is None else str(version)


_LINES = (
    label(zh="orderkit 自身的表", en="orderkit's own tables"),
    label(zh="项目的表", en="the project's tables"),
)

_EMPTY = label(
    zh="这个数据库还没有建表：请先运行 `orderkit migrate`",
    en="this database has no tables yet: run `orderkit migrate` first",
)


def _behind(line: Label, have: str | None, need: str) -> Label:
    return label(
        zh=f"数据库版本过旧（{line['zh']}在 {have or '0000'}，需要 {need}）：请先备份，再运行 `orderkit migrate`",
        en=f"the database is behind ({line['en']} are at {have or '0000'}, {need} is needed): "
        "make a backup, then run `orderkit migrate`",
    )


def _ahead(line: Label, have: str | None, need: str | None) -> Label:
    return label(
        zh=f"数据库版本比程序新（{line['zh']}在 {have}，程序只到 {need or '0000'}）：请部署更新的构建，或恢复备份",
        en=f"the database is ahead ({line['en']} are at {have}, this build knows {need or '0000'}): "
        "deploy a newer build, or restore a backup",
    )
