"""`orderkit infer`: forms and imports that fit a client's workbooks, and a report on their data."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.places import as_typed
from orderkit.cli.project_files import Unwritable, project_id_of, read_project, texts_of
from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.inference.dirt_kinds import Dirt
    from orderkit.inference.proposal import Proposal
    from orderkit.inference.tables import Table

_ROOT = "orderkit.yaml"


class CannotInfer(OrderkitError):
    """Nothing can be written here; name a folder that is new or empty, or add --force."""


def infer(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="XLSX, XLS or CSV files of the client.")
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The project folder; new or empty.", file_okay=True)
    ],
    force: Annotated[
        bool,
        typer.Option("--force", help="Write into a folder with files: those of the same name are replaced."),
    ] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="human|json", help="How the report is printed.")
    ] = "human",
) -> None:
    """Propose forms, choices, keys, references and lines for the sheets of some files, and report dirty data.

    The YAML compiles and imports the same files; names and types are meant to be corrected. A sheet is a
    form, or the lines of one; files with the same headings are one form. The files are only read.

    Example: `orderkit infer orders.xlsx customers.csv --out acme-orders`
    """
    if format_ not in {"human", "json"}:
        raise typer.BadParameter("human or json", param_hint="--format")
    _require_room(out, is_forced=force)
    tables, lost = _read(files)
    proposal = _proposed(tables, lost)
    written = _write(out, proposal)
    if format_ == "json":
        from orderkit.inference.report import document  # noqa: PLC0415 - `--help` does without

        found = {"project": str(out), "files": [str(path) for path in files], **document(proposal)}
        console.document(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _tell(out, files, proposal, written)
    _show_findings(out)


def _require_room(out: Path, *, is_forced: bool) -> None:
    """Refuse a target that is no folder, or one with files that nobody allowed to touch."""
    if out.exists() and not out.is_dir():
        raise CannotInfer(
            label(zh=f"{out} 不是文件夹；--out 请写文件夹", en=f"{out} is not a folder; name one with --out")
        )
    if out.is_dir() and any(out.iterdir()) and not is_forced:
        raise CannotInfer(
            label(
                zh=f"{out} 不是空文件夹；请换一个新的或空的，或加 --force：只替换同名的文件，其余保留",
                en=f"{out} is not an empty folder; name one that is new or empty, or add --force, "
                "which replaces files of the same name and leaves the others",
            )
        )


def _read(files: Iterable[Path]) -> tuple[list["Table"], list["Dirt"]]:
    """Return every table of the files, and the sheets without one. Raises Refused: a file cannot be read."""
    from orderkit.engine.importing.reading.cells import is_blank  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.importing.reading.limits import Limits, UnreadableFile  # noqa: PLC0415
    from orderkit.engine.importing.reading.tables import read_sheets  # noqa: PLC0415
    from orderkit.inference.dirt import no_table  # noqa: PLC0415
    from orderkit.inference.tables import read_table  # noqa: PLC0415

    tables, lost = [], []
    for path in files:
        if not path.is_file():
            raise _refused(path, "no_file", label(zh="没有这个文件", en="there is no such file"), _NAME_FILES)
        try:
            sheets = list(read_sheets(path, sheet=None, limits=Limits()))
        except UnreadableFile as error:
            (problem,) = error.problems
            raise _refused(path, problem.code, problem.message, problem.help) from error
        is_workbook = not (len(sheets) == 1 and sheets[0].name == path.name)
        used = [sheet for sheet in sheets if not all(map(is_blank, sheet.rows))]
        for sheet in used:
            name = sheet.name if is_workbook else path.stem
            table = read_table(
                path.name, name, sheet.rows, is_workbook=is_workbook, is_alone=len(sheets) == 1
            )
            if table is None:
                lost.append(no_table(path.name, name))
            else:
                tables.append(table)
    if not tables:
        raise _refused(
            Path(", ".join(str(path) for path in files)),
            "no_table",
            label(zh="没有找到表格", en="no table was found"),
            label(
                zh="需要一行标题（前 50 行之内），下面至少一行数据",
                en="a table has a row of headings, within the first 50 rows, and at least one row below it",
            ),
        )
    return tables, lost


_NAME_FILES = label(
    zh="请写 .xlsx、.xls，或 UTF-8、GB18030 编码的 .csv 文件",
    en="name an .xlsx or .xls file, or a .csv in UTF-8 or GB18030",
)


def _refused(path: Path, code: str, message: Label, remedy: Label | None) -> Refused:
    return Refused([Problem(path=str(path), code=code, message=message, help=remedy)])


def _proposed(tables: list["Table"], lost: list["Dirt"]) -> "Proposal":
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.inference.proposing import propose  # noqa: PLC0415
    from orderkit.inference.tables import merged  # noqa: PLC0415

    proposal = propose(merged(tables), installed())
    return replace(proposal, dirt=(*lost, *proposal.dirt))


def _write(out: Path, proposal: "Proposal") -> int:
    """Write the files and return how many. Those that are new go again if one of them cannot be written."""
    from orderkit.inference.writing import files_of, project_file  # noqa: PLC0415 - `--help` does without

    files: Mapping[str, str] = files_of(proposal)
    if not (out / _ROOT).exists():
        files = {_ROOT: project_file(proposal, project_id_of(out)), **files}
    new: list[Path] = []
    target = out
    try:
        for name, text in files.items():
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                new.append(target)
            target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for each in new:
            each.unlink(missing_ok=True)
        raise Unwritable(
            label(zh=f"写不了 {target}：{error.strerror}", en=f"{target} cannot be written: {error.strerror}")
        ) from error
    return len(files)


def _tell(out: Path, files: list[Path], proposal: "Proposal", written: int) -> None:
    from orderkit.inference.report import dirt_lines, form_lines  # noqa: PLC0415 - `--help` does without

    language = console.language()
    console.say(
        label(
            zh="{out}：写了 {count} 个文件；表单：{forms} 个", en="{out}: wrote {count} files; forms: {forms}"
        ),
        out=out,
        count=written,
        forms=len(proposal.forms),
    )
    for line in form_lines(proposal, language):
        console.say(line)
    if proposal.dirt:
        console.say(
            label(
                zh="数据中的问题（! 表示导入时会被拒绝或读错）：",
                en="in the data (! is refused by an import, or misread):",
            )
        )
        for line in dirt_lines(proposal, language):
            console.say(line)
    place = as_typed(out)
    console.note(label(zh="看过并改好 YAML 之后：", en="when you have read and corrected the YAML:"))
    console.note(f"  orderkit build {place} && orderkit migrate {place}")
    paths = {path.name: path for path in files}
    for each in proposal.imports:
        named = " ".join(as_typed(paths[name]) for name in each.files)
        console.note(f"  orderkit import {each.id} {named} --project {place}")


def _show_findings(out: Path) -> None:
    """Show what the compiler finds in the folder, which may have had files before. Exits 1 on errors."""
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.language.compile import compile_project  # noqa: PLC0415
    from orderkit.language.findings import has_errors, render_human  # noqa: PLC0415

    language = console.language()
    sources = read_project(out)
    found = compile_project(sources, installed()).found
    if found:
        console.note(render_human(found, texts_of(sources), language))
    if has_errors(found):
        raise typer.Exit(1)
