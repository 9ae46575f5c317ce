"""The files of a project on disk: read all at once, written one by one and only if nobody else has."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from orderkit.cli import console
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label


class Unreadable(OrderkitError):
    """The folder cannot be read; name one that holds an orderkit.yaml."""


class Unwritable(OrderkitError):
    """A file cannot be written; see who owns it."""


def read_project(directory: Path) -> Mapping[str, bytes]:
    """Return the YAML files of a project by relative path, and speak its language from now on.

    Raises:
        Unreadable: it is not a folder, or a file in it cannot be read.
    """
    # Here, so that `--help` answers at once.
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
    return files


def project_id_of(directory: Path) -> str:
    """Return the id of a project that is begun in a folder, made of the folder's name."""
    name = re.sub(r"[^a-z0-9_]+", "_", directory.resolve().name.lower()).strip("_")
    return (name if re.match(r"[a-z]", name) else f"project_{name}".rstrip("_"))[:40]


def texts_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the files as text, for showing them."""
    from orderkit.language.source.directory import is_asset  # noqa: PLC0415 - as above

    return {
        path: data.decode("utf-8", errors="replace") for path, data in files.items() if not is_asset(path)
    }


def write_back(path: Path, before: bytes, after: bytes) -> bool:
    """Write a file that still is as it was read; return false, and leave it, where it is not.

    Its permissions stay; nobody ever sees half of it.

    Raises:
        Unwritable: the file or its folder cannot be written.
    """
    path = path.resolve()
    try:
        if path.read_bytes() != before:
            return False
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
            Path(name).chmod(path.stat().st_mode & 0o7777)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Unwritable(
            label(zh=f"写不了 {path}：{error.strerror}", en=f"{path} cannot be written: {error.strerror}")
        ) from error
    return True


def unified(path: str, before: bytes, after: bytes) -> str:
    """Return the difference of two versions of a file, as `git diff` shows it."""
    from difflib import unified_diff  # noqa: PLC0415 - only `--diff` needs it

    old, new = (data.decode("utf-8", errors="replace").splitlines(keepends=True) for data in (before, after))
    lines = unified_diff(old, new, f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
