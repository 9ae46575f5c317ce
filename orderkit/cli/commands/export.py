"""`orderkit export`: the records of a form as a sheet, a text table or JSON."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.cli.whole_files import whole_file
from orderkit.model.labels import label


def export(
    form: Annotated[str, typer.Argument(metavar="FORM", help="A form by its id.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An .xlsx, .csv or .json file to write.", dir_okay=False)
    ],
    *,
    project: Annotated[
        Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
    ] = Path(),
    view: Annotated[
        str | None, typer.Option("--view", metavar="ID", help="Only the records and columns of this view.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    login: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="With whose rights; default: the system's.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Write every record of a form that may be exported, with all fields and lines, to a file.

    An import of the file changes nothing. The ending of the file says what it becomes; it stands there
    only once it is whole, for whoever made it alone to read, and the audit notes that it was made.

    Example: `orderkit export order orders.xlsx --as zhang`
    """
    from orderkit.engine.exporting import FORMATS, everything, note_exported  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.exporting import export as write  # noqa: PLC0415
    from orderkit.engine.records import Query  # noqa: PLC0415
    from orderkit.engine.runtime import Channel  # noqa: PLC0415

    format_ = FORMATS.get(file.suffix.removeprefix(".").lower())
    if format_ is None:
        raise typer.BadParameter(f"ends in {', '.join(f'.{each}' for each in FORMATS)}", param_hint="FILE")
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already; --force replaces it", param_hint="FILE")
    with opened(project, database) as runtime:
        person = person_named(runtime, login)
        with whole_file(file) as aside, console.progress(file.name) as bar:
            with runtime.read(person, Channel.COMMAND) as unit:
                query, columns = everything(unit, form)
                if view is not None:
                    columns = unit.project.form_by_id[form].list.columns
                    query = Query(form=form, view=view)
                rows = write(
                    unit,
                    query,
                    format_,
                    aside,
                    columns=columns,
                    with_lines=view is None,
                    on_progress=lambda number: bar(number, number),
                )
            with runtime.write(person, Channel.COMMAND) as unit:
                note_exported(
                    unit,
                    form,
                    format_,
                    rows=rows,
                    columns=columns,
                    narrowed=() if view is None else (f"view={view}",),
                )
    console.say(label(zh="{rows} 行已写入 {path}", en="wrote {rows} rows to {path}"), rows=rows, path=file)
