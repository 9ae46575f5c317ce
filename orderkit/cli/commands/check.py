"""`orderkit check`: compile projects and show every finding, for people or for tools; `--fix` mends."""

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit import __version__
from orderkit.cli import console
from orderkit.cli.project_files import read_project, texts_of, unified, write_back
from orderkit.cli.remembering import found_in
from orderkit.language.findings.formats import FORMATS
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.language.findings import Finding
    from orderkit.language.findings.formats import Format, Report


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def check(
    directories: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="The project folders.")
    ] = None,
    *,
    format_: Annotated[
        str,
        typer.Option(
            "--format", metavar="|".join(FORMATS), callback=_known, help="How findings are written."
        ),
    ] = FORMATS[0],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Remember the last check of a project.")
    ] = True,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is surely meant, and say what was.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what `--fix` would write; write nothing.")
    ] = False,
) -> None:
    """Check projects and list every finding. Exits 1 on errors; on warnings only with `--strict`.

    Example: `orderkit check examples/order-management --format json`
    """
    from orderkit.language.findings import Severity  # noqa: PLC0415 - `--help` does without
    from orderkit.language.findings.formats import Report, format_named  # noqa: PLC0415

    chosen = format_named(format_)
    directories = directories or [Path()]
    findings: list[Finding] = []
    sources: dict[str, str] = {}
    for directory in directories:
        files = read_project(directory)
        if fix or diff:
            found, files = _mended(directory, files, is_dry=diff)
        else:
            found = found_in(directory, files, _found, _are_right) if cache else _found(files)
        prefix = _prefix(directory, chosen, is_alone=len(directories) == 1)
        part = Report(found, texts_of(files)).below(prefix)
        findings += part.findings
        sources |= part.sources
    report = Report(findings, sources, console.language(), __version__)
    if not diff:
        _show(report, chosen, format_)
    if report.count(Severity.ERROR) or (strict and report.count(Severity.WARNING)):
        raise typer.Exit(1)


def _mended(
    directory: Path, files: Mapping[str, bytes], *, is_dry: bool
) -> tuple[Sequence["Finding"], Mapping[str, bytes]]:
    """Mend a project, and return what is still found and its files; as they are where it is only shown."""
    from orderkit.cli.fixing import fix_files  # noqa: PLC0415 - only those who mend pay for it

    fixed = fix_files(files, _found)
    changed = [path for path, data in fixed.files.items() if data != files[path]]
    if is_dry:
        for path in changed:
            console.data(unified(path, files[path], fixed.files[path]))
        return _found(files), files
    kept = {path for path in changed if not write_back(directory / path, files[path], fixed.files[path])}
    for finding in fixed.mended:
        if finding.path not in kept and finding.fix is not None:
            place = f"{finding.path}:{finding.span.line}:{finding.span.column}"
            title = text_of(finding.fix.title, console.language())
            console.note("{place}: {code} {title}", place=place, code=finding.code.id, title=title)
    for path in sorted(kept):
        console.fail(
            label(
                zh="{path} 刚刚被别的程序改过，没有动它；请再运行一次",
                en="{path} was changed by someone else meanwhile and is left alone; run this again",
            ),
            path=path,
        )
    if kept:
        files = read_project(directory)
        return _found(files), files
    return fixed.found, fixed.files


def _found(files: Mapping[str, bytes]) -> Sequence["Finding"]:
    # The compiler makes no garbage worth collecting; looking for it would take a third of the time, and
    # what is left of it lives no longer than this command.
    gc.disable()
    try:
        # Here, so that `--help` answers at once.
        from orderkit.catalog import installed  # noqa: PLC0415
        from orderkit.language.compile import compile_project  # noqa: PLC0415

        return compile_project(files, installed()).found
    finally:
        gc.freeze()
        gc.enable()


def _are_right(path: str, was: bytes, files: Mapping[str, bytes]) -> bool:
    gc.disable()
    try:
        from orderkit.catalog import installed  # noqa: PLC0415 - only after a change of a rule
        from orderkit.language.compile.rules import are_right  # noqa: PLC0415

        return are_right(path, was, files, installed())
    finally:
        gc.freeze()
        gc.enable()


def _prefix(directory: Path, chosen: "Format", *, is_alone: bool) -> str:
    """Return what stands before the paths of a project: nothing for the only one, unless a review tool reads them."""
    if is_alone and not chosen.is_for_review:
        return ""
    place = directory.resolve() if chosen.is_for_review else directory
    here = Path.cwd()
    if place.is_absolute() and place.is_relative_to(here):
        place = place.relative_to(here)
    return "" if place == Path() else f"{place.as_posix()}/"


def _show(report: "Report", chosen: "Format", name: str) -> None:
    from orderkit.language.findings import Severity  # noqa: PLC0415

    text = chosen.render(report)
    if name != FORMATS[0]:
        if text:
            console.document(text)
        return
    if text:
        console.report(text)
    files, errors = len(report.sources), report.count(Severity.ERROR)
    warnings, hints = report.count(Severity.WARNING), report.count(Severity.HINT)
    console.note(
        label(
            zh=f"{files} 个文件，{errors} 个错误，{warnings} 个警告" + (f"，{hints} 个提示" if hints else ""),
            en=", ".join(
                _counted(number, noun)
                for number, noun in (
                    (files, "file"),
                    (errors, "error"),
                    (warnings, "warning"),
                    (hints, "hint"),
                )
                if number or noun != "hint"
            ),
        )
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
