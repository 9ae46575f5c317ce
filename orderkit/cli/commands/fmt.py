"""`orderkit fmt`: lay YAML files out as everybody's look; comments stay, and so does what they mean."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.project_files import Unreadable, read_project, unified, write_back
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.findings import Finding


def fmt(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Project folders and YAML files.")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Lay files out: the kind first, words in their order, two spaces, brackets on a line while they fit.

    Comments and blank lines stay with what they belong to, and the app stays the same.
    A file that cannot be read is left alone.

    Example: `orderkit fmt examples/order-management --check`
    """
    from orderkit.language.format import format_file  # noqa: PLC0415 - `--help` does without

    changed = 0
    found: list[Finding] = []
    texts: dict[str, str] = {}
    files = _files(paths or [Path()])
    for path, before in files.items():
        result = format_file(path.as_posix(), before)
        if result.found:
            found += result.found
            texts[path.as_posix()] = before.decode("utf-8", errors="replace")
        if result.data == before:
            continue
        changed += 1
        if diff:
            console.data(unified(path.as_posix(), before, result.data))
        elif check or write_back(path, before, result.data):
            console.say("{path}", path=path.as_posix())
        else:
            console.fail(
                label(
                    zh="{path} 刚刚被别的程序改过，没有动它；请再运行一次",
                    en="{path} was changed by someone else meanwhile and is left alone; run this again",
                ),
                path=path.as_posix(),
            )
    _conclude(found, texts, changed, len(files), is_dry=check or diff)
    if found or (changed and (check or diff)):
        raise typer.Exit(1)


def _conclude(
    found: "list[Finding]", texts: dict[str, str], changed: int, count: int, *, is_dry: bool
) -> None:
    from orderkit.language.findings import render_human  # noqa: PLC0415

    if found:
        console.note(render_human(found, texts, console.language()))
    message = (
        label(zh="{count} 个文件中有 {changed} 个需要整理", en="{changed} of {count} files would change")
        if is_dry
        else label(zh="{count} 个文件中整理了 {changed} 个", en="{changed} of {count} files changed")
    )
    console.note(message, count=count, changed=changed)


def _files(paths: list[Path]) -> dict[Path, bytes]:
    """Return the files that paths name, each once.

    Raises:
        Unreadable: a path is neither a folder nor a file that can be read.
    """
    from orderkit.language.source.directory import is_asset  # noqa: PLC0415 - `--help` does without

    files: dict[Path, bytes] = {}
    for path in paths:
        if not path.is_file():
            files |= {path / name: data for name, data in read_project(path).items() if not is_asset(name)}
            continue
        try:
            files[path] = path.read_bytes()
        except OSError as error:
            raise Unreadable(
                label(zh=f"读不了 {path}：{error.strerror}", en=f"{path} cannot be read: {error.strerror}")
            ) from error
    return files
