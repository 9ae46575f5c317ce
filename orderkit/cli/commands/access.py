"""`orderkit access`: who may do what in a project, read from its YAML; no database is asked."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled

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
