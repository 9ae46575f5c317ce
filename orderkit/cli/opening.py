"""Opens a built project for a command, as the server would: artifact, database, files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orderkit.engine.runtime import Person, Runtime

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="Default: ORDERKIT_DATABASE_URL, else SQLite in DIR/var/app.db."
    ),
]


@contextmanager
def opened(directory: Path, database: str | None) -> Iterator["Runtime"]:
    """Yield the runtime of a built project.

    Raises: NoArtifact, DatabaseUnusable (missing, or not at the artifact; the message says what to run).
    """
    from orderkit.artifact.reading import open_artifact  # noqa: PLC0415 - `--help` does without
    from orderkit.database.stamp import check_ready  # noqa: PLC0415
    from orderkit.database.urls import default_url  # noqa: PLC0415
    from orderkit.engine.opening import open_runtime  # noqa: PLC0415

    artifact = open_artifact(directory)
    runtime = open_runtime(
        artifact.project,
        database_url=database or os.environ.get("ORDERKIT_DATABASE_URL") or default_url(artifact.home),
        files_folder=artifact.home / "var" / "files",
        home=artifact.home,
        model_hash=artifact.model_hash,
        environment=os.environ.get,
        threads=2,
    )
    try:
        check_ready(runtime.database, artifact.project, artifact.migrations)
        yield runtime
    finally:
        runtime.database.close()


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
