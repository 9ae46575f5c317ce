"""`orderkit simulate`: walk a record through a workflow with the people there are, or find every way through it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened
from orderkit.model.errors import NotFound, OrderkitError
from orderkit.model.labels import label
from orderkit.model.values.durations import TimeSpan, time_span

if TYPE_CHECKING:
    from orderkit.model.project import Project
    from orderkit.model.workflow.workflows import Workflow
    from orderkit.testing.exploring.exploring import Exploration

FORMATS = ("text", "json")


class NotOverwritten(OrderkitError):
    """A scenario of that name is there already and says something else; write into another folder."""


def _known(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


def _pair(pairs: list[str] | None) -> list[str] | None:
    for each in pairs or ():
        name, equals, _ = each.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter("FIELD=VALUE")
    return pairs


def _span(text: str) -> str:
    found = time_span(text)
    if found is None or found.count < 0:
        raise typer.BadParameter("30min, 2h, 1d, 4wh")
    return text


def simulate(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="The id of the workflow.")],
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    records: Annotated[
        str | None,
        typer.Option(
            "--records",
            metavar="FILE|FORM",
            help="New records of a file (CSV, JSON, YAML), or the newest 20 of the form.",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", callback=_pair, help="As if a field had this value."),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="Who makes the record and presses first.")
    ] = None,
    pace: Annotated[
        str, typer.Option("--pace", callback=_span, help="How long everybody takes for what they do.")
    ] = "1wh",
    explore: Annotated[
        bool, typer.Option("--explore", help="Find every distinct way, on a database that is thrown away.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most how many ways.")] = 100,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="DIR", help="Write the ways as scenario files.")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), callback=_known, help="How it is written.")
    ] = FORMATS[0],
    database: DatabaseOption = None,
) -> None:
    """Walk a record through a workflow: who would decide, why it is them, when, and by which conditions.

    Everybody who is asked approves. All of it happens in one transaction that is taken back: nothing is stored.
    With `--explore` every distinct way is found, with values for which it is taken, and none of the people or
    records of the database are used.

    Example: `orderkit simulate order_life examples/order-management --set total=60000`
    """
    if write is not None and not explore:
        raise typer.BadParameter("--explore", param_hint="--write")
    if explore and (records is not None or set_ or as_ is not None):
        raise typer.BadParameter("--records, --set, --as", param_hint="--explore")
    if explore:
        _explore(workflow, directory, limit, write, format_)
        return
    values = {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in set_ or ())}
    span = time_span(pace)
    assert span is not None, "the option was checked"
    _walk(workflow, directory, records, values, as_, span, format_, database)


def _walk(  # noqa: PLR0917 - the options of the command
    name: str,
    directory: Path,
    records: str | None,
    values: Mapping[str, str],
    login: str | None,
    pace: TimeSpan,
    format_: str,
    database: str | None,
) -> None:
    from orderkit.cli.records_given import read_records  # noqa: PLC0415 - `--help` does without
    from orderkit.testing.scenarios.running import quiet  # noqa: PLC0415
    from orderkit.testing.simulating.formats import walks_as_json, walks_as_text  # noqa: PLC0415
    from orderkit.testing.simulating.simulating import Wish, simulate  # noqa: PLC0415

    with opened(directory, database) as runtime:
        quiet()
        workflow = _named(runtime.project, name)
        is_about_existing = records == workflow.form
        if records is not None and not is_about_existing and not Path(records).is_file():
            raise NotFound(
                label(
                    zh=f"没有文件 {records}；要走现有的记录，请写表单 {workflow.form}",
                    en=f"there is no file {records}; for the records that are there, name the form {workflow.form}",
                )
            )
        wish = Wish(
            workflow=workflow,
            given=() if records is None or is_about_existing else read_records(Path(records)),
            is_about_existing=is_about_existing,
            values=values,
            login=login,
            pace=pace,
        )
        walks = simulate(runtime, wish)
        zone = runtime.timezone
    if format_ == "json":
        console.document(walks_as_json(walks, workflow))
    else:
        console.say(walks_as_text(walks, workflow, zone, console.language()).rstrip("\n"))


def _explore(name: str, directory: Path, limit: int, write: Path | None, format_: str) -> None:
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.cli.compiling import compiled  # noqa: PLC0415
    from orderkit.cli.project_files import read_project  # noqa: PLC0415
    from orderkit.testing.exploring.exploring import explore  # noqa: PLC0415
    from orderkit.testing.exploring.formats import as_json, as_text  # noqa: PLC0415
    from orderkit.testing.scenarios.running import quiet  # noqa: PLC0415

    sources = read_project(directory)
    project = compiled(directory, sources)
    workflow = _named(project, name)
    quiet()
    with (
        tempfile.TemporaryDirectory(prefix="orderkit-explore-") as folder,
        console.progress(label(zh="逐条验证路径", en="playing each way")) as bar,
    ):
        found = explore(sources, project, workflow, installed(), Path(folder), most=limit, on_way=bar)
    if write is not None:
        _write(found, write)
    if format_ == "json":
        console.document(as_json(found))
    else:
        console.say(as_text(found, console.language()).rstrip("\n"))


def _write(found: "Exploration", folder: Path) -> None:
    """Write the scenarios; what is there already is left alone. Raises NotOverwritten before anything is written."""
    files = {folder / f"{each.name}.yaml": each.story for each in found.ways if each.story is not None}
    other = [path for path, text in files.items() if path.exists() and path.read_text("utf-8") != text]
    if other:
        raise NotOverwritten(
            label(
                zh=f"{other[0]} 已经存在且内容不同；请换一个文件夹，或先删除它",
                en=f"{other[0]} is there already and says something else; write elsewhere, or remove it first",
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    console.note(
        label(zh="已写入 {count} 个场景：{folder}", en="wrote {count} scenarios into {folder}"),
        count=len(files),
        folder=folder,
    )


def _named(project: "Project", name: str) -> "Workflow":
    found = project.workflow_by_id.get(name)
    if found is None:
        known = ", ".join(project.workflow_by_id) or "—"
        raise NotFound(
            label(zh=f"没有流程 {name}；已有：{known}", en=f"there is no workflow {name}; there are: {known}")
        )
    return found
