"""`orderkit migrate`: bring a database to the artifact."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import opened
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.database.migrating.migrate import Migrated
    from orderkit.database.migrating.running import Progress
    from orderkit.engine.runtime import Runtime


def migrate(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="Default: ORDERKIT_DATABASE_URL, else SQLite in DIR/var/app.db.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="NNNN", help="Come to this revision, forward or back; default: the last."
        ),
    ] = None,
    allow_loss: Annotated[
        bool,
        typer.Option("--allow-loss", help="Let going back drop data that the newer revisions made room for."),
    ] = False,
) -> None:
    """Bring a database to the artifact; a SQLite file is made. Running it again changes nothing.

    It may be stopped or killed at any moment: running it again goes on.

    Example: `orderkit migrate shop --database postgresql://user:password@localhost/shop`
    """
    from orderkit.artifact.folders import find_artifact, fingerprint  # noqa: PLC0415 - `--help` does without
    from orderkit.database.connections.defaults import default_url, direct_url  # noqa: PLC0415

    artifact = fingerprint(find_artifact(directory))
    url = database or direct_url(os.environ) or default_url(directory)
    if to is None and artifact is not None and _is_settled(url, directory, artifact):
        return
    _migrate(directory, url, artifact, to=to, allow_loss=allow_loss)


def _is_settled(url: str, home: Path, artifact: str) -> bool:
    """Return whether the last run left nothing to do, and say so; the model and SQLAlchemy are not even loaded."""
    from orderkit.database.migrating.settled import up_to_date  # noqa: PLC0415 - `--help` does without

    found = up_to_date(url, home, artifact)
    if found is not None:
        console.speak_as_project(found.locale)
        console.say(_UP_TO_DATE, url=found.url)
    return found is not None


def _migrate(
    directory: Path,
    url: str,
    fingerprint: str | None,
    *,
    to: str | None,
    allow_loss: bool,
) -> None:
    """Go the whole way, and note for the next run that it was gone to its end."""
    from orderkit.artifact.reading import open_artifact  # noqa: PLC0415 - `--help` does without
    from orderkit.catalog import installed  # noqa: PLC0415
    from orderkit.database.definitions.states import migrating  # noqa: PLC0415
    from orderkit.database.migrating import migrate as migrations  # noqa: PLC0415

    def tell(step: migrations.Step) -> None:
        undone = text_of(label(zh="（已撤销）", en=" undone"), console.language()) if step.is_undone else ""
        console.note(f"  {text_of(_LINES[step.line], console.language())} {step.revision}{undone}")

    artifact = open_artifact(directory)
    project = artifact.project
    console.speak_as_project(project.locale)
    with _stopping() as should_stop, console.progress(_WORKING) as shown:
        done = migrations.migrate(
            url,
            project,
            installed(),
            artifact.migrations,
            model_hash=artifact.model_hash,
            folder=artifact.home,
            target=to,
            may_lose=allow_loss,
            on_step=tell,
            on_progress=_showing(shown),
            should_stop=should_stop,
        )
    _report(done)
    if to is not None:
        return
    moves = bool(migrating(project))
    with opened(artifact, url, is_about_to_move=moves) as runtime:
        if moves:
            _bring_forward(runtime)
        _fill_index(runtime)
        _seed(runtime, fingerprint)


def _report(done: "Migrated") -> None:
    from orderkit.database.connections.urls import shown  # noqa: PLC0415 - `--help` does without

    if done.backup is not None:
        console.say(label(zh="迁移前的备份：{path}", en="copy from before: {path}"), path=done.backup)
    if done.steps:
        console.say(
            label(zh="已迁移 {count} 步：{url}", en="migrated {count} steps: {url}"),
            count=len(done.steps),
            url=shown(done.url),
        )
    else:
        console.say(_UP_TO_DATE, url=shown(done.url))


def _showing(bar: console.Progress) -> "Callable[[Progress], None]":
    """Return what moves the bar; where nobody watches one, a line for each long step and for every tenth of it."""
    told: dict[tuple[str, int], int] = {}

    def show(progress: "Progress") -> None:
        bar(progress.done, progress.total)
        if console.is_watched() or not progress.is_of_rows:
            return
        tenth = 10 * progress.done // max(progress.total, 1)
        if told.get((progress.revision, progress.step)) != tenth:
            told[progress.revision, progress.step] = tenth
            console.note(f"  {progress.revision} {progress.title}: {progress.done}/{progress.total}")

    return show


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C was pressed, which ends the migration after the step that runs; twice ends it at once."""
    asked: list[int] = []

    def stop(number: int, frame: object) -> None:
        del frame
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        console.note(
            label(zh="正在完成当前的一步，然后停止…", en="finishing the step that runs, then stopping …")
        )

    if threading.current_thread() is not threading.main_thread():
        # Signals come to the main thread alone.
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _bring_forward(runtime: "Runtime") -> None:
    """Let running records follow the newest definitions of workflows that say so."""
    from orderkit.engine.workflow.in_flight import bring_forward  # noqa: PLC0415 - most projects do without

    with console.progress(label(zh="运行中的单据", en="running records")) as on_progress:
        result = bring_forward(runtime, on_progress)
    if result.moved or result.restarted:
        console.say(
            label(
                zh="运行中的单据：{moved} 张转入新的状态，{restarted} 张重新审批",
                en="running records: {moved} moved to another state, {restarted} began their approval again",
            ),
            moved=result.moved,
            restarted=result.restarted,
        )


def _seed(runtime: "Runtime", fingerprint: str | None) -> None:
    """Bring the records of seeds to what their files say, now that their tables are there, and note that it is done."""
    from orderkit.database.migrating.settling import note_settled  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.importing import seeds  # noqa: PLC0415
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        result = seeds.apply(unit)
        note_settled(unit.connection, runtime.project, fingerprint)
    if result.created or result.updated:
        console.say(
            label(
                zh="种子数据：新建 {created}，更新 {updated}",
                en="seeds: created {created}, updated {updated}",
            ),
            created=result.created,
            updated=result.updated,
        )


def _fill_index(runtime: "Runtime") -> None:
    """Let searches find what is new to the index; until it is done they look at every record."""
    from orderkit.engine.index.filling import fill  # noqa: PLC0415 - `--help` does without

    with (
        _stopping() as should_stop,
        console.progress(label(zh="搜索索引", en="search index")) as on_progress,
    ):
        count = fill(runtime, on_progress, should_stop)
    if count:
        console.say(
            label(zh="搜索索引：整理了 {count} 条记录", en="search index: {count} records gone through"),
            count=count,
        )


_UP_TO_DATE = label(zh="已是最新：{url}", en="up to date: {url}")
_WORKING = label(zh="迁移中", en="migrating")
_LINES = {
    "system": label(zh="orderkit 自身的表", en="orderkit's own tables"),
    "project": label(zh="项目的表", en="the project's tables"),
}
