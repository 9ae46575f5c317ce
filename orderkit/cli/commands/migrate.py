"""`orderkit migrate`: bring a database to the artifact."""

import os
from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import opened
from orderkit.model.labels import label, text_of


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
) -> None:
    """Bring a database to the artifact; a SQLite file is made. Running it again changes nothing.

    Example: `orderkit migrate shop --database postgresql://user:password@localhost/shop`
    """
    from orderkit.artifact.reading import open_artifact  # noqa: PLC0415 - `--help` does without
    from orderkit.catalog import installed  # noqa: PLC0415
    from orderkit.database.connections.urls import default_url, direct_url, shown  # noqa: PLC0415
    from orderkit.database.migrating import migrate as migrations  # noqa: PLC0415

    def tell(step: migrations.Step) -> None:
        console.note(f"  {text_of(_LINES[step.line], console.language())} {step.revision}")

    artifact = open_artifact(directory)
    console.speak_as_project(artifact.project.locale)
    done = migrations.migrate(
        database or direct_url(os.environ) or default_url(artifact.home),
        artifact.project,
        installed(),
        artifact.migrations,
        model_hash=artifact.model_hash,
        folder=artifact.home,
        on_step=tell,
    )
    if done.steps:
        console.say(
            label(zh="已迁移 {count} 步：{url}", en="migrated {count} steps: {url}"),
            count=len(done.steps),
            url=shown(done.url),
        )
    else:
        console.say(label(zh="已是最新：{url}", en="up to date: {url}"), url=shown(done.url))
    if artifact.project.seeds:
        _seed(directory, database)


def _seed(directory: Path, database: str | None) -> None:
    """Bring the records of seeds to what their files say, now that their tables are there."""
    from orderkit.engine.importing import seeds  # noqa: PLC0415 - a project without seeds does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(directory, database) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        result = seeds.apply(unit)
    if result.created or result.updated:
        console.say(
            label(
                zh="种子数据：新建 {created}，更新 {updated}",
                en="seeds: created {created}, updated {updated}",
            ),
            created=result.created,
            updated=result.updated,
        )


_LINES = {
    "system": label(zh="orderkit 自身的表", en="orderkit's own tables"),
    "project": label(zh="项目的表", en="the project's tables"),
}
