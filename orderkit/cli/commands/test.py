"""`orderkit test`: play the scenarios of a project, and say what of its workflows they reach."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.model.project import Project
    from orderkit.model.scenarios import Scenario
    from orderkit.testing.scenarios.results import Result

FORMATS = ("human", "json", "junit")
EXIT_STOPPED = 130


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def test(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DIR] [NAME]...", help="The project folder, and the scenarios to play: all."),
    ] = None,
    *,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="|".join(FORMATS), callback=_known, help="How results are written."),
    ] = FORMATS[0],
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="In how many processes; by default as many as help.")
    ] = None,
    coverage_min: Annotated[
        int,
        typer.Option(
            "--coverage-min", min=0, max=100, metavar="PERCENT", help="Fail if less of a workflow is reached."
        ),
    ] = 0,
) -> None:
    """Play the scenarios of a project, each on an empty database of its own, with a clock of its own.

    Says where one goes another way than written, and what of the workflows was reached.
    Nothing of the project is changed, nobody outside is called, and it needs no database and no build.

    Example: `orderkit test examples/order-management --coverage-min 100`
    """
    from orderkit.cli.compiling import compiled  # noqa: PLC0415 - `--help` does without
    from orderkit.testing.scenarios.coverage import coverage_of  # noqa: PLC0415
    from orderkit.testing.scenarios.formats import FORMATS as WRITTEN  # noqa: PLC0415
    from orderkit.testing.scenarios.formats import Summary  # noqa: PLC0415
    from orderkit.testing.scenarios.running import chosen, quiet  # noqa: PLC0415

    directory, names = _directory_and(words or [])
    project = compiled(directory)
    scenarios = chosen(project, names)
    quiet()
    started = perf_counter()
    results: list[Result] = []
    is_cut_short = False
    try:
        for each in _played(project, scenarios, jobs):
            results.append(each)
            if format_ == FORMATS[0]:
                _tell(each)
    except KeyboardInterrupt:
        is_cut_short = True
    summary = Summary(
        results=_in_order(results, scenarios),
        coverage=coverage_of(project, (point for each in results for point in each.reached)),
        seconds=perf_counter() - started,
        wanted=coverage_min,
        is_cut_short=is_cut_short,
    )
    text = WRITTEN[format_](summary, console.language())
    if format_ == FORMATS[0]:
        console.say(text.rstrip("\n"))
    else:
        console.document(text)
    if is_cut_short:
        raise typer.Exit(EXIT_STOPPED)
    if not summary.is_clean:
        raise typer.Exit(1)


def _directory_and(words: list[str]) -> tuple[Path, list[str]]:
    """Return the project folder and the names; the first word is a folder if there is one of that name."""
    if words and (Path(words[0]).is_dir() or "/" in words[0]):
        return Path(words[0]), words[1:]
    return Path(), words


def _played(project: "Project", scenarios: "tuple[Scenario, ...]", jobs: int | None) -> "Iterator[Result]":
    from orderkit.testing.scenarios.running import run  # noqa: PLC0415 - `--help` does without

    with console.progress(label(zh="运行场景", en="playing scenarios")) as bar:
        for number, each in enumerate(run(project, scenarios, jobs=jobs), start=1):
            bar(number, len(scenarios))
            yield each


def _tell(result: "Result") -> None:
    from orderkit.testing.scenarios.formats import human_failure  # noqa: PLC0415 - only where one fails

    if not result.is_passed:
        console.say(human_failure(result, console.language()) + "\n")


def _in_order(results: "list[Result]", scenarios: "tuple[Scenario, ...]") -> "list[Result]":
    by_id = {each.scenario: each for each in results}
    return [by_id[each.id] for each in scenarios if each.id in by_id]
