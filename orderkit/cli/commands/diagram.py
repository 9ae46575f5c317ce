"""`orderkit diagram`: a workflow as a picture, as text for Markdown, or as BPMN 2.0 for other tools."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

import typer

from orderkit.cli import console
from orderkit.cli.compiling import compiled
from orderkit.cli.documents import give
from orderkit.cli.project_files import read_project
from orderkit.model.errors import NotFound
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Workflow

FORMATS = ("svg", "mermaid", "bpmn")


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def diagram(
    name: Annotated[str, typer.Argument(metavar="WORKFLOW", help="The id of a workflow.")],
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), callback=_known, help="What is written.")
    ] = FORMATS[0],
    opened: Annotated[
        bool, typer.Option("--opened", help="Show the steps of approvals too; BPMN always does.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Where it is written, instead of standard output."),
    ] = None,
) -> None:
    """Draw the life of a record: its states, the ways between them, and the steps of its approvals.

    An SVG follows the light or dark colours of whoever looks at it. Mermaid is drawn by many places that
    show Markdown. BPMN 2.0 opens in other modelling tools, with every shape in its place, and keeps what
    BPMN has no word for in extension elements; it is documentation, and other engines cannot run it.
    The texts are in the language of the project, or of `--lang`.

    Example: `orderkit diagram order_life shop --format svg --output order_life.svg`
    """
    sources = read_project(directory)
    project = compiled(directory, sources)
    workflow = _found(project, name)
    text = _drawn(workflow, format_, sources, is_opened=opened)
    give(text, output)


def _found(project: Project, name: str) -> Workflow:
    from orderkit.language.findings import did_you_mean  # noqa: PLC0415 - only where it is none

    found = project.workflow_by_id.get(name)
    if found is not None:
        return found
    known = list(project.workflow_by_id)
    near = did_you_mean(name, known) or label(
        zh=f"项目里有：{'、'.join(known)}" if known else "项目里没有流程",
        en=f"the project has: {', '.join(known)}" if known else "the project has no workflow",
    )
    raise NotFound(
        label(zh=f"没有流程 `{name}`。{near['zh']}", en=f"there is no workflow `{name}`. {near['en']}")
    )


def _drawn(workflow: Workflow, format_: str, sources: Mapping[str, bytes], *, is_opened: bool) -> str:
    from orderkit.diagram.bpmn import bpmn  # noqa: PLC0415 - `--help` does without
    from orderkit.diagram.life import life_graph  # noqa: PLC0415
    from orderkit.diagram.mermaid import mermaid  # noqa: PLC0415
    from orderkit.diagram.picture import life_picture  # noqa: PLC0415

    locale = console.language()
    if format_ == "bpmn":
        return bpmn(workflow, written(workflow, sources), locale)
    if format_ == "mermaid":
        return mermaid(life_graph(workflow, is_opened=is_opened), locale)
    return life_picture(workflow, locale, is_opened=is_opened)


def written(workflow: Workflow, sources: Mapping[str, bytes]) -> Mapping[str, object]:
    """Return the workflow as its file says it."""
    from orderkit.language.source import load_file  # noqa: PLC0415 - only BPMN asks for it
    from orderkit.language.source.plain import plain  # noqa: PLC0415

    if workflow.origin is None or workflow.origin.path not in sources:
        return {}
    file = load_file(workflow.origin.path, sources[workflow.origin.path]).value
    found = plain(file.documents[0]) if file is not None and file.documents else {}
    return cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}
