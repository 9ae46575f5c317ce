"""What a database says about itself: whose it is, and which revisions it has.

`migrate` writes it; `readiness` compares it with what is about to be served.
"""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.schema import system_tables
from orderkit.model.codes import ERROR, Code
from orderkit.model.labels import label
from orderkit.model.project import Project

SYSTEM_VERSION_TABLE = "ok_system_version"
PROJECT_VERSION_TABLE = "ok_project_version"
SYSTEM_REVISIONS = Path(__file__).parent / "system_revisions"

OTHER_PROJECT = Code(
    "OK6702",
    "database-of-another-project",
    ERROR,
    since="0.1",
    explain="""
        The database was made for another project: the name after `project:` is another one. Its tables mean
        something else, so it is neither served nor migrated. Check `--database` and `ORDERKIT_DATABASE_URL`; a
        project never changes its name once it has a database.
    """,
    zh="这个数据库是为另一个项目建的：`project:` 后面的名字不同。它的表另有含义，因此既不能用来运行，也不会被迁移。请检查 `--database` 和 `ORDERKIT_DATABASE_URL`；项目有了数据库之后不要再改名。",
)


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
    write_project(connection, project)
    write_setting(connection, "model_hash", model_hash)


def write_project(connection: sa.Connection, project: Project) -> None:
    """Note whose database this is, before it has any of its tables."""
    write_setting(connection, "project", project.id)


def write_setting(connection: sa.Connection, name: str, value: str) -> None:
    """Note a value under a name, in place of the one before."""
    table = system_tables.setting
    updated = connection.execute(table.update().where(table.c.name == name).values(value=value))
    if updated.rowcount == 0:
        connection.execute(table.insert().values(name=name, value=value))


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
            known_as=OTHER_PROJECT,
        )


def _version(connection: sa.Connection, table: str, names: set[str]) -> str | None:
    if table not in names:
        return None
    version = connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(table))).scalar()
    return None if version is None else str(version)
