"""`orderkit access`: who may do what in a project (its YAML alone), and why somebody may with one record."""

import json
from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled
from orderkit.cli.opening import DatabaseOption, opened, person_named

FORMATS = ("table", "markdown", "json")

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Who may do what."""


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def _shown(name: str) -> str:
    """Return the name of a format of an explanation, or refuse it as wrong usage."""
    if name not in {"table", "json"}:
        raise typer.BadParameter("table, json")
    return name


@app.command("matrix")
def matrix(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    format_: Annotated[
        str,
        typer.Option(
            "--format", metavar="|".join(FORMATS), callback=_known, help="How the matrix is written."
        ),
    ] = FORMATS[0],
) -> None:
    """Show what each role may do with each form and field. States and tasks narrow this record by record.

    The order is always the same, so two outputs can be compared line by line.

    Example: `orderkit access matrix shop --format markdown`
    """
    from orderkit.plan.formats import matrix as formats  # noqa: PLC0415 - `--help` does without
    from orderkit.plan.matrix import access_matrix  # noqa: PLC0415

    found = access_matrix(compiled(directory))
    if format_ == "json":
        console.document(formats.as_json(found))
        return
    if format_ == "markdown":
        console.document(formats.markdown(found, console.language()))
        return
    notes = formats.Notes()
    for form, lines in formats.sections(found, notes):
        console.data(f"\n{form}\n")
        console.table(formats.headings(found), lines)
    console.data("")
    for number, text in notes.lines():
        console.data(f"[{number}] {text}")
    console.note(formats.legend())


@app.command("explain")
def explain(
    login: Annotated[str, typer.Argument(metavar="USER", help="The login name of whom it is about.")],
    form: Annotated[str, typer.Argument(metavar="FORM", help="The id of a form.")],
    record_id: Annotated[
        int, typer.Argument(metavar="ID", min=1, help="The number in the record's address.")
    ],
    *,
    format_: Annotated[
        str, typer.Option("--format", metavar="table|json", callback=_shown, help="How it is written.")
    ] = FORMATS[0],
    project: Annotated[
        Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
    ] = Path(),
    database: DatabaseOption = None,
) -> None:
    """Say what a user may do with one record, and which rule of which role decided.

    The answers are those of the running app: roles, row rules, the record's state and open tasks.

    Example: `orderkit access explain li order 12 --project shop`
    """
    from orderkit.cli import explained_access  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.access.explaining import explain as explained  # noqa: PLC0415
    from orderkit.engine.runtime import Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        person = person_named(runtime, login)
        with runtime.read(person, Channel.COMMAND) as unit:
            found = explained(unit, form, record_id)
    if format_ == "json":
        console.document(json.dumps(explained_access.as_json(found), ensure_ascii=False, indent=2) + "\n")
        return
    locale = console.language()
    console.table(explained_access.ACTIONS, explained_access.action_lines(found, locale))
    console.data("")
    console.table(explained_access.FIELDS, explained_access.field_lines(found, locale))
