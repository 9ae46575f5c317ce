"""`orderkit workflow`: what happened in a workflow, as a file for other programs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.cli.whole_files import whole_file
from orderkit.model.labels import label

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Workflows: what was done with each record, when, by whom."""


@app.command("log")
def log(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="A workflow by its id.")],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .xes or .csv file to write.", dir_okay=False)
    ],
    *,
    project: Annotated[
        Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
    ] = Path(),
    period: Annotated[
        str,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="Only lives whose last move was in it: 2026-03, last_90_days, 2026-01-01..2026-03-31.",
        ),
    ] = "all",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    login: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="With whose rights; default: the system's.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Write the log of a workflow, as XES (IEEE 1849-2016) or CSV, for programs that mine processes.

    Each record is a case, each step of its life an event, with who did it and when. The ending of the file says
    what it becomes; it stands there only once it is whole, and the audit notes that it was made.

    Example: `orderkit workflow log order_life orders.xes --period last_90_days`
    """
    from orderkit.engine.periods import period_of  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import Channel  # noqa: PLC0415
    from orderkit.engine.workflow.analytics import Question  # noqa: PLC0415
    from orderkit.engine.workflow.analytics.logs import LOG_FORMATS, note_log, write_log  # noqa: PLC0415

    format_ = LOG_FORMATS.get(file.suffix.removeprefix(".").lower())
    if format_ is None:
        endings = ", ".join(f".{each}" for each in LOG_FORMATS)
        raise typer.BadParameter(f"ends in {endings}", param_hint="FILE")
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already; --force replaces it", param_hint="FILE")
    if period_of(period, datetime.now(UTC).date()) is None:
        raise typer.BadParameter(f"`{period}` is no period", param_hint="--period")
    with opened(project, database) as runtime:
        person = person_named(runtime, login)
        with whole_file(file) as aside, console.progress(file.name) as bar:
            with runtime.read(person, Channel.COMMAND) as unit:
                asked = period_of(period, unit.today)
                assert asked is not None, "it was one above"
                question = Question(workflow=workflow, period=asked)
                rows = write_log(
                    unit, question, format_, aside, on_progress=lambda number: bar(number, number)
                )
            with runtime.write(person, Channel.COMMAND) as unit:
                note_log(unit, question, format_, rows=rows)
    console.say(
        label(zh="{rows} 个事件已写入 {path}", en="wrote {rows} events to {path}"), rows=rows, path=file
    )
