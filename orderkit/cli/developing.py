"""`serve --dev`: the app of a project while it is being written.

Every save compiles the project anew. What is wrong shows in the browser while the last good model goes
on serving; a change that needs other tables says which commands bring them, and then takes effect by
itself. Nothing here writes a revision or touches a table.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from orderkit.artifact.folders import DATA, MIGRATIONS
from orderkit.artifact.opening import secret_keys_for
from orderkit.artifact.serving import Opened, app_of, open_served
from orderkit.catalog import installed
from orderkit.cli import console
from orderkit.cli.project_files import texts_of
from orderkit.database.changes.between import changes_between
from orderkit.database.changes.kinds import WITHOUT_SQL
from orderkit.database.connections.defaults import DATABASE_VARIABLE, default_url
from orderkit.database.migrating.readiness import check_ready
from orderkit.database.revisions.describing import describe
from orderkit.database.revisions.history import last_snapshot
from orderkit.engine.opening import open_runtime
from orderkit.engine.runtime import Runtime
from orderkit.language.compile import compile_project
from orderkit.language.compile.papers.assets import by_digest
from orderkit.language.findings import has_errors, render_human
from orderkit.language.source.directory import ASSET_SUFFIXES, read_directory
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project

WORKER_CONNECTIONS = 4
LOOK_EVERY_SECONDS = 0.5
_WATCHED = frozenset({".yaml", ".yml", ".html", ".py", *ASSET_SUFFIXES})
_SKIPPED = frozenset({"build", DATA, ".git", "node_modules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page is told: `build` changes with every model that is served, `findings` is empty when all is well."""

    build: int
    findings: str


class Development:
    """An ASGI app that is replaced by that of the next good model."""

    def __init__(self, directory: Path, *, database: str | None, with_worker: bool) -> None:
        """Open the artifact as it is; the YAML is compiled once the server runs."""
        self.directory = directory
        self.database = database
        self.with_worker = with_worker
        self.opened = open_served(directory, database=database, is_development=True)
        self.app = self._app(self.opened)
        self.state = State(build=0, findings="")
        self._waiting: Project | None = None
        self._assets: Mapping[str, bytes] = {}
        self._stop = asyncio.Event()

    @property
    def runtime(self) -> Runtime:
        """The runtime of the model that is served now."""
        return self.opened.runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the app of the moment; the server's own life is that of the watching."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop.set()
        await watching
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        """Serve the model of the moment until another one is fit to be served, and so on."""
        seen: Mapping[Path, int] = {}
        while not self._stop.is_set():
            async with self.app.router.lifespan_context(self.app):
                following: Project | None = None
                while following is None and not self._stop.is_set():
                    now = await asyncio.to_thread(_written, self.directory)
                    if now != seen:
                        seen = now
                        following = await asyncio.to_thread(self._compiled)
                    elif self._waiting is not None:
                        # Migrating writes no file; the database may have come after the model meanwhile.
                        following = await asyncio.to_thread(self._admitted, self._waiting)
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
                if following is not None:
                    # Requests under way end on the old app; its life ends with the block.
                    self.opened = await asyncio.to_thread(self._opened, following)
                    self.app = self._app(self.opened)
            self.state = State(build=self.state.build + 1, findings="")

    def _compiled(self) -> Project | None:
        """Return a model that is to be served from now on; None when there is none, and say why."""
        sources = read_directory(self.directory)
        self._assets = by_digest(sources)
        outcome = compile_project(sources, installed())
        project = outcome.value
        if project is None or has_errors(outcome.found):
            self._say(render_human(outcome.found, texts_of(sources), console.language()))
            self._waiting = None
            return None
        return self._admitted(project)

    def _admitted(self, project: Project) -> Project | None:
        """Return the model if it is another one and the database can carry it; else say what it waits for."""
        waiting = self._why_not(project)
        self._waiting = project if waiting else None
        self._say(waiting)
        return None if waiting or project == self.runtime.project else project

    def _why_not(self, project: Project) -> str:
        """Return why the database cannot carry the model yet, and what to run; empty when it can."""
        migrations = self.directory / MIGRATIONS
        snapshot = last_snapshot(migrations)
        found = changes_between(snapshot, project, installed()).changes if snapshot is not None else ()
        changes = [each for each in found if not isinstance(each, WITHOUT_SQL)]
        if changes:
            listed = "\n".join(f"  {describe(change)}" for change in changes)
            return text_of(_TABLES_DIFFER, console.language()).format(changes=listed, folder=self.directory)
        try:
            check_ready(self.runtime.database, project, migrations)
        except OrderkitError as error:
            return text_of(error.explain, console.language())
        return ""

    def _opened(self, project: Project) -> Opened:
        runtime = open_runtime(
            project,
            database_url=self.database
            or os.environ.get(DATABASE_VARIABLE)
            or default_url(self.opened.artifact.home),
            files_folder=self.runtime.files_folder,
            remote_files=self.runtime.remote_files,
            home=self.opened.artifact.home,
            environment=os.environ.get,
            keys_for=secret_keys_for(os.environ, self.opened.artifact.home),
            threads=self.opened.settings.threads + WORKER_CONNECTIONS,
            asset=self._assets.get,
        )
        return Opened(artifact=self.opened.artifact, runtime=runtime, settings=self.opened.settings)

    def _app(self, opened: Opened) -> Starlette:
        return app_of(opened, with_worker=self.with_worker, more_routes=(Route("/dev/state", self._tell),))

    def _say(self, findings: str) -> None:
        if findings != self.state.findings:
            console.note(findings or label(zh="没有问题", en="nothing wrong"))
            self.state = State(build=self.state.build, findings=findings)

    async def _tell(self, _: Request) -> Response:
        """Tell a page the state, and every state after it."""

        async def events() -> AsyncIterator[str]:
            told: State | None = None
            while not self._stop.is_set():
                if self.state != told:
                    told = self.state
                    document = json.dumps({"build": str(told.build), "findings": told.findings})
                    yield f"data: {document}\n\n"
                await asyncio.sleep(LOOK_EVERY_SECONDS)

        return StreamingResponse(events(), media_type="text/event-stream")


def _written(directory: Path) -> Mapping[Path, int]:
    """Return when each file of the project was written: YAML and migrations, nothing that is built."""
    found: dict[Path, int] = {}
    for folder, folders, names in os.walk(directory):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            path = Path(folder, name)
            if path.suffix in _WATCHED and path.is_file():
                found[path] = path.stat().st_mtime_ns
    return found


_TABLES_DIFFER = label(
    zh="数据库的表需要变化，页面仍按上一个模型运行：\n{changes}\n请在另一个终端运行 orderkit build {folder} 和 orderkit migrate {folder}，随后会自动生效。",
    en="The tables have to change; the pages still run the last model:\n{changes}\n"
    "Run `orderkit build {folder}` and `orderkit migrate {folder}` in another terminal; it then takes effect by itself.",
)
