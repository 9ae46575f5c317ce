"""`orderkit restore`: bring a backup into an empty place, or only read one through."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption
from orderkit.cli.places import database_of, files_of, project_and
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.upkeep.backup.manifest import Manifest


class NoArchive(OrderkitError):
    """There is no such archive; name the file that `orderkit backup` wrote."""


def restore(
    places: Annotated[
        list[Path],
        typer.Argument(metavar="[DIR] ARCHIVE", help="The project folder or artifact, and the archive."),
    ],
    *,
    database: DatabaseOption = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only read the archive through, and restore nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there; it says what is lost.")
    ] = False,
) -> None:
    """Restore a backup into an empty database and an empty folder of attachments, and compare every table.

    Stop the app first. A PostgreSQL database must exist, empty; a SQLite file is made.

    Example: `orderkit restore shop backups/shop-2026-03-02.tar`
    """
    import os  # noqa: PLC0415 - `--help` does without

    from orderkit.upkeep.backup.archive import read_through  # noqa: PLC0415
    from orderkit.upkeep.backup.restoring import Place  # noqa: PLC0415
    from orderkit.upkeep.backup.restoring import restore as bring_back  # noqa: PLC0415

    directory, archive = project_and(places, "ARCHIVE")
    if not archive.is_file():
        raise NoArchive(label(zh=f"没有归档 {archive}", en=f"there is no archive {archive}"))
    if verify:
        with console.progress(label(zh="检查归档", en="reading the archive")) as progress:
            _tell(label(zh="归档完好", en="the archive is whole"), read_through(archive, progress=progress))
        return
    place = Place(url=database_of(directory, database), files=files_of(directory), environment=os.environ)
    with console.progress(label(zh="恢复", en="restoring")) as progress:
        made = bring_back(
            archive,
            place,
            project=_project(directory),
            replace=force,
            on_replace=console.note,
            progress=progress,
        )
    _tell(label(zh="已恢复，与备份一致", en="restored, and equal to what was backed up"), made)
    console.note(
        label(
            zh="请运行 `orderkit migrate`（若程序较新）和 `orderkit doctor`，然后再启动应用",
            en="run `orderkit migrate` if the build is newer, then `orderkit doctor`, then start the app",
        )
    )


def _tell(what: Label, manifest: "Manifest") -> None:
    facts = label(
        zh="：{made_at}，项目 {project}，{tables} 个表，{rows} 行，{files} 个附件",
        en=": of {made_at}, project {project}, {tables} tables, {rows} rows, {files} attachments",
    )
    console.say(
        {language: what[language] + facts[language] for language in facts},
        made_at=manifest.made_at.isoformat(timespec="seconds"),
        project=manifest.project or "–",
        tables=len(manifest.tables),
        rows=manifest.rows,
        files=manifest.files,
    )


def _project(directory: Path) -> str | None:
    """Return whose data it must be, where the project was built here."""
    from orderkit.artifact.folders import NoArtifact  # noqa: PLC0415 - `--verify` does without
    from orderkit.artifact.reading import open_artifact  # noqa: PLC0415

    try:
        return open_artifact(directory).project.id
    except NoArtifact:
        return None
