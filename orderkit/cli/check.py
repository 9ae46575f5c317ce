"""`orderkit check`: compile a project and show every finding, for people or for tools."""

import gc
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
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
) -> None:
    """Check a project and list every finding. Exits 1 on errors; on warnings only with `--strict`.

    Example: `orderkit check examples/order-management --format json`
    """
    # Here, so that `--help` answers at once.
    from orderkit.catalog import built_in  # noqa: PLC0415
    from orderkit.language.compile import compile_project  # noqa: PLC0415
    from orderkit.language.compile.names.languages import project_language  # noqa: PLC0415
    from orderkit.language.findings import has_errors  # noqa: PLC0415
    from orderkit.language.source.directory import read_directory  # noqa: PLC0415

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
    # The compiler makes no garbage worth collecting; looking for it would take a third of the time.
    gc.disable()
    try:
        found = compile_project(files, built_in()).found
    finally:
        gc.enable()
    _show(found, {path: data.decode("utf-8", errors="replace") for path, data in files.items()}, format_)
    if has_errors(found) or (strict and found):
        raise typer.Exit(1)


def _show(found: "tuple[Finding, ...]", sources: dict[str, str], format_: Format) -> None:
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
