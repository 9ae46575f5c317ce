"""An artifact over its database: what commands and the server both begin with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orderkit.artifact.folders import DATA
from orderkit.artifact.reading import Artifact, open_artifact
from orderkit.database.connections.defaults import DATABASE_VARIABLE, default_url
from orderkit.database.migrating.readiness import check_ready
from orderkit.engine.files.objects import remote_files
from orderkit.engine.opening import open_runtime
from orderkit.engine.runtime import Runtime
from orderkit.web.server.secret_keys import secret_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedArtifact:
    """An artifact and the runtime over its database. `close` ends it."""

    artifact: Artifact
    runtime: Runtime

    def close(self) -> None:
        """Close the database."""
        self.runtime.database.close()


def open_over_database(
    where: Path | Artifact,
    *,
    database: str | None,
    environment: Mapping[str, str],
    threads: int,
    is_about_to_move: bool = False,
) -> OpenedArtifact:
    """Open an artifact over its database.

    Args:
        where: the project folder, the folder of the artifact, or what was read of it already.
        database: its URL; otherwise ORDERKIT_DATABASE_URL, otherwise SQLite in `var/`.
        environment: where the secrets of connections come from, too.
        threads: how many may use the database at once.
        is_about_to_move: whether records in states that are gone are moved next, as `migrate` does.

    Raises:
        NoArtifact, WrongFormat.
        DatabaseUnusable: it is missing, or not at the artifact; the message says what to run.
    """
    artifact = where if isinstance(where, Artifact) else open_artifact(where)
    runtime = open_runtime(
        artifact.project,
        database_url=database or environment.get(DATABASE_VARIABLE) or default_url(artifact.home),
        files_folder=artifact.files_folder,
        home=artifact.home,
        model_hash=artifact.model_hash,
        environment=environment.get,
        threads=threads,
        remote_files=remote_files(environment),
        commit=artifact.commit,
        asset=artifact.asset,
        keys_for=secret_keys_for(environment, artifact.home),
    )
    opened = OpenedArtifact(artifact=artifact, runtime=runtime)
    try:
        check_ready(
            runtime.database, artifact.project, artifact.migrations, is_about_to_move=is_about_to_move
        )
    except BaseException:
        opened.close()
        raise
    return opened


def secret_keys_for(environment: Mapping[str, str], home: Path) -> Callable[[str], tuple[bytes, ...]]:
    """Return what derives keys from those of the environment, or of the server's file; they are read when asked for."""
    return lambda purpose: secret_keys(environment, home / DATA).derived(purpose)
