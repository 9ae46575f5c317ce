"""The step that every command with a project folder begins with: read, compile, show what was found."""

from pathlib import Path

import typer

from orderkit.catalog import built_in
from orderkit.cli import console
from orderkit.cli.check import Unreadable
from orderkit.model.labels import label
from orderkit.model.project import Project


def compiled(directory: Path) -> Project:
    """Return the project in `directory`; leave with exit code 1 after showing its errors, if any.

    Raises:
        Unreadable: it is not a folder, or a file in it cannot be read.
    """
    from orderkit.language.compile import compile_project  # noqa: PLC0415 - serving commands do without
    from orderkit.language.findings import has_errors, render_human  # noqa: PLC0415
    from orderkit.language.source.directory import read_directory  # noqa: PLC0415
    from orderkit.language.source.languages import project_language  # noqa: PLC0415

    if not directory.is_dir():
        raise Unreadable(
            label(zh=f"{directory} 不是文件夹", en=f"{directory} is not a folder; name a project folder")
        )
    try:
        sources = read_directory(directory)
    except OSError as error:
        raise Unreadable(
            label(
                zh=f"读不了 {error.filename}：{error.strerror}",
                en=f"{error.filename} cannot be read: {error.strerror}",
            )
        ) from error
    console.speak_as_project(project_language(sources))
    outcome = compile_project(sources, built_in())
    if outcome.found:
        texts = {path: text.decode("utf-8", errors="replace") for path, text in sources.items()}
        console.note(render_human(outcome.found, texts, console.language()))
    if outcome.value is None or has_errors(outcome.found):
        raise typer.Exit(1)
    return outcome.value
