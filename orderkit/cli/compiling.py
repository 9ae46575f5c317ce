"""The step that every command with a project folder begins with: read, compile, show what was found."""

from collections.abc import Mapping
from pathlib import Path

import typer

from orderkit.catalog import installed
from orderkit.cli import console
from orderkit.cli.project_files import read_project, texts_of
from orderkit.model.project import Project


def compiled(directory: Path, sources: Mapping[str, bytes] | None = None) -> Project:
    """Return the project in `directory`, or of the `sources` that were read there; leave with exit code 1 after showing its errors, if any.

    Raises:
        Unreadable: it is not a folder, or a file in it cannot be read.
    """
    from orderkit.language.compile import compile_project  # noqa: PLC0415 - serving commands do without
    from orderkit.language.findings import has_errors, render_human  # noqa: PLC0415

    sources = read_project(directory) if sources is None else sources
    outcome = compile_project(sources, installed())
    if outcome.found:
        console.note(render_human(outcome.found, texts_of(sources), console.language()))
    if outcome.value is None or has_errors(outcome.found):
        raise typer.Exit(1)
    return outcome.value
