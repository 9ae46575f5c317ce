"""`orderkit import-bpmn`: a diagram of BPMN 2.0 as a workflow in YAML."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.documents import give
from orderkit.cli.project_files import Unreadable
from orderkit.model.errors import Conflict
from orderkit.model.labels import label


def import_bpmn(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The BPMN 2.0 file.")],
    *,
    form: Annotated[
        str | None,
        typer.Option("--form", metavar="FORM", help="The form whose life it is, if the file does not say."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Where it is written, instead of standard output."),
    ] = None,
) -> None:
    """Write the workflow that a BPMN file describes, as YAML to go on with.

    What `orderkit diagram --format bpmn` wrote comes back whole, also after it was changed elsewhere. Of
    other diagrams the states, ways and approvals are taken; who may do what is yours to add. What a
    workflow has no word for is refused with its element and line. Nothing that exists is overwritten.

    Example: `orderkit import-bpmn order_life.bpmn --output workflows/order_life.yaml`
    """
    from orderkit.diagram.importing import import_bpmn as imported  # noqa: PLC0415 - `--help` does without
    from orderkit.language.format.from_plain import file_from  # noqa: PLC0415

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Unreadable(
            label(zh=f"读不了 {file}：{error.strerror}", en=f"{file} cannot be read: {error.strerror}")
        ) from error
    if output is not None and output.exists():
        raise Conflict(
            label(zh=f"{output} 已经有了，没有动它", en=f"{output} is there already and is left alone")
        )
    found = imported(data)
    workflow = {**found.workflow, **({"for": form} if form is not None else {})}
    text = file_from(str(output or file), workflow)
    if found.left_out:
        console.note(
            label(
                zh="没有读入这些定时器，因为图里没有写明它们做什么：{ids}",
                en="these clocks are left out, as the diagram does not say what they do: {ids}",
            ),
            ids=", ".join(found.left_out),
        )
    give(text, output)
