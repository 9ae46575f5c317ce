"""`orderkit doctor`: look whether database and attachments are as they should be."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption
from orderkit.cli.places import database_of, files_of
from orderkit.model.labels import Label, label, text_of

if TYPE_CHECKING:
    from orderkit.upkeep.doctor.examining import Examination

FORMAT_VERSION = 1


def doctor(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the result as JSON.")] = False,
) -> None:
    """Compare a database with its model, look for what does not hold together, and for attachments gone astray.

    Nothing is written. Leaves with 1 when something is wrong, with 0 when there is at most something to know.

    Example: `orderkit doctor shop --database postgresql://user:password@localhost/shop`
    """
    from dataclasses import replace  # noqa: PLC0415 - `--help` does without
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderkit.artifact.reading import open_artifact  # noqa: PLC0415
    from orderkit.catalog import installed  # noqa: PLC0415
    from orderkit.database.connections.database import Database  # noqa: PLC0415
    from orderkit.upkeep.doctor.examining import examine  # noqa: PLC0415
    from orderkit.upkeep.doctor.papers import papers  # noqa: PLC0415

    artifact = open_artifact(directory)
    console.speak_as_project(artifact.project.locale)
    url = database_of(directory, database).render_as_string(hide_password=False)
    opened = Database.open(url, artifact.project, installed(), threads=2)
    try:
        examination = examine(
            opened,
            artifact.project,
            installed(),
            artifact.migrations,
            model_hash=artifact.model_hash,
            files=files_of(directory),
            now=datetime.now(UTC),
        )
    finally:
        opened.close()
    examination = replace(examination, found=(*examination.found, *papers(artifact.project)))
    if as_json:
        console.document(_json(examination))
    else:
        _show(examination)
    if not examination.is_well:
        raise typer.Exit(1)


def _show(examination: "Examination") -> None:
    for each in examination.found:
        weight = "error" if each.is_fault else "note"
        console.say(
            "{head}: {text}", head=f"{weight}[{each.code.id}] {each.code.name}", text=_text(each.words)
        )
        if each.help is not None:
            console.say("  help: {text}", text=_text(each.help))
    stamp = examination.stamp
    faults = sum(each.is_fault for each in examination.found)
    console.say(
        label(
            zh="项目 {project}，版本 {revision}：{faults} 个问题，{notes} 条说明",
            en="project {project} at revision {revision}: faults: {faults}, notes: {notes}",
        ),
        project=stamp.project or "–",
        revision=stamp.project_revision or "–",
        faults=faults,
        notes=len(examination.found) - faults,
    )


def _text(words: Label) -> str:
    return text_of(words, console.language())


def _json(examination: "Examination") -> str:
    stamp = examination.stamp
    document = {
        "format": FORMAT_VERSION,
        "is_well": examination.is_well,
        "project": stamp.project,
        "revision": stamp.project_revision,
        "system_revision": stamp.system_revision,
        "model_hash": stamp.model_hash,
        "found": [
            {
                "code": each.code.id,
                "name": each.code.name,
                "is_fault": each.is_fault,
                "place": each.place,
                "message": dict(each.words),
                "help": None if each.help is None else dict(each.help),
            }
            for each in examination.found
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
