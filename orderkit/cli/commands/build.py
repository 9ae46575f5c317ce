"""`orderkit build`: check, write the next revision, write the artifact."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled
from orderkit.model.labels import label, text_of


def build(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    output: Annotated[
        Path | None, typer.Option("--output", help="Where the artifact goes; default DIR/build.")
    ] = None,
) -> None:
    """Check a project, then write the next migration and the artifact. The same input gives the same bytes.

    Example: `orderkit build examples/order-management`
    """
    from orderkit.artifact.wheel import require_front_end  # noqa: PLC0415 - `--help` does without
    from orderkit.artifact.writing import write  # noqa: PLC0415
    from orderkit.catalog import installed, installed_plugins  # noqa: PLC0415
    from orderkit.database.revisions.history import write_next_revision  # noqa: PLC0415
    from orderkit.database.revisions.rendering import describe  # noqa: PLC0415
    from orderkit.model.errors import Refused  # noqa: PLC0415

    project = compiled(directory)
    # What can refuse the artifact is asked before a revision is written.
    require_front_end()
    migrations = directory / "migrations"
    try:
        revision = write_next_revision(project, installed(), migrations)
    except Refused as refused:
        for problem in refused.problems:
            console.fail(problem.message, problem.help)
        console.fail(label(zh="没有写入任何文件", en="nothing was written"))
        raise typer.Exit(1) from None
    if revision is None:
        console.say(label(zh="数据库结构没有变化", en="the tables are as they were"))
    else:
        console.say(
            label(zh="新的迁移 {script}：", en="new migration {script}:"),
            script=revision.script.relative_to(directory),
        )
        for change in revision.changes:
            console.say(f"  {describe(change)}")
        for note in revision.notes:
            console.note(f"  {text_of(note, console.language())}")
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
        migrations=migrations,
        target=output or directory / "build",
        plugins=installed_plugins(),
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
