"""The step that every command with a project folder begins with: read, compile, show what was found."""

from pathlib import Path

import typer

from orderkit.catalog import built_in
from orderkit.cli import console
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label
from orderkit.model.project import Project


class NoProject(OrderkitError):
    """There is no project in this folder; name one that holds an orderkit.yaml."""


def compiled(directory: Path) -> Project:
    """Return the project in `directory`; leave with exit code 1 after showing its errors, if any.

    Raises:
        NoProject: the folder holds no YAML file.
    """
    from orderkit.language.compile import compile_project  # noqa: PLC0415 - serving commands do without
    from orderkit.language.findings import has_errors, render_human  # noqa: PLC0415
    from orderkit.language.source.directory import read_directory  # noqa: PLC0415

    sources = read_directory(directory) if directory.is_dir() else {}
    if not sources:
        raise NoProject(
            label(
                zh=f"{directory} 里没有 YAML 文件：请指定含有 orderkit.yaml 的项目目录",
                en=f"{directory} holds no YAML files: name a project folder, one with an orderkit.yaml",
            )
        )
    outcome = compile_project(sources, built_in())
    if outcome.found:
        texts = {path: text.decode("utf-8", errors="replace") for path, text in sources.items()}
        console.say(render_human(outcome.found, texts, console.language()))
    if outcome.value is None or has_errors(outcome.found):
        raise typer.Exit(1)
    return outcome.value
