"""`orderkit plan`: what a change means for people, data and other systems, before it is built."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled
from orderkit.plan.formats import FORMATS

if TYPE_CHECKING:
    from orderkit.plan.values import Plan

EXIT_NOT_EMPTY = 3
_SQL = ("sqlite", "postgresql", "both")


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def _known_sql(name: str | None) -> str | None:
    """Return whose SQL is asked for, or refuse it as wrong usage."""
    if name is not None and name not in _SQL:
        raise typer.BadParameter(", ".join(_SQL))
    return name


def plan(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="REV|ARTIFACT|NUMBER",
            help="A git revision, a folder with a built artifact, or a migration (`0003`); "
            "default: what was built last.",
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="A live database to ask; it is only read."),
    ] = None,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="|".join(FORMATS), callback=_known, help="How the plan is written."),
    ] = FORMATS[0],
    sql: Annotated[
        str | None,
        typer.Option(
            "--sql",
            metavar="|".join(_SQL),
            callback=_known_sql,
            help="Show the statements of the database changes too.",
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit 3 when anything changes.")] = False,
) -> None:
    """Show what a change means for people, data and other systems. Nothing is written and nothing is run.

    Exits 1 when a part of it is refused (the plan is shown all the same), 3 with `--check` when anything changes.

    Example: `orderkit plan shop --against origin/main --format markdown`
    """
    # Two models are made and compared, and hardly anything of them is garbage before the end.
    gc.disable()
    try:
        found = _planned(directory, against, database, sql)
    finally:
        gc.enable()
    _show(found, format_)
    if found.refusals:
        raise typer.Exit(1)
    if check and not found.is_empty:
        raise typer.Exit(EXIT_NOT_EMPTY)


def _planned(directory: Path, against: str | None, database: str | None, sql: str | None) -> "Plan":
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.cli.planning.before import before, side_of  # noqa: PLC0415
    from orderkit.plan.planning import plan as planned  # noqa: PLC0415

    catalog = installed()
    project = compiled(directory)
    old, called = before(directory, against, catalog)
    new = side_of(project, catalog)
    found = replace(planned(old, new, catalog), against=called)
    if sql is not None:
        from orderkit.plan.sql import DIALECTS, statements  # noqa: PLC0415 - few plans show it

        chosen = [each for each in DIALECTS if sql in (each, "both")]
        found = replace(found, sql={each: statements(found.tables, new.tables, each) for each in chosen})
    if database is None or old is None:
        return found
    from orderkit.cli.planning.live import ask  # noqa: PLC0415 - most plans ask no database
    from orderkit.plan.facts import questions, with_facts  # noqa: PLC0415

    facts = ask(database, questions(found, old), old=old, new=project, catalog=catalog, folder=directory)
    return with_facts(found, facts, old, project)


def _show(found: "Plan", name: str) -> None:
    from orderkit.plan.formats import format_named  # noqa: PLC0415 - `--help` does without

    text = format_named(name)(found, console.language())
    if name == FORMATS[0]:
        console.data(text)
    else:
        console.document(text)
