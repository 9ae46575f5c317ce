"""Where the data of a project lies: its database and its attachments, without asking whether they fit its model."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from orderkit.engine.runtime import FileStore


def project_and(places: list[Path], wanted: str) -> tuple[Path, Path]:
    """Return the project folder, by default the current one, and the file that `[DIR] FILE` names."""
    if len(places) > 2:
        raise typer.BadParameter(f"[DIR] {wanted}", param_hint=wanted)
    return (places[0] if len(places) == 2 else Path()), places[-1]


def as_typed(path: Path) -> str:
    """Return a path as any shell takes it: in quotes where it is more than one plain word."""
    text = str(path)
    return f'"{text}"' if re.search(r"[^\w./\\:~+-]", text) else text


def database_of(directory: Path, database: str | None) -> "sa.URL":
    """Return the URL of the database; where there is a direct way around a pool of connections, that one.

    Raises: DatabaseUnusable when somebody named a SQLite file in a folder that is not there.
    """
    from orderkit.database.connections.defaults import default_url, direct_url  # noqa: PLC0415 - `--help` does without
    from orderkit.database.connections.urls import database_url  # noqa: PLC0415

    named = database or direct_url(os.environ)
    url = database_url(named or default_url(directory), folder=directory)
    if named is not None and url.get_backend_name() == "sqlite":
        from orderkit.database.connections.sqlite import require_folder  # noqa: PLC0415 - `--help` does without

        require_folder(Path(url.database or ""))
    return url


def files_of(directory: Path) -> "FileStore":
    """Return where the attachments lie."""
    from orderkit.artifact.folders import DATA  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.files.folder import Folder  # noqa: PLC0415
    from orderkit.engine.files.objects import remote_files  # noqa: PLC0415

    return remote_files(os.environ) or Folder(directory / DATA / "files")
