"""`orderkit build`: check, write the next revision, write the artifact."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled
from orderkit.cli.project_files import read_project
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.database.revisions.writing import WrittenRevision
    from orderkit.model.project import Project


def build(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    output: Annotated[
        Path | None, typer.Option("--output", help="Where the artifact goes; default DIR/build.")
    ] = None,
    allow_drop: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-drop",
            metavar="FORM[.FIELD[.OPTION]]",
            help="What may go with its data, which is kept in a shadow table for 90 days. Repeatable.",
        ),
    ] = None,
    rebase: Annotated[
        bool,
        typer.Option(
            "--rebase",
            help="After a merge of two branches that each wrote a migration: keep the one that has its "
            "snapshot, and write anew what the other did.",
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="For CI: refuse when `migrations/` lacks the migration that the project needs, instead of writing it.",
        ),
    ] = False,
) -> None:
    """Check a project, then write the next migration and the artifact. The same input gives the same bytes.

    Example: `orderkit build examples/order-management`
    """
    from orderkit.artifact.wheel import require_front_end  # noqa: PLC0415 - `--help` does without
    from orderkit.artifact.writing import write  # noqa: PLC0415
    from orderkit.catalog import installed, installed_plugins  # noqa: PLC0415
    from orderkit.cli.planning.git import commit_of_work_tree  # noqa: PLC0415
    from orderkit.language.compile.papers.assets import by_digest  # noqa: PLC0415

    sources = read_project(directory)
    project = compiled(directory, sources)
    # What can refuse the artifact is asked before a revision is written.
    require_front_end()
    if check and (rebase or allow_drop):
        raise typer.BadParameter("--check writes no migration: leave out --rebase and --allow-drop")
    revision = _next_revision(
        project, directory, allow_drop or (), is_rebasing=rebase, is_only_checking=check
    )
    if revision is None:
        console.say(label(zh="数据库结构没有变化", en="the tables are as they were"))
    else:
        _tell(revision, directory)
    for each in project.awaiting:
        console.note(
            label(
                zh="{path}:{line}:{column}: `{what}` 已检查并写入模型，但此版本还没有执行它的引擎",
                en="{path}:{line}:{column}: `{what}` is checked and kept in the model, "
                "but no engine of this version carries it out yet",
            ),
            what=each.what,
            path=each.origin.path,
            line=each.origin.line,
            column=each.origin.column,
        )
    written = write(
        project,
        installed(),
        migrations=directory / "migrations",
        target=output or directory / "build",
        plugins=installed_plugins(),
        commit=commit_of_work_tree(directory, besides=("build", "var")),
        assets=by_digest(sources),
    )
    console.say(
        label(
            zh="构建完成：{folder}（{files} 个文件，模型 {hash}）",
            en="built {folder} ({files} files, model {hash})",
        ),
        folder=written.folder,
        files=written.files,
        hash=written.model_hash[:12],
    )


def _next_revision(
    project: "Project",
    directory: Path,
    allow_drop: Sequence[str],
    *,
    is_rebasing: bool,
    is_only_checking: bool,
) -> "WrittenRevision | None":
    """Write the next revision, and say what is refused about it."""
    from orderkit.catalog import installed  # noqa: PLC0415
    from orderkit.database.revisions.rebasing import rebase  # noqa: PLC0415
    from orderkit.database.revisions.writing import refuse_unwritten, write_next_revision  # noqa: PLC0415
    from orderkit.model.errors import Refused  # noqa: PLC0415

    migrations, allowed = directory / "migrations", frozenset(allow_drop)
    try:
        if is_only_checking:
            refuse_unwritten(project, installed(), migrations)
            return None
        if not is_rebasing:
            return write_next_revision(project, installed(), migrations, allow_drop=allowed)
        rebased = rebase(project, installed(), migrations, allow_drop=allowed)
    except Refused as refused:
        for problem in refused.problems:
            console.show_problem(problem)
        console.fail(label(zh="没有写入任何文件", en="nothing was written"))
        raise typer.Exit(1) from None
    for path in rebased.removed:
        console.say(
            label(
                zh="去掉了 {script}，它属于另一个分支", en="took away {script}, which was of the other branch"
            ),
            script=path.relative_to(directory),
        )
    return rebased.written


def _tell(revision: "WrittenRevision", directory: Path) -> None:
    """Say what a revision does."""
    from orderkit.database.revisions.describing import describe  # noqa: PLC0415

    console.say(
        label(zh="新的迁移 {script}：", en="new migration {script}:"),
        script=revision.script.relative_to(directory),
    )
    for change in revision.changes:
        console.say(f"  {describe(change)}")
    for note in revision.notes:
        console.note(f"  {text_of(note, console.language())}")
    for path in revision.retires:
        console.note(
            label(
                zh="  {path} 的数据在执行迁移时移入影子表，保留 90 天",
                en="  the data of {path} moves to a shadow table when this is migrated, and is kept for 90 days",
            ),
            path=path,
        )
