"""Opens a built project for a command, as the server would: artifact, database, files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console

if TYPE_CHECKING:
    from orderkit.artifact.reading import Artifact
    from orderkit.engine.runtime import Person, Runtime

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="Default: ORDERKIT_DATABASE_URL, else SQLite in DIR/var/app.db."
    ),
]


@contextmanager
def opened(
    where: "Path | Artifact", database: str | None, *, threads: int = 2, is_about_to_move: bool = False
) -> Iterator["Runtime"]:
    """Yield the runtime of a built project, or of its artifact; `threads` may use the database at once.

    With `is_about_to_move`, records may stand in states that are gone.

    Raises: NoArtifact, DatabaseUnusable (missing, or not at the artifact; the message says what to run).
    """
    from orderkit.artifact.log import write_log  # noqa: PLC0415 - `--help` does without
    from orderkit.artifact.opening import open_over_database  # noqa: PLC0415

    write_log()
    artifact = open_over_database(
        where,
        database=database,
        environment=os.environ,
        threads=threads,
        is_about_to_move=is_about_to_move,
    )
    console.speak_as_project(artifact.runtime.project.locale)
    try:
        yield artifact.runtime
    finally:
        artifact.close()


def person_named(runtime: "Runtime", login: str | None) -> "Person":
    """Return the active user with this login name, or the system itself. Raises NotFound."""
    from orderkit.engine.accounts import find_person  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415
    from orderkit.model.errors import NotFound  # noqa: PLC0415
    from orderkit.model.labels import label  # noqa: PLC0415

    if login is None:
        return SYSTEM
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        found = find_person(unit, login)
    if found is None:
        raise NotFound(label(zh=f"没有用户“{login}”", en=f"there is no user `{login}`"))
    return found
