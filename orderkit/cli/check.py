"""`orderkit check`: compile a project and show every finding, for people or for tools."""

import gc
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.remembering import found_in
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.findings import Finding


class Format(StrEnum):
    """How findings are written."""

    HUMAN = "human"
    CONCISE = "concise"
    JSON = "json"


class Unreadable(OrderkitError):
    """The folder cannot be read; name one that holds an orderkit.yaml."""


def check(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    format_: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.HUMAN,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Remember the last check of a project.")
    ] = True,
) -> None:
    """Check a project and list every finding. Exits 1 on errors; on warnings only with `--strict`.

    Example: `orderkit check examples/order-management --format json`
    """
    # Here, so that `--help` answers at once.
    from orderkit.language.findings import has_errors  # noqa: PLC0415
    from orderkit.language.source.directory import read_directory  # noqa: PLC0415
    from orderkit.language.source.languages import project_language  # noqa: PLC0415

    if not directory.is_dir():
        raise Unreadable(
            label(zh=f"{directory} 不是文件夹", en=f"{directory} is not a folder; name a project folder")
        )
    try:
        files = read_directory(directory)
    except OSError as error:
        raise Unreadable(
            label(
                zh=f"读不了 {error.filename}：{error.strerror}",
                en=f"{error.filename} cannot be read: {error.strerror}",
            )
        ) from error
    console.speak_as_project(project_language(files))
    found = found_in(directory, files, _found) if cache else _found(files)
    _show(found, {path: data.decode("utf-8", errors="replace") for path, data in files.items()}, format_)
    if has_errors(found) or (strict and found):
        raise typer.Exit(1)


def _found(files: Mapping[str, bytes]) -> "Sequence[Finding]":
    # Here, so that `--help` answers at once, and a check that is remembered too.
    from orderkit.catalog import built_in  # noqa: PLC0415
    from orderkit.language.compile import compile_project  # noqa: PLC0415

    # The compiler makes no garbage worth collecting; looking for it would take a third of the time.
    gc.disable()
    try:
        return compile_project(files, built_in()).found
    finally:
        gc.enable()


def _show(found: "Sequence[Finding]", sources: dict[str, str], format_: Format) -> None:
    from orderkit.language.findings import (  # noqa: PLC0415
        Severity,
        render_concise,
        render_human,
        render_json,
    )

    language = console.language()
    if format_ is Format.JSON:
        console.data(render_json(found, language))
        return
    if found:
        if format_ is Format.CONCISE:
            console.data(render_concise(found, language))
        else:
            console.report(render_human(found, sources, language))
    errors = sum(finding.code.severity is Severity.ERROR for finding in found)
    if format_ is Format.HUMAN:
        console.note(
            label(
                zh="{files} 个文件，{errors} 个错误，{warnings} 个警告",
                en="{files} files, {errors} errors, {warnings} warnings",
            ),
            files=len(sources),
            errors=errors,
            warnings=len(found) - errors,
        )
