"""The state that a project is compared with: what was built last or before, a git revision, or an artifact."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from orderkit.artifact.folders import BUILD, MIGRATIONS, MODEL
from orderkit.artifact.reading import open_artifact
from orderkit.catalog import Catalog
from orderkit.cli.planning.git import files_at
from orderkit.database.revisions.history import head_of, last_snapshot, line_of, snapshot_of
from orderkit.database.revisions.snapshots import Snapshot
from orderkit.database.schema.tables import Tables, tables_of
from orderkit.language.compile import compile_project
from orderkit.language.findings import has_errors
from orderkit.language.findings.finding import Finding
from orderkit.model.codes import ERROR, Code, Severity
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.running import running
from orderkit.plan.planning import Side
from orderkit.web.api.openapi import described

OLD_STATE_HAS_ERRORS = Code(
    "OK6504",
    "old-state-has-errors",
    ERROR,
    since="0.1",
    explain="""
    The YAML at the revision that `--against` names has errors for this version of orderkit, so there is no
    model to compare with. Name a revision that `orderkit check` accepts, or compare with the artifact that
    was built from it.
    """,
    zh="""`--against` 指定版本的 YAML 对当前版本的 orderkit 来说有错误，没有可比较的模型。
    请指定一个 `orderkit check` 能通过的版本，或与当时的构建结果比较。""",
)

_NUMBER = re.compile("[0-9]{4}")
_NOTHING = label(zh="空项目（还没有构建过）", en="nothing (there was no build yet)")


class OldStateHasErrors(OrderkitError):
    """The project at that revision has errors; name another one."""

    known_as = OLD_STATE_HAS_ERRORS


def side_of(project: Project, catalog: Catalog, tables: Tables | None = None) -> Side:
    """Return a project as a plan compares it; its tables are those it would have, unless others are given."""
    return Side(
        project=project,
        tables=tables_of(project, catalog) if tables is None else tables,
        api=described(running(project), catalog),
    )


def before(directory: Path, against: str | None, catalog: Catalog) -> tuple[Side | None, Label]:
    """Return the state to compare with, None where there is nothing, and what to call it.

    Args:
        directory: the project folder.
        against: a folder with an artifact, the number of a migration, or a git revision; None means what
            was built last.
        catalog: what reads stored models.

    Raises:
        OrderkitError: it cannot be read; the code says why.
    """
    if against is None:
        return _built(directory, catalog)
    if _is_artifact(Path(against)):
        return _artifact(Path(against), catalog)
    if _NUMBER.fullmatch(against) and (migration := _migration(directory, against, catalog)) is not None:
        return migration
    return _revision(directory, against, catalog)


def _built(directory: Path, catalog: Catalog) -> tuple[Side | None, Label]:
    """Return the state of the last migration; that of the build which stands on it, if there is one.

    A change that leaves the tables alone, such as a tier of an approval, makes no migration: only the
    build knows that it is not new any more.
    """
    migrations = directory / MIGRATIONS
    snapshot = last_snapshot(migrations)
    if snapshot is None:
        return None, _NOTHING
    number = str(head_of(migrations))
    if not (directory / BUILD / MODEL).is_file() or head_of(directory / BUILD / MIGRATIONS) != number:
        return _snapshot(snapshot, number, catalog)
    built = open_artifact(directory / BUILD, catalog)
    called = label(
        zh=f"最近一次构建 {built.model_hash[:12]}（迁移 {number}）",
        en=f"the last build {built.model_hash[:12]} (migration {number})",
    )
    return side_of(built.project, catalog, snapshot.tables), called


def _migration(directory: Path, number: str, catalog: Catalog) -> tuple[Side, Label] | None:
    """Return the state that a migration leads to; None where there is none of that number."""
    migrations = directory / MIGRATIONS
    for script in line_of(migrations):
        if script.number == number:
            return _snapshot(snapshot_of(migrations, script), number, catalog)
    return None


def _snapshot(snapshot: Snapshot, number: str, catalog: Catalog) -> tuple[Side, Label]:
    called = label(zh=f"迁移 {number}", en=f"migration {number}")
    return side_of(snapshot.project(catalog), catalog, snapshot.tables), called


def _is_artifact(folder: Path) -> bool:
    return (folder / MODEL).is_file() or (folder / BUILD / MODEL).is_file()


def _artifact(folder: Path, catalog: Catalog) -> tuple[Side, Label]:
    opened = open_artifact(folder, catalog)
    digest = opened.model_hash[:12]
    return side_of(opened.project, catalog), label(zh=f"构建结果 {digest}", en=f"artifact {digest}")


def _revision(directory: Path, revision: str, catalog: Catalog) -> tuple[Side | None, Label]:
    files, commit = files_at(directory, revision)
    called = label(zh=f"git {revision}（{commit}）", en=f"git {revision} ({commit})")
    if not files:
        return None, called
    return side_of(_compiled(files, revision, catalog), catalog), called


def _compiled(files: Mapping[str, bytes], revision: str, catalog: Catalog) -> Project:
    outcome = compile_project(files, catalog)
    if outcome.value is None or has_errors(outcome.found):
        raise OldStateHasErrors(_told(next(_errors(outcome.found)), revision))
    return outcome.value


def _errors(found: Iterable[Finding]) -> Iterator[Finding]:
    return (each for each in found if each.code.severity is Severity.ERROR)


def _told(first: Finding, revision: str) -> Label:
    place = f"{first.path}:{first.span.line}"
    return label(
        zh=f"版本 {revision} 的 YAML 有错误：{place} {text_of(first.headline, 'zh')}",
        en=f"the YAML at `{revision}` has errors: {place} {text_of(first.headline, 'en')}",
    )
