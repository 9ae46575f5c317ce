"""From an artifact to a running server: runtime, worker and ASGI app, put together in one place.

`app.py` of an artifact and `orderkit serve` call `application`; what it needs beyond the artifact comes
from ORDERKIT_… variables. Without a reason to the contrary the jobs are done in the same process.
"""

import os
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from orderkit.artifact.folders import DATA
from orderkit.artifact.log import write_log
from orderkit.artifact.opening import open_over_database
from orderkit.artifact.reading import Artifact, open_artifact
from orderkit.artifact.standing import Standing
from orderkit.artifact.stopping import told_to_stop
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import chores, job_handlers, routines
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label
from orderkit.web.app import create_app
from orderkit.web.server.settings import Settings

WORKER_VARIABLE = "ORDERKIT_WORKER"
# Two that work, one that says they still do, and one that seals the audit.
_WORKER_CONNECTIONS = 4


class WrongSettings(OrderkitError):
    """An ORDERKIT_… variable has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An artifact over its database, ready to serve. `close` ends it."""

    artifact: Artifact
    runtime: Runtime
    settings: Settings

    def worker(self) -> Worker:
        """Return a worker for every kind of job."""
        return Worker(self.runtime, job_handlers(), chores=chores(), routines=routines(self.runtime))

    def close(self) -> None:
        """Close the database."""
        self.runtime.database.close()


def open_served(
    directory: Path,
    *,
    database: str | None = None,
    environment: Mapping[str, str] = os.environ,
    is_development: bool = False,
) -> Opened:
    """Open the artifact in `directory` over its database.

    Args:
        directory: the project folder, or the artifact itself.
        database: its URL; otherwise ORDERKIT_DATABASE_URL, otherwise SQLite in `var/`.
        environment: where settings and the secrets of connections come from.
        is_development: whether pages may show what helps who writes the project.

    Raises:
        NoArtifact, WrongFormat, WrongSettings, WeakSecretKey.
        DatabaseUnusable: it is missing, or not at the artifact; the message says what to run.
    """
    artifact = open_artifact(directory)
    settings = _settings(environment, artifact.home / DATA, is_development=is_development)
    opened = open_over_database(
        artifact,
        database=database,
        environment=environment,
        threads=settings.threads + _WORKER_CONNECTIONS,
    )
    return Opened(artifact=opened.artifact, runtime=opened.runtime, settings=settings)


def app_of(opened: Opened, *, with_worker: bool = True, more_routes: tuple[BaseRoute, ...] = ()) -> Starlette:
    """Return the ASGI app; the worker begins and ends with it, and the database is closed at the end."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=opened.worker().run, args=(stop,), name="orderkit-worker")
        if with_worker:
            thread.start()
        try:
            with told_to_stop(app.state.end_streams):
                yield
        finally:
            stop.set()
            opened.runtime.wake_worker()
            if with_worker:
                thread.join()
            opened.close()

    standing = Standing(opened.runtime.database, opened.artifact)
    app = create_app(
        opened.runtime, opened.settings, more_routes=more_routes, refuse_unready=standing.refuse_moved
    )
    app.router.lifespan_context = lifespan
    return app


def application(directory: Path) -> Starlette:
    """Return the ASGI app of an artifact as the environment says; ORDERKIT_WORKER=0 leaves the jobs to others.

    What stands in the way is told to whoever starts the server, without a traceback.
    """
    write_log()
    try:
        return app_of(open_served(directory), with_worker=os.environ.get(WORKER_VARIABLE, "1") != "0")
    except OrderkitError as error:
        raise SystemExit("\n".join(error.explain.values())) from error


def _settings(environment: Mapping[str, str], folder: Path, *, is_development: bool) -> Settings:
    try:
        return Settings.from_environment(environment, folder, is_development=is_development)
    except ValidationError as error:
        names = ", ".join(f"ORDERKIT_{'_'.join(map(str, each['loc'])).upper()}" for each in error.errors())
        reasons = "; ".join(each["msg"] for each in error.errors())
        raise WrongSettings(
            label(
                zh=f"环境变量 {names} 的值不可用（{reasons}）",
                en=f"the value of {names} cannot be used ({reasons})",
            )
        ) from error
    except ValueError as error:
        raise WrongSettings(
            label(zh=f"环境变量的值不可用（{error}）", en=f"a variable's value cannot be used ({error})")
        ) from error
