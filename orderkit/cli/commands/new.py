"""`orderkit new`: a project to begin with, for editors, git and CI alike."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from orderkit import __version__
from orderkit.cli import console
from orderkit.cli.places import as_typed
from orderkit.cli.project_files import project_id_of
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

_SCHEMAS = PurePosixPath(".orderkit", "schemas")
# What CI runs, as far as this version has the command. The plan, for reviews, stands in the files themselves.
_IN_CI = {
    "check": ("check --strict --format github", "check --strict"),
    "test": ("test", "test"),
    "build": ("build --check", "build --check"),
}
# What runs before each commit.
_BEFORE_COMMIT = {"check": "check", "fmt": "fmt --check"}


class CannotBegin(OrderkitError):
    """No project can be begun here; name a folder that is new or empty."""


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The project folder; new or empty.")],
    *,
    template: Annotated[
        str, typer.Option("--template", help="What it begins with: blank or order-management.")
    ] = "blank",
) -> None:
    """Begin a project: YAML to change, schemas for the editor, checks before a commit, CI.

    Example: `orderkit new acme-orders --template order-management`
    """
    from orderkit.starters import TEMPLATES  # noqa: PLC0415 - `--help` does without

    if template not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise CannotBegin(
            label(
                zh=f"没有模板 {template}；可用的有：{known}",
                en=f"there is no template `{template}`; there are: {known}",
            )
        )
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CannotBegin(
            label(
                zh=f"{directory} 不是空文件夹；请换一个新的或空的",
                en=f"{directory} is not an empty folder; name one that is new or empty",
            )
        )
    files = dict(_files(project_id_of(directory), template))
    _write(directory, files)
    console.say(
        label(zh="项目已建好：{folder}（{count} 个文件）", en="began a project in {folder} ({count} files)"),
        folder=directory,
        count=len(files),
    )
    console.note(
        label(
            zh="接下来：orderkit build {folder} && orderkit migrate {folder} && orderkit serve {folder} --dev",
            en="next: orderkit build {folder} && orderkit migrate {folder} && orderkit serve {folder} --dev",
        ),
        folder=as_typed(directory),
    )


def _write(directory: Path, files: Mapping[str, str | bytes]) -> None:
    """Write the files of a new project: all of them, or none. Raises CannotBegin."""
    was_there = directory.exists()
    target = directory
    try:
        for path, content in files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        for each in directory.iterdir() if directory.is_dir() else ():
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)
        if directory.is_dir() and not was_there:
            directory.rmdir()
        raise CannotBegin(
            label(
                zh=f"写不了 {error.filename or target}：{error.strerror}",
                en=f"{error.filename or target} cannot be written: {error.strerror}",
            )
        ) from error


def _files(project: str, template: str) -> Iterator[tuple[str, str | bytes]]:
    from orderkit.catalog import installed  # noqa: PLC0415
    from orderkit.language.schema import schema_files, written  # noqa: PLC0415
    from orderkit.starters import common_files, template_assets, template_files  # noqa: PLC0415

    for path, text in template_files(template).items():
        yield path, f"{_schema_line(path, text)}{_named(text, project)}" if path.endswith(".yaml") else text
    yield from template_assets(template).items()
    for path, text in common_files().items():
        yield path, _filled(text, project)
    for name, schema in schema_files(installed()).items():
        yield str(_SCHEMAS / name), written(schema)


def _schema_line(path: str, text: str) -> str:
    """Return the line by which an editor knows which words a file may have."""
    kind = next(line.partition(":")[0] for line in text.splitlines() if re.match(r"[a-z]+:", line))
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"# yaml-language-server: $schema={up}{_SCHEMAS / f'{kind}.json'}\n"


def _named(text: str, project: str) -> str:
    return re.sub(r"^project: \w+$", f"project: {project}", text, flags=re.MULTILINE)


def _filled(text: str, project: str) -> str:
    places: Mapping[str, str] = {
        "__PROJECT__": project,
        "__VERSION__": __version__,
        "__HOOKS__\n": "".join(_hooks()),
        "__GITHUB_STEPS__\n": "".join(f"      - run: orderkit {words}\n" for words, _ in _in_ci()),
        "__GITLAB_STEPS__\n": "".join(f"    - orderkit {words}\n" for _, words in _in_ci()),
    }
    for place, words in places.items():
        text = text.replace(place, words)
    return text


def _in_ci() -> Iterator[tuple[str, str]]:
    from orderkit.cli.commands import COMMANDS  # noqa: PLC0415 - the table names this module

    return (words for command, words in _IN_CI.items() if command in COMMANDS)


def _hooks() -> Iterator[str]:
    from orderkit.cli.commands import COMMANDS  # noqa: PLC0415 - the table names this module

    for command, words in _BEFORE_COMMIT.items():
        if command in COMMANDS:
            yield (
                f"      - id: orderkit-{command}\n"
                f"        name: orderkit {command}\n"
                f"        entry: orderkit {words}\n"
                "        language: system\n"
                "        pass_filenames: false\n"
                "        files: \\.ya?ml$\n"
            )
