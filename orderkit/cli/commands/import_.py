"""`orderkit import`: sheets into records, through a mapping of the project."""

import json
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.choosing_columns import WantedColumns, choose_columns, wanted_columns
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.model.errors import Conflict
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit.engine.importing.problems import ImportProblem
    from orderkit.engine.importing.refused import RefusedRows
    from orderkit.engine.importing.result import ImportResult, Stage
    from orderkit.engine.runtime import Person, Runtime

_SHOWN = 50


def import_(
    form: Annotated[
        str, typer.Argument(metavar="FORM_OR_MAPPING", help="A form, or an `import:` by its id.")
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="CSV, XLSX or XLS files.", exists=True, dir_okay=False),
    ] = None,
    *,
    project: Annotated[
        Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
    ] = Path(),
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="ID", help="Which `import:` to read the files with.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="A sheet other than the mapping's.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", metavar="FILE", help="Write a workbook to fill in instead.", dir_okay=False
        ),
    ] = None,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Keep what has no problem, though the rest is refused.")
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="HEADING=FIELD", help="What a column fills; repeatable."),
    ] = None,
    save_mapping: Annotated[
        Path | None,
        typer.Option(
            "--save-mapping", metavar="FILE", help="Write the columns as an `import:`.", dir_okay=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --save-mapping write over a file.")] = False,
    dates: Annotated[
        str | None,
        typer.Option("--dates", metavar="dmy|mdy|ymd", help="The order of dates such as 03/04/2026."),
    ] = None,
    refused: Annotated[
        Path | None,
        typer.Option(
            "--refused", metavar="FILE", help="Write the refused rows, with reasons.", dir_okay=False
        ),
    ] = None,
    resume: Annotated[
        int | None, typer.Option("--resume", metavar="RUN", help="Go on with an import that broke off.")
    ] = None,
    reverse: Annotated[
        int | None, typer.Option("--reverse", metavar="RUN", help="Take back what an import wrote.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")] = False,
    login: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="With whose rights; default: the system's.")
    ] = None,
    database: DatabaseOption = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="human|json", help="How results are printed.")
    ] = "human",
) -> None:
    """Import files. A file with a bad cell changes nothing, unless --keep-good; every bad cell is named.

    Reading a file twice changes nothing the second time, so an import that was stopped is simply
    started again; where nothing tells records apart, with --resume RUN.

    With --template a workbook to fill in is written instead.

    With --column HEADING=FIELD you say what a column fills (`HEADING=`: it is not imported). With --save-mapping
    what is only like a field is proposed too, and all of it is written as an `import:` of the project.

    Example: `orderkit import order january.xlsx february.xlsx --dry-run`

    Example: `orderkit import customer old.csv --column 备用=note --save-mapping imports/old.yaml --dry-run`
    """
    from orderkit.engine.importing.matching.choosing import choose_mapping  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.importing.options import DateOrder, Options  # noqa: PLC0415
    from orderkit.engine.importing.run import run  # noqa: PLC0415
    from orderkit.engine.importing.transitions import BY_PEOPLE, NEW  # noqa: PLC0415

    if format_ not in {"human", "json"}:
        raise typer.BadParameter("human or json", param_hint="--format")
    if dates not in {None, *DateOrder}:
        raise typer.BadParameter("dmy, mdy or ymd", param_hint="--dates")
    if bool(files) is (template is not None or reverse is not None):
        raise typer.BadParameter("name files to import, or --template FILE", param_hint="FILE...")
    wanted = wanted_columns(column or [], save_mapping, force=force)
    _must_go_together(len(files or ()), wanted, refused=refused, resume=resume)
    results: list[ImportResult] = []
    with opened(project, database) as runtime:
        person = person_named(runtime, login)
        if template is not None:
            _write_template(runtime, person, mapping or form, template)
            return
        if reverse is not None:
            _take_back(runtime, person, reverse)
            return
        order = None if dates is None else DateOrder(dates)
        options = Options(sheet=sheet, keep_good=keep_good, dates=order)
        for file in files or ():
            if resume is not None:
                chosen = {"--sheet": sheet, "--keep-good": keep_good or None, "--dates": order}
                chosen["--dry-run"] = dry_run or None
                name = _to_go_on(runtime, person, resume, file, form, mapping, chosen)
            elif wanted is not None:
                name = mapping or form
                options = choose_columns(runtime, person, name, file, replace(options, sheet=sheet), wanted)
            else:
                name = mapping or choose_mapping(runtime.project, form, file)
            with console.progress(file.name) as bar:

                def show(stage: "Stage", done: int, total: int) -> None:  # noqa: ARG001 - the port's signature
                    bar(done, total)

                result = run(
                    runtime,
                    person,
                    name,
                    file,
                    dry_run=dry_run,
                    options=options,
                    on_progress=show,
                    on_refused=None if refused is None else partial(_write_refused, refused),
                    run_id=resume,
                    expected=NEW if resume is None else BY_PEOPLE,
                )
            results.append(result)
            if refused is not None:
                _tell_refused(result, refused)
            if format_ == "human":
                _tell(result)
    if format_ == "json":
        console.document(json.dumps([_document(each) for each in results], ensure_ascii=False, indent=2))
    if not all(each.is_clean for each in results):
        raise typer.Exit(1)


def _must_go_together(
    files: int, wanted: WantedColumns | None, *, refused: Path | None, resume: int | None
) -> None:
    """Refuse words of the command that do not go together."""
    is_kept = wanted is not None and wanted.save_as is not None
    if files > 1 and (refused is not None or resume is not None or is_kept):
        raise typer.BadParameter(
            "one file at a time with --refused, --resume or --save-mapping", param_hint="FILE..."
        )
    if wanted is not None and (not files or resume is not None):
        raise typer.BadParameter("only with files to import anew", param_hint="--column, --save-mapping")


def _write_template(runtime: "Runtime", person: "Person", name: str, path: Path) -> None:
    from orderkit.engine.importing.templates import write_template  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import Channel  # noqa: PLC0415

    buffer = BytesIO()
    with runtime.read(person, Channel.COMMAND) as unit:
        spoken = replace(person, locale=person.locale or console.language())
        write_template(unit.acting_as(spoken), name, buffer)
    path.write_bytes(buffer.getvalue())
    console.say(label(zh="模板已写入 {path}", en="wrote the template {path}"), path=path)


def _to_go_on(  # noqa: PLR0917 - the words of the command
    runtime: "Runtime",
    person: "Person",
    run_id: int,
    file: Path,
    form: str,
    mapping: str | None,
    chosen: "Mapping[str, object]",
) -> str:
    """Return the mapping of a run to go on with. Raises NotFound, Conflict.

    It goes on as it was begun. A word that says otherwise is refused: who wrote it expects that it holds.
    """
    from orderkit.engine.importing.matching.mapping import plan_of  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.importing.transitions import to_go_on  # noqa: PLC0415
    from orderkit.engine.runtime import Channel  # noqa: PLC0415

    with runtime.read(person, Channel.COMMAND) as unit:
        begun = to_go_on(unit, run_id, mapping, file)
        if form not in {begun.mapping, plan_of(unit.project, begun.mapping).form.id}:
            raise Conflict(
                label(
                    zh=f"那次导入用的是“{begun.mapping}”，不是“{form}”",
                    en=f"that import is one of `{begun.mapping}`, not of `{form}`",
                )
            )
    options = begun.options
    held: dict[str, object] = {"--sheet": options.sheet, "--keep-good": options.keep_good or None}
    held |= {"--dates": options.dates, "--dry-run": None}
    other = [word for word, value in chosen.items() if value not in {None, held[word]}]
    if other:
        raise Conflict(
            label(
                zh=f"导入只能按开始时的选择继续，与此不同：{'、'.join(other)}；请去掉后再试",
                en="an import goes on with the choices that it began with, which were others than "
                f"{', '.join(other)}; leave that out",
            )
        )
    return begun.mapping


def _write_refused(path: Path, rows: "RefusedRows") -> None:
    buffer = BytesIO()
    rows.write(buffer, console.language())
    path.write_bytes(buffer.getvalue())


def _tell_refused(result: "ImportResult", path: Path) -> None:
    if result.refused_rows is None:
        console.note(label(zh="没有被拒绝的行", en="no rows were refused"))
        return
    console.say(
        label(zh="被拒绝的 {count} 行已写入 {path}", en="wrote the {count} refused rows to {path}"),
        count=len(result.refused_rows.rows),
        path=path,
    )


def _take_back(runtime: "Runtime", person: "Person", run_id: int) -> None:
    from orderkit.engine.importing.reversing import reverse  # noqa: PLC0415 - `--help` does without

    with console.progress(str(run_id)) as bar:
        left = reverse(runtime, person, run_id, on_progress=bar)
    for each in left[:_SHOWN]:
        console.fail(f"{each.form} {each.id}: {text_of(each.reason or {}, console.language())}")
    if left:
        console.fail(
            label(
                zh="导入 {run} 已撤销，但有 {count} 条记录不能完全撤销",
                en="import {run} is taken back, but for {count} records",
            ),
            None,
            run=run_id,
            count=len(left),
        )
        raise typer.Exit(1)
    console.say(label(zh="导入 {run} 已撤销", en="import {run} is taken back"), run=run_id)


def _tell(result: "ImportResult") -> None:
    from orderkit.engine.importing.runs import RunState  # noqa: PLC0415 - `--help` does without

    for warning in result.warnings[:_SHOWN]:
        console.note(_line(warning))
    for problem in result.problems[:_SHOWN]:
        console.fail(_line(problem))
    rest = len(result.problems) - _SHOWN
    if rest > 0:
        console.fail(label(zh="……还有 {count} 处", en="… and {count} more"), count=rest)
    facts: dict[str, object] = {
        "file": result.file_name,
        "run": result.run_id,
        "refused": result.refused,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "rows": result.rows,
        "problems": len(result.problems),
        "made": "".join(f", {form} +{count}" for form, count in sorted(result.made.items())),
    }
    if result.state is RunState.DONE and result.problems:
        console.fail(_TRIED_IN_PART if result.is_dry else _IN_PART, None, **facts)
    elif not result.is_clean:
        console.fail(_STOPPED if result.created + result.updated else _REFUSED, None, **facts)
    elif result.is_dry:
        console.say(
            label(
                zh="{file}（试运行）：{rows} 行，将新建 {created}，更新 {updated}，不变 {unchanged}{made}",
                en="{file} (dry run): {rows} rows; would create {created}, update {updated}, leave {unchanged}{made}",
            ),
            **facts,
        )
    else:
        console.say(
            label(
                zh="{file}：{rows} 行，新建 {created}，更新 {updated}，不变 {unchanged}{made}",
                en="{file}: {rows} rows; created {created}, updated {updated}, unchanged {unchanged}{made}",
            ),
            **facts,
        )


_REFUSED = label(
    zh="{file}：{problems} 处有问题，没有导入任何内容（--keep-good 导入其余的行）",
    en="{file}: {problems} problems, nothing of it was imported (--keep-good imports the rest)",
)
_STOPPED = label(
    zh="{file}：写入 {created} 条新建、{updated} 条更新后停止；改正后重新导入，或用 --resume {run} 继续",
    en="{file}: stopped after {created} created and {updated} updated; "
    "import it again to go on, or with --resume {run}",
)
_IN_PART = label(
    zh="{file}：新建 {created}，更新 {updated}，不变 {unchanged}；拒绝 {refused} 条（{problems} 处问题）。撤销：--reverse {run}",
    en="{file}: created {created}, updated {updated}, unchanged {unchanged}; refused {refused} records "
    "({problems} problems). To take it back: --reverse {run}",
)
_TRIED_IN_PART = label(
    zh="{file}（试运行）：将新建 {created}，更新 {updated}，不变 {unchanged}；将拒绝 {refused} 条（{problems} 处问题）",
    en="{file} (dry run): would create {created}, update {updated}, leave {unchanged}, "
    "refuse {refused} records ({problems} problems)",
)


def _line(problem: "ImportProblem") -> str:
    language = console.language()
    place = " ".join(each for each in (problem.sheet, problem.cell or _row(problem)) if each)
    heading = f" [{problem.heading}]" if problem.heading else ""
    text = f" “{problem.text}”" if problem.text and language == "zh" else ""
    if problem.text and language != "zh":
        text = f" `{problem.text}`"
    expected = ""
    if problem.expected is not None:
        wanted = text_of(problem.expected, language)
        expected = f"（应为：{wanted}）" if language == "zh" else f" (expected: {wanted})"
    return f"{place}{heading}{text}: {text_of(problem.what, language)}{expected}"


def _row(problem: "ImportProblem") -> str:
    return f"{problem.row}:{problem.row}" if problem.row else ""


def _document(result: "ImportResult") -> dict[str, object]:
    return {
        "file": result.file_name,
        "mapping": result.mapping,
        "sheet": result.sheet,
        "state": result.state.value,
        "dry_run": result.is_dry,
        "rows": result.rows,
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "refused": result.refused,
        "run": result.run_id,
        "made": dict(sorted(result.made.items())),
        "problems": [each.to_json() for each in result.problems],
        "warnings": [each.to_json() for each in result.warnings],
    }
