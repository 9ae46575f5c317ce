"""`orderkit schema`: write the JSON Schemas of the YAML files, for editors and other tools."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

PLAN = "plan.json"


class Unwritable(OrderkitError):
    """The schemas cannot be written; name a folder that can."""


def schema(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder to write into; it is made.")
    ] = Path("schemas"),
) -> None:
    """Write the JSON Schemas of the YAML files: one a kind, and `orderkit.json` for files of any kind.

    Editors that know JSON Schema then complete and explain what you write.

    Example: `orderkit schema .vscode/schemas`
    """
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.language.schema import schema_files, written  # noqa: PLC0415
    from orderkit.plan.formats.document import plan_schema  # noqa: PLC0415

    files = {**schema_files(installed()), PLAN: plan_schema()}
    place = directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, each in files.items():
            place = directory / name
            place.write_text(written(each), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Unwritable(
            label(zh=f"写不了 {place}：{error.strerror}", en=f"{place} cannot be written: {error.strerror}")
        ) from error
    console.say(
        label(zh="已写入 {count} 个文件：{folder}", en="wrote {count} files into {folder}"),
        count=len(files),
        folder=directory,
    )
    console.note(
        label(
            zh="在 YAML 第一行写：# yaml-language-server: $schema={path}",
            en="first line of a YAML file: # yaml-language-server: $schema={path}",
        ),
        path=directory / "orderkit.json",
    )
